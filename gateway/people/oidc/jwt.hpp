// What an identity provider signs and with which keys (RFC 7515, 7517, 7519): outside bytes, read strictly and
// bounded, fuzzed (tests/fuzz/jwt_fuzz.cpp). Only RS256, PS256 and ES256: never none, never a shared secret.
// Nothing of a Jwt is believed before verify() said yes. Pure; any thread.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.hpp"

namespace pontlevis::gateway {

namespace json = boost::json;

enum class JwtAlgorithm : unsigned char { rs256, ps256, es256 };

struct Jwt {
  JwtAlgorithm algorithm{};
  std::optional<std::string> key_id;
  json::object claims;
  std::string signed_part;  // header.claims, as they were sent
  std::string signature;
};

struct Jwk {
  std::optional<std::string> key_id;
  std::optional<JwtAlgorithm> only_for;  // `alg`, when the provider says it
  bool rsa = false;
  std::string n, e;   // big-endian, of RSA
  std::string x, y;   // 32 bytes each, of P-256
};
using Jwks = std::vector<Jwk>;

Result<Jwt> read_jwt(std::string_view text);
Result<Jwks> read_jwks(std::string_view text);  // keys that are not for signatures, or of other kinds, are left out
// The keys that could have signed it: those of its `kid`; without one, all of its kind.
std::vector<const Jwk*> keys_for(const Jwt& jwt, const Jwks& keys);
bool verify(const Jwt& jwt, const Jwk& key);

}  // namespace pontlevis::gateway
