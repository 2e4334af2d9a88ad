#include "protocol/crypto/ed25519.hpp"

#include <openssl/evp.h>

#include <cstdlib>
#include <vector>

#include "protocol/c_handle.hpp"

namespace pontlevis {
namespace {

using EvpPkey = CHandle<EVP_PKEY, EVP_PKEY_free>;
using EvpMdCtx = CHandle<EVP_MD_CTX, EVP_MD_CTX_free>;

const unsigned char* raw(std::string_view v) { return reinterpret_cast<const unsigned char*>(v.data()); }

EvpPkey private_key(std::string_view seed) {
  return EvpPkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(seed), seed.size()));
}

}  // namespace

bool Ed25519Public::verify(std::string_view message, std::string_view signature) const {
  const EvpPkey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(view()), bytes.size()));
  const EvpMdCtx ctx(EVP_MD_CTX_new());
  return key && ctx && signature.size() == 64 &&
         EVP_DigestVerifyInit(ctx.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(ctx.get(), raw(signature), signature.size(), raw(message), message.size()) == 1;
}

Ed25519Key Ed25519Key::generate(Random& random) {
  std::vector<char> seed(32);
  random.fill({reinterpret_cast<unsigned char*>(seed.data()), seed.size()});
  auto key = from_seed(Secret(std::move(seed)));
  if (!key) std::abort();
  return *std::move(key);
}

Result<Ed25519Key> Ed25519Key::from_seed(Secret seed) {
  const EvpPkey key = seed.expose().size() == 32 ? private_key(seed.expose()) : nullptr;
  Ed25519Public pub;
  std::size_t n = pub.bytes.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(pub.bytes.data()), &n) != 1)
    return fail(Errc::bad_input, "is not an Ed25519 private key");
  return Ed25519Key(std::move(seed), pub);
}

Ed25519Signature Ed25519Key::sign(std::string_view message) const {
  const EvpPkey key = private_key(seed_.expose());
  const EvpMdCtx ctx(EVP_MD_CTX_new());
  Ed25519Signature out{};
  std::size_t n = out.size();
  if (!key || !ctx || EVP_DigestSignInit(ctx.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(ctx.get(), reinterpret_cast<unsigned char*>(out.data()), &n, raw(message), message.size()) != 1)
    std::abort();
  return out;
}

}  // namespace pontlevis
