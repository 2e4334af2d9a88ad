// A gateway that serves two histories to two practices, rolls back, or drops a record it acknowledged: each is caught by a
// real agent, a person there is told, nothing new opens, and what is kept convinces somebody who trusts neither.
#include "audit/evidence.hpp"
#include "certs/log_successor.hpp"
#include "tests/hostile_gateway/lab.hpp"

namespace pontlevis::hostile {
namespace {

audit::Record filler(int i) { return *audit::Record::make("log_start", json::object{{"program", "sample " + std::to_string(i)}}); }

class HostileHistories : public testing::Test {
 protected:
  static void grow(Memory& memory, int records) {
    for (int i = 0; i < records; ++i) static_cast<void>(*memory.log->append_now(filler(i)));
  }
  static std::optional<frame::FactCheck> question(Lab& lab) {
    const auto heard = lab.wire->hear([](const Frame& f) { return kind_of(f) == FrameKind::fact_check; });
    return heard ? std::optional(std::get<frame::FactCheck>(*heard)) : std::nullopt;
  }
  // Told by the program, by the page and to the gateway; nothing new opens; the evidence stands by itself.
  static void is_caught(Lab& lab, std::string_view kind, audit::Weight weight) {
    ASSERT_TRUE(until([&] { return lab.status().at("alarm").as_bool(); })) << kind;
    const auto told = lab.wire->hear([](const Frame& f) { return kind_of(f) == FrameKind::alarm; });
    ASSERT_TRUE(told) << "the gateway is not told";
    EXPECT_EQ(std::get<frame::Alarm>(*told).cause, kind);
    const auto door = lab.page_state().at("door").as_object();
    EXPECT_TRUE(door.at("alarm").as_bool());
    EXPECT_EQ(door.at("witness").at("newest_evidence").at("kind").as_string(), kind);
    nothing_opens(lab);
    const auto file = lab.ask_agent({{"command", "alarm_show"}});
    ASSERT_TRUE(file) << file.error().text();
    const auto key = lab.log_key.verifier();
    const auto check = audit::verify_evidence(json::serialize(*file), &key);
    ASSERT_TRUE(check) << check.error().text();
    EXPECT_EQ(word(check->items.back().evidence.kind), kind);
    EXPECT_EQ(check->items.back().weight, weight);
  }
  static void nothing_opens(Lab& lab) {
    const auto from = lab.journal_size();
    const auto again = lab.alice_asks();
    lab.wire->say(frame::Request{again});
    EXPECT_TRUE(until([&] { return lab.noted(from, "contradicts itself"); }));
    EXPECT_FALSE(lab.asks(again.intervention));
  }
};

TEST_F(HostileHistories, two_histories_for_two_practices) {
  Lab one, other(&one);  // one vendor, one log key, and a log of its own for each
  for (auto* lab : {&one, &other}) {
    grow(lab->memory, 4);
    ASSERT_EQ(lab->cosign(lab->memory).status, 200);
  }
  // Each alone sees nothing. Their two notes side by side convict the vendor.
  const auto left = one.memory.log->latest_checkpoint(), right = other.memory.log->latest_checkpoint();
  const audit::Evidence pair{audit::EvidenceKind::two_histories, one.memory.log->size(), left, right, {}, one.clock.now()};
  const auto witness = NoteVerifier("witness.cabinet-exemple", NoteKeyType::cosignature, one.log_key.verifier().key());
  const auto side_by_side = audit::verify_evidence(json::serialize(audit::evidence_file("cabinet-exemple", one.log_key.verifier(), witness, std::span(&pair, 1), one.clock.now())));
  ASSERT_TRUE(side_by_side) << side_by_side.error().text();
  EXPECT_EQ(side_by_side->items[0].weight, audit::Weight::convicts);
  // And the moment the gateway needs one history for both, the agent that saw the other says so.
  other.wire->say(one.checkpoint_of(one.memory, other.memory.cosigned));
  is_caught(other, "TWO_HISTORIES", audit::Weight::convicts);
  EXPECT_FALSE(one.status().at("alarm").as_bool());
  // One that only ever grows, from another past, is caught as well.
  grow(other.memory, 3);
  one.wire->say(other.checkpoint_of(other.memory, one.memory.cosigned));
  is_caught(one, "NO_PROOF", audit::Weight::signed_);
}

TEST_F(HostileHistories, a_gateway_that_rolls_back) {
  Lab lab;
  auto old = lab.copy_memory("before");
  grow(lab.memory, 5);
  ASSERT_EQ(lab.cosign(lab.memory).status, 200);
  const auto answer = [&] {
    lab.wire->say(lab.checkpoint_of(old, 0));
    return std::get<frame::Cosignature>(*lab.wire->hear([](const Frame& f) { return kind_of(f) == FrameKind::cosignature; }));
  }();
  EXPECT_EQ(answer.status, 409);
  is_caught(lab, "ROLLED_BACK", audit::Weight::signed_);
  // For ever: a restart of the practice's program changes nothing, and its hello says what it holds.
  lab.stop_practice();
  lab.start_practice();
  EXPECT_TRUE(lab.status().at("alarm").as_bool());
  EXPECT_EQ(lab.wire->last_hello().checkpoint, lab.memory.log->latest_checkpoint());
  EXPECT_EQ(lab.wire->last_hello().log, lab.log_key.verifier().text());
}

TEST_F(HostileHistories, what_is_open_is_held_and_its_person_decides) {
  Lab lab;
  auto old = lab.copy_memory("before");
  const auto opened = lab.open_session(lab.alice_asks());
  lab.wire->say(lab.checkpoint_of(old, 0));
  ASSERT_TRUE(until([&] { return lab.status().at("alarm").as_bool(); }));
  const auto session = lab.status().at("interventions").as_array().at(0).as_object();
  EXPECT_EQ(session.at("phase").as_string(), "OPEN");
  EXPECT_EQ(session.at("session").at("hold").as_string(), "PAUSED");
  EXPECT_TRUE(lab.act("resume", opened.id));
  lab.close_session(opened.id);
}

TEST_F(HostileHistories, an_honest_gateway_shows_every_fact_and_no_alarm_stands) {
  Lab lab;
  lab.keep_facts();
  const auto opened = lab.open_session(lab.alice_asks());
  lab.close_session(opened.id);
  ASSERT_TRUE(lab.wire->hear([](const Frame& f) { return kind_of(f) == FrameKind::session_end; }));
  ASSERT_EQ(lab.cosign(lab.memory).status, 200);
  const auto left = [&] { return lab.status().at("witness").at("not_shown_yet").to_number<int>(); };
  ASSERT_GT(left(), 0);
  while (left() > 0) {
    const auto before = left();
    const auto asked = question(lab);
    ASSERT_TRUE(asked) << json::serialize(lab.status());
    lab.wire->say(lab.prove_facts(lab.memory, *asked));
    ASSERT_TRUE(until([&] { return left() < before; })) << json::serialize(lab.status());
  }
  EXPECT_FALSE(lab.status().at("alarm").as_bool());
}

TEST_F(HostileHistories, a_gateway_that_never_wrote_a_record_it_acknowledged) {
  Lab lab;
  lab.wire->record_as([](const frame::Fact&) { return 700; });  // its log has one record
  lab.wire->say(frame::Request{lab.alice_asks()});
  auto asked = lab.alice_asks();
  lab.wire->say(frame::Request{asked});
  ASSERT_TRUE(lab.wait_asks(asked.intervention));
  ASSERT_TRUE(lab.refuse(asked.intervention));
  ASSERT_TRUE(until([&] { return lab.status().at("witness").at("not_shown_yet").to_number<int>() > 0; }));
  EXPECT_EQ(lab.cosign(lab.memory).status, 200);
  is_caught(lab, "MISSING_RECORD", audit::Weight::word);
}

TEST_F(HostileHistories, a_gateway_that_dropped_a_record_and_shows_another) {
  Lab lab;
  grow(lab.memory, 3);
  lab.wire->record_as([](const frame::Fact&) { return 2; });  // a record of something else
  auto asked = lab.alice_asks();
  lab.wire->say(frame::Request{asked});
  ASSERT_TRUE(lab.wait_asks(asked.intervention));
  ASSERT_TRUE(lab.refuse(asked.intervention));
  ASSERT_TRUE(until([&] { return lab.status().at("witness").at("not_shown_yet").to_number<int>() > 0; }));
  ASSERT_EQ(lab.cosign(lab.memory).status, 200);
  const auto wanted = question(lab);
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->indexes, std::vector<std::uint64_t>{2});
  frame::FactProof other;
  frame::FactProof::One one;
  for (const auto& field : lab.memory.log->record(2)->fields) one.record.push_back(field.disclosure);
  one.tlog_proof = lab.memory.log->proof_of(2)->text();
  other.proofs.push_back(one);
  lab.wire->say(other);
  is_caught(lab, "MISSING_RECORD", audit::Weight::word);
}

TEST_F(HostileHistories, an_owner_who_has_read_goes_on_and_nobody_else) {
  Lab lab;
  auto old = lab.copy_memory("before");
  grow(lab.memory, 2);
  ASSERT_EQ(lab.cosign(lab.memory).status, 200);
  lab.wire->say(lab.checkpoint_of(old, 0));
  ASSERT_TRUE(until([&] { return lab.status().at("alarm").as_bool(); }));
  json::object clear{{"command", "alarm_clear"}, {"as", "dr-exemple"}, {"password", "not the password"}, {"read", 1}, {"why", "vu avec le fournisseur"}};
  EXPECT_FALSE(lab.ask_agent(clear));
  clear["password"] = "pont-levis exemple 1";
  clear["read"] = 2;
  EXPECT_FALSE(lab.ask_agent(clear)) << "more than there is to read";
  clear["read"] = 1;
  const auto cleared = lab.ask_agent(clear);
  ASSERT_TRUE(cleared) << cleared.error().text();
  EXPECT_FALSE(lab.status().at("alarm").as_bool());
  EXPECT_TRUE(until([&] { return lab.noted(0, "vu avec le fournisseur"); }));
  const auto opened = lab.open_session(lab.alice_asks());
  lab.close_session(opened.id);
  // The same lie again is an alarm again.
  lab.wire->say(lab.checkpoint_of(old, 0));
  EXPECT_TRUE(until([&] { return lab.status().at("alarm").as_bool(); }));
}

TEST_F(HostileHistories, another_log_is_followed_by_the_staff_keys_word_alone) {
  Lab lab;
  ASSERT_EQ(lab.cosign(lab.memory).status, 200);
  const NoteSigner next("audit.vendor.example/main-2", NoteKeyType::ed25519, Ed25519Key::generate(lab.random));
  const certs::LogSuccessor successor{lab.log_key.verifier(), next.verifier(), lab.memory.cosigned, "RESTORE", lab.clock.now()};
  const auto number = lab.wire->links();
  lab.wire->say(frame::LogSuccessor{*certs::sign_log_successor(successor, lab.log_key)});  // the gateway's own key
  EXPECT_TRUE(lab.wire->wait_down(number));
  ASSERT_TRUE(lab.wire->wait_link(number));
  ASSERT_TRUE(until([&] { return lab.status().at("link").as_string() == "UP"; }));
  EXPECT_EQ(lab.wire->last_hello().log, lab.log_key.verifier().text());
  lab.wire->say(frame::LogSuccessor{*certs::sign_log_successor(successor, lab.staff)});
  ASSERT_TRUE(until([&] { return lab.status().at("witness").at("log").as_string() == next.verifier().name(); }));
  EXPECT_TRUE(until([&] { return lab.noted(0, "main-2 follows audit.vendor.example/main"); }));
  // A person is told, sessions open on the new log, and a restart remembers.
  EXPECT_EQ(lab.page_state().at("door").at("witness").at("log_changed").at("cause").as_string(), "RESTORE");
  auto log = audit::Log::open({.folder = lab.folder / "logs" / "next"}, *NoteSigner::parse(next.text()), lab.clock, lab.random);
  ASSERT_TRUE(log);
  lab.memory = {*std::move(log), 0};
  const auto opened = lab.open_session(lab.alice_asks());
  lab.close_session(opened.id);
  lab.stop_practice();
  lab.start_practice();
  EXPECT_EQ(lab.wire->last_hello().log, next.verifier().text());
  EXPECT_FALSE(lab.status().at("alarm").as_bool());
}

}  // namespace
}  // namespace pontlevis::hostile
