// Big-endian numbers of RFB (RFC 6143 §7.4). Private to agent/tools/desktop. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pontlevis::agent::rfb {

// REQUIRES: at most four bytes.
inline std::uint32_t number(std::string_view bytes) noexcept {
  std::uint32_t out = 0;
  for (char c : bytes) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

inline std::string bytes_of(std::uint32_t value, std::size_t bytes) {
  std::string out(bytes, '\0');
  for (std::size_t i = bytes; i-- > 0; value >>= 8) out[i] = static_cast<char>(value & 0xff);
  return out;
}

}  // namespace pontlevis::agent::rfb
