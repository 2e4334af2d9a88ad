// A checkpoint text that parses prints to the same bytes.
#include "audit/checkpoint.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto text = fuzz::input(data, size);
  if (const auto checkpoint = audit::Checkpoint::parse(text)) fuzz::require(checkpoint->text() == text, "one value has one form");
  static_cast<void>(audit::peek_checkpoint(text));
  return 0;
}
