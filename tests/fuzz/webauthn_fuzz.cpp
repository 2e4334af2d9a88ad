// Whatever an authenticator or a browser sends: read in bounds, or refused.
#include "agent/page/local_user.hpp"
#include "protocol/webauthn/authenticator.hpp"
#include "tests/fuzz/fuzz_support.hpp"

using namespace pontlevis;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto read = webauthn::read_attestation(bytes)) {
    fuzz::require(read->public_key.size() == 65, "a passkey is a point of P-256");
    fuzz::require(!read->credential.empty() && read->credential.size() <= 1023, "its number has a size");
    webauthn::verify_es256(read->public_key, "message", bytes);
  }
  static_cast<void>(webauthn::read_authenticator_data(bytes));
  static_cast<void>(agent::find_connection(bytes, 4242, 7070));
  return 0;
}
