// The practice's watch over the gateway's log, without a network: what raises the alarm and what does not.
#include "agent/witness_watch.hpp"

#include "agent/proof_gate.hpp"
#include "audit/evidence.hpp"
#include "tests/unit/agent/practice_fixture.hpp"

namespace pontlevis::agent {
namespace {

class WatchTest : public PracticeTest {
 protected:
  void SetUp() override {
    fill(*gateway_log, 4);
    std::filesystem::create_directory(folder.path() / "keys");
    open();
  }
  void open() {
    watch.reset();
    auto opened = WitnessWatch::open(folder.path(), identity, *journal, clock);
    ASSERT_TRUE(opened) << opened.error().text();
    watch = *std::move(opened);
    watch->send = [this](const Frame& frame) { said.push_back(frame); };
    watch->on_alarm = [this] { ++alarms; };
    watch->link_changed(true);
  }
  frame::Checkpoint checkpoint(audit::Log& log, audit::TreeSize from) {
    const auto size = log.size();
    return {audit::AddCheckpointRequest{from, from == 0 || from >= size ? audit::Proof{} : *log.consistency(from, size), log.latest_checkpoint()}.text()};
  }
  template <class F>
  std::vector<F> all() {
    std::vector<F> out;
    for (const auto& frame : said)
      if (const auto* f = std::get_if<F>(&frame)) out.push_back(*f);
    return out;
  }
  // A fact of the practice that the gateway says is record `index`.
  std::string acknowledge(std::uint64_t index) {
    const auto note = *run(journal->record("lapse", *InterventionId::parse(make_uuid(random)), json::object{{"request_sha256", std::string(64, 'a')}}));
    const auto sha256 = journal->unsent().back().sha256;
    watch->acknowledged({sha256, index});
    journal->recorded(sha256);
    return note;
  }
  std::uint64_t logged(const std::string& note) {
    const auto body = *open_statement(note, "lapse", identity.practice_key.verifier());
    return gateway_log->append_now(*audit::fact_record("lapse", body, practice.text(), note))->index;
  }
  frame::FactProof prove(const frame::FactCheck& question) {
    frame::FactProof out;
    for (const auto index : question.indexes) {
      frame::FactProof::One one;
      for (const auto& field : gateway_log->record(index)->fields) one.record.push_back(field.disclosure);
      one.tlog_proof = gateway_log->proof_of(index)->text();
      out.proofs.push_back(std::move(one));
    }
    return out;
  }
  std::size_t left() { return watch->status().at("not_shown_yet").to_number<std::size_t>(); }

