// A file of evidence that verifies says the same when it is written again.
#include "audit/evidence.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto check = audit::verify_evidence(fuzz::input(data, size));
  if (!check) return 0;
  std::vector<audit::Evidence> items;
  for (const auto& item : check->items) items.push_back(item.evidence);
  const auto again = boost::json::serialize(audit::evidence_file(check->practice, check->log, check->witness, items, Time{}));
  const auto second = audit::verify_evidence(again);
  if (!second || audit::print_evidence(*second, true) != audit::print_evidence(*check, true)) __builtin_trap();
  return 0;
}
