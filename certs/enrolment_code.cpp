#include "certs/enrolment_code.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::certs {
namespace {

constexpr std::string_view prefix = "PLV1";
constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view secret_domain = "pontlevis enrolment secret v1\n";
constexpr std::string_view checksum_domain = "pontlevis enrolment checksum v1\n";
constexpr std::size_t secret_size = 10;
constexpr std::size_t payload_size = secret_size + sizeof(TrustPin);
constexpr std::size_t code_size = payload_size + 2;
constexpr std::size_t characters = 45;  // 28 bytes are 44.8 of them: one zero bit at the end
constexpr std::size_t group = 5;

std::string_view view(const TrustPin& pin) { return {reinterpret_cast<const char*>(pin.data()), pin.size()}; }

std::array<char, 2> checksum(std::string_view payload) {
  const Digest digest = sha256({checksum_domain, payload});
  return {static_cast<char>(digest.bytes[0]), static_cast<char>(digest.bytes[1])};
}

// Secrets pass through vectors that are wiped: no std::string, which leaves copies behind.
struct Wiped {
  std::vector<char> bytes;
  ~Wiped() { wipe_bytes(bytes); }
};

// Five bits a character, high bits first.
Wiped to_characters(std::string_view bytes) {
  Wiped out;
  out.bytes.reserve(64);
  for (std::size_t bit = 0; bit < characters * 5; bit += 5) {
    unsigned value = 0;
    for (std::size_t i = bit; i < bit + 5; ++i)
      value = value << 1 | (i / 8 < bytes.size() ? static_cast<unsigned char>(bytes[i / 8]) >> (7 - i % 8) & 1u : 0u);
    out.bytes.push_back(digits[value]);
  }
  return out;
}

// The digit a person meant: Crockford's reading of a typed character.
char meant(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return '0';
  return c == 'I' || c == 'L' ? '1' : c;
}

// The characters after the prefix, as meant; the prefix itself may miss its dash.
Result<Wiped> clean(std::string_view typed) {
  if (typed.size() > 200) return fail(Errc::bad_input, "is too long for an enrolment code");
  Wiped all;
  all.bytes.reserve(typed.size());
  for (char c : typed)
    if (c != '-' && c != ' ' && c != '\n' && c != '\r' && c != '\t') all.bytes.push_back(c);
  constexpr std::string_view hint = "it begins with PLV1- and has nine groups of five";
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  if (all.bytes.size() < prefix.size() || !std::equal(prefix.begin(), prefix.end(), all.bytes.begin(), [&](char a, char b) {
        return a == (a == 'L' || a == '1' ? (meant(b) == '1' ? a : '?') : upper(b));  // L and 1 look alike here too
      }))
    return fail(Errc::bad_input, "is not an enrolment code", {}, std::string(hint));
  if (all.bytes.size() != prefix.size() + characters)
    return fail(Errc::bad_input, "has " + std::to_string(all.bytes.size() - prefix.size()) + " characters instead of 45",
                "enrolment code", std::string(hint));
  Wiped out;
  for (std::size_t i = prefix.size(); i < all.bytes.size(); ++i) out.bytes.push_back(meant(all.bytes[i]));
  return out;
}

Result<Wiped> to_bytes(const Wiped& text) {
  Wiped out{std::vector<char>(code_size)};
  for (std::size_t i = 0; i < text.bytes.size(); ++i) {
    const auto value = digits.find(text.bytes[i]);
    if (value == digits.npos)
      return fail(Errc::bad_input, "holds a character that no code has, in group " + std::to_string(i / group + 1),
                  "enrolment code", "digits, and letters without I, L, O and U");
    for (std::size_t k = 0; k < 5; ++k) {
      const std::size_t bit = i * 5 + k;
      const unsigned one = static_cast<unsigned>(value) >> (4 - k) & 1u;
      if (bit / 8 < code_size) out.bytes[bit / 8] = static_cast<char>(static_cast<unsigned char>(out.bytes[bit / 8]) | one << (7 - bit % 8));
      else if (one) return fail(Errc::bad_input, "is mistyped", "enrolment code", "check each group against the original");
    }
  }
  return out;
}

}  // namespace

