// When to try again: twice as long each time, never the same moment for everybody. Pure.
#pragma once

#include <algorithm>

#include "protocol/clock.hpp"
#include "protocol/random.hpp"

namespace pontlevis::gateway {

constexpr Millis first_retry{2'000}, longest_retry = std::chrono::hours(1);

// After `tries` tries: 2 s, 4 s, 8 s … one hour, of which the last half is left to chance.
inline Millis retry_after(int tries, Random& random) {
  const int doublings = std::clamp(tries - 1, 0, 20);
  const Millis whole = std::min<Millis>(first_retry * (1LL << doublings), longest_retry);
  const auto bytes = random.bytes(2);
  const auto chance = static_cast<unsigned char>(bytes[0]) * 256 + static_cast<unsigned char>(bytes[1]);
  return whole / 2 + (whole / 2) * chance / 65535;
}

}  // namespace pontlevis::gateway
