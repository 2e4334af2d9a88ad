#include <gtest/gtest.h>

#include "agent/session_state.hpp"

namespace pontlevis::agent {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Login alice = *Login::parse("alice");
const Login bruno = *Login::parse("bruno");

SessionRules alone() { return {.operators = {alice}, .needs_pair = false, .watch = Watch::not_watched, .length = minutes(15)}; }
SessionRules pair() {
  auto rules = alone();
  rules.operators = {alice, bruno};
  rules.needs_pair = true;
  return rules;
}

TEST(SessionState, it_ends_at_its_deadline_whatever_happens) {
  SessionState s(alone(), Millis(0));
  EXPECT_TRUE(s.join(alice, Millis(1)));
  s.tick(minutes(15) - Millis(1));
  EXPECT_FALSE(s.ended());
  s.tick(minutes(15));
  EXPECT_EQ(s.ended(), EndCause::timeout);
  EXPECT_FALSE(s.join(alice, minutes(16)));
}

TEST(SessionState, more_time_moves_the_deadline_and_wakes_nothing_that_has_ended) {
  SessionState s(alone(), Millis(0));
  s.extend(minutes(10), minutes(14));
  s.tick(minutes(15));
  EXPECT_FALSE(s.ended());
  EXPECT_EQ(s.deadline(), minutes(25));
  s.tick(minutes(25));
  EXPECT_EQ(s.ended(), EndCause::timeout);
  s.extend(minutes(10), minutes(26));
  EXPECT_EQ(s.deadline(), minutes(25));
  EXPECT_FALSE(s.join(alice, minutes(26)));
}

TEST(SessionState, more_time_that_comes_too_late_is_none) {
  SessionState s(alone(), Millis(0));
  s.extend(minutes(10), minutes(15));
  EXPECT_EQ(s.ended(), EndCause::timeout);
}

TEST(SessionState, somebody_who_is_not_of_the_consent_never_joins) {
  SessionState s(alone(), Millis(0));
  EXPECT_FALSE(s.join(bruno, Millis(1)));
}

TEST(SessionState, one_person_has_one_connection) {
  SessionState s(alone(), Millis(0));
  EXPECT_TRUE(s.join(alice, Millis(1)));
  EXPECT_FALSE(s.join(alice, Millis(2)));
}

TEST(SessionState, a_pair_needs_two_different_people_before_the_first_byte) {
  SessionState s(pair(), Millis(0));
  EXPECT_FALSE(s.input_flows());
  s.join(alice, Millis(1));
  EXPECT_EQ(s.hold(), Hold::pair_incomplete);
  s.join(bruno, Millis(2));
  EXPECT_TRUE(s.input_flows());
}

TEST(SessionState, a_broken_pair_stops_at_once_and_ends_after_two_minutes) {
  SessionState s(pair(), Millis(0));
  s.join(alice, Millis(0)), s.join(bruno, Millis(0));
  s.leave(bruno, SessionState::Leave::dropped, minutes(1));
  EXPECT_EQ(s.hold(), Hold::pair_incomplete);
  EXPECT_EQ(s.next_change(), minutes(3));
  s.tick(minutes(3) - Millis(1));
  EXPECT_FALSE(s.ended());
  s.tick(minutes(3));
  EXPECT_EQ(s.ended(), EndCause::policy);
}

TEST(SessionState, a_pair_that_is_whole_again_goes_on) {
  SessionState s(pair(), Millis(0));
  s.join(alice, Millis(0)), s.join(bruno, Millis(0));
  s.leave(bruno, SessionState::Leave::dropped, minutes(1));
  EXPECT_TRUE(s.may_rejoin(bruno, minutes(1) + seconds(59)));
  EXPECT_TRUE(s.join(bruno, minutes(2)));
  s.tick(minutes(10));
  EXPECT_FALSE(s.ended());
  EXPECT_TRUE(s.input_flows());
}

TEST(SessionState, a_dropped_connection_may_come_back_without_a_password_for_a_minute_only) {
  SessionState s(alone(), Millis(0));
  s.join(alice, Millis(0));
  s.leave(alice, SessionState::Leave::dropped, seconds(10));
  EXPECT_TRUE(s.may_rejoin(alice, seconds(69)));
  EXPECT_FALSE(s.may_rejoin(alice, seconds(70)));
}

TEST(SessionState, who_said_goodbye_needs_a_new_password) {
  SessionState s(alone(), Millis(0));
  s.join(alice, Millis(0));
  s.leave(alice, SessionState::Leave::said_goodbye, seconds(10));
  EXPECT_FALSE(s.may_rejoin(alice, seconds(11)));
}

TEST(SessionState, a_watched_session_waits_when_nobody_has_watched_for_fifteen_seconds) {
  auto rules = alone();
  rules.watch = Watch::watched;
  SessionState s(rules, Millis(0));
  s.join(alice, Millis(0));
  EXPECT_TRUE(s.input_flows());
  EXPECT_EQ(s.next_change(), seconds(15));
  s.tick(seconds(15));
  EXPECT_EQ(s.hold(), Hold::nobody_watches);
  s.viewer(true, seconds(20));
  EXPECT_TRUE(s.input_flows());
  s.viewer(false, seconds(30));
  s.tick(seconds(44));
  EXPECT_TRUE(s.input_flows());
  s.tick(seconds(45));
  EXPECT_EQ(s.hold(), Hold::nobody_watches);
}

TEST(SessionState, active_time_leaves_pauses_out) {
  SessionState s(alone(), Millis(0));
  s.join(alice, seconds(10));
  s.pause(seconds(20));
  s.resume(seconds(50));
  s.leave(alice, SessionState::Leave::said_goodbye, seconds(60));
  s.end(EndCause::done, seconds(90));
  EXPECT_EQ(s.active(), seconds(20));
}

TEST(SessionState, the_first_cause_of_the_end_stays) {
  SessionState s(alone(), Millis(0));
  s.end(EndCause::withdrawn, seconds(1));
  s.end(EndCause::done, seconds(2));
  s.tick(minutes(20));
  EXPECT_EQ(s.ended(), EndCause::withdrawn);
}

}  // namespace
}  // namespace pontlevis::agent
