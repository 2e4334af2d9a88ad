// Copies for the bad day: encrypted, scheduled, checked; a restore replays destructions (requirements A12).
// Owned by Memory; the loop's thread.
#pragma once

#include "gateway/memory/area.hpp"

namespace pontlevis::gateway {

class Backups final : public Area {
 public:
  explicit Backups(Core& core) : core_(core) {}

 private:
  [[maybe_unused]] Core& core_;
};

}  // namespace pontlevis::gateway
