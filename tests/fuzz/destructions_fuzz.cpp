// destructions.json: whatever is accepted is a list of claims, each readable by itself.
#include "audit/destruction.hpp"
#include "gateway/retention/destructions_list.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto list = gateway::read_destructions(fuzz::input(data, size), "fuzz");
  if (!list) return 0;
  for (const auto& one : list->destructions) fuzz::require(audit::read_claim(one).has_value(), "each is a claim");
  return 0;
}
