// What a gateway says that it may not say: each is heard, refused, written down and told, and nothing opens.
#include "tests/hostile_gateway/lab.hpp"

namespace pontlevis::hostile {
namespace {

class HostileFrames : public HostileTest {
 protected:
  InterventionId unknown() { return *InterventionId::parse(make_uuid(lab().random)); }
  // A request that waits for a decision.
  InterventionId waiting() {
    const auto asked = lab().alice_asks();
    wire().say(frame::Request{asked});
    EXPECT_TRUE(lab().wait_asks(asked.intervention));
    return asked.intervention;
  }
  void take_back(const InterventionId& id) {
    EXPECT_TRUE(until([&] { return lab().status().at("link").as_string() == "UP"; }));
    wire().say(frame::RequestCancelled{id, *Login::parse("alice")});
    EXPECT_TRUE(until([&] { return !lab().asks(id); }));
  }
  // An unknown word, or a known one with more to it: the link ends at once.
  void is_refused(const std::string& text, std::string_view words) {
    const auto dialled = wire().dialled();
    link_ends_on(text);
    expect_closed_noted_and_told(words);
    EXPECT_EQ(wire().dialled(), dialled);
  }
  static std::string with(const Frame& frame, const json::object& more) {
    auto object = json::parse(encode(frame)).as_object();
    for (const auto& member : more) object.emplace(member.key(), member.value());
    return json::serialize(object);
  }
};

// ---- relay without consent ----

TEST_F(HostileFrames, a_relay_for_an_intervention_nobody_asked_for) { is_refused(encode(relay_wanted(unknown())), "sent `relay_wanted`"); }

TEST_F(HostileFrames, a_relay_while_the_practitioner_still_reads_the_request) {
  const auto id = waiting();
  is_refused(encode(relay_wanted(id)), "phase REQUESTED");
  take_back(id);
}

TEST_F(HostileFrames, a_relay_for_an_intervention_that_was_refused) {
  const auto id = waiting();
  const auto refused = lab().refuse(id);
  ASSERT_TRUE(refused) << refused.error().text();
  is_refused(encode(relay_wanted(id)), "phase CLOSED");
}

TEST_F(HostileFrames, a_relay_for_a_request_that_was_taken_back) {
  const auto id = waiting();
  take_back(id);
  is_refused(encode(relay_wanted(id)), "phase CLOSED");
}

// ---- a consent that the gateway says is there ----

TEST_F(HostileFrames, a_consent_said_by_the_gateway) {
  const auto id = waiting();
  is_refused(encode(frame::Fact{FrameKind::consent, id, "pontlevis/consent/v1\n{}\n"}), "consent");
  EXPECT_TRUE(lab().asks(id));  // it still waits for a person
  take_back(id);
}

TEST_F(HostileFrames, a_session_opened_by_the_gateway) {
  const auto id = waiting();
  is_refused(encode(frame::Fact{FrameKind::session_open, id, "pontlevis/session_open/v1\n{}\n"}), "session_open");
  EXPECT_TRUE(lab().asks(id));
  take_back(id);
}

TEST_F(HostileFrames, a_proof_before_any_consent) {
  const auto id = waiting();
  is_refused(encode(frame::Proof{id, {"x"}, "c2sp.org/tlog-proof@v1\n", "old 0\n"}), "sent `proof`");
  take_back(id);
}

// ---- invented and borrowed people ----

TEST_F(HostileFrames, an_operator_whose_card_another_key_signed) {
  NoteSigner forger("staff.vendor.example", NoteKeyType::ed25519, Ed25519Key::generate(lab().random));
  const auto asked = lab().request({lab().lead("mallory", *certs::StaffCard::issue(lab().card_fields("mallory"), forger))});
  wire().say(frame::Request{asked});
  expect_closed_noted_and_told("the staff card of mallory");
  EXPECT_FALSE(lab().asks(asked.intervention));
}

TEST_F(HostileFrames, an_operator_with_the_card_of_another) {
  const auto asked = lab().request({lab().lead("mallory", lab().card("alice"))});
  wire().say(frame::Request{asked});
  expect_closed_noted_and_told("another person's");
  EXPECT_FALSE(lab().asks(asked.intervention));
}

TEST_F(HostileFrames, an_old_card_replayed_after_its_day) {
  auto fields = lab().card_fields("alice");
  fields.issued_at = lab().clock.now() - std::chrono::hours(48);
  fields.expires_at = lab().clock.now() - std::chrono::hours(1);
  wire().say(frame::Request{lab().request({lab().lead("alice", *certs::StaffCard::issue(fields, lab().staff))})});
  expect_closed_noted_and_told("the staff card of alice");
}

TEST_F(HostileFrames, a_revoked_card_replayed) {
  const auto fields = lab().card_fields("bruno");
  const auto note = certs::RevocationList::sign({fields.id, "left", lab().clock.now()}, lab().staff);
  wire().say(frame::Revocation{note});
  wire().say(frame::Request{lab().request({lab().lead("bruno", *certs::StaffCard::issue(fields, lab().staff))})});
  expect_closed_noted_and_told("the staff card of bruno");
}

TEST_F(HostileFrames, a_revocation_that_the_staff_key_never_signed) {
  NoteSigner forger("staff.vendor.example", NoteKeyType::ed25519, Ed25519Key::generate(lab().random));
  is_refused(encode(frame::Revocation{certs::RevocationList::sign({lab().card_fields("alice").id, "x", lab().clock.now()}, forger)}), "broke the protocol");
}

TEST_F(HostileFrames, keys_swapped_under_a_request_that_was_shown) {
  auto asked = lab().alice_asks();
  wire().say(frame::Request{asked});
  ASSERT_TRUE(lab().wait_asks(asked.intervention));
  const auto id = asked.intervention;
  auto fields = lab().card_fields("alice");
  fields.keys = {lab().keys.at("mallory").public_key().line()};
  asked.operators[0].card = *certs::StaffCard::issue(fields, lab().staff);
  is_refused(encode(frame::Request{asked}), "changed a request after it was sent");
  take_back(id);
}

// ---- lowered rules and longer deadlines ----

TEST_F(HostileFrames, a_critical_intervention_with_one_person) {
  auto asked = lab().alice_asks();
  asked.criticality = Criticality::critical;
  wire().say(frame::Request{asked});
  expect_closed_noted_and_told("a pair is required");
}

TEST_F(HostileFrames, one_person_twice_as_a_pair) {
  auto fields = lab().card_fields("bruno");
  fields.keys = {lab().keys.at("alice").public_key().line()};
  auto asked = lab().request({lab().lead("alice", lab().card("alice")),
                              {*Login::parse("bruno"), OperatorRole::pair, OperatorMode::connected, *certs::StaffCard::issue(fields, lab().staff)}});
  asked.difficulty = Difficulty::pair;
  wire().say(frame::Request{asked});
  expect_closed_noted_and_told("the same name or the same key");
}

TEST_F(HostileFrames, a_pair_rule_lowered_after_it_was_shown) {
  auto asked = lab().request({lab().lead("alice", lab().card("alice")), {*Login::parse("bruno"), OperatorRole::pair, OperatorMode::connected, lab().card("bruno")}});
  asked.difficulty = Difficulty::pair;
  wire().say(frame::Request{asked});
  ASSERT_TRUE(lab().wait_asks(asked.intervention));
  const auto id = asked.intervention;
  asked.difficulty = Difficulty::single;
  is_refused(encode(frame::Request{asked}), "changed a request after it was sent");
  take_back(id);
}

TEST_F(HostileFrames, a_deadline_made_longer_after_it_was_shown) {
  auto asked = lab().alice_asks();
  wire().say(frame::Request{asked});
  ASSERT_TRUE(lab().wait_asks(asked.intervention));
  const auto id = asked.intervention;
  asked.minutes = 480;
  is_refused(encode(frame::Request{asked}), "changed a request after it was sent");
  take_back(id);
}

TEST_F(HostileFrames, more_minutes_than_there_may_be) {
  auto text = encode(frame::Request{lab().alice_asks()});
  text.replace(text.find("\"minutes\":30"), 12, "\"minutes\":99999");
  is_refused(text, "minutes");
}

TEST_F(HostileFrames, a_request_for_another_practice) {
  auto asked = lab().alice_asks();
  asked.practice = *PracticeId::parse("autre-cabinet");
  wire().say(frame::Request{asked});
  expect_closed_noted_and_told("another practice");
}

TEST_F(HostileFrames, a_tool_that_the_practice_does_not_offer) {
  auto asked = lab().alice_asks();
  asked.tools = {"tcp:base"};
  wire().say(frame::Request{asked});
  expect_closed_noted_and_told("tcp:base is not offered");
}

// ---- settings, code, updates ----

TEST_F(HostileFrames, settings) { is_refused(R"({"kind":"settings","link.grace_seconds":86400})", "unknown kind"); }
TEST_F(HostileFrames, an_update) { is_refused(R"({"kind":"update","url":"https://vendor.example/agent","sha256":"00"})", "unknown kind"); }
TEST_F(HostileFrames, a_welcome_that_carries_settings) {
  is_refused(with(frame::Welcome{protocol_version, lab().clock.now(), {}}, {{"settings", json::object{{"watch", "NOT_WATCHED"}}}}), "settings");
}
TEST_F(HostileFrames, a_deadline_pushed_from_outside) { is_refused(R"({"kind":"extend","intervention":")" + unknown().text() + R"(","minutes":480})", "unknown kind"); }

// ---- six ways in without consent, known from a popular peer ----

TEST_F(HostileFrames, six_ways_1_run_a_command) { is_refused(R"({"kind":"run","command":"id"})", "unknown kind"); }
TEST_F(HostileFrames, six_ways_2_relay_to_any_host_and_port) {
  is_refused(with(relay_wanted(unknown()), {{"host", "10.0.0.1"}, {"port", 3389}}), "host");
}
TEST_F(HostileFrames, six_ways_3_evaluate_code) { is_refused(R"x({"kind":"eval","code":"require('child_process')"})x", "unknown kind"); }
TEST_F(HostileFrames, six_ways_4_change_the_consent_flag_on_the_server) {
  const auto id = waiting();
  auto changed = json::parse(encode(frame::Request{lab().alice_asks()})).as_object();
  changed["request"].as_object()["consent"] = 0;
  is_refused(json::serialize(changed), "consent");
  EXPECT_TRUE(lab().asks(id));
  take_back(id);
}
TEST_F(HostileFrames, six_ways_5_reset_the_agents_own_setting) { is_refused(R"({"kind":"reset","setting":"approvers"})", "unknown kind"); }
TEST_F(HostileFrames, six_ways_6_download_without_a_click) { is_refused(R"({"kind":"download","path":"/etc/passwd"})", "unknown kind"); }

TEST_F(HostileFrames, the_command_line_tells_what_was_tried) {
  is_refused(R"({"kind":"run","command":"id"})", "unknown kind");
  const char* bin = std::getenv("BIN");
  const auto said = run_shell(std::string(bin && *bin ? bin : PONTLEVIS_BIN) + "/pontlevis-agent status --json --data " + (lab().folder / "agent").string());
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_NE(said.text.find("unknown kind"), std::string::npos) << said.text;
  EXPECT_NE(said.text.find("\"drawbridge\":\"UP\""), std::string::npos) << said.text;
}

}  // namespace
}  // namespace pontlevis::hostile
