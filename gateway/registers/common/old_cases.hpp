// Requests and breach files that were closed five years ago go from the store, with a destruction record; a second one
// completes it when no backup can hold a copy any more (requirements §3 table, B16, B20). What the log holds of them
// goes by the log's own retention. Owned by Registers; the loop's thread, once a day.
#pragma once

#include "gateway/core.hpp"

namespace pontlevis::gateway {

class OldCases {
 public:
  explicit OldCases(Core& core) : core_(core) {}
  Result<> open();
  Awaitable<void> keep_house();

 private:
  struct Gone;
  Awaitable<Result<>> purge();
  Awaitable<Result<>> drop(Gone gone);
  Awaitable<Result<>> complete();

  Core& core_;
  std::string done_on_;  // day
};

}  // namespace pontlevis::gateway
