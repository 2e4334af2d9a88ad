// Proofs over any HashSource, and their verification (RFC 6962 §2.1; RFC 9162 §2.1.3.2 and §2.1.4.2).
#include <bit>

#include "audit/merkle.hpp"

namespace pontlevis::audit {
namespace {

// The largest power of two smaller than n. REQUIRES: n ≥ 2.
TreeSize split(TreeSize n) { return std::bit_floor(n - 1); }

std::unexpected<Error> nonsense(const char* what) { return fail(Errc::bad_input, what, "Merkle proof"); }
std::unexpected<Error> does_not_hold(const char* what) { return fail(Errc::bad_signature, what, "Merkle proof"); }

// Root of leaves [start, start + n), built from the complete subtrees it is made of, right to left.
// `start` is a multiple of the largest of them, as in every proof.
Result<Digest> range_root(const HashSource& hashes, TreeSize start, TreeSize n) {
  std::optional<Digest> root;
  TreeSize end = start + n;
  while (n > 0) {
    const unsigned level = static_cast<unsigned>(std::countr_zero(n));
    const TreeSize width = TreeSize{1} << level;
    end -= width;
    n -= width;
    PL_TRY(left, hashes.node(level, end >> level));
    root = root ? node_hash(left, *root) : left;
  }
  return *root;
}

Result<> inclusion_path(const HashSource& hashes, LeafIndex index, TreeSize start, TreeSize n, Proof& out) {
  if (n == 1) return {};
  const TreeSize k = split(n);
  const bool left = index < k;
  PL_CHECK(left ? inclusion_path(hashes, index, start, k, out)
                : inclusion_path(hashes, index - k, start + k, n - k, out));
  PL_TRY(sibling, left ? range_root(hashes, start + k, n - k) : range_root(hashes, start, k));
  out.push_back(sibling);
  return {};
}

// SUBPROOF(m, D[start : start + n], whole) of RFC 6962 §2.1.2.
Result<> subproof(const HashSource& hashes, TreeSize m, TreeSize start, TreeSize n, bool whole, Proof& out) {
  if (m == n) {
    if (whole) return {};
    PL_TRY(root, range_root(hashes, start, n));
    out.push_back(root);
    return {};
  }
  const TreeSize k = split(n);
  const bool left = m <= k;
  PL_CHECK(left ? subproof(hashes, m, start, k, whole, out)
                : subproof(hashes, m - k, start + k, n - k, false, out));
  PL_TRY(sibling, left ? range_root(hashes, start + k, n - k) : range_root(hashes, start, k));
  out.push_back(sibling);
  return {};
}

}  // namespace

Result<Digest> root_at(const HashSource& hashes, TreeSize size) {
  if (size == 0) return empty_root();
  if (size > max_tree_size) return nonsense("is about a tree that cannot exist");
  return range_root(hashes, 0, size);
}

Result<Proof> inclusion_proof(const HashSource& hashes, LeafIndex index, TreeSize size) {
  if (index >= size || size > max_tree_size) return nonsense("is asked for a leaf outside the tree");
  Proof out;
  PL_CHECK(inclusion_path(hashes, index, 0, size, out));
  return out;
}

Result<Proof> consistency_proof(const HashSource& hashes, TreeSize old_size, TreeSize new_size) {
  if (old_size == 0 || old_size > new_size || new_size > max_tree_size)
    return nonsense("is asked between sizes that have none");
  Proof out;
  if (old_size < new_size) PL_CHECK(subproof(hashes, old_size, 0, new_size, true, out));
  return out;
}

Result<> verify_inclusion_proof(const Proof& proof, LeafIndex index, TreeSize size, const Digest& leaf,
                                const Digest& root) {
  if (index >= size || size > max_tree_size) return nonsense("is for a leaf outside the tree");
  LeafIndex fn = index;
  TreeSize sn = size - 1;
  Digest r = leaf;
  for (const Digest& p : proof) {
    if (sn == 0) return does_not_hold("is too long");
    if ((fn & 1) != 0 || fn == sn) {
      r = node_hash(p, r);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return does_not_hold("is too short");
  if (r != root) return does_not_hold("does not lead to the root");
  return {};
}

Result<> verify_consistency_proof(const Proof& proof, TreeSize old_size, TreeSize new_size, const Digest& old_root,
                                  const Digest& new_root) {
  if (old_size == 0 || old_size > new_size || new_size > max_tree_size)
    return nonsense("is between sizes that have none");
  if (old_size == new_size) {
    if (!proof.empty()) return does_not_hold("is too long");
    return old_root == new_root ? Result<>{} : does_not_hold("is between two roots of one size");
  }
  const bool power = std::has_single_bit(old_size);  // then the first hash is the old root itself
  if (proof.empty() && !power) return does_not_hold("is too short");
  std::size_t at = 0;
  const Digest first = power ? old_root : proof[at++];
  TreeSize fn = old_size - 1, sn = new_size - 1;
  while ((fn & 1) != 0) fn >>= 1, sn >>= 1;
  Digest fr = first, sr = first;
  for (; at < proof.size(); ++at) {
    if (sn == 0) return does_not_hold("is too long");
    if ((fn & 1) != 0 || fn == sn) {
      fr = node_hash(proof[at], fr);
      sr = node_hash(proof[at], sr);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      sr = node_hash(sr, proof[at]);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return does_not_hold("is too short");
  if (fr != old_root) return does_not_hold("does not lead to the old root");
  if (sr != new_root) return does_not_hold("does not lead to the new root");
  return {};
}

}  // namespace pontlevis::audit
