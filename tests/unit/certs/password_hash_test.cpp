#include "certs/password_hash.hpp"

#include <gtest/gtest.h>

#include "protocol/io/system.hpp"

namespace pontlevis::certs {
namespace {

constexpr ScryptCost cheap{1u << 15, 8, 1};

TEST(PasswordHash, the_right_password_and_no_other) {
  io::SystemRandom random;
  const auto stored = hash_password(Secret("quatre mots bien choisis"), random, cheap).value();
  EXPECT_TRUE(stored.starts_with("scrypt$32768$8$1$")) << stored;
  EXPECT_TRUE(verify_password(Secret("quatre mots bien choisis"), stored).value());
  EXPECT_FALSE(verify_password(Secret("quatre mots bien choisi"), stored).value());
  EXPECT_FALSE(verify_password(Secret(""), stored).value());
  EXPECT_NE(stored, hash_password(Secret("quatre mots bien choisis"), random, cheap).value());
}

TEST(PasswordHash, the_default_cost_is_more_than_the_least) { EXPECT_GE(ScryptCost{}.n, 1u << 15); }

// Made by another implementation: Python's hashlib.scrypt(b"pontlevis test", salt=b"0123456789abcdef", n=32768, r=8, p=1, dklen=32).
TEST(PasswordHash, another_implementation_agrees) {
  const std::string stored = "scrypt$32768$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$H4DSlVs3jxrkA9oZKpHcoY9zkm8rJtnzWmLi/rJs/+8=";
  EXPECT_TRUE(verify_password(Secret("pontlevis test"), stored).value());
}

TEST(PasswordHash, a_damaged_text_is_an_error_and_not_a_no) {
  io::SystemRandom random;
  const auto stored = hash_password(Secret("quatre mots"), random, cheap).value();
  for (const std::string& bad : {std::string(), std::string("scrypt"), stored + "$", stored.substr(1), stored.substr(0, stored.size() - 4),
                                "scrypt$1024" + stored.substr(12), "scrypt$32769" + stored.substr(12), "scrypt$2097152" + stored.substr(12)})
    EXPECT_FALSE(verify_password(Secret("quatre mots"), bad)) << bad;
  EXPECT_FALSE(hash_password(Secret("quatre mots"), random, {1u << 10, 8, 1}));
}

TEST(PasswordHash, a_new_password_must_be_worth_its_name) {
  EXPECT_TRUE(check_new_password(Secret("quatre mots bien choisis"), "dr-exemple"));
  for (const char* bad : {"", "court", "aaaaaaaaaaaa", "je suis dr-exemple", "avec\ttabulation"})
    EXPECT_FALSE(check_new_password(Secret(bad), "dr-exemple")) << bad;
}

}  // namespace
}  // namespace pontlevis::certs
