// The functions of the hash itself: the general interface of OpenSSL 3 costs three to five times the hash of a short
// text, and a log is made of short texts. tests/bench/verify measures it.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "protocol/crypto/sha256.hpp"

#include <openssl/sha.h>

#include <cstdlib>
#include <cstring>

#include "protocol/text.hpp"

namespace pontlevis {

Digest Digest::from(std::string_view raw) {
  Digest out;
  if (raw.size() != out.bytes.size()) std::abort();
  std::memcpy(out.bytes.data(), raw.data(), raw.size());
  return out;
}

Digest sha256(std::initializer_list<std::string_view> parts) {
  SHA256_CTX state;
  Digest out;
  SHA256_Init(&state);
  for (auto part : parts) SHA256_Update(&state, part.data(), part.size());
  SHA256_Final(out.bytes.data(), &state);
  return out;
}

Digest sha256(std::string_view bytes) { return sha256({bytes}); }
std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes).view()); }

}  // namespace pontlevis
