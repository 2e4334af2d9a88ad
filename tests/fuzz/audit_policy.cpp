// A policy that parses can be asked, whatever its groups contain.
#include "audit/policy.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto policy = audit::Policy::parse(fuzz::input(data, size));
  if (!policy) return 0;
  static_cast<void>(policy->satisfied_by(std::set<std::string>{"w1", "w2"}));
  return 0;
}
