// A record file of a bundle that parses prints to the same bytes, and can be checked.
#include "audit/source.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto text = fuzz::input(data, size);
  const auto record = audit::parse_record_json(text);
  if (!record) return 0;
  fuzz::require(audit::print_record_json(*record) == text, "one value has one form");
  static_cast<void>(audit::check_record(*record));
  return 0;
}
