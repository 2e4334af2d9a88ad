// The areas of the gateway's memory together, in the order in which they are opened and keep house.
// Owned by Gateway, or by the command line when nobody serves; the loop's thread.
#pragma once

#include <memory>
#include <vector>

#include "gateway/memory/area.hpp"

namespace pontlevis::gateway {

class Memory {
 public:
  explicit Memory(Core& core);
  ~Memory();

  Result<> open();
  Result<> start(Hub& hub);
  Awaitable<void> keep_house();
  ApiRoutes routes();
  VerbTable verbs();
  void stop();

 private:
  std::vector<std::unique_ptr<Area>> areas_;
};

}  // namespace pontlevis::gateway
