#include "audit/verify.hpp"

#include "audit/fiche.hpp"
#include "audit/policy.hpp"
#include "tests/unit/audit/sample_life.hpp"

namespace pontlevis::audit::test {
namespace {

class VerifyTest : public ::testing::Test {
 protected:
  std::filesystem::path data() const { return folder_.path() / "data"; }
  std::filesystem::path bundle() const { return folder_.path() / "bundle"; }
  void sample(int more = 0) { make_sample_data(data(), clock_, random_, more); }
  // Days are judged by the clock of the test, not by that of the machine.
  VerifyOptions today() const { return {.now = clock_.now()}; }
  VerifyReport verify_data() { return must(verify_folder(data(), today())); }
  VerifyReport check_bundle() { return must(verify_bundle(bundle(), today())); }

  sqlite::Database raw_db() {
    auto db = must(sqlite::Database::open(data() / "log" / "log.db", {.application_id = 0x504c6f67, .user_version = 2}));
    must(db.script("DROP TRIGGER entries_stay; DROP TRIGGER entries_hold; DROP TRIGGER checkpoints_stay; DROP TRIGGER checkpoints_hold;"
                   "DROP TRIGGER cosignatures_stay; DROP TRIGGER cosignatures_hold"));
    return db;
  }
  // Changes the store behind the log's back and expects `check` to say so.
  void expect_found(sqlite::Sql change, Check check, std::optional<LeafIndex> index = {}) {
    raw_db().script(change).value();
    const auto report = verify_data();
    ASSERT_FALSE(report.verified()) << change.text();
    EXPECT_EQ(report.findings[0].check, check) << report.to_text();
    if (index) EXPECT_EQ(report.findings[0].index, index) << report.to_text();
  }
  ExportCount make_bundle() {
    auto source = must(open_folder(data()));
    return must(export_bundle(*source, bundle(), [](const StoredRecord&) { return true; }));
  }

