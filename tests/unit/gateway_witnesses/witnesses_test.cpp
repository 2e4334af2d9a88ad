// Who is asked to cosign and when, what they are shown, and what follows when one says no.
#include "audit/policy.hpp"
#include "tests/unit/gateway_witnesses/witnesses_fixture.hpp"

namespace pontlevis::gateway {
namespace {

TEST_F(WitnessesTest, a_new_link_is_asked_to_cosign_the_newest_checkpoint) {
  const auto wire = connect();
  EXPECT_EQ(answer(wire).status, 200);
  const auto size = core->log->size();
  EXPECT_TRUE(until([&] { return cosigned() == size; }));
}

TEST_F(WitnessesTest, everybody_is_asked_again_each_hour_and_not_before) {
  const auto wire = connect();
  ASSERT_EQ(answer(wire).status, 200);
  grow(3);
  clock.advance(std::chrono::minutes(59));
  run_house();
  EXPECT_TRUE(wire->written.empty() || !std::any_of(wire->written.begin(), wire->written.end(), [](const auto& w) { return w.find("\"checkpoint\"") != w.npos; }));
  clock.advance(std::chrono::minutes(1));
  run_house();
  EXPECT_EQ(answer(wire).status, 200);
  EXPECT_TRUE(until([&] { return cosigned() == core->log->size(); }));
}

TEST_F(WitnessesTest, a_witness_that_stands_elsewhere_is_asked_from_there) {
  grow(4);
  // Its cosignature never reached us: we believe it has seen nothing.
  const auto note = core->log->latest_checkpoint();
  ASSERT_EQ(seen_by().add_checkpoint(*core->cosignatures.request_from(0, note)).status, 200);
  grow(2);
  const auto wire = connect(core->log->verifier().text(), "");
  EXPECT_EQ(answer(wire).status, 409);
  EXPECT_EQ(answer(wire).status, 200);
}

TEST_F(WitnessesTest, hello_alone_says_where_a_witness_stands) {
  grow(4);
  ASSERT_EQ(seen_by().add_checkpoint(*core->cosignatures.request_from(0, core->log->latest_checkpoint())).status, 200);
  grow(2);
  EXPECT_EQ(answer(connect()).status, 200);
}

TEST_F(WitnessesTest, facts_are_shown_to_their_practice_with_nothing_of_the_record_but_which_it_is) {
  const auto wire = connect();
  ASSERT_EQ(answer(wire).status, 200);
  const auto id = ask();
  const auto note = sign("refusal", body(id, {{"why", "consultation en cours"}}));
  const auto taken = state_fact(FrameKind::refusal, id, note);
  ASSERT_TRUE(taken) << taken.error().text();
  hub->send_checkpoints();
  ASSERT_EQ(answer(wire).status, 200);
  wire->say(encode(frame::FactCheck{{taken->index}}));
  const auto shown = hear<frame::FactProof>(wire);
  ASSERT_TRUE(shown);
  ASSERT_EQ(shown->proofs.size(), 1u);
  const auto proven = audit::verify_inclusion(shown->proofs[0].record, shown->proofs[0].tlog_proof, core->log->verifier(), &seen_by());
  ASSERT_TRUE(proven) << proven.error().text();
  EXPECT_EQ(proven->index, taken->index);
  EXPECT_EQ(text_of(proven->fields, "statement_sha256"), sha256_hex(note));
  EXPECT_FALSE(proven->fields.contains("statement"));
  EXPECT_FALSE(proven->fields.contains("approver"));
}

TEST_F(WitnessesTest, a_practice_is_shown_nothing_of_another) {
  json::object fields{{"practice", "autre-cabinet"}, {"event", "created"}, {"display_name", "Autre Cabinet"}};
  const auto other = core->log->append_now(*audit::Record::make("practice", fields));
  ASSERT_TRUE(other);
  const auto wire = connect();
  ASSERT_EQ(answer(wire).status, 200);
  wire->say(encode(frame::FactCheck{{other->index}}));
  EXPECT_TRUE(hear<frame::FactProof>(wire)->proofs.empty());
}

TEST_F(WitnessesTest, who_asks_before_cosigning_or_without_end_loses_the_link) {
  auto wire = connect();
  wire->say(encode(frame::FactCheck{{0}}));
  EXPECT_NE(hear<frame::Refused>(wire)->what.find("asks before it has cosigned"), std::string::npos);
  EXPECT_TRUE(until([&] { return wire->closed && !hub->up(practice); }));
  wire = connect();
  ASSERT_EQ(answer(wire).status, 200);
  for (int i = 0; i < 129; ++i) wire->say(encode(frame::FactCheck{{0}}));
  for (auto refused = hear<frame::FactProof>(wire); refused;) refused = hear<frame::FactProof>(wire);
  EXPECT_NE(hear<frame::Refused>(wire)->what.find("asks too often"), std::string::npos);
}

TEST_F(WitnessesTest, an_alarm_is_recorded_once_with_the_notes_of_our_own_signature_only) {
  const auto wire = connect();
  ASSERT_EQ(answer(wire).status, 200);
  const auto ours = seen_by().state()->note;
  const frame::Alarm alarm{"ROLLED_BACK", 3, ours, "a note somebody wrote\n"};
  for (int i = 0; i < 3; ++i) wire->say(encode(alarm));
  ASSERT_TRUE(until([&] { return last_record("witness_alarm").contains("cause"); }));
  const auto record = last_record("witness_alarm");
  EXPECT_EQ(record.at("cause").as_string(), "ROLLED_BACK");
  EXPECT_EQ(record.at("known").as_string(), ours);
  EXPECT_TRUE(record.at("conflicting").is_null());
  ASSERT_EQ(troubles.size(), 1u);
  EXPECT_EQ(troubles[0].first, "witness_alarm");
  const auto state = area->log_state();
  EXPECT_EQ(state.at("alarms").as_array().size(), 1u);
  EXPECT_TRUE(state.at("witnesses").as_array().at(0).at("alarm").as_bool());
  EXPECT_FALSE(state.at("quorum").at("met").as_bool());
  EXPECT_FALSE(core->log_closed) << "a word alone closes nothing";
}

TEST_F(WitnessesTest, a_witness_that_will_not_sign_is_an_alarm_even_without_a_word) {
  const auto wire = connect();
  ASSERT_TRUE(hear<frame::Checkpoint>(wire));
  wire->say(encode(frame::Cosignature{422, ""}));
  ASSERT_TRUE(until([&] { return last_record("witness_alarm").contains("cause"); }));
  EXPECT_EQ(last_record("witness_alarm").at("cause").as_string(), "NO_PROOF");
}

TEST_F(WitnessesTest, the_state_of_the_log_counts_who_cosigned_of_those_seen_today) {
  auto state = area->log_state();
  EXPECT_EQ(state.at("quorum").at("needed").to_number<int>(), 0);
  EXPECT_FALSE(state.at("quorum").at("met").as_bool());
  const auto wire = connect();
  ASSERT_EQ(answer(wire).status, 200);
  ASSERT_TRUE(until([&] { return cosigned() > 0; }));
  state = area->log_state();
  EXPECT_EQ(state.at("size").to_number<audit::TreeSize>(), core->log->size());
  EXPECT_TRUE(state.at("quorum").at("met").as_bool());
  const auto policy = audit::Policy::parse(area->policy());
  ASSERT_TRUE(policy) << policy.error().text();
  EXPECT_TRUE(policy->satisfied_by(std::set<std::string>{witness_key.verifier().name()}));
  EXPECT_FALSE(policy->satisfied_by(std::set<std::string>{}));
  clock.advance(std::chrono::hours(25));
  EXPECT_EQ(area->log_state().at("quorum").at("needed").to_number<int>(), 0) << "nobody was seen today";
}

}  // namespace
}  // namespace pontlevis::gateway
