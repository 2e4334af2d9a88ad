// Time comes in through the constructor. Two clocks: the calendar, which a person reads and an
// administrator can move; and the time since boot (CLOCK_BOOTTIME), which counts sleep and which
// nobody can set back: deadlines use only that one (design §8, requirements A03).
#pragma once

#include <chrono>

namespace pontlevis {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;  // calendar, UTC
using Millis = std::chrono::milliseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual Millis since_boot() const = 0;
};

// Any thread.
class SystemClock final : public Clock {
 public:
  Time now() const override;
  Millis since_boot() const override;
};

}  // namespace pontlevis