  std::unique_ptr<WitnessWatch> watch;
  std::vector<Frame> said;
  int alarms = 0;
};

TEST_F(WatchTest, it_cosigns_what_grows_and_says_where_it_stands) {
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  fill(*gateway_log, 2);
  watch->take_checkpoint(checkpoint(*gateway_log, 4));
  ASSERT_EQ(all<frame::Cosignature>().size(), 2u);
  for (const auto& answer : all<frame::Cosignature>()) EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(watch->last_checkpoint(), gateway_log->latest_checkpoint());
  EXPECT_FALSE(watch->alarmed());
}

TEST_F(WatchTest, what_a_stranger_signed_or_nobody_can_read_raises_no_alarm) {
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  doubles::FixedRandom other(5);
  auto foreign = *audit::Log::open({.folder = folder.path() / "foreign"}, signer("audit.vendor.example/main", NoteKeyType::ed25519, other), clock, random);
  watch->take_checkpoint(checkpoint(*foreign, 0));
  watch->take_checkpoint({"not a checkpoint"});
  EXPECT_FALSE(watch->alarmed());
  EXPECT_EQ(alarms, 0);
}

TEST_F(WatchTest, a_witness_that_stands_elsewhere_only_says_so) {
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  fill(*gateway_log, 2);
  watch->take_checkpoint(checkpoint(*gateway_log, 2));  // the gateway missed our answer: 409, and a larger checkpoint
  EXPECT_EQ(all<frame::Cosignature>().back().status, 409);
  EXPECT_FALSE(watch->alarmed());
}

TEST_F(WatchTest, a_signed_checkpoint_whose_proof_does_not_hold_is_evidence) {
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  const auto known = gateway_log->latest_checkpoint();
  auto fork = open_gateway_log("fork");
  fill(*fork, 9);
  watch->take_checkpoint(checkpoint(*fork, 4));
  ASSERT_EQ(alarms, 1);
  const auto evidence = *watch->evidence();
  ASSERT_EQ(evidence.size(), 1u);
  EXPECT_EQ(evidence[0].kind, audit::EvidenceKind::no_proof);
  EXPECT_EQ(evidence[0].known, known);
  EXPECT_EQ(evidence[0].conflicting, fork->latest_checkpoint());
  EXPECT_EQ(all<frame::Alarm>().size(), 1u);
  // The same thing again is no news.
  watch->take_checkpoint(checkpoint(*fork, 4));
  EXPECT_EQ(alarms, 1);
  EXPECT_EQ(watch->evidence()->size(), 1u);
}

TEST_F(WatchTest, facts_are_asked_for_after_a_checkpoint_and_leave_when_they_are_shown) {
  const auto note = acknowledge(4);
  ASSERT_EQ(logged(note), 4u);
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  ASSERT_EQ(all<frame::FactCheck>().size(), 1u);
  EXPECT_EQ(all<frame::FactCheck>()[0].indexes, std::vector<std::uint64_t>{4});
  EXPECT_TRUE(watch->take_fact_proof(prove(all<frame::FactCheck>()[0])));
  EXPECT_EQ(left(), 0u);
  EXPECT_FALSE(watch->alarmed());
  EXPECT_FALSE(watch->take_fact_proof({})) << "nobody asked";
}

TEST_F(WatchTest, an_acknowledgement_of_what_nobody_said_is_nothing) {
  watch->acknowledged({std::string(64, 'f'), 999});
  EXPECT_EQ(left(), 0u);
}

TEST_F(WatchTest, a_record_beyond_the_end_of_the_log_is_missing) {
  acknowledge(700);
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  ASSERT_TRUE(watch->alarmed());
  EXPECT_EQ((*watch->evidence())[0].kind, audit::EvidenceKind::missing_record);
  EXPECT_EQ((*watch->evidence())[0].size, 700u);
}

TEST_F(WatchTest, a_proof_of_another_record_or_none_is_a_missing_record) {
  acknowledge(2);
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  ASSERT_EQ(all<frame::FactCheck>().size(), 1u);
  EXPECT_TRUE(watch->take_fact_proof(prove(all<frame::FactCheck>()[0])));  // true proofs, of something else
  EXPECT_TRUE(watch->alarmed());
  EXPECT_EQ(left(), 0u) << "the evidence has it";
}

TEST_F(WatchTest, silence_is_an_alarm_after_a_day_and_three_questions) {
  logged(acknowledge(4));
  for (int i = 0; i < 3; ++i) {
    fill(*gateway_log, 1);
    watch->take_checkpoint(checkpoint(*gateway_log, watch->status().at("cosigned").to_number<audit::TreeSize>()));
    watch->link_changed(false), watch->link_changed(true);
    clock.advance(std::chrono::hours(9));
  }
  EXPECT_EQ(all<frame::FactCheck>().size(), 3u);
  EXPECT_FALSE(watch->alarmed());
  watch->take_checkpoint(checkpoint(*gateway_log, gateway_log->size()));
  EXPECT_TRUE(watch->alarmed());
}

TEST_F(WatchTest, no_checkpoint_for_hours_is_a_remark_and_no_alarm) {
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  EXPECT_FALSE(watch->status().at("quiet").as_bool());
  clock.advance(std::chrono::hours(4));
  EXPECT_TRUE(watch->status().at("quiet").as_bool());
  EXPECT_FALSE(watch->alarmed());
  watch->link_changed(false);
  EXPECT_FALSE(watch->status().at("quiet").as_bool()) << "nobody can be asked without a link";
}

TEST_F(WatchTest, the_alarm_survives_a_restart_and_a_clearing_only_what_was_read) {
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  auto fork = open_gateway_log("fork");
  fill(*fork, 9);
  watch->take_checkpoint(checkpoint(*fork, 4));
  open();
  EXPECT_TRUE(watch->alarmed());
  EXPECT_EQ(watch->clear({2, "dr-exemple", "lu et compris"}).error().code, Errc::conflict);
  ASSERT_TRUE(watch->clear({1, "dr-exemple", "lu et compris"}));
  EXPECT_FALSE(watch->alarmed());
  EXPECT_EQ(watch->clear({1, "dr-exemple", "lu et compris"}).error().code, Errc::not_found);
  EXPECT_EQ(watch->evidence()->size(), 1u) << "evidence is for ever";
  watch->take_checkpoint(checkpoint(*fork, 4));
  EXPECT_TRUE(watch->alarmed()) << "the same lie after the clearing is an alarm again";
}

TEST_F(WatchTest, an_alarmed_practice_follows_no_other_log) {
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  const auto next = signer("audit.vendor.example/main-2", NoteKeyType::ed25519, random);
  const auto note = *certs::sign_log_successor({identity.log, next.verifier(), 4, "DAMAGE", clock.now()}, staff);
  acknowledge(700);
  fill(*gateway_log, 1);
  watch->take_checkpoint(checkpoint(*gateway_log, 4));
  ASSERT_TRUE(watch->alarmed());
  EXPECT_TRUE(watch->take_successor(note));
  EXPECT_EQ(watch->log_key(), identity.log.text());
  ASSERT_TRUE(watch->clear({1, "dr-exemple", "lu et compris"}));
  EXPECT_TRUE(watch->take_successor(note));
  EXPECT_EQ(watch->log_key(), next.verifier().text());
  open();
  EXPECT_EQ(watch->log_key(), next.verifier().text()) << "the chain is verified again at each start";
}

TEST_F(WatchTest, evidence_convinces_somebody_who_trusts_neither) {
  watch->take_checkpoint(checkpoint(*gateway_log, 0));
  auto fork = open_gateway_log("fork");
  fill(*fork, 4);
  watch->take_checkpoint(checkpoint(*fork, 4));  // the same size, another root
  const auto text = json::serialize(*watch->evidence_file());
  const auto check = audit::verify_evidence(text, &identity.log);
  ASSERT_TRUE(check) << check.error().text();
  EXPECT_EQ(check->items.at(0).weight, audit::Weight::convicts);
  EXPECT_NE(audit::print_evidence(*check, false).find("two different pasts of 4 records"), std::string::npos);
  EXPECT_NE(audit::print_evidence(*check, true).find("deux passés différents de 4"), std::string::npos);
  // Nothing in the notes can be changed, and an innocent log is not accused with its own notes.
  const auto at = text.find("audit.vendor.example/main\\n4");
  auto forged = text;
  forged[at + 27] = '5';
  EXPECT_FALSE(audit::verify_evidence(forged));
  auto agreeing = *watch->evidence();
  agreeing[0].conflicting = agreeing[0].known;
  EXPECT_FALSE(audit::verify_evidence(json::serialize(audit::evidence_file(practice.text(), identity.log, identity.witness_key.verifier(), agreeing, clock.now()))));
  const NoteVerifier other = identity.practice_key.verifier();
  EXPECT_FALSE(audit::verify_evidence(text, &other));
}

}  // namespace
}  // namespace pontlevis::agent
