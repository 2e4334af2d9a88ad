// What is kept and for how long: the daily purge, holds, the annual review, the end of a contract, erasure on request,
// health data that came unasked (requirements §3, A17, A22-A24, B15-B20, B33). Owned by Memory; the loop's thread; what takes
// long runs on a thread of its own. docs/retention.md tells it in order.
//
// Listeners of Signals::destroyed get the fields of the `destruction` record and beside them `certificate_id` and
// `interventions`: those of whom people or words went.
#pragma once

#include "gateway/retention/retention_api.hpp"

namespace pontlevis::gateway {

class Retention final : public Area {
 public:
  explicit Retention(Core& core);

  Result<> open() override;
  Result<> start(Hub& hub) override;
  Awaitable<void> keep_house() override;
  ApiRoutes routes() override { return api_.routes(); }
  VerbTable verbs() override { return desk_.verbs(); }
  void stop() override { stopping_ = true; }

  // For tests.
  DailyPurge& purge() { return purge_; }
  RetentionDesk& desk() { return desk_; }
  AnnualReviews& reviews() { return reviews_; }

 private:
  Awaitable<void> day();

  Core& core_;
  Worker worker_;
  Holds holds_;
  Copies copies_;
  Destroyer destroyer_;
  KeptWords kept_;
  RetentionParts parts_;
  DailyPurge purge_;
  Erasures erasures_;
  AnnualReviews reviews_;
  ContractEnds ends_;
  SpontaneousData spontaneous_;
  RetentionDesk desk_;
  RetentionApi api_;
  bool busy_ = false, stopping_ = false;
  std::string said_;  // the day whose clocks were looked at
};

}  // namespace pontlevis::gateway
