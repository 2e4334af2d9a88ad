// A witness request that parses prints to the same bytes; its proof can be checked whatever it says.
#include "audit/witness.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto text = fuzz::input(data, size);
  const auto request = audit::AddCheckpointRequest::parse(text);
  if (!request) return 0;
  fuzz::require(request->text() == text, "one value has one form");
  const auto checkpoint = audit::peek_checkpoint(request->checkpoint);
  const Digest old_root = sha256("old");
  static_cast<void>(audit::verify_consistency_proof(request->proof, request->old_size, checkpoint->size, old_root, checkpoint->root));
  return 0;
}