  TemporaryFolder folder_;
  SteppingClock clock_;
  io::SystemRandom random_;
};

TEST_F(VerifyTest, a_good_log_verifies_live_and_at_rest) {
  {
    auto log = open_log(data() / "log", clock_, random_);
    append_life(*log, clock_);
    EXPECT_TRUE(verify_data().verified()) << verify_data().to_text();
    must(log->append_now(security_record(1)));
    EXPECT_EQ(verify_data().size, 9u);
  }
  const auto report = verify_data();
  EXPECT_TRUE(report.verified()) << report.to_text();
  EXPECT_EQ(report.sessions, 1u);
  EXPECT_EQ(report.interventions, 1u);
  EXPECT_EQ(report.checkpoints, 10u);
}

TEST_F(VerifyTest, an_empty_log_verifies) {
  open_log(data() / "log", clock_, random_).reset();
  EXPECT_TRUE(verify_data().verified()) << verify_data().to_text();
}

TEST_F(VerifyTest, a_log_over_several_tiles_verifies_with_its_witness) {
  sample(600);
  const auto report = verify_data();
  EXPECT_TRUE(report.verified()) << report.to_text();
  EXPECT_EQ(report.size, 609u);
  EXPECT_EQ(report.cosignatures, 1u);
  EXPECT_EQ(report.witnessed, 1u);
}

TEST_F(VerifyTest, a_folder_without_a_log_cannot_be_verified) { EXPECT_EQ(verify_folder(folder_.path(), {}).error().code, Errc::not_found); }

TEST_F(VerifyTest, a_changed_entry_is_found) { sample(), expect_found("UPDATE entries SET e = (SELECT e FROM entries WHERE idx = 2) WHERE idx = 3", Check::tree); }
TEST_F(VerifyTest, a_missing_entry_is_found) { sample(), expect_found("DELETE FROM entries WHERE idx = 7", Check::tree, 7); }
TEST_F(VerifyTest, a_changed_tile_is_found) { sample(300), expect_found("UPDATE tiles SET data = zeroblob(8192)", Check::tree, 0); }
TEST_F(VerifyTest, a_forged_checkpoint_is_found) {
  sample(), expect_found("UPDATE checkpoints SET note = replace(note, '— audit', '— audix') WHERE size = 4", Check::history, 4);
}
TEST_F(VerifyTest, a_record_without_its_openings_is_found) { sample(), expect_found("DELETE FROM fields WHERE idx = 2", Check::destruction, 2); }
TEST_F(VerifyTest, a_record_filed_elsewhere_is_found) {
  sample(), expect_found("UPDATE records SET intervention = NULL WHERE idx = 1", Check::records, 1);
}
TEST_F(VerifyTest, a_field_closed_before_its_day_is_found) {
  sample(), expect_found("UPDATE fields SET ct = NULL WHERE idx = 0 AND name = 'source_ip'", Check::destruction, 0);
}
TEST_F(VerifyTest, a_longer_life_for_an_address_is_found) {
  sample(), expect_found("UPDATE fields SET expires_on = '2030-01-01' WHERE idx = 0 AND name = 'source_ip'", Check::records, 0);
}
TEST_F(VerifyTest, a_forged_cosignature_is_found) {
  sample(), expect_found("UPDATE cosig SET line = replace(line, 'A', 'B')", Check::witnesses);
}

TEST_F(VerifyTest, hiding_a_field_by_an_honest_digest_is_found_for_ever) {
  sample();
  must(raw_db().run("UPDATE fields SET ct = NULL WHERE idx = 0 AND name = 'requested_by'"));
  EXPECT_FALSE(verify_data().verified()) << "erasure must not become a way to hide";
  auto log = open_log(data() / "log", clock_, random_);
  clock_.advance(std::chrono::days(1827));
  must(log->append_now(security_record(1)));
  const auto later = verify_data();
  EXPECT_EQ(later.of(Check::destruction).state, CheckState::failed) << "that its day has come is no destruction";
  EXPECT_EQ(later.of(Check::retention).state, CheckState::failed) << "other personal fields are overdue";
}

TEST_F(VerifyTest, another_key_than_the_pinned_one_is_found) {
  sample();
  EXPECT_TRUE(must(verify_folder(data(), {.key = log_signer().verifier(), .now = clock_.now()})).verified());
  EXPECT_FALSE(must(verify_folder(data(), {.key = log_signer("audit.editeur.example/log", 9).verifier()})).verified());
}

// The vendor keeps the key: he can sign a whole new past, but not one that fits what somebody kept.
TEST_F(VerifyTest, a_rewritten_past_is_caught_by_an_older_checkpoint) {
  sample();
  const auto kept = must(must(open_folder(data()))->latest_checkpoint());
  std::filesystem::remove_all(data());
  sample(1);
  EXPECT_TRUE(verify_data().verified());
  EXPECT_FALSE(must(verify_folder(data(), {.older_checkpoints = {kept}, .now = clock_.now()})).verified());
}

TEST_F(VerifyTest, evidence_of_two_pasts_fails_the_practices_folder) {
  sample();
  const auto witness = must(Witness::open(data() / "log" / "witness.db", log_signer().verifier(), witness_signer(), clock_));
  const auto lie = sign_checkpoint({log_signer().verifier().name(), 9, sha256("another past"), {}}, log_signer());
  witness->add_checkpoint(AddCheckpointRequest{9, {}, lie}.text());
  const auto report = verify_data();
  ASSERT_FALSE(report.verified());
  EXPECT_EQ(report.findings[0].check, Check::witness);
}

TEST_F(VerifyTest, a_session_without_consent_is_found) {
  auto log = open_log(data() / "log", clock_, random_);
  put(*log, clock_, "session_open", {{"deadline", to_utc(clock_.now())}});
  const auto report = verify_data();
  ASSERT_FALSE(report.verified());
  EXPECT_EQ(report.findings[0].check, Check::life);
  EXPECT_EQ(report.findings[0].index, 0u);
}

TEST_F(VerifyTest, an_end_without_a_start_is_a_consent_that_was_never_used) {
  auto log = open_log(data() / "log", clock_, random_);
  put(*log, clock_, "consent", {});
  put(*log, clock_, "session_end", {{"end_cause", "TIMEOUT"}, {"started_at", nullptr}});
  EXPECT_TRUE(verify_data().verified()) << verify_data().to_text();
  put(*log, clock_, "session_end", {{"end_cause", "DONE"}, {"started_at", to_utc(clock_.now())}});
  EXPECT_FALSE(verify_data().verified());
}

TEST_F(VerifyTest, a_session_that_never_ends_is_found_a_day_after_its_deadline) {
  auto log = open_log(data() / "log", clock_, random_);
  append_life(*log, clock_, intervention_a, false);
  EXPECT_TRUE(verify_data().verified());
  const auto young = verify_data();
  EXPECT_TRUE(std::any_of(young.remarks.begin(), young.remarks.end(), [](const auto& r) { return r.check == Check::life; })) << "still open";
  clock_.advance(std::chrono::hours(26));
  must(log->append_now(security_record(1)));
  EXPECT_FALSE(verify_data().verified());
  put(*log, clock_, "recovery", {{"outcome", "unknown"}});
  EXPECT_TRUE(verify_data().verified()) << verify_data().to_text();
}

TEST_F(VerifyTest, a_bundle_verifies_offline) {
  sample(300);
  const auto count = make_bundle();
  EXPECT_EQ(count.size, 309u);
  EXPECT_EQ(count.records, 309u);
  const auto report = check_bundle();
  EXPECT_TRUE(report.verified()) << report.to_text();
  EXPECT_EQ(report.cosignatures, 1u);
  EXPECT_EQ(report.sessions, 1u);
  EXPECT_TRUE(std::filesystem::exists(bundle() / "tile/0/000"));
  EXPECT_TRUE(std::filesystem::exists(bundle() / "tile/0/001.p/53"));
  EXPECT_TRUE(std::filesystem::exists(bundle() / "tile/1/000.p/1"));
  EXPECT_TRUE(std::filesystem::exists(bundle() / "tile/entries/001.p/53"));
}

TEST_F(VerifyTest, a_bundle_of_one_intervention_verifies_without_the_others) {
  sample(3);
  auto source = must(open_folder(data()));
  must(export_bundle(*source, bundle(), [](const StoredRecord& r) { return r.type() != "security"; }));
  const auto report = check_bundle();
  EXPECT_TRUE(report.verified()) << report.to_text();
  EXPECT_EQ(report.records, 9u);
  EXPECT_EQ(report.of(Check::life).state, CheckState::not_applicable);
  EXPECT_FALSE(export_bundle(*source, bundle(), [](const StoredRecord&) { return true; })) << "never over another bundle";
}

TEST_F(VerifyTest, the_fiche_says_who_why_when_and_the_proof) {
  sample();
  auto source = must(open_folder(data()));
  const auto fiche = must(read_fiche(*source, intervention_a));
  const auto proof = must(read_proof(*source, fiche));
  EXPECT_EQ(fiche.state, "CLOSED");
  const auto french = print_fiche(fiche, proof, Language::french), english = print_fiche(fiche, proof, Language::english);
  for (auto text : {"Alice Martin", "Bruno Petit", "binôme", "Éditeur Exemple SAS", "Dr Camille Exemple", "titulaire", "14 min 00 s", "UTC",
                    "Disque plein", "Serveur du logiciel", "witness.cabinet-exemple", "feuille 0", "22/11/2026 09:"})
    EXPECT_NE(french.find(text), french.npos) << text << "\n" << french;
  for (auto text : {"Alice Martin", "pair", "owner", "leaf 0", "Cosigned by", "2026-11-22 09:"}) EXPECT_NE(english.find(text), english.npos) << text << "\n" << english;
  for (const auto& page : {french, english})
    for (std::size_t at = 0, end; (end = page.find('\n', at)) != page.npos; at = end + 1) {
      const auto line = page.substr(at, end - at);
      EXPECT_LE(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }), 92) << line;
    }
  EXPECT_EQ(french.find("ALTÉRÉE"), french.npos);
  EXPECT_NE(print_table({fiche}, Language::french).find("close"), std::string::npos);
}

