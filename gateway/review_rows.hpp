// The main courante as it is searched: one short row an intervention, in codes, written in the same transaction as
// the intervention itself (requirements B30, §4.1). A row outlives the personal data of its intervention: its people
// go with them, what is left names nobody. The numbers of the rows follow the time of the requests: newest first is
// highest number first. Owned by Interventions, which writes; read by gateway/review/. One thread a Database.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/sqlite.hpp"
#include "gateway/intervention.hpp"

namespace pontlevis::gateway {

using WordCode = std::uint32_t;  // 0: nothing

// What a coded word is about; stored, so never renumbered.
enum class WordKind : unsigned char { practice = 1, system = 2, state = 3, outcome = 4, end = 5, purpose = 6, criticality = 7, tool = 8, nonconformity = 9, person = 10 };

struct ReviewWord {
  WordCode code{};
  WordKind kind{};
  std::string word, label;  // label: of a person their name, of a system what the practice calls it
};

struct ReviewRow {
  std::uint32_t number{};
  std::string id;
  std::int64_t requested_at{};  // milliseconds since 1970 UTC
  std::optional<std::int64_t> started_at, active_seconds;
  WordCode practice{}, system{}, state{}, outcome{}, end{}, purpose{}, criticality{};
  bool pair = false, emergency = false;
  std::optional<bool> watched;  // none: there was no consent
  WordCode in_charge{};         // 0 once destroyed
  std::vector<WordCode> tools, nonconformities, people;
  std::string ticket;
};

class ReviewRows {
 public:
  // Makes the tables where they are missing; `made` says so: then every intervention needs its row.
  static Result<ReviewRows> open(sqlite::Database& db, bool& made);

  // Inside the caller's transaction. After one that failed, call forget().
  Result<> add(const Intervention& intervention);
  Result<> update(const Intervention& intervention);  // what changes in the life of one; adds the row where it is missing
  Result<> drop(const InterventionId& id);
  Result<> forget_people(const InterventionId& id);   // and the names that nobody else's row needs
  void forget() { codes_.clear(); }

  Result<std::optional<ReviewRow>> find(const InterventionId& id) const;
  Result<WordCode> code_if_known(WordKind kind, const std::string& word) const;  // 0: no row has it

 private:
  explicit ReviewRows(sqlite::Database& db) : db_(&db) {}
  Result<WordCode> code_of(WordKind kind, const std::string& word, const std::string& label = {});
  Result<std::string> codes_of(WordKind kind, const std::vector<std::string>& words);
  Result<std::vector<WordCode>> people_of(const Intervention& intervention);
  Result<> add_people(std::uint32_t number, const std::vector<WordCode>& people);
  Result<std::uint32_t> number_of(const InterventionId& id) const;

  sqlite::Database* db_;
  std::map<std::pair<WordKind, std::string>, WordCode> codes_;
};

// Reading, on any connection to the store.
Result<std::vector<ReviewWord>> read_review_words(sqlite::Database& db);
// Rows above `after`, at most `count`, in order.
Result<std::vector<ReviewRow>> read_review_rows(sqlite::Database& db, std::int64_t after, std::size_t count);
Result<std::optional<ReviewRow>> read_review_row(sqlite::Database& db, std::uint32_t number);

// The first text after all that begin with `prefix`, in the order of SQLite and of std::string.
inline std::string after_prefix(const std::string& prefix) { return prefix + "\xf4\x8f\xbf\xbf"; }

}  // namespace pontlevis::gateway
