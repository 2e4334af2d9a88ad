// After a crash between two steps: the log is the truth and the store follows it.
#include "gateway/records.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class RecoveryTest : public GatewayTest {};

TEST_F(RecoveryTest, states_survive_a_restart) {
  const auto id = ask();
  ASSERT_TRUE(consent(id) && open_session(id));
  reopen();
  ASSERT_NE(core->interventions.live(id), nullptr);
  EXPECT_EQ(look(id).phase, Phase::open);
  EXPECT_TRUE(look(id).connected_operator(login("alice")));
  EXPECT_TRUE(core->practices.find(practice)->system(system));
  ASSERT_TRUE(end_session(id));
  ASSERT_TRUE(run(desk->report(report_of(id))));
}

TEST_F(RecoveryTest, a_fact_that_only_the_log_holds_is_applied) {
  const auto id = ask();
  const auto note = sign("consent", consent_body(core->interventions.live(id)->request));
  auto peeked = *peek_statement(note);
  const TakenFact fact{FrameKind::consent, "consent", peeked.body, sha256_hex(note)};
  ASSERT_TRUE(core->log->append_now(*fact_record(practice, fact, note)));
  reopen();
  EXPECT_EQ(look(id).phase, Phase::consented);
  const auto size = core->log->size();
  const auto again = state_fact(FrameKind::consent, id, note);  // the agent sends it again: taken once
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->proof_due);
  EXPECT_EQ(core->log->size(), size);
}

TEST_F(RecoveryTest, a_request_that_never_reached_the_log_is_forgotten) {
  const auto id = ask();
  Intervention half(core->interventions.live(id)->request);
  half.request.intervention = *InterventionId::parse(make_uuid(random));
  const auto half_id = half.id();
  ASSERT_TRUE(core->interventions.add(std::move(half)));
  reopen();
  EXPECT_EQ(core->interventions.live(half_id), nullptr);
  EXPECT_FALSE(*core->interventions.find(half_id));
  EXPECT_NE(core->interventions.live(id), nullptr);
}

TEST_F(RecoveryTest, a_request_that_reached_the_log_only_is_told_to_the_next_link) {
  const auto id = ask();
  auto& iv = *core->interventions.live(id);
  iv.phase = Phase::none;
  ASSERT_TRUE(core->interventions.save(iv));
  reopen();
  EXPECT_EQ(look(id).phase, Phase::requested);
  EXPECT_EQ(desk->unsaid(practice, {}).size(), 1u);
}

TEST_F(RecoveryTest, a_row_whose_closing_record_is_missing_gets_it_once) {
  const auto id = ask();
  ASSERT_TRUE(consent(id) && open_session(id) && end_session(id));
  auto& iv = *core->interventions.live(id);
  iv.report = report_of(id);
  iv.phase = Phase::closed;
  ASSERT_TRUE(core->interventions.save(iv));
  reopen();
  run([](Desk& d) -> Awaitable<bool> { co_await d.settle_all(); co_return true; }(*desk));
  EXPECT_EQ(look(id).state, State::closed);
  EXPECT_EQ(record_types(id).back(), "intervention");
  reopen();
  run([](Desk& d) -> Awaitable<bool> { co_await d.settle_all(); co_return true; }(*desk));
  const auto types = record_types(id);
  EXPECT_EQ(std::count(types.begin(), types.end(), "intervention"), 1);
}

TEST_F(RecoveryTest, two_processes_never_share_a_data_folder) {
  const auto second = Core::open(folder, Options::defaults(), clock, random);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::conflict);
}

}  // namespace
}  // namespace pontlevis::gateway
