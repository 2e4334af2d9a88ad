#include "certs/totp.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

#include "protocol/text.hpp"

namespace pontlevis::certs {
namespace {

constexpr std::string_view base32_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::uint64_t step_seconds = 30;
constexpr unsigned powers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

std::array<unsigned char, 20> hmac_sha1(std::string_view key, std::uint64_t counter) {
  std::array<unsigned char, 8> message;
  for (std::size_t i = 0; i < 8; ++i) message[i] = static_cast<unsigned char>(counter >> (56 - 8 * i));
  std::array<unsigned char, 20> out{};
  std::size_t size = 0;
  if (!EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA1", nullptr, key.data(), key.size(), message.data(), message.size(),
                 out.data(), out.size(), &size) || size != out.size())
    std::abort();  // no code is right when none can be computed
  return out;
}

// RFC 4226 §5.3.
std::uint32_t truncated(const std::array<unsigned char, 20>& mac) {
  const std::size_t at = mac[19] & 0x0f;
  return (mac[at] & 0x7fu) << 24 | static_cast<std::uint32_t>(mac[at + 1]) << 16 | static_cast<std::uint32_t>(mac[at + 2]) << 8 | mac[at + 3];
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    out += plain ? std::string(1, c) : "%" + to_hex(std::string_view(&c, 1));
  }
  return out;
}

}  // namespace

std::uint64_t totp_step(Time now) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  return seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds) / step_seconds;
}

TotpSecret TotpSecret::generate(Random& random) {
  std::vector<char> bytes(totp_secret_bytes);
  random.fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
  return TotpSecret(Secret(std::move(bytes)));
}

Result<TotpSecret> TotpSecret::from_bytes(Secret bytes) {
  if (bytes.expose().size() < 16 || bytes.expose().size() > 64)
    return fail(Errc::bad_input, "is not a TOTP secret", {}, "16 to 64 bytes");
  return TotpSecret(std::move(bytes));
}

Result<TotpSecret> TotpSecret::parse(std::string_view base32) {
  std::vector<char> out;
  out.reserve(base32.size());
  unsigned held = 0, bits = 0;
  for (char c : base32) {
    const auto value = base32_digits.find(c);
    if (value == base32_digits.npos || base32.size() > 128) return fail(Errc::bad_input, "is not a TOTP secret in base32");
    held = (held << 5 | static_cast<unsigned>(value)) & 0xfff;
    bits += 5;
    if (bits >= 8) out.push_back(static_cast<char>(held >> (bits -= 8) & 0xff));
  }
  Secret bytes(std::move(out));
  if (bits >= 5 || (held & ((1u << bits) - 1)) != 0) return fail(Errc::bad_input, "is not a TOTP secret in base32");
  return from_bytes(std::move(bytes));
}

Secret TotpSecret::base32() const {
  std::vector<char> out;
  out.reserve(bytes_.expose().size() * 8 / 5 + 1);
  unsigned held = 0, bits = 0;
  for (char c : bytes_.expose()) {
    held = (held << 8 | static_cast<unsigned char>(c)) & 0xfffff;
    for (bits += 8; bits >= 5;) out.push_back(base32_digits[held >> (bits -= 5) & 31]);
  }
  if (bits > 0) out.push_back(base32_digits[held << (5 - bits) & 31]);
  return Secret(std::move(out));
}

Secret TotpSecret::otpauth_uri(std::string_view issuer, std::string_view login) const {
  const std::string who = percent_encoded(issuer);
  const std::string head = "otpauth://totp/" + who + ":" + percent_encoded(login) + "?secret=";
  const std::string tail = "&issuer=" + who + "&algorithm=SHA1&digits=6&period=30";
  const Secret secret = base32();
  std::vector<char> out;
  out.reserve(head.size() + secret.expose().size() + tail.size());
  for (const std::string_view part : {std::string_view(head), secret.expose(), std::string_view(tail)})
    out.insert(out.end(), part.begin(), part.end());
  return Secret(std::move(out));
}

std::string TotpSecret::code_at(std::uint64_t step, int count) const {
  const auto places = static_cast<std::size_t>(count);
  const std::string number = std::to_string(truncated(hmac_sha1(bytes_.expose(), step)) % powers[places]);
  return std::string(places - number.size(), '0') + number;
}

std::optional<std::uint64_t> TotpSecret::verify(std::string_view code, Time now, std::optional<std::uint64_t> last_used) const {
  const std::uint64_t here = totp_step(now);
  std::optional<std::uint64_t> found;
  for (std::uint64_t step = here > 0 ? here - 1 : 0; step <= here + 1; ++step) {
    const std::string right = code_at(step);
    const bool same = code.size() == right.size() && CRYPTO_memcmp(code.data(), right.data(), right.size()) == 0;
    if (same && (!last_used || step > *last_used)) found = step;
  }
  return found;
}

}  // namespace pontlevis::certs
