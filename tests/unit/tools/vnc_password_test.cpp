// The vectors were made with python3-cryptography (TripleDES, the key three times, its bytes' bits reversed),
// and the file also by tigervncpasswd.
#include "agent/tools/desktop/vnc_password.hpp"

#include <gtest/gtest.h>

#include <set>

#include "protocol/text.hpp"
#include "tests/doubles/fixed_random.hpp"

namespace pontlevis::agent {
namespace {

TEST(VncPassword, answers_a_challenge_as_every_vnc_client_does) {
  VncChallenge challenge{};
  for (std::size_t i = 0; i < challenge.size(); ++i) challenge[i] = static_cast<char>(i);
  const auto answer = answer_challenge(Secret("abcdefgh"), challenge);
  EXPECT_EQ(to_hex({answer.data(), answer.size()}), "eae3a1cb74ca6daac183f66460190bb5");
}

TEST(VncPassword, writes_the_file_that_vncpasswd_writes) {
  EXPECT_EQ(to_hex(vnc_password_file(Secret("abcdefgh")).expose()), "db8ab02565e3b4c2");
}

TEST(VncPassword, is_eight_characters_and_another_one_each_time) {
  doubles::FixedRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto made = make_vnc_password(random);
    EXPECT_EQ(made.expose().size(), 8u);
    EXPECT_EQ(made.expose().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-"), std::string_view::npos);
    seen.emplace(made.expose());
  }
  EXPECT_EQ(seen.size(), 100u);
}

}  // namespace
}  // namespace pontlevis::agent
