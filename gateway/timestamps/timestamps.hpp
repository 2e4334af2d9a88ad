// A third party's time on a checkpoint a day (RFC 3161).
// Owned by Memory; the loop's thread.
#pragma once

#include "gateway/memory/area.hpp"

namespace pontlevis::gateway {

class Timestamps final : public Area {
 public:
  explicit Timestamps(Core& core) : core_(core) {}

 private:
  [[maybe_unused]] Core& core_;
};

}  // namespace pontlevis::gateway
