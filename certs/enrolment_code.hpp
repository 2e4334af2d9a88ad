// The code by which a practice meets its gateway for the first time: read out or sent by the vendor, typed once
// at the practice. It carries a secret (who may enrol) and a pin (whom to trust), so that neither a
// stranger can enrol nor a false gateway be enrolled with (design §3). The gateway stores only the secret's
// hash, under a statement of the offline staff key: a gateway cannot mint codes.
//
//   PLV1-XXXXX-XXXXX-…   Crockford base32 of  secret (80 bits) | pin (128 bits) | checksum (16 bits) | 0 (1 bit)
//
// Nine groups of five. Reading forgives case, dashes, spaces, O for 0, I and L for 1; a mistyped character is
// found by the checksum at once.
#pragma once

#include <string>
#include <string_view>

#include "certs/trust_bundle.hpp"
#include "protocol/clock.hpp"
#include "protocol/random.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::certs {

constexpr std::string_view code_type = "code";
constexpr auto code_life = std::chrono::hours(24);

class EnrolmentCode {
 public:
  static EnrolmentCode mint(Random& random, const TrustBundle& bundle, const PracticeId& practice);
  static Result<EnrolmentCode> parse(std::string_view typed);

  Secret text() const;
  bool matches(const TrustBundle& bundle, const PracticeId& practice) const noexcept;
  const TrustPin& pin() const noexcept { return pin_; }
  Digest secret_hash() const;  // what the gateway stores: SHA-256 with its own domain prefix
  // What the agent sends over the pinned TLS connection so that the gateway can find the hash.
  const Secret& secret() const noexcept { return secret_; }
  static Digest hash_of(const Secret& secret);

 private:
  EnrolmentCode(Secret secret, TrustPin pin) : secret_(std::move(secret)), pin_(pin) {}
  Secret secret_;  // 10 bytes
  TrustPin pin_;
};

// The vendor's permission for one enrolment, signed offline; the gateway imports it.
struct CodePermit {
  PracticeId practice;
  Digest secret_sha256;
  TrustPin pin{};
  Time issued_at{};
  Time expires_at{};
};
std::string sign_code_permit(const CodePermit& permit, const NoteSigner& staff);
// Verified, and not expired at `now`; lives at most code_life.
Result<CodePermit> open_code_permit(std::string_view note, const NoteVerifier& staff, Time now);

}  // namespace pontlevis::certs
