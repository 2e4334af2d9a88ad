#include "gateway/people/oidc/jwt.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <memory>

#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"
#include "protocol/webauthn/authenticator.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t most_jwt_bytes = 16 * 1024, most_jwks_bytes = 128 * 1024, most_keys = 64, most_name_bytes = 255;
constexpr std::size_t p256_bytes = 32, least_rsa_bytes = 256, most_rsa_bytes = 1024, most_exponent_bytes = 4;

std::unexpected<Error> bad(std::string what) { return fail(Errc::bad_input, std::move(what), "ID token"); }

std::optional<JwtAlgorithm> algorithm_of(std::string_view name) {
  if (name == "RS256") return JwtAlgorithm::rs256;
  if (name == "PS256") return JwtAlgorithm::ps256;
  if (name == "ES256") return JwtAlgorithm::es256;
  return std::nullopt;
}

// Absent, or a text of a sensible length; nothing when it is something else.
std::optional<std::optional<std::string>> text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value) return std::optional<std::string>();
  if (!value->is_string() || value->get_string().size() > most_name_bytes) return std::nullopt;
  return std::optional(std::string(value->get_string()));
}

Result<json::object> decoded(std::string_view part, std::string_view what) {
  const auto text = from_base64url(part);
  if (!text) return bad("its " + std::string(what) + " is not base64url");
  return parse_object(*text, most_jwt_bytes, "ID token, " + std::string(what), JsonForm::any);
}

Result<> read_header(Jwt& out, const json::object& header) {
  const auto algorithm = algorithm_of(text_of(header, "alg"));
  if (!algorithm) return bad("is signed with '" + printable(text_of(header, "alg"), 20) + "', and only RS256, PS256 and ES256 count");
  const auto type = text_in(header, "typ"), key = text_in(header, "kid");
  if (!type || !key || header.contains("crit") || header.contains("b64")) return bad("has a header that is not understood");
  if (*type && **type != "JWT") return bad("is of another type");
  out.algorithm = *algorithm;
  out.key_id = *key;
  return {};
}

}  // namespace

Result<Jwt> read_jwt(std::string_view text) {
  if (text.size() > most_jwt_bytes) return bad("is too long");
  const auto first = text.find('.'), second = first == text.npos ? text.npos : text.find('.', first + 1);
  if (second == text.npos || text.find('.', second + 1) != text.npos) return bad("does not have three parts");
  Jwt out;
  PL_TRY(header, decoded(text.substr(0, first), "header"));
  PL_CHECK(read_header(out, header));
  PL_TRY(claims, decoded(text.substr(first + 1, second - first - 1), "claims"));
  auto signature = from_base64url(text.substr(second + 1));
  if (!signature || signature->empty()) return bad("has no signature");
  out.claims = std::move(claims);
  out.signed_part = text.substr(0, second);
  out.signature = *std::move(signature);
  return out;
}

