// A reply of a timestamp authority, read and judged against an authority that never signed it.
#include "audit/timestamp.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto text = fuzz::input(data, size);
  const auto reply = audit::TimestampReply::parse(text);
  if (reply) fuzz::require(!reply->nonce || reply->nonce->empty() || reply->nonce->size() == 8, "a nonce has one length");
  static_cast<void>(audit::stamped_part(text));
  static_cast<void>(audit::TimestampTrust::from_pem(text));
  return 0;
}
