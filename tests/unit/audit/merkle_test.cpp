// RFC 6962 known answers, and every proof of every tree up to 100 leaves with the mutations that
// transparency-dev/merkle makes of each.
#include "tests/unit/audit/audit_support.hpp"

namespace pontlevis::audit::test {
namespace {

const std::vector<std::string>& ct_leaves() {
  static const std::vector<std::string> leaves = [] {
    std::vector<std::string> out;
    for (const char* hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"})
      out.push_back(*from_hex(hex));
    return out;
  }();
  return leaves;
}

MemoryTree ct_tree() {
  MemoryTree tree;
  for (const auto& leaf : ct_leaves()) tree.append(leaf_hash(leaf));
  return tree;
}

MemoryTree tree_of(TreeSize n) {
  MemoryTree tree;
  for (TreeSize i = 0; i < n; ++i) tree.append(number_leaf(i));
  return tree;
}

Proof hex_proof(std::initializer_list<const char*> hashes) {
  Proof out;
  for (auto h : hashes) out.push_back(digest_of_hex(h));
  return out;
}

TEST(Merkle, hashes_are_those_of_rfc_6962) {
  EXPECT_EQ(to_hex(empty_root().view()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(leaf_hash("").view()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(to_hex(leaf_hash("L123456").view()), "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
  EXPECT_EQ(to_base64(leaf_hash("hello world").view()), "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=");
  EXPECT_EQ(to_hex(sha256("\x01N123N456").view()), "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
}

TEST(Merkle, the_fast_path_of_entries_and_nodes_agrees_with_the_general_hash) {
  for (int i = 0; i < 64; ++i) {
    const std::string entry = sha256(std::to_string(i)).text() + "xy";
    ASSERT_EQ(leaf_hash(entry), sha256({std::string_view("\0", 1), entry}));
    const Digest a = sha256(entry), b = sha256(entry + "b");
    ASSERT_EQ(node_hash(a, b), sha256({"\x01", a.view(), b.view()}));
  }
}

TEST(Merkle, the_reference_tree_has_its_eight_roots) {
  const auto tree = ct_tree();
  const std::vector<const char*> roots = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  for (std::size_t n = 0; n < roots.size(); ++n) EXPECT_EQ(to_hex(tree.root(n + 1).view()), roots[n]) << n;
}

TEST(Merkle, the_reference_tree_has_its_proofs) {
  const auto tree = ct_tree();
  const auto inclusion = [&](LeafIndex number, TreeSize size) { return must(inclusion_proof(tree, number - 1, size)); };
  const auto consistency = [&](TreeSize a, TreeSize b) { return must(consistency_proof(tree, a, b)); };
  EXPECT_EQ(inclusion(1, 1), Proof{});
  EXPECT_EQ(inclusion(1, 8), hex_proof({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(inclusion(6, 8), hex_proof({"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(inclusion(3, 3), hex_proof({"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}));
  EXPECT_EQ(inclusion(2, 5), hex_proof({"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
  EXPECT_EQ(consistency(1, 1), Proof{});
  EXPECT_EQ(consistency(1, 8), inclusion(1, 8));
  EXPECT_EQ(consistency(6, 8), hex_proof({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(consistency(2, 5), hex_proof({"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                          "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
  EXPECT_EQ(consistency(6, 7), hex_proof({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                          "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                                          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
}

// Every way transparency-dev/merkle spoils the hashes of a proof; each differs from `good`.
std::vector<Proof> spoiled(const Proof& good, const Digest& root) {
  const Digest garbage = sha256("garbage");
  std::vector<Proof> out;
  const auto variant = [&](auto change) {
    Proof p = good;
    change(p);
    out.push_back(std::move(p));
  };
  for (std::size_t i = 0; i < good.size(); ++i) variant([&](Proof& p) { p[i].bytes[i % 32] ^= 1; });
  for (const auto& extra : {root, garbage, Digest{}}) {
    variant([&](Proof& p) { p.push_back(extra); });
    variant([&](Proof& p) { p.insert(p.begin(), extra); });
    variant([&](Proof& p) { p.insert(p.begin() + static_cast<std::ptrdiff_t>(p.size() / 2), extra); });
  }
  if (good.empty()) return out;
  variant([](Proof& p) { p.pop_back(); });
  variant([](Proof& p) { p.erase(p.begin()); });
  variant([](Proof& p) { p.erase(p.begin() + static_cast<std::ptrdiff_t>(p.size() / 2)); });
  variant([](Proof& p) { p.clear(); });
  return out;
}

TEST(Merkle, every_inclusion_proof_up_to_100_leaves_holds_and_every_mutation_fails) {
  const auto tree = tree_of(100);
  std::size_t held = 0, failed = 0;
  for (TreeSize size = 1; size <= 100; ++size) {
    const Digest root = tree.root(size);
    for (LeafIndex index = 0; index < size; ++index) {
      const auto proof = must(inclusion_proof(tree, index, size));
      const Digest leaf = number_leaf(index);
      ASSERT_TRUE(verify_inclusion_proof(proof, index, size, leaf, root)) << index << "/" << size;
      ++held;
      const auto refused = [&](const Proof& p, LeafIndex i, TreeSize s, const Digest& l, const Digest& r) {
        EXPECT_FALSE(verify_inclusion_proof(p, i, s, l, r)) << index << "/" << size << " as " << i << "/" << s;
        ++failed;
      };
      for (LeafIndex i : {index - 1, index + 1, index ^ 2}) refused(proof, i, size, leaf, root);
      refused(proof, index, size, number_leaf(index + 1), root);
      refused(proof, index, size, leaf, Digest{});
      refused(proof, index, size, leaf, empty_root());
      refused(proof, index, size, leaf, sha256("random"));
      for (const auto& p : spoiled(proof, root)) refused(p, index, size, leaf, root);
      // Another size is refused unless the path has the same shape there; then the root still binds it.
      for (TreeSize s : {size * 2, size / 2})
        if (s != size && verify_inclusion_proof(proof, index, s, leaf, root)) {
          const auto same = inclusion_proof(tree_of(std::max(s, size)), index, s);
          EXPECT_TRUE(same && same->size() == proof.size()) << index << "/" << s;
        }
    }
  }
  EXPECT_EQ(held, 5050u);
  EXPECT_GT(failed, 60'000u);
}

TEST(Merkle, every_consistency_proof_up_to_100_leaves_holds_and_every_mutation_fails) {
  const auto tree = tree_of(100);
  std::size_t held = 0, failed = 0;
  for (TreeSize size2 = 1; size2 <= 100; ++size2)
    for (TreeSize size1 = 1; size1 <= size2; ++size1) {
      const Digest root1 = tree.root(size1), root2 = tree.root(size2);
      const auto proof = must(consistency_proof(tree, size1, size2));
      ASSERT_TRUE(verify_consistency_proof(proof, size1, size2, root1, root2)) << size1 << "→" << size2;
      ++held;
      const auto refused = [&](const Proof& p, const Digest& r1, const Digest& r2) {
        EXPECT_FALSE(verify_consistency_proof(p, size1, size2, r1, r2)) << size1 << "→" << size2;
        ++failed;
      };
      for (const auto& p : spoiled(proof, root2)) refused(p, root1, root2);
      refused(proof, sha256("random"), root2);
      refused(proof, root1, sha256("random"));
      refused(proof, empty_root(), root2);
      refused(proof, root1, empty_root());
      if (size1 < size2) refused(proof, root2, root1);
    }
  EXPECT_EQ(held, 5050u);
  EXPECT_GT(failed, 60'000u);
}

TEST(Merkle, questions_that_make_no_sense_are_errors) {
  const auto tree = tree_of(5);
  const Digest root = tree.root();
  EXPECT_FALSE(verify_consistency_proof({}, 0, 5, empty_root(), root));
  EXPECT_FALSE(verify_consistency_proof({}, 0, 0, empty_root(), empty_root()));
  EXPECT_FALSE(verify_consistency_proof({}, 6, 5, root, root));
  EXPECT_TRUE(verify_consistency_proof({}, 5, 5, root, root));
  EXPECT_FALSE(verify_consistency_proof({root}, 5, 5, root, root));
  EXPECT_FALSE(verify_inclusion_proof({}, 5, 5, number_leaf(5), root));
  EXPECT_FALSE(verify_inclusion_proof({}, 0, 0, number_leaf(0), empty_root()));
  EXPECT_FALSE(verify_inclusion_proof({}, ~std::uint64_t{0}, ~std::uint64_t{0}, root, root));
  EXPECT_FALSE(inclusion_proof(tree, 5, 5));
  EXPECT_FALSE(consistency_proof(tree, 0, 5));
  EXPECT_FALSE(consistency_proof(tree, 3, 2));
}

TEST(Merkle, the_growing_edge_has_the_roots_and_tiles_of_the_whole_tree) {
  MemoryTree tree;
  TreeEdge edge;
  std::vector<Tile> tiles;
  for (TreeSize i = 0; i < 70'000; ++i) {
    tree.append(number_leaf(i));
    edge.append(number_leaf(i), tiles);
    if (i % 997 == 0 || i % 256 == 255 || i > 65'530) {
      if (i < 66'000 || i % 997 == 0) ASSERT_EQ(edge.root(), tree.root()) << i;
    }
  }
  EXPECT_EQ(edge.size(), 70'000u);
  EXPECT_EQ(edge.root(), tree.root());
  ASSERT_EQ(tiles.size(), 274u);  // 273 of level 0, one of level 1
  for (const auto& t : tiles)
    for (unsigned i = 0; i < tile_width; i += 51)
      ASSERT_EQ(node_in_tile(t.data, 8 * t.level, t.n * 256 + i), must(tree.node(8 * t.level, t.n * 256 + i)));
  EXPECT_EQ(edge.partial(0).size(), 112u * 32);
  EXPECT_EQ(edge.partial(1).size(), 17u * 32);
  EXPECT_EQ(edge.partial(2).size(), 1u * 32);
  EXPECT_EQ(must(edge.node(4, 4370)), must(tree.node(4, 4370)));
  EXPECT_FALSE(edge.node(4, 4367));  // in the last full tile
}

TEST(Merkle, an_edge_put_back_from_its_partial_tiles_goes_on) {
  TreeEdge edge, again;
  std::vector<Tile> tiles, more;
  for (TreeSize i = 0; i < 1000; ++i) edge.append(number_leaf(i), tiles);
  for (unsigned level = 0; level < edge.levels(); ++level) again.adopt(level, edge.partial(level));
  EXPECT_EQ(again.size(), 1000u);
  EXPECT_EQ(again.root(), edge.root());
  for (TreeSize i = 1000; i < 1300; ++i) edge.append(number_leaf(i), tiles), again.append(number_leaf(i), more);
  EXPECT_EQ(again.root(), edge.root());
  ASSERT_FALSE(more.empty());
  EXPECT_EQ(more.back().n, tiles.back().n);
  EXPECT_EQ(more.back().data, tiles.back().data);
}

TEST(Merkle, tiles_lie_where_the_specification_puts_them) {
  EXPECT_EQ(tile_path(0, 1234067), "tile/0/x001/x234/067");
  EXPECT_EQ(tile_path(0, 0), "tile/0/000");
  EXPECT_EQ(tile_path(0, 273, 112), "tile/0/273.p/112");
  EXPECT_EQ(tile_path(1, 0, 1), "tile/1/000.p/1");
  EXPECT_EQ(entries_path(1000), "tile/entries/x001/000");
  EXPECT_EQ(entries_path(0, 15), "tile/entries/000.p/15");
}

}  // namespace
}  // namespace pontlevis::audit::test
