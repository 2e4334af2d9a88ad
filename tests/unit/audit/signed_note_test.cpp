// The vectors of golang.org/x/mod/sumdb/note and C2SP signed-note.
#include "tests/unit/audit/audit_support.hpp"

namespace pontlevis::audit::test {
namespace {

const std::string peter_skey = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const std::string peter_vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string enoch_vkey = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const std::string text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const std::string peter_line =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const std::string enoch_line =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

NoteVerifier peter() { return must(NoteVerifier::parse(peter_vkey)); }
NoteVerifier enoch() { return must(NoteVerifier::parse(enoch_vkey)); }

TEST(SignedNote, a_signature_is_byte_for_byte_that_of_the_reference) {
  const auto signer = must(NoteSigner::parse(Secret(peter_skey)));
  EXPECT_EQ(signer.verifier().text(), peter_vkey);
  EXPECT_EQ(signer.sign_line(text), peter_line);
  EXPECT_EQ(signer.text().expose(), peter_skey + "\n");
}

TEST(SignedNote, every_known_key_must_agree_and_unknown_keys_are_ignored) {
  const auto note = must(SignedNote::parse(text + "\n" + peter_line + enoch_line));
  EXPECT_EQ(note.text(), text);
  EXPECT_TRUE(note.verify(peter()));
  EXPECT_TRUE(note.verify(enoch()));
  EXPECT_TRUE(must(SignedNote::parse(text + "\n" + enoch_line + peter_line)).verify(peter()));
  EXPECT_FALSE(must(SignedNote::parse(text + "\n" + enoch_line)).verify(peter()));
  EXPECT_TRUE(must(SignedNote::parse(text + "\n" + peter_line + peter_line)).verify(peter()));
}

TEST(SignedNote, a_corrupt_signature_of_a_known_key_spoils_the_whole_note) {
  auto bad = peter_line;
  bad[bad.size() - 8] = bad[bad.size() - 8] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(must(SignedNote::parse(text + "\n" + peter_line + bad)).verify(peter()));
  EXPECT_FALSE(must(SignedNote::parse(text + "\n" + bad + peter_line)).verify(peter()));
  EXPECT_TRUE(must(SignedNote::parse(text + "\n" + bad + enoch_line)).verify(enoch()));
}

TEST(SignedNote, every_proper_substring_of_a_key_is_refused) {
  for (std::size_t from = 0; from < peter_vkey.size(); ++from)
    for (std::size_t n = 0; n <= peter_vkey.size() - from; ++n)
      if (n != peter_vkey.size()) ASSERT_FALSE(NoteVerifier::parse(peter_vkey.substr(from, n))) << peter_vkey.substr(from, n);
}

TEST(SignedNote, every_single_byte_increment_of_a_key_is_refused) {
  for (std::size_t i = 0; i < peter_vkey.size(); ++i) {
    auto key = peter_vkey;
    ++key[i];
    EXPECT_FALSE(NoteVerifier::parse(key)) << key;
    auto secret = peter_skey;
    if (i < secret.size()) ++secret[i];
    EXPECT_FALSE(NoteSigner::parse(Secret(secret))) << i;
  }
}

TEST(SignedNote, malformed_keys_are_refused) {
  EXPECT_FALSE(NoteVerifier::parse("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="));
  EXPECT_FALSE(NoteVerifier::parse("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
  EXPECT_FALSE(NoteVerifier::parse(peter_vkey + "\n"));
}

TEST(SignedNote, malformed_notes_are_refused) {
  EXPECT_FALSE(SignedNote::parse(text));
  EXPECT_FALSE(SignedNote::parse(text + "\n"));
  EXPECT_FALSE(SignedNote::parse(text + "\n" + peter_line.substr(0, peter_line.size() - 1)));
  EXPECT_FALSE(SignedNote::parse("\x01" + text + "\n" + peter_line));
  EXPECT_FALSE(SignedNote::parse("\xff" + text + "\n" + peter_line));
  EXPECT_FALSE(SignedNote::parse(text + "\n— Bad Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZI=\n"));
  EXPECT_FALSE(SignedNote::parse(text + "\n— Bad\xc2\xa0Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZI=\n"));
  EXPECT_FALSE(SignedNote::parse(text + "\n— Bad+Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZI=\n"));
  EXPECT_FALSE(SignedNote::parse(text + "\n" + peter_line + "Unexpected line.\n"));
  EXPECT_FALSE(SignedNote::parse(text + "\n" + peter_line + "\n"));
  EXPECT_FALSE(SignedNote::parse(""));
  std::string many = text + "\n";
  for (int i = 0; i < 100; ++i) many += peter_line;
  EXPECT_TRUE(SignedNote::parse(many));
  EXPECT_FALSE(SignedNote::parse(many + peter_line));
}

TEST(SignedNote, the_example_of_the_specification_verifies) {
  const auto key = must(NoteVerifier::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"));
  const auto note = must(SignedNote::parse(
      "This is an example message.\n\n— example.com/foo "
      "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"));
  EXPECT_TRUE(note.verify(key));
}

TEST(SignedNote, a_cosignature_key_of_another_implementation_parses) {
  const auto key = must(NoteVerifier::parse("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"));
  EXPECT_EQ(key.type(), NoteKeyType::cosignature);
}

TEST(SignedNote, a_cosignature_carries_its_time_and_does_not_pass_for_a_signature) {
  const auto witness = witness_signer();
  const auto line = witness.cosign_line(text, 1763798400);
  const auto note = must(SignedNote::parse(text + "\n" + line));
  EXPECT_EQ(must(note.verify_cosignature(witness.verifier())), 1763798400u);
  EXPECT_FALSE(must(SignedNote::parse("x" + text + "\n" + line)).verify_cosignature(witness.verifier()));
  const NoteSigner plain(witness.verifier().name(), NoteKeyType::ed25519, key_of(2));
  EXPECT_FALSE(note.verify(plain.verifier()));
}

}  // namespace
}  // namespace pontlevis::audit::test
