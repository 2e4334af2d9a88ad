// How long a personal field stays open, and the daily purge that closes it (requirements §3, A22-A24, B15-B20, T14).
// The day of each field was fixed when it was written (expires_on) and no option moves it; the ceilings below
// are constants. What is due is destroyed in bounded steps, with one certificate a rule and run.
//
// Owner: the gateway's memory, and each agent. run() blocks for seconds: a thread of its own. Idempotent: what
// one run left (a crash, a busy reader, a hold) the next one takes up.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/destruction.hpp"

namespace pontlevis::audit {

// "Jamais conservée au-delà de 6 mois" (A24, T5): 150 days live and 30 for the last copy of a key in a backup.
constexpr std::chrono::days longest_backup{30};
static_assert(std::chrono::days(ip_days_live) + longest_backup <= std::chrono::days(ip_days_in_all));
static_assert(ip_days_in_all <= 181, "the shortest six calendar months have 181 days");

// A daily purge may come this much after the day itself, and is still in time (a verifier's check).
constexpr std::chrono::days purge_tolerance{2};

// One field that is due, as a hold sees it.
struct DueField {
  LeafIndex index{};
  FieldClass cls{};
  std::string type, time, expires_on;
  std::optional<std::string> practice, intervention;
};

// The reference of the hold or pending request for which this field must wait (B17, B18, T14), or nothing.
// Never asked about network addresses. Called on the thread of run(), some thousand times: must be quick.
using Holds = std::function<std::optional<std::string>(const DueField&)>;

// What waits to be destroyed under one rule: for gauges, the annual review and the pages.
struct DueGroup {
  std::string rule;   // see rule_of()
  FieldClass cls{};
  std::uint64_t fields{};
  std::string oldest, newest;  // expires_on
};

struct RetentionSettings {
  RemanencePaths look_at;
  // How long after the destruction a backup may still hold a key; 0: keys are in no backup. At most longest_backup.
  std::chrono::days keys_in_backups{0};
  std::string policy_version = "retention/1";
};

struct PurgeReport {
  std::vector<Certificate> finished;   // what an earlier run or a crash had left
  std::vector<Certificate> destroyed;  // one a rule
  std::vector<Certificate> completed;  // PARTIAL ones that became FINAL
  std::uint64_t fields{}, deferred{};
  std::vector<Error> failures;         // one rule's failure does not stop the others
};

class Retention {
 public:
  // Errc::not_allowed: settings past a ceiling. REQUIRES: log outlives it.
  static Result<Retention> make(Log& log, RetentionSettings settings, Holds holds = {});

  Result<PurgeReport> run(Time now, std::stop_token stop = {});
  // Fields still open whose day is `now` or earlier; with a day far ahead: all that is kept, by rule and class.
  Result<std::vector<DueGroup>> due(Time now) const;
  // The day of the oldest field of a class that is still open: the gauge `oldest_ip_age` (A24).
  Result<std::optional<std::string>> oldest_day(FieldClass cls) const;

 private:
  Retention(Log& log, RetentionSettings settings, Holds holds) : log_(&log), settings_(std::move(settings)), holds_(std::move(holds)) {}
  Log* log_;
  RetentionSettings settings_;
  Holds holds_;
};

// "ip-150-days", "security-180-days", "request-1-year" or "intervention-5-years".
std::string_view rule_of(std::string_view type, FieldClass cls);

}  // namespace pontlevis::audit
