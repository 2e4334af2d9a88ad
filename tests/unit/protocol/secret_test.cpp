#include <gtest/gtest.h>

#include <type_traits>

#include "protocol/secret.hpp"

namespace pontlevis {
namespace {

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);

TEST(Secret, a_moved_from_secret_holds_nothing) {
  Secret first{std::string_view("K7QM2RTX9ABC")};
  const Secret second = std::move(first);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the promise
  EXPECT_EQ(second.expose(), "K7QM2RTX9ABC");
}

TEST(Secret, wiping_clears_the_bytes_where_they_lie) {
  std::vector<char> bytes{'s', 'e', 'c', 'r', 'e', 't'};
  wipe_bytes(bytes);
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), std::string(6, '\0'));
}

TEST(Secret, an_empty_secret_equals_nothing) {
  EXPECT_FALSE(Secret().same_as(""));
  EXPECT_TRUE(Secret{std::string_view("a")}.same_as("a"));
  EXPECT_FALSE(Secret{std::string_view("a")}.same_as("b"));
  EXPECT_FALSE(Secret{std::string_view("a")}.same_as("aa"));
}

}  // namespace
}  // namespace pontlevis
