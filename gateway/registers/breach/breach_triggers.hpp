// What opens the draft of a breach file by itself (requirements B06, issue 6): a word, what it may mean, and how often in
// one day it must be recorded before it is more than a mistake. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "gateway/registers/breach/breach_file.hpp"
#include "gateway/registers/common/two.hpp"

namespace pontlevis::gateway {

struct BreachTrigger {
  std::string_view word;
  BreachType type;
  int times;  // a day, of one subject
  Two words;
};

// Of the signals' words and of our own; an unknown word is taken for a doubt about the log.
const BreachTrigger& trigger_of(std::string_view word);

// One record of the log, as far as the watch looks at it.
struct WatchedRecord {
  std::uint64_t index = 0;
  std::string type, day;  // day: 2026-11-22, of its own time
  std::string event, subject, practice, detail, cause;
};
struct Suspicion {
  std::string_view word;
  std::string subject;  // counted apart; stands in no draft
};
// What this record counts for, or nothing.
std::optional<Suspicion> suspicion_of(const WatchedRecord& record);

}  // namespace pontlevis::gateway
