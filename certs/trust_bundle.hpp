// What an agent must believe about its vendor before the first byte: written by `pontlevis-gateway init` as
// trust.json, pinned in every enrolment code. Public; any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/crypto/sha256.hpp"
#include "protocol/crypto/signed_note.hpp"
#include "protocol/ids.hpp"
#include "protocol/result.hpp"

namespace pontlevis::certs {

struct TrustBundle {
  Digest ca_spki_sha256;                    // the key of the agent CA
  NoteVerifier staff;                       // who signs staff cards and enrolment codes
  NoteVerifier log;                         // who signs the gateway's checkpoints
  std::vector<std::string> gateway_hosts;   // "host" or "host:port", 1 to 16; an address, not part of the pin

  static Result<TrustBundle> parse(std::string_view json);  // any JSON form, strict fields
  std::string text() const;                                 // ends with '\n'
};

using TrustPin = std::array<unsigned char, 16>;

// First 128 bits of SHA-256 over "pontlevis enrolment trust v1\n" and the canonical JSON
// {"ca_spki_sha256","staff_vkey","log_vkey","practice"}.
TrustPin trust_pin(const TrustBundle& bundle, const PracticeId& practice);

}  // namespace pontlevis::certs
