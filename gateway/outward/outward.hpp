// What the vendor's world hears: the CRM, syslog, files, mail (requirements A39).
// Owned by Memory; the loop's thread.
#pragma once

#include "gateway/memory/area.hpp"

namespace pontlevis::gateway {

class Outward final : public Area {
 public:
  explicit Outward(Core& core) : core_(core) {}

 private:
  [[maybe_unused]] Core& core_;
};

}  // namespace pontlevis::gateway
