// An agent's link, driven frame by frame: order, bounds, and what a broken agent costs (its own link).
#include "gateway/hub.hpp"

#include "audit/tlog_proof.hpp"
#include "audit/witness.hpp"
#include "tests/doubles/fake_frame_stream.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class HubTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    hub.emplace(*core, loop.get_executor());
    desk.emplace(*core, *hub, loop.get_executor());
    hub->use(*desk);
  }
  void TearDown() override {
    for (auto& wire : wires) wire->hang_up();
    until([this] { return served == wires.size(); });
    desk.reset();
    hub.reset();
    GatewayTest::TearDown();
  }
  std::shared_ptr<doubles::FrameWire> dial() {
    auto wire = std::make_shared<doubles::FrameWire>(loop.get_executor());
    wires.push_back(wire);
    asio::co_spawn(loop, hub->serve(practice, "01", std::make_unique<doubles::FakeFrameStream>(wire)), [this](std::exception_ptr) { ++served; });
    return wire;
  }
  frame::Hello hello(std::vector<InterventionId> live = {}) {
    return {1, "test", practice, {{system, "Dossier patient", "LOCAL", {"shell", "files"}}}, {host_key.public_key().line()}, std::move(live), {}, {}};
  }
  std::shared_ptr<doubles::FrameWire> connect() {
    auto wire = dial();
    wire->say(encode(hello()));
    EXPECT_TRUE(until([&] { return !wire->written.empty(); }));
    return wire;
  }
  Frame heard(const doubles::FrameWire& wire, std::size_t at) { return *decode_frame(wire.written.at(at)); }
  template <class F>
  F wait_for(const std::shared_ptr<doubles::FrameWire>& wire) {
    std::optional<F> found;
    EXPECT_TRUE(until([&] {
      for (const auto& text : wire->written)
        if (const auto frame = decode_frame(text); frame && std::holds_alternative<F>(*frame)) found = std::get<F>(*frame);
      return found.has_value();
    }));
    return *found;
  }
  void expect_refused(const std::shared_ptr<doubles::FrameWire>& wire, std::string_view what) {
    EXPECT_NE(wait_for<frame::Refused>(wire).what.find(what), std::string::npos) << wait_for<frame::Refused>(wire).what;
    EXPECT_TRUE(until([&] { return wire->closed; }));
    EXPECT_TRUE(until([&] { return last_record("security").contains("event"); }));
    EXPECT_EQ(last_record("security").at("event"), "bad_frame");
  }
  std::string fact(FrameKind kind, const InterventionId& id, const std::string& note) { return encode(frame::Fact{kind, id, note}); }

  std::optional<Hub> hub;
  std::vector<std::shared_ptr<doubles::FrameWire>> wires;
  std::size_t served = 0;
};

TEST_F(HubTest, hello_is_answered_with_welcome) {
  const auto wire = connect();
  EXPECT_TRUE(std::holds_alternative<frame::Welcome>(heard(*wire, 0)));
  EXPECT_TRUE(hub->up(practice));
  wire->hang_up();
  EXPECT_TRUE(until([&] { return !hub->up(practice); }));
}

TEST_F(HubTest, any_other_first_frame_ends_the_link) {
  const auto wire = dial();
  wire->say(encode(frame::Cosignature{200, ""}));
  expect_refused(wire, "is not the first frame of a link");
}

TEST_F(HubTest, a_hello_for_another_practice_ends_the_link) {
  const auto wire = dial();
  auto other = hello();
  other.practice = *PracticeId::parse("autre-cabinet");
  wire->say(encode(other));
  expect_refused(wire, "names another practice than its certificate");
}

TEST_F(HubTest, another_protocol_ends_the_link) {
  const auto wire = dial();
  auto other = hello();
  other.protocol = 2;
  wire->say(encode(other));
  expect_refused(wire, "speaks protocol 2");
}

