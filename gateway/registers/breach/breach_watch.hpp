// Reads what the log records and opens drafts where it is more than a mistake (breach_triggers.hpp); listens to the
// other areas; looks whether the log and the store still work. What it counts it counts again after a restart, from
// the records of the last week: a draft is one a word and day, so nothing comes twice.
// Owned by Registers; the loop's thread, in steps of some hundred records.
#pragma once

#include <map>

#include "gateway/registers/breach/breach_desk.hpp"
#include "gateway/registers/breach/breach_triggers.hpp"

namespace pontlevis::gateway {

class BreachWatch {
 public:
  BreachWatch(Core& core, BreachDesk& desk) : core_(core), desk_(desk) {}
  void listen();  // to Core::signals.trouble
  void keep_house();

 private:
  Result<> read_on();
  Result<> begin();
  Result<> weigh(const WatchedRecord& record);
  void look_at_health();
  void draft(std::string_view word, const std::string& day, const json::object& facts);

  Core& core_;
  BreachDesk& desk_;
  std::optional<std::uint64_t> next_;  // record to read
  std::map<std::string, int> counts_;  // "day word subject"
  bool log_failed_ = false, store_failed_ = false;
};

}  // namespace pontlevis::gateway
