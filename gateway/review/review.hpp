// The main courante as compliance and auditors read it: search, one intervention, marks, exports (requirements A15, B12, B30).
// Owned by Memory; the loop's thread.
#pragma once

#include "gateway/memory/area.hpp"

namespace pontlevis::gateway {

class Review final : public Area {
 public:
  explicit Review(Core& core) : core_(core) {}

 private:
  [[maybe_unused]] Core& core_;
};

}  // namespace pontlevis::gateway
