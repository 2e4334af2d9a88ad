#include "certs/password_hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <vector>

#include "protocol/text.hpp"

namespace pontlevis::certs {
namespace {

constexpr std::size_t hash_size = 32;
constexpr std::size_t salt_size = 16;
constexpr std::size_t max_password = 1024;
constexpr std::uint64_t max_memory = 1ull << 30;

struct Stored {
  ScryptCost cost;
  std::string salt;
  std::string hash;
};

bool sensible(const ScryptCost& c) {
  const bool power = c.n != 0 && (c.n & (c.n - 1)) == 0;
  return power && c.n >= 1u << 15 && c.n <= 1u << 20 && c.r >= 8 && c.r <= 32 && c.p >= 1 && c.p <= 16 &&
         128ull * c.n * c.r <= max_memory;
}

Result<std::array<unsigned char, hash_size>> scrypt(const Secret& password, std::string_view salt, const ScryptCost& cost) {
  std::array<unsigned char, hash_size> out{};
  const auto text = password.expose();
  if (EVP_PBE_scrypt(text.data(), text.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), cost.n,
                     cost.r, cost.p, max_memory + (64u << 20), out.data(), out.size()) != 1)
    return fail(Errc::unavailable, "there is no memory to check a password");
  return out;
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0;;) {
    const auto end = text.find('$', at);
    out.push_back(text.substr(at, end - at));
    if (end == text.npos) return out;
    at = end + 1;
  }
}

Result<Stored> parse(std::string_view text) {
  const auto bad = [] { return fail(Errc::bad_input, "is not a stored password", {}, "scrypt$N$r$p$salt$hash"); };
  const auto parts = parts_of(text);
  if (parts.size() != 6 || parts[0] != "scrypt") return bad();
  const auto n = parse_decimal(parts[1], 1u << 20), r = parse_decimal(parts[2], 32), p = parse_decimal(parts[3], 16);
  const auto salt = from_base64(parts[4]), hash = from_base64(parts[5]);
  if (!n || !r || !p || !salt || !hash || salt->size() < salt_size || salt->size() > 64 || hash->size() != hash_size) return bad();
  const ScryptCost cost{static_cast<unsigned>(*n), static_cast<unsigned>(*r), static_cast<unsigned>(*p)};
  if (!sensible(cost)) return bad();
  return Stored{cost, *salt, *hash};
}

}  // namespace

Result<std::string> hash_password(const Secret& password, Random& random, ScryptCost cost) {
  if (!sensible(cost)) return fail(Errc::bad_input, "the cost of scrypt is out of bounds", {}, "N a power of 2 from 2^15");
  if (password.empty() || password.expose().size() > max_password) return fail(Errc::bad_input, "is not a password");
  const std::string salt = random.bytes(salt_size);
  PL_TRY(hash, scrypt(password, salt, cost));
  return "scrypt$" + std::to_string(cost.n) + "$" + std::to_string(cost.r) + "$" + std::to_string(cost.p) + "$" +
         to_base64(salt) + "$" + to_base64({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

Result<bool> verify_password(const Secret& password, std::string_view stored) {
  PL_TRY(known, parse(stored));
  if (password.expose().size() > max_password) return false;
  PL_TRY(hash, scrypt(password, known.salt, known.cost));
  return CRYPTO_memcmp(hash.data(), known.hash.data(), hash.size()) == 0;
}

Result<> check_new_password(const Secret& password, std::string_view login) {
  const auto text = password.expose();
  const auto refuse = [](std::string what) { return fail(Errc::bad_input, std::move(what), "password", "10 to 128 characters; a few words in a row are good"); };
  if (!is_utf8(text) || has_control(text)) return refuse("holds a character that is not allowed");
  if (text.size() < 10) return refuse("is too short");
  if (text.size() > 128) return refuse("is too long");
  if (text.find(login) != text.npos) return refuse("holds the login");
  if (text.find_first_not_of(text[0]) == text.npos) return refuse("is one character repeated");
  return {};
}

}  // namespace pontlevis::certs
