// The checks that judge time, destruction, people and witnesses: each passes on what is right and names what is not.
#include "audit/destruction.hpp"
#include "audit/policy.hpp"
#include "audit/verify.hpp"
#include "tests/unit/audit/sample_life.hpp"

namespace pontlevis::audit::test {
namespace {

using std::chrono::days;

class VerifyChecks : public ::testing::Test {
 protected:
  std::filesystem::path data() const { return folder_.path() / "data"; }
  std::unique_ptr<Log> open() { return open_log(data() / "log", clock_, random_); }
  VerifyReport verify(VerifyOptions options = {}) {
    if (!options.now) options.now = clock_.now();
    return must(verify_folder(data(), options));
  }
  // The check's state, and with a failure the first bad record.
  void expect(const VerifyReport& report, Check check, CheckState state, std::optional<LeafIndex> index = {}) {
    EXPECT_EQ(report.of(check).state, state) << check_name(check) << "\n" << report.to_text();
    if (!index) return;
    const auto found = std::find_if(report.findings.begin(), report.findings.end(), [&](const auto& f) { return f.check == check; });
    ASSERT_NE(found, report.findings.end()) << report.to_text();
    EXPECT_EQ(found->index, index) << report.to_text();
  }
  static DestructionOrder order(std::string reason, DestructionScope scope) {
    DestructionOrder out;
    out.rule = "test", out.rule_version = "1", out.reason = std::move(reason), out.legal_basis = "RGPD art. 17", out.trigger = "DEM-0001";
    out.scope = {std::move(scope)};
    return out;
  }
  static DestructionScope addresses(LeafIndex first, LeafIndex last) {
    DestructionScope out;
    out.first = first, out.last = last, out.cls = FieldClass::ip;
    return out;
  }
  static DestructionScope whole(LeafIndex index) {
    DestructionScope out;
    out.first = out.last = index, out.whole_record = true;
    return out;
  }
  TemporaryFolder folder_;
  SteppingClock clock_;
  io::SystemRandom random_;
};

TEST_F(VerifyChecks, each_check_is_named_with_its_state_in_text_and_json) {
  make_sample_data(data(), clock_, random_);
  const auto report = verify();
  EXPECT_TRUE(report.verified()) << report.to_text();
  const auto parsed = report.to_json();
  ASSERT_EQ(parsed.at("checks").as_array().size(), check_count);
  for (std::size_t i = 0; i < check_count; ++i) {
    const auto& check = parsed.at("checks").as_array()[i].as_object();
    EXPECT_EQ(check.at("number").to_number<std::size_t>(), i + 1);
    EXPECT_NE(report.to_text().find(std::string(check.at("name").as_string())), std::string::npos);
    EXPECT_FALSE(check.at("what").as_string().empty()) << "a check that does not apply says why";
  }
  expect(report, Check::enrolment, CheckState::passed);
  expect(report, Check::destruction, CheckState::not_applicable);
  EXPECT_TRUE(parsed.at("first_bad_index").is_null());
}

TEST_F(VerifyChecks, what_was_destroyed_on_its_day_is_explained) {
  auto log = open();
  must(log->append_now(security_record(1)));
  clock_.advance(days(150));
  must(destroy(*log, order("IP_6_MONTHS", addresses(0, 0)), {}));
  const auto report = verify();
  EXPECT_TRUE(report.verified()) << report.to_text();
  expect(report, Check::destruction, CheckState::passed);
  EXPECT_EQ(report.closed_fields, 1u);
  EXPECT_EQ(report.destructions, 1u);
}

TEST_F(VerifyChecks, an_early_destruction_needs_a_reason_that_allows_it) {
  auto log = open();
  must(log->append_now(security_record(1)));
  must(log->append_now(security_record(2)));
  must(destroy(*log, order("ERASURE_REQUEST", addresses(0, 0)), {}));
  const auto asked = verify();
  EXPECT_TRUE(asked.verified()) << asked.to_text();
  const auto early = destroy(*log, order("IP_6_MONTHS", addresses(1, 1)), {});
  EXPECT_FALSE(early) << "the log itself refuses; a verifier does not rely on that";
}

TEST_F(VerifyChecks, a_request_that_never_opened_goes_after_a_year_and_no_other) {
  auto log = open();
  append_life(*log, clock_);
  const DestructionScope opened{.first = 0, .last = 0, .type = "request"};
  put(*log, clock_, "request", {{"requested_by", "alice"}, {"reason", "Une demande refusée."}}, intervention_b);
  const auto asked = log->size() - 1;
  put(*log, clock_, "refusal", {{"approver_role", "OWNER"}}, intervention_b);
  const DestructionScope refused{.first = asked, .last = asked, .type = "request"};
  clock_.advance(days(149));
  must(destroy(*log, order("ERASURE_REQUEST", addresses(0, log->size() - 1)), {}));
  clock_.advance(days(215));
  EXPECT_FALSE(destroy(*log, order("NEVER_OPENED", refused), {})) << "a day too early";
  clock_.advance(days(1));
  EXPECT_FALSE(destroy(*log, order("NEVER_OPENED", opened), {})) << "a session of it stands in the log";
  EXPECT_FALSE(destroy(*log, order("NEVER_OPENED", {.first = asked + 1, .last = asked + 1}), {})) << "no request";
  must(destroy(*log, order("NEVER_OPENED", refused), {}));
  VerifyOptions then;
  then.now = clock_.now() - days(1);  // the refusal's own day is the purge's matter
  const auto good = verify(then);
  expect(good, Check::destruction, CheckState::passed);
  // Who lied about it is found by the session that follows.
  put(*log, clock_, "session_open", {{"opened_at", to_utc(clock_.now())}}, intervention_b);
  expect(verify(then), Check::destruction, CheckState::failed, asked);
}

TEST_F(VerifyChecks, a_late_destruction_fails_unless_nothing_was_written_meanwhile) {
  auto log = open();
  must(log->append_now(security_record(1)));
  clock_.advance(days(155));
  must(destroy(*log, order("IP_6_MONTHS", addresses(0, 0)), {}));
  const auto off = verify();
  EXPECT_TRUE(off.verified()) << "the machine was off, and destroyed when it was on again\n" << off.to_text();
  EXPECT_TRUE(std::any_of(off.remarks.begin(), off.remarks.end(), [](const auto& r) { return r.check == Check::destruction; }));

  must(log->append_now(security_record(2)));
  const auto second = log->size() - 1;
  clock_.advance(days(151));
  must(log->append_now(security_record(3)));  // it was on, and did not destroy
  clock_.advance(days(5));
  must(destroy(*log, order("IP_6_MONTHS", addresses(second, second)), {}));
  expect(verify(), Check::destruction, CheckState::failed, second);
}

TEST_F(VerifyChecks, no_excuse_keeps_an_address_longer_than_six_months) {
  auto log = open();
  must(log->append_now(security_record(1)));
  clock_.advance(days(181));
  must(destroy(*log, order("IP_6_MONTHS", addresses(0, 0)), {}));
  expect(verify(), Check::destruction, CheckState::failed, 0);
}

TEST_F(VerifyChecks, an_address_open_past_its_day_fails) {
  auto log = open();
  must(log->append_now(security_record(1)));
  clock_.advance(days(149));
  expect(verify(), Check::retention, CheckState::passed);
  clock_.advance(days(2));
  expect(verify(), Check::retention, CheckState::failed, 0);
}

TEST_F(VerifyChecks, a_hold_explains_what_waits_but_never_an_address) {
  auto log = open();
  put(*log, clock_, "cancelled", {{"cancelled_by", "alice"}, {"source_ip", "203.0.113.7"}});
  must(log->append_now(must(Record::make("hold", {{"hold_id", "gel-1"}, {"event", "PLACED"}, {"scope", json::object{{"practice", "cabinet-exemple"}}}, {"reason", "litige"}}))));
  clock_.advance(days(150));
  must(destroy(*log, order("IP_6_MONTHS", addresses(0, 0)), {}));
  clock_.advance(days(250));
  const auto held = verify();
  expect(held, Check::retention, CheckState::passed);
  must(log->append_now(must(Record::make("hold", {{"hold_id", "gel-1"}, {"event", "LIFTED"}, {"scope", json::object{{"practice", "cabinet-exemple"}}}}))));
  clock_.advance(days(10));
  expect(verify(), Check::retention, CheckState::failed, 0);
}

TEST_F(VerifyChecks, a_record_that_is_gone_needs_its_certificate) {
  auto log = open();
  for (int i = 0; i < 3; ++i) must(log->append_now(security_record(i)));
  must(destroy(*log, order("CONTRACT_END", whole(1)), {}));
  const auto report = verify();
  EXPECT_TRUE(report.verified()) << report.to_text();
  EXPECT_EQ(report.gone_records, 1u);
}

TEST_F(VerifyChecks, a_bundle_brings_the_destructions_that_explain_it) {
  {
    auto log = open();
    append_life(*log, clock_);
    must(log->append_now(security_record(1)));
    must(destroy(*log, order("ERASURE_REQUEST", addresses(0, 0)), {}));
    must(destroy(*log, order("CONTRACT_END", whole(8)), {}));
  }
  const auto wanted = [](const StoredRecord& r) { return !r.is_gone() && r.open().value_or(json::object{}).contains("intervention") && !r.open()->at("intervention").is_null(); };
  const auto count = must(export_bundle(*must(open_folder(data())), folder_.path() / "bundle", wanted));
  EXPECT_EQ(count.records, 9u) << "eight of the intervention and one destruction; the other destruction is about nothing here";
  const auto report = must(verify_bundle(folder_.path() / "bundle", {.now = clock_.now()}));
  EXPECT_TRUE(report.verified()) << report.to_text();
  EXPECT_EQ(report.closed_fields, 1u);
}

// The clock of the witness stands still while the log's goes on, or the other way round.
class VerifyTimes : public VerifyChecks {
 protected:
  void cosign(Log& log, const char* name, char seed, Clock& clock) {
    CosignatureStore store(log);
    const auto signer = witness_signer(name, seed);
    must(store.enrol_now(signer.verifier()));
    const auto note = must(peek_checkpoint(log.latest_checkpoint()));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
    must(store.add_now(note.size, signer.cosign_line(note.text(), static_cast<std::uint64_t>(seconds))));
  }
  SteppingClock other_;
};

TEST_F(VerifyTimes, a_record_dated_after_its_witness_is_found) {
  auto log = open();
  must(log->append_now(enrolment_of(witness_signer().verifier())));
  must(log->append_now(security_record(1)));
  clock_.advance(std::chrono::hours(3));
  must(log->append_now(security_record(2)));  // dated three hours ahead of the witness
  cosign(*log, "witness.cabinet-exemple", 2, other_);
  expect(verify(), Check::times, CheckState::failed, 2);
}

TEST_F(VerifyTimes, a_record_dated_before_a_checkpoint_without_it_is_found) {
  auto log = open();
  must(log->append_now(enrolment_of(witness_signer().verifier())));
  other_.advance(std::chrono::hours(5));
  cosign(*log, "witness.cabinet-exemple", 2, other_);
  must(log->append_now(security_record(1)));  // written after the cosignature, dated five hours before it
  expect(verify(), Check::times, CheckState::failed, 1);
}

TEST_F(VerifyTimes, one_wrong_clock_among_three_is_doubted_itself) {
  auto log = open();
  for (char seed : {'\x02', '\x03', '\x04'}) must(log->append_now(enrolment_of(witness_signer("witness." + std::to_string(seed), seed).verifier())));
  clock_.advance(std::chrono::hours(3));
  must(log->append_now(security_record(1)));
  cosign(*log, "witness.2", 2, clock_);
  cosign(*log, "witness.3", 3, clock_);
  cosign(*log, "witness.4", 4, other_);
  const auto report = verify();
  expect(report, Check::times, CheckState::passed);
  EXPECT_TRUE(std::any_of(report.remarks.begin(), report.remarks.end(), [](const auto& r) { return r.check == Check::times; }));
}

TEST_F(VerifyTimes, a_witness_whose_key_was_never_logged_is_found) {
  auto log = open();
  must(log->append_now(security_record(1)));
  cosign(*log, "witness.cabinet-exemple", 2, clock_);
  expect(verify(), Check::enrolment, CheckState::failed);
  must(log->append_now(enrolment_of(witness_signer().verifier())));
  expect(verify(), Check::enrolment, CheckState::failed, 1);
}

TEST_F(VerifyTimes, the_verifiers_own_policy_decides_what_is_enough) {
  auto log = open();
  for (char seed : {'\x02', '\x03'}) must(log->append_now(enrolment_of(witness_signer("witness." + std::to_string(seed), seed).verifier())));
  cosign(*log, "witness.2", 2, clock_);
  const auto w2 = witness_signer("witness.2", 2).verifier(), w3 = witness_signer("witness.3", 3).verifier();
  const std::string both = "log " + log->verifier().text() + "\nwitness a " + w2.text() + "\nwitness b " + w3.text() + "\n";
  const auto policy = [&](const char* quorum) { return must(Policy::parse(both + "group g " + quorum + " a b\nquorum g\n")); };
  expect(verify({.policy = policy("any")}), Check::witnesses, CheckState::passed);
  expect(verify({.policy = policy("all")}), Check::witnesses, CheckState::failed);
  cosign(*log, "witness.3", 3, clock_);
  expect(verify({.policy = policy("all")}), Check::witnesses, CheckState::passed);
  const auto other = must(Policy::parse("log " + log_signer("audit.autre.example/log", 9).verifier().text() + "\nwitness a " + w2.text() + "\nquorum a\n"));
  expect(verify({.policy = other}), Check::witnesses, CheckState::failed);
}

TEST_F(VerifyChecks, critical_work_with_one_person_is_found) {
  auto log = open();
  put(*log, clock_, "consent", {{"criticality", "CRITICAL"}, {"minutes", 20}});
  put(*log, clock_, "session_open", {{"deadline", to_utc(clock_.now() + std::chrono::minutes(20))}});
  put(*log, clock_, "connection", {{"event", "JOINED"}, {"operator", "alice"}});
  put(*log, clock_, "session_end", {{"started_at", to_utc(clock_.now())}, {"active_seconds", 0}});
  EXPECT_TRUE(verify().verified()) << "alone, the input never flowed\n" << verify().to_text();
  put(*log, clock_, "session_end", {{"started_at", to_utc(clock_.now())}, {"active_seconds", 60}});
  expect(verify(), Check::life, CheckState::failed, 4);
}

TEST_F(VerifyChecks, critical_work_with_two_people_is_right) {
  auto log = open();
  put(*log, clock_, "consent", {{"pair_required", true}, {"minutes", 20}});
  put(*log, clock_, "session_open", {{"deadline", to_utc(clock_.now() + std::chrono::minutes(20))}});
  for (auto who : {"alice", "bruno"}) put(*log, clock_, "connection", {{"event", "JOINED"}, {"operator", who}});
  put(*log, clock_, "session_end", {{"started_at", to_utc(clock_.now())}, {"active_seconds", 60}});
  EXPECT_TRUE(verify().verified()) << verify().to_text();
}

TEST_F(VerifyChecks, a_consent_and_a_request_need_a_result) {
  auto log = open();
  put(*log, clock_, "request", {{"lapse_at", to_utc(clock_.now() + std::chrono::hours(1))}});
  put(*log, clock_, "consent", {{"minutes", 20}}, intervention_b);
  EXPECT_TRUE(verify().verified()) << verify().to_text();
  clock_.advance(std::chrono::hours(27));
  must(log->append_now(security_record(1)));
  const auto late = verify();
  EXPECT_EQ(std::count_if(late.findings.begin(), late.findings.end(), [](const auto& f) { return f.check == Check::life; }), 2) << late.to_text();
  put(*log, clock_, "lapse", {});
  put(*log, clock_, "recovery", {}, intervention_b);
  EXPECT_TRUE(verify().verified()) << verify().to_text();
}

TEST_F(VerifyChecks, one_record_is_judged_by_the_checks_that_apply_to_it) {
  auto log = open();
  const auto a = must(log->append_now(security_record(1)));
  const auto proof = must(log->proof_of(a.index)).text();
  const auto text = print_disclosures(must(log->record(a.index)));
  const auto good = verify_proof(proof, text, log->verifier(), {.now = clock_.now()});
  EXPECT_TRUE(good.verified()) << good.to_text();
  expect(good, Check::records, CheckState::passed);
  expect(good, Check::life, CheckState::not_applicable);
  expect(verify_proof(proof, text, log->verifier(), {.now = clock_.now() + days(152)}), Check::retention, CheckState::failed, 0);
  expect(verify_proof(proof, text, log_signer("audit.editeur.example/log", 7).verifier(), {}), Check::signature, CheckState::failed);
  must(destroy(*log, order("ERASURE_REQUEST", addresses(0, 0)), {}));
  const auto closed = print_disclosures(must(log->record(a.index)));
  expect(verify_proof(proof, closed, log->verifier(), {.now = clock_.now()}), Check::destruction, CheckState::failed, 0);
  EXPECT_TRUE(verify_proof(proof, closed, log->verifier(), {.now = clock_.now() + days(150)}).verified());
}

// A bundle as this product wrote it before: one file a record, no older checkpoints.
TEST_F(VerifyChecks, a_bundle_made_earlier_still_verifies) {
  make_sample_data(data(), clock_, random_, 300);
  const auto bundle = folder_.path() / "bundle";
  must(export_bundle(*must(open_folder(data())), bundle, [](const StoredRecord&) { return true; }));
  for (const auto& pack : {"000.jsonl", "001.jsonl"}) {
    const auto text = must(io::read_file(bundle / "records" / pack, 1 << 26));
    std::filesystem::remove(bundle / "records" / pack);
    for (std::size_t at = 0, end; (end = text.find('\n', at)) != text.npos; at = end + 1) {
      const auto line = text.substr(at, end - at);
      const auto index = line.substr(9, line.find(',') - 9);
      must(io::write_file(bundle / "records" / (index + ".json"), line, io::FileMode::everyone_reads));
    }
  }
  const auto report = must(verify_bundle(bundle, {.now = clock_.now()}));
  EXPECT_TRUE(report.verified()) << report.to_text();
  EXPECT_EQ(report.records, 309u);
}

}  // namespace
}  // namespace pontlevis::audit::test
