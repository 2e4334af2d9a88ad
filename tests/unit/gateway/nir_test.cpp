// A patient's number has no place in a request or a report (requirements B33). The numbers are made up.
#include "gateway/nir.hpp"

#include <gtest/gtest.h>

namespace pontlevis::gateway {
namespace {

TEST(Nir, is_found_with_and_without_separators) {
  EXPECT_TRUE(holds_nir("dossier 2 55 08 14 168 025 38, imprimante"));
  EXPECT_TRUE(holds_nir("255081416802538"));
  EXPECT_TRUE(holds_nir("(2.55.08.14.168.025.38)"));
}

TEST(Nir, of_corsica_is_found) {
  EXPECT_TRUE(holds_nir("1 85 05 2A 123 456 33"));
  EXPECT_TRUE(holds_nir("185052a12345633"));
}

TEST(Nir, with_a_wrong_key_is_a_number_like_others) {
  EXPECT_FALSE(holds_nir("255081416802539"));
  EXPECT_FALSE(holds_nir("ticket 20261122000001"));
  EXPECT_FALSE(holds_nir("call +33 1 02 03 04 05 or 06"));
  EXPECT_FALSE(holds_nir(""));
}

TEST(Nir, inside_a_longer_run_of_digits_is_not_one) {
  EXPECT_FALSE(holds_nir("9255081416802538"));
  EXPECT_FALSE(holds_nir("2550814168025381"));
}

}  // namespace
}  // namespace pontlevis::gateway
