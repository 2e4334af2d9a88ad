#include "protocol/crypto/sha256.hpp"

#include <openssl/evp.h>

#include <cstdlib>
#include <cstring>

#include "protocol/c_handle.hpp"
#include "protocol/text.hpp"

namespace pontlevis {
namespace {

using EvpMd = CHandle<EVP_MD, EVP_MD_free>;
using EvpMdCtx = CHandle<EVP_MD_CTX, EVP_MD_CTX_free>;

const EVP_MD* fetched_sha256() {
  static const EvpMd md(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  if (!md) std::abort();  // no hash, no product
  return md.get();
}

}  // namespace

Digest Digest::from(std::string_view raw) {
  Digest out;
  if (raw.size() != out.bytes.size()) std::abort();
  std::memcpy(out.bytes.data(), raw.data(), raw.size());
  return out;
}

Digest sha256(std::initializer_list<std::string_view> parts) {
  thread_local const EvpMdCtx ctx(EVP_MD_CTX_new());
  Digest out;
  bool good = EVP_DigestInit_ex2(ctx.get(), fetched_sha256(), nullptr) == 1;
  for (auto part : parts) good = good && EVP_DigestUpdate(ctx.get(), part.data(), part.size()) == 1;
  if (!good || EVP_DigestFinal_ex(ctx.get(), out.bytes.data(), nullptr) != 1) std::abort();
  return out;
}

Digest sha256(std::string_view bytes) { return sha256({bytes}); }
std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes).view()); }

}  // namespace pontlevis
