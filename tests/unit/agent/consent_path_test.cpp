// From a request to a password, and everything that must stop on the way.
#include "tests/unit/agent/practice_fixture.hpp"

namespace pontlevis::agent {
namespace {

using ConsentPath = PracticeTest;

TEST_F(ConsentPath, a_proved_consent_mints_a_password_that_opens_once) {
  const auto consented = consent(alice_asks());
  ASSERT_TRUE(consented) << consented.error().text();
  auto answer = ProofGate::check(*consented, prove(*gateway_log, *consented), *witness);
  ASSERT_TRUE(answer.proved) << answer.proved.error().text();
  EXPECT_EQ(answer.cosignature.status, 200);
  PasswordMint mint(*answer.proved, PasswordProfile::phone, random, clock);
  const Login alice = *Login::parse("alice");
  const auto shown = mint.mint(alice);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->expose().size(), 14u);  // K7QM-2RTX-9ABC
  EXPECT_EQ(mint.try_password(alice, *shown), PasswordMint::Verdict::accepted);
  EXPECT_EQ(mint.try_password(alice, *shown), PasswordMint::Verdict::no_password);
}

TEST_F(ConsentPath, the_consent_in_the_journal_is_durable_before_it_is_sent) {
  const auto consented = consent(alice_asks());
  ASSERT_TRUE(consented);
  ASSERT_EQ(journal->unsent().size(), 1u);
  EXPECT_EQ(journal->unsent().front().fact.note, consented->note());
  const auto facts = journal->facts_of(consented->request().intervention);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->front().type(), "consent");
}

// ---- cards ----

TEST_F(ConsentPath, an_unsigned_expired_revoked_or_foreign_card_is_never_shown_to_anybody) {
  doubles::FixedRandom other(7);
  const auto fake = signer("staff.vendor.example", NoteKeyType::ed25519, other);
  const auto ask = [&](const std::string& note, const std::string& login = "alice") {
    return desk.receive(request({{*Login::parse(login), OperatorRole::lead, OperatorMode::connected, note}}));
  };
  EXPECT_TRUE(ask(card("alice", 1)));
  EXPECT_FALSE(ask(*certs::StaffCard::issue(card_fields("alice", 1), fake)));
  EXPECT_FALSE(ask(card("alice", 1), "bruno")) << "another person's card";
  auto expired = card_fields("alice", 1);
  expired.expires_at = clock.now() - Millis(1);
  expired.issued_at = clock.now() - std::chrono::hours(2);
  EXPECT_FALSE(ask(*certs::StaffCard::issue(expired, staff)));
  auto abroad = card_fields("alice", 1);
  abroad.country = "US";
  EXPECT_FALSE(ask(*certs::StaffCard::issue(abroad, staff)));
  const auto fields = card_fields("alice", 1);
  const auto note = *certs::StaffCard::issue(fields, staff);
  ASSERT_TRUE(revoked.add(certs::RevocationList::sign({fields.id, "left", clock.now()}, staff), staff.verifier()));
  EXPECT_FALSE(ask(note));
}

TEST_F(ConsentPath, a_card_that_expires_between_question_and_answer_gets_no_consent) {
  auto pending = desk.receive(alice_asks());
  ASSERT_TRUE(pending);
  clock.advance(std::chrono::hours(25));
  auto late = pending->request;
  late.expires_at = clock.now() + std::chrono::hours(1);
  pending->request = late;
  EXPECT_FALSE(run(desk.consent(*std::move(pending), {}, approver)));
}

TEST_F(ConsentPath, one_person_with_two_logins_is_no_pair) {
  auto fields = card_fields("bruno", 2);
  fields.name = "Prénom alice";
  auto asked = request({{*Login::parse("alice"), OperatorRole::lead, OperatorMode::connected, card("alice", 1)},
                        {*Login::parse("bruno"), OperatorRole::pair, OperatorMode::connected, *certs::StaffCard::issue(fields, staff)}});
  EXPECT_FALSE(desk.receive(asked));
  asked.operators[1].card = card("bruno", 1);  // another name, the same key
  EXPECT_FALSE(desk.receive(asked));
  asked.operators[1].card = card("bruno", 2);
  EXPECT_TRUE(desk.receive(asked));
}

