// Time-based one-time codes of a technician's phone: RFC 6238, SHA-1, 6 digits, 30 seconds (what every
// authenticator app computes). A code works once: the caller keeps the last used step. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/clock.hpp"
#include "protocol/random.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::certs {

constexpr std::size_t totp_secret_bytes = 20;

class TotpSecret {
 public:
  static TotpSecret generate(Random& random);
  static Result<TotpSecret> parse(std::string_view base32);  // RFC 4648 base32, no padding, upper case
  static Result<TotpSecret> from_bytes(Secret bytes);        // at least 16
  Secret base32() const;
  // otpauth://totp/ISSUER:LOGIN?secret=…&issuer=… for a QR code.
  Secret otpauth_uri(std::string_view issuer, std::string_view login) const;
  std::string code_at(std::uint64_t step, int digits = 6) const;

  // The step of `code` when it is right, within one step of now, and later than `last_used`. The caller stores
  // it, durably, before it lets the person in.
  std::optional<std::uint64_t> verify(std::string_view code, Time now, std::optional<std::uint64_t> last_used) const;

 private:
  explicit TotpSecret(Secret bytes) : bytes_(std::move(bytes)) {}
  Secret bytes_;
};

std::uint64_t totp_step(Time now) noexcept;

}  // namespace pontlevis::certs
