// The file of one personal-data breach (GDPR 33, requirements A18, B06, §4.6). A value; no I/O.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/registers/rights/rights_case.hpp"

namespace pontlevis::gateway {

enum class BreachState { draft, confirmed, dismissed, closed };
enum class BreachType { confidentiality, integrity, availability };
enum class NoticeKind { initial, complementary, closing };
enum class Severity { unknown, low, medium, high, severe };

// What people write; everything else the file knows by itself.
struct BreachWords {
  std::optional<Time> occurred_from{}, occurred_to{};
  std::vector<BreachType> types;
  std::string cause, description;
  std::vector<std::string> data_categories;
  bool special_categories = false;
  std::vector<std::string> subjects_categories;
  std::optional<std::int64_t> subjects_count{}, records_count{};
  std::string consequences;
  Severity severity = Severity::unknown;
  std::vector<std::string> measures_taken, measures_planned;
  std::string advice;
  bool unintelligible = false;  // 34(3)(a)
  std::string subjects_informed;
  std::vector<std::string> other_authorities;
  std::string authority_not_notified;  // 33(1): why the CNIL need not be told
};

struct BreachEvidence {
  std::string what;
  std::optional<std::uint64_t> index;  // in the log
};

struct BreachNotice {
  std::string recipient;  // a practice's code, CNIL or CSIRT
  NoticeKind kind{};
  Time sent_at{};
  std::string delay_reason, delivered, sha256;  // delivered: how it is known; for CNIL its number
};

struct BreachFile {
  std::string id;
  BreachState state{};
  std::string opened_by;  // empty: by itself
  std::string trigger;    // the word that opened it
  Time detected_at{};
  std::optional<Time> aware_at{}, closed_at{};
  BreachWords words;
  std::vector<BreachEvidence> evidence;
  std::vector<std::string> interventions;
  std::set<std::string> practices;
  std::vector<BreachNotice> notices;
  std::vector<CaseStep> steps;
  std::string lessons, dismiss_reason;

  bool live() const { return state == BreachState::draft || state == BreachState::confirmed; }
  const BreachNotice* last_notice(const std::string& recipient, std::optional<NoticeKind> kind = {}) const;
};

inline constexpr std::string_view to_cnil = "CNIL", to_csirt = "CSIRT";

// What runs from aware_at on. met: when it was kept; nothing while it runs.
struct BreachClock {
  std::string_view name;  // H24, H72 or MONTH
  Time due{};
  std::optional<Time> met;
  bool late(Time now) const { return met ? *met > due : now > due; }
};
// H24: every affected practice was told (and the CSIRT where NIS2 applies to the vendor). H72: the authority was
// told, or why not is written. MONTH: the final report, the file closed. Empty before the breach is confirmed.
std::vector<BreachClock> clocks_of(const BreachFile& file);

Result<BreachWords> breach_words(const json::object& words);
json::object words_json(const BreachWords& words);

// For the store. breach_from(breach_text(x)) == x.
std::string breach_text(const BreachFile& file);
Result<BreachFile> breach_from(std::string_view text);

}  // namespace pontlevis::gateway
namespace pontlevis {
template <> struct Spelling<gateway::BreachState> {
  static constexpr std::array<std::string_view, 4> words{"DRAFT", "CONFIRMED", "DISMISSED", "CLOSED"};
};
template <> struct Spelling<gateway::BreachType> {
  static constexpr std::array<std::string_view, 3> words{"CONFIDENTIALITE", "INTEGRITE", "DISPONIBILITE"};
};
template <> struct Spelling<gateway::NoticeKind> {
  static constexpr std::array<std::string_view, 3> words{"INITIALE", "COMPLEMENTAIRE", "CLOTURE"};
};
template <> struct Spelling<gateway::Severity> {
  static constexpr std::array<std::string_view, 5> words{"", "LOW", "MEDIUM", "HIGH", "SEVERE"};
};
}  // namespace pontlevis