// ---- the desk ----

TEST_F(ConsentPath, the_practitioner_can_lower_and_never_raise) {
  Choice choice;
  choice.minutes = 31;
  EXPECT_FALSE(consent(alice_asks(), choice));
  choice.minutes = 5;
  choice.dropped_tools = {"files"};
  const auto consented = consent(alice_asks(), choice);
  ASSERT_TRUE(consented);
  EXPECT_EQ(consented->grant().minutes, 5);
  EXPECT_EQ(consented->grant().tools, std::vector<std::string>{"shell"});
  choice.dropped_tools = {"files", "shell"};
  EXPECT_FALSE(consent(alice_asks(), choice));
}

TEST_F(ConsentPath, an_observer_never_approves) {
  approver.role = ApproverRole::observer;
  EXPECT_FALSE(consent(alice_asks()));
}

TEST_F(ConsentPath, an_expired_request_gets_no_consent) {
  auto pending = desk.receive(alice_asks());
  ASSERT_TRUE(pending);
  clock.advance(std::chrono::minutes(30));
  const auto late = run(desk.consent(*std::move(pending), {}, approver));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::expired);
}

TEST_F(ConsentPath, an_unknown_system_or_tool_is_never_put_to_a_person) {
  auto asked = alice_asks();
  asked.system = *SystemId::parse("autre");
  EXPECT_FALSE(desk.receive(asked));
  asked = alice_asks();
  asked.tools = {"desktop"};
  EXPECT_FALSE(desk.receive(asked));
  asked = alice_asks();
  asked.practice = *PracticeId::parse("autre-cabinet");
  EXPECT_FALSE(desk.receive(asked));
}

// ---- planned ----

TEST_F(ConsentPath, a_planned_date_is_accepted_in_advance_and_consented_to_in_its_window_only) {
  auto asked = alice_asks();
  asked.opens_from = clock.now() + std::chrono::hours(1);
  asked.expires_at = clock.now() + std::chrono::hours(2);
  EXPECT_EQ(consent(asked).error().code, Errc::conflict) << "too early";
  auto pending = desk.receive(asked);
  ASSERT_TRUE(pending);
  ASSERT_TRUE(run(desk.accept(*pending, Language::french, approver)));
  EXPECT_EQ(journal->facts_of(asked.intervention)->back().type(), "acceptance");
  EXPECT_FALSE(consent(asked)) << "an accepted date is no consent";
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(run(desk.accept(*pending, Language::french, approver)).error().code, Errc::conflict) << "it is time to open, not to plan";
  EXPECT_TRUE(consent(asked));
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(consent(asked).error().code, Errc::expired);
}

TEST_F(ConsentPath, nothing_but_a_planned_date_is_accepted_in_advance) {
  EXPECT_EQ(run(desk.accept(*desk.receive(alice_asks()), Language::french, approver)).error().code, Errc::conflict);
  auto planned = alice_asks();
  planned.opens_from = clock.now() + std::chrono::minutes(5);
  approver.role = ApproverRole::observer;
  EXPECT_EQ(run(desk.accept(*desk.receive(planned), Language::french, approver)).error().code, Errc::not_allowed);
}

// ---- more time ----

TEST_F(ConsentPath, an_extension_names_what_it_extends_and_needs_a_proof_of_its_own) {
  const auto first = consent(alice_asks());
  ASSERT_TRUE(first);
  const auto system = *inventory.find(first->request().system);
  auto more = run(desk.extend(*first, system, 15, {}, approver));
  ASSERT_TRUE(more) << more.error().text();
  EXPECT_EQ(more->grant().minutes, 15);
  EXPECT_EQ(more->grant().tools, first->grant().tools);
  const auto facts = journal->facts_of(first->request().intervention).value();
  EXPECT_EQ(facts.back().open()->at("extends").as_string(), first->sha256());
  EXPECT_FALSE(ProofGate::check(*more, prove(*gateway_log, *first), *witness).proved) << "a proof of the first is none of this one";
  EXPECT_TRUE(ProofGate::check(*more, prove(*gateway_log, *more, 1), *witness).proved);
}

