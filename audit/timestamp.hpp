// RFC 3161: what a third party's clock says of a checkpoint. Makes the query, reads the reply, and verifies it
// against an authority the verifier trusts. What is stamped is SHA-256 over the checkpoint as the log signed it:
// text, empty line and the log's own signature line, before any cosignature.
// Pure, no network; any thread. Errors: Errc::bad_input for what is not a reply, Errc::bad_signature for a lie.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/clock.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/random.hpp"
#include "protocol/result.hpp"

namespace pontlevis::audit {

constexpr std::size_t max_timestamp_bytes = 64 * 1024;

// The bytes to send, and the number that the reply must bring back.
struct TimestampQuery {
  std::string der;
  std::string nonce;  // 8 bytes
};
TimestampQuery make_timestamp_query(const Digest& imprint, Random& random);

// What a reply says; believed only after TimestampTrust::verify().
struct TimestampReply {
  Digest imprint;
  Time time;
  std::string authority;  // subject of the certificate that signed, or its issuer and number
  std::string policy;     // dotted object identifier
  std::optional<std::string> nonce;

  // A granted TimeStampResp in DER, nothing before or after it, over one SHA-256 imprint.
  static Result<TimestampReply> parse(std::string_view der);
};

// The authorities a verifier believes.
class TimestampTrust {
 public:
  static Result<TimestampTrust> from_pem(std::string_view certificates);  // one or more CA certificates
  static Result<TimestampTrust> from_file(const std::filesystem::path& file);
  TimestampTrust(TimestampTrust&&) noexcept;
  TimestampTrust& operator=(TimestampTrust&&) noexcept;
  ~TimestampTrust();

  // Signature, chain, purpose, imprint and, where given, nonce. A certificate that expired after the moment of the
  // stamp is no fault: the stamp outlives it (the chain is judged as of that moment).
  Result<TimestampReply> verify(std::string_view der, const Digest& imprint, const std::optional<std::string>& nonce = {}) const;

 private:
  struct State;
  explicit TimestampTrust(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The part of a checkpoint that is stamped, without the cosignatures that came later. Errc::bad_input when `note` is no note.
Result<std::string> stamped_part(std::string_view note);

}  // namespace pontlevis::audit
