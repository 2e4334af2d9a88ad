// The two hashes of the tree. A whole audit is nothing but these, so they use the block function
// itself: 34-byte entries and pairs of digests have a known padding, and the general interface costs
// three times the hash. Any other length goes the general way.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <cstring>

#include "audit/merkle.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t entry_bytes = 34;

void put_bits(unsigned char* end_of_block, std::size_t bytes) {
  const std::size_t bits = bytes * 8;
  end_of_block[-2] = static_cast<unsigned char>(bits >> 8);
  end_of_block[-1] = static_cast<unsigned char>(bits);
}

Digest finish(const SHA256_CTX& state) {
  Digest out;
  for (std::size_t i = 0; i < 32; ++i)
    out.bytes[i] = static_cast<unsigned char>(state.h[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

// 0x00 and 34 bytes: one block.
Digest short_leaf(std::string_view entry) {
  std::array<unsigned char, 64> block{};
  std::memcpy(block.data() + 1, entry.data(), entry_bytes);
  block[1 + entry_bytes] = 0x80;
  put_bits(block.data() + 64, 1 + entry_bytes);
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Transform(&state, block.data());
  return finish(state);
}

}  // namespace

Digest empty_root() { return sha256(std::string_view{}); }

Digest leaf_hash(std::string_view entry) {
  if (entry.size() == entry_bytes) return short_leaf(entry);
  return sha256({std::string_view("\0", 1), entry});
}

// 0x01 and 64 bytes: two blocks, the second holds one byte of the message.
Digest node_hash(const Digest& left, const Digest& right) {
  std::array<unsigned char, 128> blocks{};
  blocks[0] = 0x01;
  std::memcpy(blocks.data() + 1, left.bytes.data(), 32);
  std::memcpy(blocks.data() + 33, right.bytes.data(), 32);
  blocks[65] = 0x80;
  put_bits(blocks.data() + 128, 65);
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Transform(&state, blocks.data());
  SHA256_Transform(&state, blocks.data() + 64);
  return finish(state);
}

}  // namespace pontlevis::audit
