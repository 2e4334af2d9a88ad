// Rings before a clock runs out and once when it has: each ring once, also across restarts. Who listens to
// Core::signals.clock passes it on (mail, the first view). Owned by Registers; the loop's thread.
#pragma once

#include <span>

#include "gateway/core.hpp"

namespace pontlevis::gateway {

// How long before the end it rings, longest first (requirements B22, A18).
inline constexpr Millis bell_days[] = {std::chrono::days(7), std::chrono::days(3), std::chrono::days(1)};
inline constexpr Millis bell_hours[] = {std::chrono::hours(24), std::chrono::hours(12), std::chrono::hours(3)};

class Bell {
 public:
  explicit Bell(Core& core) : core_(core) {}
  Result<> open();
  // Rings when a mark of `before` was passed since the last look; only the latest one, were it several. The first look
  // at a clock rings too, unless it is `silent`: who has to act sees it among what is due.
  enum class First { silent, rings };
  Result<> look(const std::string& kind, const std::string& subject, Time due, std::span<const Millis> before, First first = First::rings);
  // What was due is done.
  void settle(const std::string& kind, const std::string& subject);

 private:
  Core& core_;
};

}  // namespace pontlevis::gateway
