// The RFC 6962 Merkle tree: hashes, roots, inclusion and consistency proofs, and the 256-wide tiles
// in which a log keeps it (C2SP tlog-tiles). Pure: no file, no clock. See docs/record-format.md §5.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/crypto/sha256.hpp"
#include "protocol/result.hpp"

namespace pontlevis::audit {

using LeafIndex = std::uint64_t;
using TreeSize = std::uint64_t;
using Proof = std::vector<Digest>;

constexpr TreeSize max_tree_size = (TreeSize{1} << 62) - 1;
constexpr std::size_t max_proof_hashes = 63;

Digest empty_root();
Digest leaf_hash(std::string_view entry);  // SHA-256(0x00 | entry)
Digest node_hash(const Digest& left, const Digest& right);  // SHA-256(0x01 | left | right)

// Where the hashes of complete subtrees come from. Node (level, i) covers leaves i·2^level … (i+1)·2^level − 1.
class HashSource {
 public:
  virtual ~HashSource() = default;
  virtual Result<Digest> node(unsigned level, std::uint64_t index) const = 0;
};

Result<Digest> root_at(const HashSource& hashes, TreeSize size);
Result<Proof> inclusion_proof(const HashSource& hashes, LeafIndex index, TreeSize size);
Result<Proof> consistency_proof(const HashSource& hashes, TreeSize old_size, TreeSize new_size);

// Errc::bad_signature when the proof does not hold, Errc::bad_input when the question makes no sense
// (index ≥ size, old size 0, sizes equal but 0, old > new).
Result<> verify_inclusion_proof(const Proof& proof, LeafIndex index, TreeSize size, const Digest& leaf,
                                const Digest& root);
Result<> verify_consistency_proof(const Proof& proof, TreeSize old_size, TreeSize new_size, const Digest& old_root,
                                  const Digest& new_root);

// A whole tree in memory: verifiers and tests.
class MemoryTree final : public HashSource {
 public:
  void append(const Digest& leaf);
  TreeSize size() const noexcept { return levels_.empty() ? 0 : levels_[0].size(); }
  Digest root() const { return root(size()); }
  Digest root(TreeSize size) const;  // REQUIRES: size ≤ size()
  Result<Digest> node(unsigned level, std::uint64_t index) const override;

 private:
  std::vector<std::vector<Digest>> levels_;
};

// One full tile: 256 hashes of tree level 8·level.
constexpr unsigned tile_width = 256;
struct Tile {
  unsigned level{};
  std::uint64_t n{};
  std::string data;  // 256 × 32 bytes
};

// The right edge of a growing tree: constant memory, amortised one hash a leaf. Gives each tile when it is full.
class TreeEdge final : public HashSource {
 public:
  void append(const Digest& leaf, std::vector<Tile>& full);
  TreeSize size() const noexcept { return size_; }
  Digest root() const;
  // Only nodes inside the partial tiles; everything else is Errc::not_found (it is in a stored tile).
  Result<Digest> node(unsigned level, std::uint64_t index) const override;
  std::string partial(unsigned level) const;  // the hashes of the partial tile, possibly empty
  unsigned levels() const noexcept { return static_cast<unsigned>(rows_.size()); }
  // Puts back the hashes of one partial tile of a stored tree, highest level first, instead of appending
  // every leaf again. REQUIRES: fewer than 256.
  void adopt(unsigned level, std::string_view hashes);

 private:
  void push(unsigned level, const Digest& hash, std::vector<Tile>& full);
  TreeSize size_ = 0;
  std::vector<std::vector<Digest>> rows_;  // [tile level] → fewer than 256 hashes
};

// Node (level, index) out of the tile data that covers it. REQUIRES: the tile holds it.
Digest node_in_tile(std::string_view tile, unsigned level, std::uint64_t index);
Digest tile_root(std::string_view full_tile);

// "tile/0/x001/x234/067" and, for a partial tile, "….p/112"; level "entries" for entry bundles.
std::string tile_path(unsigned level, std::uint64_t n, unsigned width = tile_width);
std::string entries_path(std::uint64_t n, unsigned width = tile_width);

}  // namespace pontlevis::audit
