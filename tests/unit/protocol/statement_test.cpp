#include <gtest/gtest.h>

#include "protocol/statement.hpp"
#include "tests/doubles/fixed_random.hpp"

namespace pontlevis {
namespace {

NoteSigner signer(const std::string& name, std::uint64_t seed) {
  doubles::FixedRandom random(seed);
  return {name, NoteKeyType::ed25519, Ed25519Key::generate(random)};
}
const boost::json::object body{{"intervention", "x"}, {"minutes", 5}};

TEST(Statement, what_was_signed_is_what_is_read) {
  const auto key = signer("practice.a", 1);
  const auto opened = open_statement(sign_statement("consent", body, key), "consent", key.verifier());
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, body);
}

TEST(Statement, a_signature_for_one_type_never_passes_for_another) {
  const auto key = signer("practice.a", 1);
  EXPECT_FALSE(open_statement(sign_statement("refusal", body, key), "consent", key.verifier()));
}

TEST(Statement, another_key_of_the_same_name_is_refused) {
  EXPECT_FALSE(open_statement(sign_statement("consent", body, signer("practice.a", 2)), "consent", signer("practice.a", 1).verifier()));
}

TEST(Statement, every_changed_byte_is_found) {
  const auto key = signer("practice.a", 1);
  const auto note = sign_statement("consent", body, key);
  for (std::size_t at = 0; at < note.size(); ++at) {
    auto changed = note;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(open_statement(changed, "consent", key.verifier())) << at;
  }
}

TEST(Statement, a_body_that_is_not_canonical_is_refused_even_when_signed) {
  const auto key = signer("practice.a", 1);
  EXPECT_FALSE(open_statement(sign_note("pontlevis/consent/v1\n{\"a\": 1}\n", key), "consent", key.verifier()));
  EXPECT_FALSE(open_statement(sign_note("pontlevis/consent/v1\n{\"a\":1}\nmore\n", key), "consent", key.verifier()));
  EXPECT_FALSE(open_statement(sign_note("pontlevis/consent/v2\n{\"a\":1}\n", key), "consent", key.verifier()));
}

}  // namespace
}  // namespace pontlevis
