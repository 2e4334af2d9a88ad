// A proof that parses prints to the same bytes.
#include "audit/tlog_proof.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto text = fuzz::input(data, size);
  const auto proof = audit::TlogProof::parse(text);
  if (!proof) return 0;
  fuzz::require(proof->text() == text, "one value has one form");
  const Digest leaf = sha256("leaf");
  const auto checkpoint = audit::peek_checkpoint(proof->checkpoint);
  fuzz::require(checkpoint.has_value(), "a proof carries a checkpoint");
  static_cast<void>(audit::verify_inclusion_proof(proof->path, proof->index, checkpoint->size, leaf, checkpoint->root));
  return 0;
}
