// The practices as witnesses of the gateway's log: hourly checkpoints, and what follows when one says no (audit-log design §2.3).
// Owned by Memory; the loop's thread.
#pragma once

#include "gateway/memory/area.hpp"

namespace pontlevis::gateway {

class Witnesses final : public Area {
 public:
  explicit Witnesses(Core& core) : core_(core) {}

 private:
  [[maybe_unused]] Core& core_;
};

}  // namespace pontlevis::gateway
