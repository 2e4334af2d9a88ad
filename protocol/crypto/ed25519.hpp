// Ed25519 keys (RFC 8032). The private half is a Secret and never leaves this class but through
// seed(), which only key files use.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "protocol/random.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"

namespace pontlevis {

using Ed25519Signature = std::array<char, 64>;

struct Ed25519Public {
  std::array<char, 32> bytes{};
  std::string_view view() const noexcept { return {bytes.data(), bytes.size()}; }
  bool verify(std::string_view message, std::string_view signature) const;
  auto operator<=>(const Ed25519Public&) const = default;
};

// Any thread, const after construction.
class Ed25519Key {
 public:
  static Ed25519Key generate(Random& random);
  static Result<Ed25519Key> from_seed(Secret seed);  // 32 bytes

  const Ed25519Public& public_key() const noexcept { return public_; }
  Ed25519Signature sign(std::string_view message) const;
  std::string_view seed() const noexcept { return seed_.expose(); }

 private:
  Ed25519Key(Secret seed, Ed25519Public pub) : seed_(std::move(seed)), public_(pub) {}
  Secret seed_;
  Ed25519Public public_;
};

}  // namespace pontlevis
