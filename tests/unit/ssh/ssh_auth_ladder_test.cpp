#include "protocol/io/ssh/ssh_auth_ladder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pontlevis::io {
namespace {

using Reply = SshAuthLadder::Reply;

const SshPublicKey good{"ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIGood"};
const SshPublicKey other{"ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIOther"};

struct Rules final : SshServerHandler {
  bool waived = false, locked = false;
  std::vector<std::string> failures;
  bool accepts_key(std::string_view, const SshPublicKey& key) override { return key == good; }
  bool waives_second_factor(std::string_view, const SshPublicKey&) override { return waived; }
  SecondFactorPrompt second_factor_prompt(std::string_view, const SshPublicKey&) override { return {}; }
  SecondFactor check_second_factor(std::string_view, const SshPublicKey& key, const Secret& answer) override {
    EXPECT_EQ(key, good);
    if (locked) return SecondFactor::locked;
    return answer.same_as("SAMPLE") ? SecondFactor::accepted : SecondFactor::wrong;
  }
  void on_authenticated(std::string_view, const SshPublicKey&) override {}
  void on_auth_failed(std::string_view user, SshAuthStep, SshAuthFailure why) override {
    failures.push_back(std::string(user) + " " + std::string(text_of(why)));
  }
  void on_closed(std::string_view) noexcept override {}
};

struct SshAuthLadderTest : ::testing::Test {
  Rules rules;
  SshLimits limits;
  SshAuthLadder ladder{rules, limits};
  Reply answer(const char* text) { return ladder.response(Secret(text)); }
};

TEST_F(SshAuthLadderTest, key_then_answer_to_the_prompt_is_success) {
  EXPECT_EQ(ladder.none("alice"), Reply::refuse);
  EXPECT_EQ(ladder.query("alice", good), Reply::key_ok);
  EXPECT_EQ(ladder.signature("alice", good), Reply::partial);
  EXPECT_FALSE(ladder.authenticated());
  EXPECT_EQ(ladder.interactive("alice"), Reply::ask);
  EXPECT_EQ(answer("SAMPLE"), Reply::success);
  EXPECT_TRUE(ladder.authenticated());
  EXPECT_EQ(ladder.user(), "alice");
  EXPECT_EQ(ladder.key(), good);
}

TEST_F(SshAuthLadderTest, a_yes_to_a_query_passes_no_step) {
  EXPECT_EQ(ladder.query("alice", good), Reply::key_ok);
  EXPECT_EQ(ladder.interactive("alice"), Reply::refuse);
  EXPECT_EQ(ladder.password("alice", Secret("SAMPLE")), Reply::refuse);
  EXPECT_FALSE(ladder.authenticated());
}

TEST_F(SshAuthLadderTest, a_response_needs_its_prompt) {
  EXPECT_EQ(answer("SAMPLE"), Reply::end);
  SshAuthLadder second(rules, limits);
  EXPECT_EQ(second.signature("alice", good), Reply::partial);
  EXPECT_EQ(second.response(Secret("SAMPLE")), Reply::end);
  EXPECT_EQ(second.interactive("alice"), Reply::end);  // an ended ladder stays ended
  EXPECT_FALSE(second.authenticated());
}

TEST_F(SshAuthLadderTest, a_prompt_takes_one_answer) {
  EXPECT_EQ(ladder.signature("alice", good), Reply::partial);
  EXPECT_EQ(ladder.interactive("alice"), Reply::ask);
  EXPECT_EQ(answer("WRONG"), Reply::refuse);
  EXPECT_EQ(answer("SAMPLE"), Reply::end);
}

TEST_F(SshAuthLadderTest, a_password_voids_the_open_prompt) {
  EXPECT_EQ(ladder.signature("alice", good), Reply::partial);
  EXPECT_EQ(ladder.interactive("alice"), Reply::ask);
  EXPECT_EQ(ladder.password("alice", Secret("WRONG")), Reply::refuse);
  EXPECT_EQ(answer("SAMPLE"), Reply::end);
}

TEST_F(SshAuthLadderTest, no_answer_or_two_answers_are_not_an_answer) {
  EXPECT_EQ(ladder.signature("alice", good), Reply::partial);
  EXPECT_EQ(ladder.interactive("alice"), Reply::ask);
  EXPECT_EQ(ladder.response(std::nullopt), Reply::end);
}

TEST_F(SshAuthLadderTest, the_user_is_fixed_by_the_first_request) {
  using Step = std::function<Reply(SshAuthLadder&)>;
  const std::vector<Step> steps{[](auto& l) { return l.none("bob"); },
                                [](auto& l) { return l.query("bob", good); },
                                [](auto& l) { return l.signature("bob", good); },
                                [](auto& l) { return l.interactive("bob"); },
                                [](auto& l) { return l.password("bob", Secret("SAMPLE")); },
                                [](auto& l) { return l.none(""); }};
  for (const auto& step : steps) {
    SshAuthLadder one(rules, limits);
    EXPECT_EQ(one.signature("alice", good), Reply::partial);
    EXPECT_EQ(step(one), Reply::end);
    EXPECT_EQ(one.password("alice", Secret("SAMPLE")), Reply::end);
    EXPECT_EQ(rules.failures.back(), "alice user_changed");
    EXPECT_FALSE(one.farewell().empty());
  }
}

TEST_F(SshAuthLadderTest, three_wrong_codes_by_either_way_end_it) {
  EXPECT_EQ(ladder.signature("alice", good), Reply::partial);
  EXPECT_EQ(ladder.password("alice", Secret("1")), Reply::refuse);
  EXPECT_EQ(ladder.interactive("alice"), Reply::ask);
  EXPECT_EQ(answer("2"), Reply::refuse);
  EXPECT_EQ(ladder.password("alice", Secret("3")), Reply::end);
  EXPECT_EQ(ladder.password("alice", Secret("SAMPLE")), Reply::end);
}

TEST_F(SshAuthLadderTest, six_unknown_keys_end_it) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ladder.query("alice", other), Reply::refuse);
  EXPECT_EQ(ladder.signature("alice", other), Reply::end);
  EXPECT_EQ(ladder.signature("alice", good), Reply::end);
}

