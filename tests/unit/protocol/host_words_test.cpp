#include "protocol/host_words.hpp"

#include <gtest/gtest.h>

namespace pontlevis {
namespace {

TEST(HostWords, a_word_is_sayable_and_has_one_value) {
  EXPECT_EQ(proquint(0x7f00), "lusab");  // the examples everybody knows: 127.0.0.1 and 63.84.220.193
  EXPECT_EQ(proquint(0x0001), "babad");
  EXPECT_EQ(proquint(0x3f54), "gutih");
  EXPECT_EQ(proquint(0xdcc1), "tugad");
}

TEST(HostWords, both_sides_find_the_same_words_whatever_the_order_of_the_keys) {
  const auto words = host_words({"SHA256:aaa", "SHA256:bbb"});
  EXPECT_EQ(words, host_words({"SHA256:bbb", "SHA256:aaa"}));
  EXPECT_EQ(words.size(), 23u);
  EXPECT_NE(words, host_words({"SHA256:aaa"}));
  EXPECT_NE(words, host_words({"SHA256:aaa", "SHA256:bbc"}));
}

}  // namespace
}  // namespace pontlevis
