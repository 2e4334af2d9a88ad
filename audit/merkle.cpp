#include "audit/merkle.hpp"

#include <bit>
#include <cstdio>
#include <cstdlib>

namespace pontlevis::audit {
namespace {

constexpr unsigned tile_height = 8;

std::unexpected<Error> not_here() { return fail(Errc::not_found, "holds no such node", "Merkle tree"); }

Digest digest_at(std::string_view hashes, std::uint64_t i) { return Digest::from(hashes.substr(i * 32, 32)); }

// Root of the 2^height hashes from `first` on.
Digest fold(std::string_view hashes, std::uint64_t first, unsigned height) {
  if (height == 0) return digest_at(hashes, first);
  const std::uint64_t half = std::uint64_t{1} << (height - 1);
  return node_hash(fold(hashes, first, height - 1), fold(hashes, first + half, height - 1));
}

std::string joined(const std::vector<Digest>& hashes) {
  std::string out;
  out.reserve(hashes.size() * 32);
  for (const auto& h : hashes) out += h.view();
  return out;
}

// x001/x234/067
std::string grouped(std::uint64_t n) {
  std::array<char, 8> digits{};
  std::snprintf(digits.data(), digits.size(), "%03u", static_cast<unsigned>(n % 1000));
  std::string out = digits.data();
  for (n /= 1000; n > 0; n /= 1000) {
    std::snprintf(digits.data(), digits.size(), "x%03u", static_cast<unsigned>(n % 1000));
    out = std::string(digits.data()) + "/" + out;
  }
  return out;
}

std::string with_width(std::string path, unsigned width) {
  return width == tile_width ? path : path + ".p/" + std::to_string(width);
}

}  // namespace

void MemoryTree::append(const Digest& leaf) {
  Digest hash = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    auto& row = levels_[level];
    row.push_back(hash);
    if (row.size() % 2 != 0) return;
    hash = node_hash(row[row.size() - 2], row[row.size() - 1]);
  }
}

Result<Digest> MemoryTree::node(unsigned level, std::uint64_t index) const {
  if (level >= levels_.size() || index >= levels_[level].size()) return not_here();
  return levels_[level][index];
}

Digest MemoryTree::root(TreeSize size) const {
  auto root = root_at(*this, size);
  if (!root) std::abort();
  return *root;
}

Digest node_in_tile(std::string_view tile, unsigned level, std::uint64_t index) {
  const unsigned height = level % tile_height;
  return fold(tile, (index << height) % tile_width, height);
}

Digest tile_root(std::string_view full_tile) { return fold(full_tile, 0, tile_height); }

void TreeEdge::append(const Digest& leaf, std::vector<Tile>& full) {
  ++size_;
  push(0, leaf, full);
}

void TreeEdge::push(unsigned level, const Digest& hash, std::vector<Tile>& full) {
  if (level == rows_.size()) rows_.emplace_back();
  auto& row = rows_[level];
  row.push_back(hash);
  if (row.size() < tile_width) return;
  Tile tile{level, (size_ >> (tile_height * (level + 1))) - 1, joined(row)};
  row.clear();
  const Digest root = tile_root(tile.data);
  full.push_back(std::move(tile));
  push(level + 1, root, full);
}

void TreeEdge::adopt(unsigned level, std::string_view hashes) {
  while (rows_.size() <= level) rows_.emplace_back();
  for (std::size_t i = 0; i + 32 <= hashes.size(); i += 32) rows_[level].push_back(digest_at(hashes, i / 32));
  if (level == 0) size_ += hashes.size() / 32;
  else size_ += hashes.size() / 32 << (tile_height * level);
}

Digest TreeEdge::root() const {
  if (size_ == 0) return empty_root();
  std::optional<Digest> root;
  for (const auto& row : rows_) {  // right to left: the lowest level holds the last leaves
    const std::string hashes = joined(row);
    std::uint64_t end = row.size();
    for (std::uint64_t n = end; n > 0;) {
      const unsigned height = static_cast<unsigned>(std::countr_zero(n));
      end -= std::uint64_t{1} << height;
      n -= std::uint64_t{1} << height;
      const Digest left = fold(hashes, end, height);
      root = root ? node_hash(left, *root) : left;
    }
  }
  return *root;
}

Result<Digest> TreeEdge::node(unsigned level, std::uint64_t index) const {
  const unsigned tile_level = level / tile_height, height = level % tile_height;
  if (tile_level >= rows_.size()) return not_here();
  const auto& row = rows_[tile_level];
  const std::uint64_t first_in_row = (size_ >> (tile_height * (tile_level + 1))) << tile_height;
  const std::uint64_t first = index << height, end = first + (std::uint64_t{1} << height);
  if (first < first_in_row || end > first_in_row + row.size()) return not_here();
  return fold(joined(row), first - first_in_row, height);
}

std::string TreeEdge::partial(unsigned level) const { return level < rows_.size() ? joined(rows_[level]) : std::string(); }

std::string tile_path(unsigned level, std::uint64_t n, unsigned width) {
  return with_width("tile/" + std::to_string(level) + "/" + grouped(n), width);
}
std::string entries_path(std::uint64_t n, unsigned width) { return with_width("tile/entries/" + grouped(n), width); }

}  // namespace pontlevis::audit
