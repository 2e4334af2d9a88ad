// Everything with a clock, for the first view: the last word of each area about each subject, kept over a restart
// (requirements A27, B18, B19, A17). Table review_due holds kinds, numbers and moments, no name. The loop's thread.
#pragma once

#include "gateway/api/api_call.hpp"

namespace pontlevis::gateway {

class DueDesk {
 public:
  explicit DueDesk(Core& core) : core_(core) {}
  Result<> open();
  ApiRoutes routes();
  void forget_stale();  // what no area spoke of for a month

 private:
  void take(const ClockNotice& notice);
  ApiAnswer list(ApiCall call);
  Core& core_;
};

// A sentence about a clock, in French or English.
std::string due_words(std::string_view kind, bool late, bool french);

}  // namespace pontlevis::gateway
