#include <gtest/gtest.h>

#include <set>

#include "protocol/conversation.hpp"

namespace pontlevis {
namespace {

// requirements A32, A33: walk every sequence the gateway can speak alone, from every beginning.
TEST(Conversation, the_gateway_alone_opens_nothing) {
  std::set<Phase> reached{Phase::none};
  for (bool grew = true; grew;) {
    grew = false;
    for (const auto& rule : conversation)
      if (rule.from == Speaker::gateway && reached.contains(rule.phase)) grew |= reached.insert(rule.next).second;
  }
  EXPECT_FALSE(reached.contains(Phase::consented));
  EXPECT_FALSE(reached.contains(Phase::open));
}

TEST(Conversation, a_phase_and_a_frame_have_one_answer) {
  std::set<std::tuple<Phase, Speaker, FrameKind>> seen;
  for (const auto& rule : conversation) EXPECT_TRUE(seen.insert({rule.phase, rule.from, rule.kind}).second) << word(rule.kind);
}

TEST(Conversation, nothing_leads_back_from_the_end) {
  for (const auto& rule : conversation) EXPECT_GE(rule.next, rule.phase) << word(rule.kind);
}

TEST(Conversation, an_open_session_is_reached_through_a_consent_only) {
  for (const auto& rule : conversation)
    if (rule.next == Phase::open && rule.phase != Phase::open) EXPECT_EQ(rule.phase, Phase::consented);
}

}  // namespace
}  // namespace pontlevis
