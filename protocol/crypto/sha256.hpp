// SHA-256 over OpenSSL, fetched once for the process (a fetch per call costs five times the hash).
#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace pontlevis {

// A 32-byte digest as a value. Any thread.
struct Digest {
  std::array<unsigned char, 32> bytes{};
  std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::string text() const { return std::string(view()); }
  static Digest from(std::string_view raw);  // REQUIRES: raw.size() == 32
  auto operator<=>(const Digest&) const = default;
};

Digest sha256(std::string_view bytes);
Digest sha256(std::initializer_list<std::string_view> parts);  // of the parts in a row
std::string sha256_hex(std::string_view bytes);

}  // namespace pontlevis
