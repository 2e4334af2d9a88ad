#include "protocol/webauthn/authenticator.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <optional>

#include "protocol/webauthn/cbor.hpp"

namespace pontlevis::webauthn {
namespace {

constexpr std::size_t point_bytes = 65;

std::unexpected<Error> bad(std::string what) { return fail(Errc::bad_input, std::move(what), "passkey", "try again, or use the password"); }

// COSE_Key of an EC2 key: 1: 2 (kty), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y.
std::optional<std::string> read_point(CborReader& in) {
  const auto count = in.map();
  if (!count || *count > 16) return std::nullopt;
  std::optional<std::int64_t> kind, algorithm, curve;
  std::string x, y;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto label = in.integer();
    if (!label) return std::nullopt;
    if (*label == 1) kind = in.integer();
    else if (*label == 3) algorithm = in.integer();
    else if (*label == -1) curve = in.integer();
    else if (*label == -2) x = in.bytes().value_or("");
    else if (*label == -3) y = in.bytes().value_or("");
    else if (!in.skip()) return std::nullopt;
  }
  if (kind != 2 || algorithm != -7 || curve != 1 || x.size() != 32 || y.size() != 32) return std::nullopt;
  return "\x04" + x + y;
}

struct KeyFree { void operator()(EVP_PKEY* k) const { EVP_PKEY_free(k); } };
struct CtxFree { void operator()(EVP_PKEY_CTX* c) const { EVP_PKEY_CTX_free(c); } };
struct MdFree { void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); } };

std::unique_ptr<EVP_PKEY, KeyFree> key_of(std::string_view point) {
  std::string copy(point);
  char group[] = "prime256v1";
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                         OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy.data(), copy.size()), OSSL_PARAM_construct_end()};
  std::unique_ptr<EVP_PKEY_CTX, CtxFree> ctx(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!ctx || EVP_PKEY_fromdata_init(ctx.get()) <= 0 || EVP_PKEY_fromdata(ctx.get(), &key, EVP_PKEY_PUBLIC_KEY, params) <= 0) return nullptr;
  return std::unique_ptr<EVP_PKEY, KeyFree>(key);
}

}  // namespace

Result<AuthenticatorData> read_authenticator_data(std::string_view bytes) {
  if (bytes.size() < 37) return bad("the authenticator's answer is too short");
  AuthenticatorData out;
  out.rp_hash = bytes.substr(0, 32);
  const auto flags = static_cast<unsigned char>(bytes[32]);
  out.present = flags & 0x01;
  out.verified = flags & 0x04;
  for (int i = 33; i < 37; ++i) out.count = out.count << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  if (!(flags & 0x40)) return out;  // no credential in it: a sign-in
  auto rest = bytes.substr(37);
  if (rest.size() < 18) return bad("the authenticator's answer is cut short");
  const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(rest[16])) << 8 | static_cast<unsigned char>(rest[17]);
  if (size == 0 || size > 1023 || rest.size() < 18 + size) return bad("the passkey's number does not fit");
  out.credential = rest.substr(18, size);
  CborReader in(rest.substr(18 + size));
  auto point = read_point(in);
  if (!point) return bad("the passkey is not of the kind ES256");
  out.public_key = *std::move(point);
  return out;
}

Result<AuthenticatorData> read_attestation(std::string_view cbor) {
  CborReader in(cbor);
  const auto count = in.map();
  if (!count || *count > 8) return bad("the attestation is not a map");
  std::optional<std::string_view> data;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto name = in.text();
    if (!name) return bad("the attestation has a member without a name");
    if (*name == "authData") data = in.bytes();
    else if (!in.skip(6)) return bad("the attestation cannot be read");
  }
  if (!data) return bad("the attestation has no authenticator data");
  PL_TRY(out, read_authenticator_data(*data));
  if (out.public_key.empty()) return bad("the attestation holds no passkey");
  return out;
}

bool verify_es256(std::string_view point, std::string_view message, std::string_view der) {
  if (point.size() != point_bytes) return false;
  const auto key = key_of(point);
  std::unique_ptr<EVP_MD_CTX, MdFree> ctx(EVP_MD_CTX_new());
  if (!key || !ctx || EVP_DigestVerifyInit(ctx.get(), nullptr, EVP_sha256(), nullptr, key.get()) <= 0) return false;
  return EVP_DigestVerify(ctx.get(), reinterpret_cast<const unsigned char*>(der.data()), der.size(),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
}

}  // namespace pontlevis::webauthn