namespace {

bool for_signatures(const json::object& key) {
  const auto use = text_in(key, "use");
  if (!use || (*use && **use != "sig")) return false;
  const auto* acts = key.if_contains("key_ops");
  if (!acts) return true;
  return acts->is_array() && std::any_of(acts->get_array().begin(), acts->get_array().end(), [](const auto& a) { return a == "verify"; });
}

std::string number_in(const json::object& key, std::string_view name) {
  auto bytes = from_base64url(text_of(key, name)).value_or("");
  bytes.erase(0, std::min(bytes.find_first_not_of('\0'), bytes.size()));
  return bytes;
}

bool read_rsa(Jwk& out, const json::object& key) {
  out.rsa = true;
  out.n = number_in(key, "n");
  out.e = number_in(key, "e");
  const bool sizes = out.n.size() >= least_rsa_bytes && out.n.size() <= most_rsa_bytes && !out.e.empty() && out.e.size() <= most_exponent_bytes;
  return sizes && (out.n.back() & 1) && (out.e.back() & 1) && out.e != "\x01";
}

bool read_p256(Jwk& out, const json::object& key) {
  out.x = from_base64url(text_of(key, "x")).value_or("");
  out.y = from_base64url(text_of(key, "y")).value_or("");
  return text_of(key, "crv") == "P-256" && out.x.size() == p256_bytes && out.y.size() == p256_bytes;
}

// Nothing: a key that is not for us.
std::optional<Jwk> read_key(const json::object& key) {
  Jwk out;
  const auto id = text_in(key, "kid"), algorithm = text_in(key, "alg");
  if (!id || !algorithm || !for_signatures(key) || key.contains("d")) return std::nullopt;
  if (*algorithm && !(out.only_for = algorithm_of(**algorithm))) return std::nullopt;
  out.key_id = *id;
  const auto kind = text_of(key, "kty");
  const bool good = kind == "RSA" ? read_rsa(out, key) : kind == "EC" && read_p256(out, key);
  return good ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

Result<Jwks> read_jwks(std::string_view text) {
  PL_TRY(object, parse_object(text, most_jwks_bytes, "keys of the provider", JsonForm::any));
  const auto* list = object.if_contains("keys");
  if (!list || !list->is_array() || list->get_array().size() > most_keys) return fail(Errc::bad_input, "is not a list of keys", "keys of the provider");
  Jwks out;
  for (const auto& item : list->get_array())
    if (item.is_object())
      if (auto key = read_key(item.get_object())) out.push_back(*std::move(key));
  return out;
}

std::vector<const Jwk*> keys_for(const Jwt& jwt, const Jwks& keys) {
  std::vector<const Jwk*> out;
  for (const auto& key : keys) {
    const bool fits = key.rsa == (jwt.algorithm != JwtAlgorithm::es256) && (!key.only_for || *key.only_for == jwt.algorithm);
    if (fits && (!jwt.key_id || key.key_id == jwt.key_id)) out.push_back(&key);
  }
  return out;
}

namespace {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(OSSL_PARAM_BLD* p) const { OSSL_PARAM_BLD_free(p); }
  void operator()(OSSL_PARAM* p) const { OSSL_PARAM_free(p); }
  void operator()(ECDSA_SIG* p) const { ECDSA_SIG_free(p); }
};
template <class T>
using Handle = std::unique_ptr<T, Free>;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
Handle<BIGNUM> number(std::string_view text) { return Handle<BIGNUM>(BN_bin2bn(bytes(text), static_cast<int>(text.size()), nullptr)); }

Handle<EVP_PKEY> rsa_key(const Jwk& key) {
  const auto n = number(key.n), e = number(key.e);
  const Handle<OSSL_PARAM_BLD> build(OSSL_PARAM_BLD_new());
  if (!n || !e || !build || !OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) ||
      !OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, e.get()))
    return nullptr;
  const Handle<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(build.get()));
  const Handle<EVP_PKEY_CTX> ctx(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* out = nullptr;
  if (!params || !ctx || EVP_PKEY_fromdata_init(ctx.get()) <= 0 || EVP_PKEY_fromdata(ctx.get(), &out, EVP_PKEY_PUBLIC_KEY, params.get()) <= 0) return nullptr;
  return Handle<EVP_PKEY>(out);
}

bool verify_rsa(const Jwt& jwt, const Jwk& key) {
  const auto pkey = rsa_key(key);
  const Handle<EVP_MD_CTX> ctx(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;  // the digest context's own
  if (!pkey || !ctx || EVP_DigestVerifyInit(ctx.get(), &options, EVP_sha256(), nullptr, pkey.get()) <= 0) return false;
  const bool pss = jwt.algorithm == JwtAlgorithm::ps256;
  if (EVP_PKEY_CTX_set_rsa_padding(options, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) <= 0) return false;
  if (pss && EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) <= 0) return false;
  return EVP_DigestVerify(ctx.get(), bytes(jwt.signature), jwt.signature.size(), bytes(jwt.signed_part), jwt.signed_part.size()) == 1;
}

// r and s in a row, as JWS has them, to the DER that OpenSSL reads.
std::string der_of(std::string_view raw) {
  const Handle<ECDSA_SIG> sig(ECDSA_SIG_new());
  auto r = number(raw.substr(0, p256_bytes)), s = number(raw.substr(p256_bytes));
  if (!sig || !r || !s || ECDSA_SIG_set0(sig.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release()), static_cast<void>(s.release());
  unsigned char* out = nullptr;
  const int size = i2d_ECDSA_SIG(sig.get(), &out);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return der;
}

}  // namespace

bool verify(const Jwt& jwt, const Jwk& key) {
  if (key.rsa != (jwt.algorithm != JwtAlgorithm::es256)) return false;
  if (key.only_for && *key.only_for != jwt.algorithm) return false;
  if (key.rsa) return verify_rsa(jwt, key);
  return jwt.signature.size() == 2 * p256_bytes && webauthn::verify_es256("\x04" + key.x + key.y, jwt.signed_part, der_of(jwt.signature));
}

}  // namespace pontlevis::gateway