TEST_F(HubTest, malformed_frames_end_the_link_and_nothing_else) {
  for (const std::string& text : {std::string("not json"), std::string("{}"), std::string(R"({"kind":"open_sesame"})"),
                                  std::string(R"({ "kind":"drain","reason":""})"), std::string(300'000, 'x')}) {
    const auto wire = connect();
    wire->say(text);
    EXPECT_TRUE(until([&] { return wire->closed; }));
    EXPECT_TRUE(until([&] { return !hub->up(practice); }));
  }
  EXPECT_EQ(hub->bad_frames(), 5u);
  EXPECT_TRUE(core->ready());
  connect();
}

TEST_F(HubTest, a_gateways_frame_from_an_agent_ends_the_link) {
  const auto wire = connect();
  wire->say(encode(frame::Recorded{std::string(64, 'a'), 1}));
  expect_refused(wire, "is not a frame an agent may send now");
}

TEST_F(HubTest, a_fact_out_of_phase_ends_the_link) {
  const auto wire = connect();
  const auto id = ask();
  wire->say(fact(FrameKind::session_open, id, sign("session_open", body(id))));
  expect_refused(wire, "does not belong to phase REQUESTED");
  EXPECT_EQ(look(id).phase, Phase::requested);
}

TEST_F(HubTest, a_cosignature_nobody_asked_for_ends_the_link) {
  const auto wire = connect();
  wire->say(encode(frame::Cosignature{200, "x"}));
  expect_refused(wire, "answers a question nobody asked");
}

TEST_F(HubTest, a_consent_is_answered_with_recorded_then_a_proof_that_the_practice_can_verify) {
  const auto wire = connect();
  const auto id = ask();
  wait_for<frame::Request>(wire);
  const auto note = sign("consent", consent_body(core->interventions.live(id)->request));
  wire->say(fact(FrameKind::consent, id, note));
  const auto proof = wait_for<frame::Proof>(wire);
  const auto recorded = wait_for<frame::Recorded>(wire);
  EXPECT_EQ(recorded.statement_sha256, sha256_hex(note));

  auto witness = audit::Witness::open(folder.root / "witness.db", core->trust.log, *NoteSigner::parse(witness_key.text()), clock);
  ASSERT_TRUE(witness);
  const auto answer = (*witness)->add_checkpoint(proof.add_checkpoint);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto proven = audit::verify_inclusion(proof.disclosures, proof.tlog_proof, core->trust.log, witness->get());
  ASSERT_TRUE(proven) << proven.error().text();
  EXPECT_EQ(proven->type, "consent");
  EXPECT_EQ(text_of(proven->fields, "statement_sha256"), sha256_hex(note));
  EXPECT_EQ(proven->index, recorded.index);

  wire->say(encode(frame::Cosignature{answer.status, answer.body}));
  EXPECT_TRUE(until([&] { return *core->cosignatures.largest(witness_key.verifier()) == proven->checkpoint.size; }));

  // A second consent's proof starts where the witness stands.
  ASSERT_TRUE(end_session(id, false));
  const auto second = ask();
  wire->written.clear();
  wire->say(fact(FrameKind::consent, second, sign("consent", consent_body(core->interventions.live(second)->request))));
  const auto next = wait_for<frame::Proof>(wire);
  EXPECT_EQ((*witness)->add_checkpoint(next.add_checkpoint).status, 200);
}

TEST_F(HubTest, a_new_link_that_holds_a_consent_gets_its_proof_again) {
  auto wire = connect();
  const auto id = ask();
  wire->say(fact(FrameKind::consent, id, sign("consent", consent_body(core->interventions.live(id)->request))));
  wait_for<frame::Proof>(wire);
  wire->hang_up();
  ASSERT_TRUE(until([&] { return !hub->up(practice); }));
  wire = dial();
  wire->say(encode(hello({id})));
  wait_for<frame::Proof>(wire);
}

TEST_F(HubTest, a_new_link_hears_an_unanswered_request_again) {
  auto wire = connect();
  const auto id = ask();
  wire->hang_up();
  ASSERT_TRUE(until([&] { return !hub->up(practice); }));
  wire = connect();
  EXPECT_EQ(wait_for<frame::Request>(wire).request.intervention, id);
}

TEST_F(HubTest, the_newest_link_wins_after_the_old_one_has_ended) {
  const auto old = connect();
  const auto fresh = connect();
  EXPECT_TRUE(old->closed);
  EXPECT_FALSE(fresh->closed);
  EXPECT_TRUE(hub->up(practice));
  EXPECT_EQ(hub->count(), 1u);
}

TEST_F(HubTest, an_agent_that_reads_nothing_is_bounded_and_loses_its_link) {
  const auto wire = connect();
  wire->stalled = true;
  Result<> last;
  for (std::size_t i = 0; i < max_queued_frames + 10 && last; ++i) last = hub->send(practice, frame::Drain{std::string(200, 'x')});
  EXPECT_FALSE(last);
  EXPECT_TRUE(until([&] { return !hub->up(practice); }));
}

TEST_F(HubTest, draining_tells_every_agent) {
  const auto wire = connect();
  asio::co_spawn(loop, hub->drain("stopping", Millis(2000)), asio::detached);
  EXPECT_EQ(wait_for<frame::Drain>(wire).reason, "stopping");
  EXPECT_TRUE(until([&] { return wire->closed; }));
}

TEST_F(HubTest, a_relay_refusal_that_nobody_asked_for_ends_the_link) {
  const auto wire = connect();
  const auto id = ask();
  wire->say(encode(frame::RelayRefused{id, std::string(32, 'a'), "no"}));
  expect_refused(wire, "speaks of a relay nobody asked for");
}

}  // namespace
}  // namespace pontlevis::gateway
