// Checkpoints, proofs and a real cosigned entry of other implementations.
#include "audit/tlog_proof.hpp"
#include "tests/unit/audit/audit_support.hpp"

namespace pontlevis::audit::test {
namespace {

TEST(Checkpoint, it_is_byte_for_byte_that_of_sigsum) {
  const std::string name = "sigsum.org/v1/tree/e796172b92befd62d9dc67e41c2f5bc9d3100a3023b20b1ca40288dd1c679e69";
  const NoteSigner signer(name, NoteKeyType::ed25519, must(Ed25519Key::from_seed(Secret("\x11" + std::string(31, '\0')))));
  const Checkpoint checkpoint{name, 10, digest_of_hex("1c0e47" + std::string(58, '0')), {}};
  EXPECT_EQ(sign_checkpoint(checkpoint, signer),
            name + "\n10\nHA5HAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— " + name +
                " gJ2ho0n8F8olcerUF1FFdv235A/5as/coWrpLrtE7ovMeP5whgwouYExowG/lTznxu6OUGjjt5yJQ6bXtTcf718MqAQ=\n");
}

TEST(Checkpoint, the_sample_log_of_tessera_is_reproduced) {
  const auto signer = must(NoteSigner::parse(
      Secret("PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg")));
  EXPECT_EQ(signer.verifier().text(), "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");
  MemoryTree tree;
  const char* leaves[] = {"one", "two", "three", "four", "five", "six", "seven", "eit",
                          "nain", "ten", "ileven", "twelf", "threeten", "fourten", "fivten"};
  for (auto leaf : leaves) tree.append(leaf_hash(leaf));
  const auto signed_at = [&](TreeSize n) { return sign_checkpoint({"example.com/log/testdata", n, tree.root(n), {}}, signer); };
  EXPECT_EQ(signed_at(5),
            "example.com/log/testdata\n5\ngy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=\n\n— example.com/log/testdata "
            "M9e0lmn5eDHyHP10zJObZdFAX2y1V8fdDKBi4IiHbDYf1TCUBwxZOhqwv2QZCqrdda2zTRTrmnwjwscN5RBTEmZUYAs=\n");
  EXPECT_EQ(signed_at(15),
            "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n— example.com/log/testdata "
            "M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=\n");
  const auto opened = must(open_checkpoint(signed_at(15), signer.verifier()));
  EXPECT_EQ(opened.size, 15u);
  EXPECT_EQ(opened.root, tree.root());
}

TEST(Checkpoint, the_cosigned_text_is_that_of_sigsum) {
  const std::string origin = "sigsum.org/v1/tree/66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
  std::string root;
  for (char i = 0; i < 32; ++i) root += i;
  const Checkpoint c{origin, 257, Digest::from(root), {}};
  EXPECT_EQ(c.text(), origin + "\n257\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
  // The witness signs "cosignature/v1\ntime N\n" and that text.
  const auto witness = witness_signer();
  const auto line = witness.cosign_line(c.text(), 72623859790382856u);
  const auto note = must(SignedNote::parse(c.text() + "\n" + line));
  EXPECT_EQ(must(note.verify_cosignature(witness.verifier())), 72623859790382856u);
  EXPECT_TRUE(witness.verifier().key().verify("cosignature/v1\ntime 72623859790382856\n" + c.text(),
                                              std::string_view(note.signatures()[0].bytes).substr(8)));
}

TEST(Checkpoint, malformed_texts_are_refused) {
  const std::string root = "gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=";
  EXPECT_TRUE(Checkpoint::parse("log\n5\n" + root + "\n"));
  EXPECT_TRUE(Checkpoint::parse("log\n5\n" + root + "\nextension\n"));
  for (const std::string& bad : std::vector<std::string>{
           "", "log\n", "log\n5\n", "\n5\n" + root + "\n", "log\n5\n" + root, "log\nfive\n" + root + "\n",
           "log\n-1\n" + root + "\n", "log\n+5\n" + root + "\n", "log\n 5\n" + root + "\n", "log\n05\n" + root + "\n",
           "log\n18446744073709551617\n" + root + "\n", "log\n\n" + root + "\n", "log\n5\nnot base64\n",
           "log\n5\n" + root.substr(0, 40) + "\n", "log\n5\n" + root + "\n\n", "log\n0\n" + root + "\n",
           "log\n5\n" + root + "\nextension"})
    EXPECT_FALSE(Checkpoint::parse(bad)) << bad;
}

TEST(Checkpoint, one_of_another_log_or_key_is_refused) {
  const auto signer = log_signer();
  const Checkpoint c{signer.verifier().name(), 0, empty_root(), {}};
  const auto note = sign_checkpoint(c, signer);
  EXPECT_TRUE(open_checkpoint(note, signer.verifier()));
  EXPECT_FALSE(open_checkpoint(note, log_signer("audit.editeur.example/other").verifier()));
  EXPECT_FALSE(open_checkpoint(note, log_signer("audit.editeur.example/log", 9).verifier()));
}

TEST(TlogProof, it_parses_and_prints_in_one_form) {
  const auto signer = log_signer();
  const std::string checkpoint = sign_checkpoint({signer.verifier().name(), 0, empty_root(), {}}, signer);
  const std::string hash = to_base64(sha256("x").view());
  const std::string full = "c2sp.org/tlog-proof@v1\nextra aGVsbG8=\nindex 12\n" + hash + "\n" + hash + "\n\n" + checkpoint;
  const auto proof = must(TlogProof::parse(full));
  EXPECT_EQ(proof.extra, "hello");
  EXPECT_EQ(proof.index, 12u);
  EXPECT_EQ(proof.path.size(), 2u);
  EXPECT_EQ(proof.text(), full);
  const std::string least = "c2sp.org/tlog-proof@v1\nindex 0\n\n" + checkpoint;
  EXPECT_EQ(must(TlogProof::parse(least)).text(), least);
  for (const std::string& bad : std::vector<std::string>{
           "", "c2sp.org/tlog-proof@v2\nindex 0\n\n" + checkpoint, "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\n" + checkpoint,
           "c2sp.org/tlog-proof@v1\n" + hash + "\n\n" + checkpoint, "c2sp.org/tlog-proof@v1\nindex -1\n\n" + checkpoint,
           "c2sp.org/tlog-proof@v1\nindex one\n\n" + checkpoint, "c2sp.org/tlog-proof@v1\nindex 01\n\n" + checkpoint,
           "c2sp.org/tlog-proof@v1\nindex 0\nnothash\n\n" + checkpoint, "c2sp.org/tlog-proof@v1\nindex 0\naGVsbG8=\n\n" + checkpoint,
           "c2sp.org/tlog-proof@v1\nindex 0\n" + hash + "\n", "c2sp.org/tlog-proof@v1\nindex 0\n\n"})
    EXPECT_FALSE(TlogProof::parse(bad)) << bad;
}

// sigsum-go pkg/proof/proof_test.go: log, witness and submitter are real keys of that project's tests.
TEST(Sigsum, a_real_cosigned_proof_verifies) {
  const auto ssh_key = [](std::string_view blob) {
    const auto raw = *from_base64(blob);
    Ed25519Public out;
    std::copy(raw.end() - 32, raw.end(), out.bytes.begin());
    return out;
  };
  const auto log = ssh_key("AAAAC3NzaC1lZDI1NTE5AAAAIKwmwKhVrEUaZTlHjhoWA4jwJLOF8TY+/NpHAXAHbAHl");
  const auto witness = ssh_key("AAAAC3NzaC1lZDI1NTE5AAAAIMvjV+a0ZASecDt75siSARk6zCoYwJWwaRqvULmx4VeK");
  const auto submitter = ssh_key("AAAAC3NzaC1lZDI1NTE5AAAAIMdLcxVjCAQUHbD4jCfFP+f8v1nmyjWkq6rXiexrK8II");
  const Checkpoint checkpoint{"sigsum.org/v1/tree/" + sha256_hex(log.view()), 4,
                              digest_of_hex("3ddc56fd46e71e517b6936b977a457da7d398108141fcdf5c8386cdd724ab7a8"), {}};
  EXPECT_EQ(checkpoint.origin, "sigsum.org/v1/tree/7c5fafc796c201e0fcd7567c5033a2777ec28363f54ea0ba97b57bece0d96acd");
  EXPECT_TRUE(log.verify(checkpoint.text(),
                         *from_hex("ccbdd8c784726b732b8edd2039fbad5506e4acccd56e3e5d86c0ee109b3d2662e6881fe3d09fc48f9ddd31494463c5ec"
                                   "44926ff9158785ad1dd9b5d6434b0804")));
  const NoteVerifier cosigner("witness", NoteKeyType::cosignature, witness);
  std::string time;
  for (int shift = 56; shift >= 0; shift -= 8) time += static_cast<char>(std::uint64_t{1683202758} >> shift & 255);
  EXPECT_TRUE(cosigner.verify(checkpoint.text(),
                              time + *from_hex("e8d6c447d7847d5c1431ef86f8c60fa0cbacd975388b2a8f202fe4b0f9d0d544989c9d9351752d86aae2df72"
                                               "b9d7135b6b09de2ccaa6d68edf638105d69be609")));
  const std::string message = std::string(26, ' ') + "foo-4\n";
  const std::string leaf = sha256(message).text() +
      *from_hex("79b489a38548a67d78f06221b014d41be58b703237d17b4f203f0dd4ead9e2597149c2f118894581ce7473a61fa880716af6ff21"
                "38bade2cecc4b297099bf104") + sha256(submitter.view()).text();
  const Proof path = {digest_of_hex("61010ae798308f5b97237615ab8c1b14f2c782c37616e97d0a170b617bc7a4ce"),
                      digest_of_hex("a5c3752be610d605ce5c64ee2e28ee5b94a1cc0a68742f18f24c9b5c82d07298")};
  EXPECT_TRUE(verify_inclusion_proof(path, 3, 4, leaf_hash(leaf), checkpoint.root));
}

}  // namespace
}  // namespace pontlevis::audit::test
