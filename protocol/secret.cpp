#include "protocol/secret.hpp"

#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace pontlevis {

void wipe_bytes(std::span<char> bytes) noexcept {
  if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
}

void Secret::wipe() noexcept {
  wipe_bytes(bytes_);
  bytes_.clear();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    other.bytes_.clear();
  }
  return *this;
}

bool Secret::same_as(std::string_view other) const noexcept {
  // The length is public (it is the password's format); the content is not.
  return bytes_.size() == other.size() && !bytes_.empty() &&
         CRYPTO_memcmp(bytes_.data(), other.data(), other.size()) == 0;
}

void forbid_core_dumps() noexcept {
  const rlimit none{0, 0};
  static_cast<void>(::setrlimit(RLIMIT_CORE, &none));
  static_cast<void>(::prctl(PR_SET_DUMPABLE, 0));
}

}  // namespace pontlevis
