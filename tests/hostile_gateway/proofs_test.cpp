// What a gateway can do with a consent it was given: prove it wrongly. No proof, no door.
#include "audit/witness.hpp"
#include "tests/hostile_gateway/lab.hpp"

namespace pontlevis::hostile {
namespace {

// A log that contradicts itself is remembered for ever, so each of these tests has its own practice where it matters.
class HostileProofs : public HostileTest {
 protected:
  struct Asked {
    InterventionId id;
    frame::Fact consent;
    std::future<Result<json::object>> approving;
  };
  Asked consent_to(const AccessRequest& asked) {
    journal_before_ = lab().journal_size();
    wire().say(frame::Request{asked});
    EXPECT_TRUE(lab().wait_asks(asked.intervention)) << lab().last_attempt();
    auto approving = lab().approve_soon(asked.intervention);
    auto heard = wire().hear([&](const Frame& f) { return kind_of(f) == FrameKind::consent && intervention_of(f) == asked.intervention; });
    if (!heard) throw std::runtime_error("no consent came");
    return {asked.intervention, std::get<frame::Fact>(*heard), std::move(approving)};
  }
  // The practitioner's own screen says no, and why; nothing opens; no password was made.
  void proof_is_refused(Asked& asked, const frame::Proof& proof, std::string_view words) {
    wire().say(proof);
    const auto answer = asked.approving.get();
    ASSERT_FALSE(answer) << "a password was minted";
    EXPECT_NE(answer.error().text().find("stays closed"), std::string::npos) << answer.error().text();
    EXPECT_NE(answer.error().text().find(words), std::string::npos) << answer.error().text();
    expect_closed_noted_and_told(words);
    for (const auto& record : lab().journal(journal_before_)) {
      EXPECT_NE(record.at("type").as_string(), "session_open");
      EXPECT_NE(record.at("type").as_string(), "password");
    }
    // And what is closed stays closed when the relay is asked for all the same.
    const auto dialled = wire().dialled();
    wire().say(relay_wanted(asked.id));
    EXPECT_TRUE(wire().hear([](const Frame& f) { return kind_of(f) == FrameKind::relay_refused; }));
    EXPECT_EQ(wire().dialled(), dialled);
  }
};

class HostileForks : public HostileProofs {};
// The alarm of one would refuse the next.
class HostileLarger : public HostileProofs {};
class HostileReplay : public HostileProofs {};
class HostileRollback : public HostileProofs {};

TEST_F(HostileProofs, a_proof_of_nothing) {
  auto asked = consent_to(lab().alice_asks());
  proof_is_refused(asked, {asked.id, {"WyJhIl0"}, "c2sp.org/tlog-proof@v1\nindex 0\n\nx\n", "old 0\n\nx\n"}, "does not extend");
}

TEST_F(HostileProofs, another_logs_proof) {
  auto asked = consent_to(lab().alice_asks());
  auto foreign = lab().open_foreign_memory();
  proof_is_refused(asked, lab().prove(foreign, asked.consent), "does not extend");
}

TEST_F(HostileProofs, an_old_proof_replayed_for_a_new_consent) {
  const auto first = lab().open_session(lab().alice_asks());
  lab().close_session(first.id);
  auto asked = consent_to(lab().alice_asks());
  auto replayed = first.proof;
  replayed.intervention = asked.id;
  proof_is_refused(asked, replayed, "log");
}

TEST_F(HostileProofs, an_old_consent_logged_again_in_place_of_the_new_one) {
  const auto first = lab().open_session(lab().alice_asks());
  lab().close_session(first.id);
  auto asked = consent_to(lab().alice_asks());
  auto proof = lab().prove(lab().memory, first.consent);  // an honest proof, of another thing
  proof.intervention = asked.id;
  proof_is_refused(asked, proof, "another record");
  lab().memory.cosigned = lab().memory.log->size();
}

TEST_F(HostileProofs, a_proof_with_another_field_disclosed) {
  auto asked = consent_to(lab().alice_asks());
  auto proof = lab().prove(lab().memory, asked.consent);
  std::swap(proof.disclosures[1], proof.disclosures[2]);
  proof_is_refused(asked, proof, "");
  lab().memory.cosigned = lab().memory.log->size();
}

TEST_F(HostileProofs, an_intervention_that_has_ended_is_not_opened_by_its_true_proof) {
  auto asked = consent_to(lab().alice_asks());
  const auto proof = lab().prove(lab().memory, asked.consent);
  lab().close_session(asked.id);  // before the gateway answers
  EXPECT_FALSE(asked.approving.get());
  wire().say(proof);
  wire().say(relay_wanted(asked.id));
  EXPECT_TRUE(wire().hear([](const Frame& f) { return kind_of(f) == FrameKind::relay_refused; }));
  expect_closed();
}

TEST_F(HostileProofs, a_relay_between_the_consent_and_its_proof) {
  auto asked = consent_to(lab().alice_asks());
  const auto dialled = wire().dialled();
  link_ends_on(encode(relay_wanted(asked.id)));
  expect_closed_noted_and_told("phase CONSENTED");
  EXPECT_EQ(wire().dialled(), dialled);
  lab().close_session(asked.id);
  EXPECT_FALSE(asked.approving.get());
}

TEST_F(HostileForks, a_forked_log_of_the_same_size_is_kept_as_evidence_and_nothing_opens_any_more) {
  auto other = lab().open_memory("fork");
  const auto first = lab().open_session(lab().alice_asks());
  lab().close_session(first.id);
  auto asked = consent_to(lab().alice_asks());
  other.cosigned = 0;
  auto proof = lab().prove(other, asked.consent);  // as many leaves as the practice has cosigned, other ones
  ASSERT_EQ(other.log->size(), lab().memory.cosigned);
  const audit::AddCheckpointRequest add{lab().memory.cosigned, {}, other.log->latest_checkpoint()};
  proof.add_checkpoint = add.text();
  proof_is_refused(asked, proof, "does not extend");
  EXPECT_TRUE(lab().status().at("alarm").as_bool());
  // The honest log comes too late: somebody must look first.
  const auto again = lab().alice_asks();
  wire().say(frame::Request{again});
  expect_closed_noted_and_told("contradicts itself");
  EXPECT_FALSE(lab().asks(again.intervention));
}

TEST_F(HostileLarger, a_larger_log_that_does_not_hold_what_was_cosigned) {
  auto other = lab().open_memory("larger");
  const auto opened = lab().open_session(lab().alice_asks());
  lab().close_session(opened.id);
  for (int i = 0; i < 9; ++i) static_cast<void>(other.log->append_now(*audit::Record::make("log_start", json::object{{"program", "x"}})));
  other.cosigned = lab().memory.cosigned;
  auto asked = consent_to(lab().alice_asks());
  proof_is_refused(asked, lab().prove(other, asked.consent), "does not extend");
}

TEST_F(HostileReplay, an_old_checkpoint_of_the_honest_log) {
  const auto first = lab().open_session(lab().alice_asks());
  lab().close_session(first.id);
  const auto second = lab().open_session(lab().alice_asks());
  lab().close_session(second.id);
  auto asked = consent_to(lab().alice_asks());
  auto proof = lab().prove(lab().memory, asked.consent);
  proof.add_checkpoint = first.proof.add_checkpoint;
  proof_is_refused(asked, proof, "does not extend");
}

TEST_F(HostileRollback, a_log_set_back_to_an_older_copy_of_itself) {
  const auto opened = lab().open_session(lab().alice_asks());
  lab().close_session(opened.id);
  auto old = lab().copy_memory("before");  // a true past of the same log
  for (int i = 0; i < 2; ++i) {
    const auto later = lab().open_session(lab().alice_asks());
    lab().close_session(later.id);
  }
  auto asked = consent_to(lab().alice_asks());
  const auto proof = lab().prove(old, asked.consent);
  ASSERT_LT(old.log->size(), lab().memory.cosigned);
  proof_is_refused(asked, proof, "does not extend");
  EXPECT_TRUE(lab().status().at("alarm").as_bool());  // two checkpoints of one size that differ
}

}  // namespace
}  // namespace pontlevis::hostile
