#include "gateway/memory/memory.hpp"

#include "gateway/backup/backups.hpp"
#include "gateway/outward/outward.hpp"
#include "gateway/registers/registers.hpp"
#include "gateway/retention/retention.hpp"
#include "gateway/review/review.hpp"
#include "gateway/timestamps/timestamps.hpp"
#include "gateway/witnesses/witnesses.hpp"

namespace pontlevis::gateway {

Memory::Memory(Core& core) {
  areas_.push_back(std::make_unique<Witnesses>(core));
  areas_.push_back(std::make_unique<Timestamps>(core));
  areas_.push_back(std::make_unique<Retention>(core));
  areas_.push_back(std::make_unique<Backups>(core));
  areas_.push_back(std::make_unique<Review>(core));
  areas_.push_back(std::make_unique<Registers>(core));
  areas_.push_back(std::make_unique<Outward>(core));
}

Memory::~Memory() = default;

Result<> Memory::open() {
  for (auto& area : areas_) PL_CHECK(area->open());
  return {};
}

Result<> Memory::start(Hub& hub) {
  for (auto& area : areas_) PL_CHECK(area->start(hub));
  return {};
}

Awaitable<void> Memory::keep_house() {
  for (auto& area : areas_) co_await area->keep_house();
}

ApiRoutes Memory::routes() {
  ApiRoutes out;
  for (auto& area : areas_)
    for (auto& route : area->routes()) out.push_back(std::move(route));
  return out;
}

VerbTable Memory::verbs() {
  VerbTable out;
  for (auto& area : areas_) out.merge(area->verbs());
  return out;
}

void Memory::stop() {
  for (auto& area : areas_) area->stop();
}

}  // namespace pontlevis::gateway