TEST_F(ConsentPath, an_observer_never_extends) {
  const auto first = consent(alice_asks());
  approver.role = ApproverRole::observer;
  EXPECT_FALSE(run(desk.extend(*first, *inventory.find(first->request().system), 15, {}, approver)));
}

// ---- no proof, no door ----

class ProofGateTest : public PracticeTest {
 protected:
  std::optional<Consented> consented;
  void SetUp() override { consented = *consent(alice_asks()); }
  Result<ProvedConsent> check(const frame::Proof& proof) { return ProofGate::check(*consented, proof, *witness).proved; }
};

TEST_F(ProofGateTest, a_missing_or_truncated_proof_opens_nothing) {
  const auto good = prove(*gateway_log, *consented);
  for (auto member : {&frame::Proof::tlog_proof, &frame::Proof::add_checkpoint})
    for (std::size_t keep : {std::size_t{0}, std::size_t{1}, (good.*member).size() / 2, (good.*member).size() - 1}) {
      auto bad = good;
      (bad.*member).resize(keep);
      EXPECT_FALSE(check(bad)) << keep;
    }
  auto bad = good;
  bad.disclosures.pop_back();
  EXPECT_FALSE(check(bad));
  bad.disclosures.clear();
  EXPECT_FALSE(check(bad));
}

TEST_F(ProofGateTest, every_changed_byte_of_a_proof_is_found) {
  fill(*gateway_log, 5);
  const auto good = prove(*gateway_log, *consented);
  for (auto member : {&frame::Proof::tlog_proof, &frame::Proof::add_checkpoint})
    for (std::size_t at = 0; at < (good.*member).size(); ++at) {
      auto bad = good;
      (bad.*member)[at] = static_cast<char>((bad.*member)[at] ^ 1);
      EXPECT_FALSE(check(bad)) << at;
    }
}

TEST_F(ProofGateTest, a_true_proof_of_another_consent_opens_nothing) {
  const auto other = *consent(alice_asks());
  auto proof = prove(*gateway_log, other);
  EXPECT_FALSE(check(proof));
  proof.intervention = consented->request().intervention;
  EXPECT_FALSE(check(proof));
}

TEST_F(ProofGateTest, another_logs_proof_opens_nothing) {
  doubles::FixedRandom other(5);
  auto log = *audit::Log::open({.folder = folder.path() / "other"}, signer("audit.vendor.example/main", NoteKeyType::ed25519, other), clock, random);
  EXPECT_FALSE(check(prove(*log, *consented)));
}

TEST_F(ProofGateTest, a_forked_log_opens_nothing_and_is_remembered) {
  fill(*gateway_log, 3);
  ASSERT_TRUE(ProofGate::check(*consented, prove(*gateway_log, *consented), *witness).proved);
  const auto honest = gateway_log->size();
  auto fork = open_gateway_log("fork");
  fill(*fork, static_cast<int>(honest) - 1);
  const auto second = *consent(alice_asks());
  const auto body = *open_statement(second.note(), "consent", identity.practice_key.verifier());
  const auto appended = *fork->append_now(*audit::fact_record("consent", body, practice.text(), second.note()));
  ASSERT_EQ(fork->size(), honest);  // same size, another root
  const audit::AddCheckpointRequest add{honest, {}, fork->latest_checkpoint()};
  const frame::Proof proof{second.request().intervention, appended.disclosures, fork->proof_of(appended.index)->text(), add.text()};
  EXPECT_FALSE(ProofGate::check(second, proof, *witness).proved);
  EXPECT_TRUE(witness->alarmed());
  EXPECT_EQ(witness->evidence()->size(), 1u);
  // From now on nothing opens, not even with a true proof.
  const auto third = *consent(alice_asks());
  EXPECT_FALSE(ProofGate::check(third, prove(*gateway_log, third, honest), *witness).proved);
}

TEST_F(ProofGateTest, a_log_that_was_rolled_back_opens_nothing) {
  fill(*gateway_log, 9);
  ASSERT_TRUE(check(prove(*gateway_log, *consented)));
  auto shorter = open_gateway_log("shorter");
  const auto second = *consent(alice_asks());
  EXPECT_FALSE(ProofGate::check(second, prove(*shorter, second), *witness).proved);
}

// ---- passwords ----