TEST_F(VerifyTest, no_control_character_of_a_record_reaches_the_terminal) {
  {
    auto log = open_log(data() / "log", clock_, random_);
    put(*log, clock_, "request", {{"reason", "a\x1b[2J\x07\u009b31m\u202eb"}, {"ticket_ref", "x\x1b]0;evil\x07"}});
  }
  auto source = must(open_folder(data()));
  const auto fiche = must(read_fiche(*source, intervention_a));
  const auto page = print_fiche(fiche, must(read_proof(*source, fiche)), Language::french);
  EXPECT_EQ(page.find('\x1b'), page.npos);
  EXPECT_EQ(page.find('\x07'), page.npos);
  EXPECT_EQ(page.find("\u009b"), page.npos);
  EXPECT_EQ(page.find("\u202e"), page.npos);
}

TEST(Policy, the_quorums_of_the_specification) {
  std::string text;
  for (int i = 1; i <= 5; ++i) {
    const NoteVerifier w("example.com/w" + std::to_string(i), NoteKeyType::cosignature, key_of(static_cast<char>(i)).public_key());
    text += "witness W" + std::to_string(i) + " " + w.text() + " https://example.com/\n";
  }
  text += "group G1 any W1 W2\ngroup G2 2 W3 W4 W5\ngroup G3 all G1 G2\nquorum G3\n";
  const auto policy = must(Policy::parse(text));
  for (const std::set<std::string>& no : std::vector<std::set<std::string>>{{}, {"W1"}, {"W2"}, {"W3"}, {"W3", "W4", "W5"}, {"W1", "W2"}, {"W1", "W3"}})
    EXPECT_FALSE(policy.satisfied_by(no));
  for (const std::set<std::string>& yes : std::vector<std::set<std::string>>{{"W1", "W3", "W4"}, {"W2", "W3", "W5"}}) EXPECT_TRUE(policy.satisfied_by(yes));
}

