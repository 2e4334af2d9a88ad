// What is kept and for how long: the daily purge, holds, the annual review, the end of a contract (requirements §3, A22-A24, B15-B20).
// Owned by Memory; the loop's thread.
#pragma once

#include "gateway/memory/area.hpp"

namespace pontlevis::gateway {

class Retention final : public Area {
 public:
  explicit Retention(Core& core) : core_(core) {}

 private:
  [[maybe_unused]] Core& core_;
};

}  // namespace pontlevis::gateway
