// Time that tests move by hand. Both clocks go together unless a test says otherwise.
#pragma once

#include "protocol/clock.hpp"

namespace pontlevis::doubles {

class FakeClock final : public Clock {
 public:
  // 2026-11-22T10:00:00Z unless a test says otherwise.
  explicit FakeClock(Time start = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)) + std::chrono::hours(10))
      : now_(start) {}
  Time now() const override { return now_; }
  Millis since_boot() const override { return since_boot_; }
  void advance(Millis by) {
    now_ += by;
    since_boot_ += by;
  }
  void set_calendar(Time now) { now_ = now; }  // an administrator moves the clock

 private:
  Time now_;
  Millis since_boot_{1'000'000};
};

}  // namespace pontlevis::doubles