TEST_F(SshAuthLadderTest, locked_ends_at_once) {
  rules.locked = true;
  EXPECT_EQ(ladder.signature("alice", good), Reply::partial);
  EXPECT_EQ(ladder.password("alice", Secret("SAMPLE")), Reply::end);
}

TEST_F(SshAuthLadderTest, only_a_verified_key_can_be_waived_through) {
  rules.waived = true;
  EXPECT_EQ(ladder.query("alice", good), Reply::key_ok);
  EXPECT_FALSE(ladder.authenticated());
  EXPECT_EQ(ladder.signature("alice", other), Reply::refuse);
  EXPECT_EQ(ladder.signature("alice", good), Reply::success);
}

TEST_F(SshAuthLadderTest, a_second_key_after_the_first_is_out_of_order) {
  EXPECT_EQ(ladder.signature("alice", good), Reply::partial);
  EXPECT_EQ(ladder.signature("alice", good), Reply::refuse);
  EXPECT_EQ(rules.failures.back(), "alice out_of_order");
}

TEST_F(SshAuthLadderTest, a_certificate_is_refused_before_the_handler_sees_it) {
  const SshPublicKey certificate{"ssh-ed25519-cert-v01@openssh.com", good.base64};
  EXPECT_EQ(ladder.query("alice", certificate), Reply::refuse);
  EXPECT_EQ(rules.failures.back(), "alice refused_key_type");
}

// Every order of up to five steps: success is only ever reached over a verified key and a right answer.
TEST_F(SshAuthLadderTest, no_order_of_steps_opens_without_both) {
  for (int word = 0; word < 7 * 7 * 7 * 7 * 7; ++word) {
    SshAuthLadder one(rules, limits);
    bool key_seen = false, right_answer_after_key = false;
    for (int i = 0, rest = word; i < 5; ++i, rest /= 7) {
      switch (rest % 7) {
        case 0: one.none("alice"); break;
        case 1: one.query("alice", good); break;
        case 2:
          one.signature("alice", good);
          key_seen = true;
          break;
        case 3: one.interactive("alice"); break;
        case 4:
          one.response(Secret("SAMPLE"));
          right_answer_after_key |= key_seen;
          break;
        case 5:
          one.password("alice", Secret("SAMPLE"));
          right_answer_after_key |= key_seen;
          break;
        default: one.password("alice", Secret("WRONG")); break;
      }
      if (one.authenticated()) ASSERT_TRUE(key_seen && right_answer_after_key) << word;
    }
  }
}

}  // namespace
}  // namespace pontlevis::io