class MintTest : public ProofGateTest {
 protected:
  const Login alice = *Login::parse("alice");
  ProvedConsent proved() { return *check(prove(*gateway_log, *consented)); }
};

TEST_F(MintTest, three_wrong_tries_end_the_right) {
  PasswordMint mint(proved(), PasswordProfile::phone, random, clock);
  const auto right = *mint.mint(alice);
  const Secret wrong{std::string_view("0000-0000-0000")};
  EXPECT_EQ(mint.try_password(alice, wrong), PasswordMint::Verdict::wrong);
  EXPECT_EQ(mint.try_password(alice, wrong), PasswordMint::Verdict::wrong);
  EXPECT_EQ(mint.try_password(alice, wrong), PasswordMint::Verdict::blocked);
  EXPECT_EQ(mint.try_password(alice, right), PasswordMint::Verdict::blocked);
  EXPECT_FALSE(mint.mint(alice));
}

TEST_F(MintTest, unused_for_ten_minutes_is_dead) {
  PasswordMint mint(proved(), PasswordProfile::phone, random, clock);
  const auto right = *mint.mint(alice);
  clock.set_calendar(clock.now() - std::chrono::hours(5));  // a moved calendar changes nothing
  clock.advance(std::chrono::minutes(10));
  EXPECT_EQ(mint.try_password(alice, right), PasswordMint::Verdict::no_password);
}

TEST_F(MintTest, a_new_one_kills_the_old_one) {
  PasswordMint mint(proved(), PasswordProfile::phone, random, clock);
  const auto first = *mint.mint(alice);
  const auto second = *mint.mint(alice);
  EXPECT_EQ(mint.try_password(alice, first), PasswordMint::Verdict::wrong);
  EXPECT_EQ(mint.try_password(alice, second), PasswordMint::Verdict::accepted);
}

TEST_F(MintTest, what_is_heard_on_the_phone_may_be_typed_as_heard) {
  PasswordMint mint(proved(), PasswordProfile::phone, random, clock);
  const auto shown = *mint.mint(alice);
  std::string typed;
  for (char c : shown.expose()) typed += c == '-' ? std::string(" ") : std::string(1, c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c)));
  EXPECT_EQ(mint.try_password(alice, Secret(std::string_view(typed))), PasswordMint::Verdict::accepted);
}

TEST_F(MintTest, nobody_outside_the_consent_has_one) {
  PasswordMint mint(proved(), PasswordProfile::phone, random, clock);
  EXPECT_FALSE(mint.mint(*Login::parse("bruno")));
  EXPECT_EQ(mint.try_password(*Login::parse("bruno"), Secret(std::string_view("x"))), PasswordMint::Verdict::blocked);
}

TEST_F(MintTest, the_long_profile_has_24_characters_of_four_classes) {
  PasswordMint mint(proved(), PasswordProfile::pgssi_s, random, clock);
  const auto shown = *mint.mint(alice);
  const std::string text(shown.expose());
  EXPECT_EQ(text.size(), 24u);
  EXPECT_TRUE(std::any_of(text.begin(), text.end(), [](char c) { return std::isupper(static_cast<unsigned char>(c)); }));
  EXPECT_TRUE(std::any_of(text.begin(), text.end(), [](char c) { return std::islower(static_cast<unsigned char>(c)); }));
  EXPECT_TRUE(std::any_of(text.begin(), text.end(), [](char c) { return std::isdigit(static_cast<unsigned char>(c)); }));
  EXPECT_TRUE(std::any_of(text.begin(), text.end(), [](char c) { return std::ispunct(static_cast<unsigned char>(c)); }));
  EXPECT_EQ(mint.try_password(alice, shown), PasswordMint::Verdict::accepted);
}

TEST_F(MintTest, every_character_of_the_alphabet_is_drawn_about_as_often) {
  PasswordMint mint(proved(), PasswordProfile::phone, random, clock);
  std::map<char, int> seen;
  for (int i = 0; i < 2000; ++i)
    for (char c : mint.mint(alice)->expose())
      if (c != '-') ++seen[c];
  EXPECT_EQ(seen.size(), 32u);
  for (const auto& [c, n] : seen) EXPECT_NEAR(n, 750, 200) << c;
}

}  // namespace
}  // namespace pontlevis::agent
