#include "gateway/registers/registers.hpp"

namespace pontlevis::gateway {

Registers::Registers(Core& core)
    : bell_(core), processing_(core, bell_), rights_(core, bell_), breaches_(core, bell_), watch_(core, breaches_), old_cases_(core), processing_api_(processing_),
      rights_api_(rights_), breach_api_(breaches_) {}

Result<> Registers::open() {
  PL_CHECK(bell_.open());
  PL_CHECK(processing_.open());
  PL_CHECK(rights_.open());
  PL_CHECK(breaches_.open());
  return old_cases_.open();
}

Result<> Registers::start(Hub&) {
  watch_.listen();
  return {};
}

Awaitable<void> Registers::keep_house() {
  watch_.keep_house();
  rights_.keep_house();
  co_await processing_.keep_house();
  co_await breaches_.keep_house();
  co_await old_cases_.keep_house();
}

ApiRoutes Registers::routes() {
  auto out = processing_api_.routes();
  for (auto& route : rights_api_.routes()) out.push_back(std::move(route));
  for (auto& route : breach_api_.routes()) out.push_back(std::move(route));
  return out;
}

VerbTable Registers::verbs() {
  auto out = processing_api_.verbs();
  out.merge(rights_api_.verbs());
  out.merge(breach_api_.verbs());
  return out;
}

}  // namespace pontlevis::gateway
