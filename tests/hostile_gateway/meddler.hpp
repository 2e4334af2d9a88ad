// What a machine in the middle does to one direction of a stream of bytes, at one offset.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace pontlevis::hostile {

struct Meddling {
  enum Kind { none, alter, drop, reorder, duplicate, delay } kind = none;
  bool to_practice = true;
  std::size_t offset = 0;
};

// What went through one connection, before it was meddled with.
struct Carried {
  std::string to_practice, to_technician;
  bool meddled = false;  // some byte really changed or waited
};

// Applied to the blocks of one direction in order; `at` is the offset of the block's first byte.
inline bool meddle_with(std::string& block, std::size_t at, const Meddling& how) {
  if (how.kind == Meddling::none || how.offset < at || how.offset >= at + block.size()) return false;
  const std::size_t i = how.offset - at;
  const std::string before = block;
  switch (how.kind) {
    case Meddling::alter: block[i] = static_cast<char>(block[i] ^ 0x04); break;
    case Meddling::drop: block.erase(i, 1); break;
    case Meddling::duplicate: block.insert(i, 1, block[i]); break;
    case Meddling::reorder: {
      const std::size_t half = std::min<std::size_t>(8, (block.size() - i) / 2);
      std::swap_ranges(block.begin() + static_cast<std::ptrdiff_t>(i), block.begin() + static_cast<std::ptrdiff_t>(i + half),
                       block.begin() + static_cast<std::ptrdiff_t>(i + half));
      break;
    }
    case Meddling::delay: return true;
    case Meddling::none: break;
  }
  return block != before;
}

// Where the bytes of one direction begin to be sealed: after SSH_MSG_NEWKEYS. 0 when it was not reached.
inline std::size_t sealed_from(std::string_view stream) {
  std::size_t at = stream.find('\n');
  if (at == stream.npos) return 0;
  for (++at; at + 6 <= stream.size();) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(stream[at + i]);
    const bool newkeys = stream[at + 5] == 21;
    at += 4 + length;
    if (newkeys) return at;
  }
  return 0;
}

}  // namespace pontlevis::hostile
