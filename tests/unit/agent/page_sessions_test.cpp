#include "agent/page/page_sessions.hpp"

#include <gtest/gtest.h>

#include "tests/doubles/fake_clock.hpp"
#include "tests/doubles/fixed_random.hpp"

namespace pontlevis::agent {
namespace {

class PageSessionsTest : public testing::Test {
 protected:
  Approver owner() const { return {*Login::parse("dr-exemple"), "Dr Exemple", ApproverRole::owner, "password"}; }
  doubles::FakeClock clock{Time{}};
  doubles::FixedRandom random;
  PageSessions sessions{clock, random, std::chrono::minutes(10)};
  std::string token = *sessions.sign_in(owner(), 1000);
};

TEST_F(PageSessionsTest, a_token_names_its_person_and_nothing_else_does) {
  ASSERT_TRUE(sessions.find(token));
  EXPECT_EQ(sessions.find(token)->person.login.text(), "dr-exemple");
  EXPECT_FALSE(sessions.find(token + "0"));
  EXPECT_FALSE(sessions.find(""));
}

TEST_F(PageSessionsTest, an_idle_page_locks_and_an_act_keeps_it_open) {
  clock.advance(std::chrono::minutes(9));
  sessions.touch(*sessions.find(token));
  clock.advance(std::chrono::minutes(9));
  EXPECT_FALSE(sessions.find(token)->locked);
  clock.advance(std::chrono::minutes(11));
  EXPECT_TRUE(sessions.find(token)->locked);
  sessions.unlock(*sessions.find(token));
  EXPECT_FALSE(sessions.find(token)->locked);
}

TEST_F(PageSessionsTest, a_page_that_shows_a_live_session_does_not_lock) {
  sessions.find(token)->mirrors = 1;
  for (int i = 0; i < 5; ++i) {
    clock.advance(std::chrono::minutes(9));
    EXPECT_FALSE(sessions.find(token)->locked);
  }
}

TEST_F(PageSessionsTest, nobody_stays_signed_in_for_ever) {
  for (int i = 0; i < 13; ++i) {
    clock.advance(std::chrono::hours(1));
    if (auto session = sessions.find(token)) sessions.unlock(*session);
  }
  EXPECT_FALSE(sessions.find(token));
}

TEST_F(PageSessionsTest, a_form_serves_once_for_what_it_was_given_for) {
  auto session = sessions.find(token);
  const auto form = sessions.give_form(*session, "decide A");
  EXPECT_TRUE(sessions.use_form(*session, form, "decide A"));
  EXPECT_FALSE(sessions.use_form(*session, form, "decide A")) << "a replay";
  const auto other = sessions.give_form(*session, "decide A");
  EXPECT_FALSE(sessions.use_form(*session, other, "decide B")) << "another thing than was shown";
  EXPECT_FALSE(sessions.use_form(*session, other, "decide A")) << "a form that was misused is used";
  const auto old = sessions.give_form(*session, "decide A");
  clock.advance(std::chrono::hours(25));
  EXPECT_FALSE(sessions.use_form(*session, old, "decide A"));
}

TEST_F(PageSessionsTest, a_form_of_one_person_serves_nobody_else) {
  const auto second = sessions.find(*sessions.sign_in(owner(), 1001));
  const auto form = sessions.give_form(*sessions.find(token), "decide A");
  EXPECT_FALSE(sessions.use_form(*second, form, "decide A"));
}

TEST_F(PageSessionsTest, who_leaves_the_team_is_signed_out_everywhere) {
  const auto second = *sessions.sign_in(owner(), 1000);
  sessions.end_all_of(*Login::parse("dr-exemple"));
  EXPECT_FALSE(sessions.find(token));
  EXPECT_FALSE(sessions.find(second));
}

TEST_F(PageSessionsTest, pages_and_forms_are_bounded) {
  for (int i = 0; i < 100; ++i) static_cast<void>(sessions.sign_in(owner(), 1000));
  EXPECT_FALSE(sessions.sign_in(owner(), 1000));
  auto session = sessions.find(token);
  const auto first = sessions.give_form(*session, "x");
  for (int i = 0; i < 100; ++i) clock.advance(Millis(1)), sessions.give_form(*session, "x");
  EXPECT_LE(session->forms.size(), 32u);
  EXPECT_FALSE(sessions.use_form(*session, first, "x"));
}

}  // namespace
}  // namespace pontlevis::agent
