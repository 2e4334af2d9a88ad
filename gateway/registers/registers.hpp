// The register of processing, requests of persons, and the breach file, with their clocks (requirements A18, A27, B21-B24, B31).
// Owned by Memory; the loop's thread.
#pragma once

#include "gateway/memory/area.hpp"

namespace pontlevis::gateway {

class Registers final : public Area {
 public:
  explicit Registers(Core& core) : core_(core) {}

 private:
  [[maybe_unused]] Core& core_;
};

}  // namespace pontlevis::gateway