EnrolmentCode EnrolmentCode::mint(Random& random, const TrustBundle& bundle, const PracticeId& practice) {
  std::vector<char> secret(secret_size);
  random.fill({reinterpret_cast<unsigned char*>(secret.data()), secret.size()});
  return EnrolmentCode(Secret(std::move(secret)), trust_pin(bundle, practice));
}

Secret EnrolmentCode::text() const {
  Wiped bytes;
  bytes.bytes.reserve(code_size);
  const auto add = [&](std::string_view part) { bytes.bytes.insert(bytes.bytes.end(), part.begin(), part.end()); };
  add(secret_.expose());
  add(view(pin_));
  const auto sum = checksum({bytes.bytes.data(), bytes.bytes.size()});
  add({sum.data(), sum.size()});
  const Wiped plain = to_characters({bytes.bytes.data(), bytes.bytes.size()});
  std::vector<char> out(prefix.begin(), prefix.end());
  out.reserve(64);  // no copy is left behind by growing
  for (std::size_t i = 0; i < plain.bytes.size(); ++i) {
    if (i % group == 0) out.push_back('-');
    out.push_back(plain.bytes[i]);
  }
  return Secret(std::move(out));
}

Result<EnrolmentCode> EnrolmentCode::parse(std::string_view typed) {
  PL_TRY(text, clean(typed));
  PL_TRY(bytes, to_bytes(text));
  const std::string_view all(bytes.bytes.data(), bytes.bytes.size());
  const auto sum = checksum(all.substr(0, payload_size));
  if (all.substr(payload_size) != std::string_view(sum.data(), sum.size()))
    return fail(Errc::bad_input, "is mistyped", "enrolment code", "check each group against the original");
  TrustPin pin;
  std::copy_n(all.begin() + secret_size, pin.size(), reinterpret_cast<char*>(pin.data()));
  return EnrolmentCode(Secret(all.substr(0, secret_size)), pin);
}

bool EnrolmentCode::matches(const TrustBundle& bundle, const PracticeId& practice) const noexcept {
  const TrustPin theirs = trust_pin(bundle, practice);
  return CRYPTO_memcmp(theirs.data(), pin_.data(), pin_.size()) == 0;
}

Digest EnrolmentCode::secret_hash() const { return hash_of(secret_); }
Digest EnrolmentCode::hash_of(const Secret& secret) { return sha256({secret_domain, secret.expose()}); }

std::string sign_code_permit(const CodePermit& permit, const NoteSigner& staff) {
  const json::object body{{"practice", permit.practice.text()},
                          {"secret_sha256", to_hex(permit.secret_sha256.view())},
                          {"pin", to_hex(view(permit.pin))},
                          {"issued_at", to_utc(permit.issued_at)},
                          {"expires_at", to_utc(permit.expires_at)}};
  return sign_statement(code_type, body, staff);
}

Result<CodePermit> open_code_permit(std::string_view note, const NoteVerifier& staff, Time now) {
  PL_TRY(body, open_statement(note, code_type, staff));
  StrictObject in(body, "enrolment permit");
  const auto practice = in.id<PracticeId>("practice");
  const auto secret = from_hex(in.text("secret_sha256", 64, 64));
  const auto pin = from_hex(in.text("pin", 32, 32));
  if (!secret) in.blame("secret_sha256", "is not hexadecimal");
  if (!pin) in.blame("pin", "is not hexadecimal");
  const Time issued_at = in.time("issued_at");
  const Time expires_at = in.time("expires_at");
  PL_CHECK(in.finish());
  if (expires_at <= issued_at || expires_at - issued_at > code_life)
    return fail(Errc::bad_input, "lives longer than 24 hours", "enrolment permit");
  if (now >= expires_at)
    return fail(Errc::expired, "the enrolment code has expired", "enrolment permit", "issue a new one: pontlevis-certs code issue");
  CodePermit out{*practice, Digest::from(*secret), {}, issued_at, expires_at};
  std::copy(pin->begin(), pin->end(), reinterpret_cast<char*>(out.pin.data()));
  return out;
}

}  // namespace pontlevis::certs