TEST(Policy, the_example_of_the_specification_parses_and_mistakes_do_not) {
  const std::string good =
      "witness w1 sigsum.org+e4ade967+AZuUY6B08pW3QVHu8uvsrxWPcAv9nykap2Nb4oxCee+r https://sigsum.org/witness/\n"
      "witness w2 example.com+3753d3de+AebBhMcghIUoavZpjuDofa4sW6fYHyVn7gvwDBfvkvuM https://example.com/witness/\n"
      "group g1 all w1 w2\nquorum g1\n";
  const auto policy = must(Policy::parse(good));
  EXPECT_EQ(policy.witnesses().size(), 2u);
  EXPECT_TRUE(policy.satisfied_by(std::set<std::string>{"w1", "w2"}));
  EXPECT_FALSE(policy.satisfied_by(std::set<std::string>{"w1"}));
  for (auto extra : {"quorum w1\n", "group g1 any w1\n", "group g2 3 w1 w2\n", "group g2 0 w1\n", "group g2 any nobody\n", "witness w1 bad\n", "unknown\n"})
    EXPECT_FALSE(Policy::parse(good + extra)) << extra;
  EXPECT_FALSE(Policy::parse("quorum nobody\n"));
  EXPECT_FALSE(Policy::parse(""));
}

}  // namespace
}  // namespace pontlevis::audit::test
