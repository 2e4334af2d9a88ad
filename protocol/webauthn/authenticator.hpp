// What an authenticator answers (WebAuthn level 2, ES256 only): outside bytes, read strictly and bounded,
// fuzzed (tests/fuzz/webauthn_fuzz.cpp). Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/result.hpp"

namespace pontlevis::webauthn {

// What an authenticator says beside its signature.
struct AuthenticatorData {
  std::string rp_hash;  // 32 bytes
  bool present = false, verified = false;
  std::uint32_t count = 0;
  std::string credential;  // its number, and
  std::string public_key;  // its P-256 point, 65 bytes: in a registration
};
Result<AuthenticatorData> read_authenticator_data(std::string_view bytes);
Result<AuthenticatorData> read_attestation(std::string_view cbor);  // of a registration; its statement is not needed
// ECDSA P-256 with SHA-256; the signature is DER.
bool verify_es256(std::string_view point, std::string_view message, std::string_view der);

}  // namespace pontlevis::webauthn
