// The day's destruction with a moved clock: addresses after 150 days, interventions after five years, nothing before, and
// nothing left in any file (requirements A24, B16, T4, T5, T14).
#include "tests/unit/gateway_retention/retention_fixture.hpp"

namespace pontlevis::gateway {
namespace {

using audit::FieldClass;

TEST_F(GatewayRetentionTest, an_address_goes_on_its_day_and_not_before) {
  failed_sign_in("203.0.113.77");
  const auto addresses = openings(FieldClass::ip);
  ASSERT_EQ(addresses.size(), 1u);
  wait_days(149);
  EXPECT_EQ(must("retention run").at("destroyed").to_number<int>(), 0);
  EXPECT_EQ(openings(FieldClass::ip).size(), 1u);
  wait_days(1);
  const auto ran = must("retention run");
  EXPECT_EQ(ran.at("destroyed").to_number<int>(), 1);
  EXPECT_TRUE(openings(FieldClass::ip).empty());
  EXPECT_EQ(found_in_files(addresses), 0u);
  EXPECT_EQ(verification(), "");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(text_of(told[0], "reason"), "IP_6_MONTHS");
  EXPECT_TRUE(must("retention state").at("oldest_ip").is_null());
}

TEST_F(GatewayRetentionTest, the_event_stays_thirty_days_longer_without_its_address) {
  failed_sign_in("203.0.113.77");
  const auto index = core->log->size() - 1;
  wait_days(150);
  must("retention run");
  EXPECT_TRUE(fields_open(index, FieldClass::person));
  wait_days(30);
  must("retention run");
  EXPECT_FALSE(fields_open(index, FieldClass::person));
  EXPECT_FALSE(fields_open(index, FieldClass::text));
}

TEST_F(GatewayRetentionTest, after_five_years_nobody_stands_in_an_intervention_and_no_file_holds_its_words) {
  const auto id = closed_one();
  must("retention run");
  ASSERT_EQ(look(id).request.reason, words);
  auto canaries = openings();
  canaries.insert(canaries.end(), {"CANARI", "Docteur Exemple", "Personne alice"});
  live_days(1826);
  must("retention run");
  EXPECT_EQ(found_in_files(canaries), 0u);
  const auto& left = look(id);
  EXPECT_EQ(left.request.reason, "(effacé à son terme)");
  EXPECT_EQ(left.request.practice, practice);
  EXPECT_EQ(left.state, State::closed);
  EXPECT_FALSE(left.names(login("alice")));
  for (const auto& fact : *core->interventions.facts_of(id)) EXPECT_TRUE(fact.body.empty());
  EXPECT_EQ(verification(), "");
}

TEST_F(GatewayRetentionTest, who_listens_learns_which_interventions_lost_their_people) {
  const auto id = closed_one();
  live_days(1826);
  must("retention run");
  const auto named = std::any_of(told.begin(), told.end(), [&](const auto& fields) {
    const auto& ids = fields.at("interventions").as_array();
    return std::find(ids.begin(), ids.end(), json::value(id.text())) != ids.end();
  });
  EXPECT_TRUE(named);
}

TEST_F(GatewayRetentionTest, what_was_refused_is_kept_one_year_in_store_and_log) {
  const auto id = ask();
  const auto request = index_of(id, "request");
  must_take(state_fact(FrameKind::refusal, id, sign("refusal", body(id, {{"request_sha256", request_sha256(look(id).request)}, {"approver", json::object{{"login", "docteur"}, {"name", "Docteur Exemple"}, {"role", "OWNER"}, {"auth", "password"}}}, {"why", ""}}))));
  core->interventions.forget_done();
  const auto canaries = openings(FieldClass::text);
  wait_days(150);
  must("retention run");
  wait_days(214);
  must("retention run");
  EXPECT_TRUE(look(id).names(login("alice")));
  EXPECT_TRUE(fields_open(request, FieldClass::text));
  wait_days(1);
  must("retention run");
  EXPECT_FALSE(look(id).names(login("alice")));
  EXPECT_FALSE(fields_open(request, FieldClass::text));
  EXPECT_FALSE(fields_open(request, FieldClass::person));
  EXPECT_EQ(found_in_files(canaries), 0u);
  EXPECT_EQ(verification(), "");
  const auto reasons = [this] {
    std::set<std::string> out;
    for (const auto& fields : told) out.insert(text_of(fields, "reason"));
    return out;
  };
  EXPECT_TRUE(reasons().contains("NEVER_OPENED"));
}

TEST_F(GatewayRetentionTest, what_was_opened_keeps_its_request_five_years) {
  const auto id = closed_one();
  wait_days(150);
  must("retention run");
  wait_days(300);
  must("retention run");
  EXPECT_TRUE(fields_open(index_of(id, "request"), FieldClass::text));
  EXPECT_TRUE(look(id).names(login("alice")));
}

TEST_F(GatewayRetentionTest, a_request_whose_copy_went_before_a_crash_goes_with_the_next_run) {
  const auto id = ask();
  const auto request = index_of(id, "request");
  must_take(state_fact(FrameKind::refusal, id, sign("refusal", body(id, {{"request_sha256", request_sha256(look(id).request)}, {"approver", json::object{{"login", "docteur"}, {"name", "Docteur Exemple"}, {"role", "OWNER"}, {"auth", "password"}}}, {"why", ""}}))));
  core->interventions.forget_done();
  wait_days(150);
  must("retention run");
  wait_days(215);
  // As the run leaves it between the copies and the log.
  KeptWords kept(*core->store);
  ASSERT_TRUE(kept.keep("never_opened", {{"indexes", json::array{request}}}));
  Copies copies(*core);
  ASSERT_TRUE(copies.strip(id));
  must("retention run");
  EXPECT_FALSE(fields_open(request, FieldClass::text));
  EXPECT_EQ(verification(), "");
}

TEST_F(GatewayRetentionTest, a_run_is_due_once_a_day_after_its_hour) {
  EXPECT_TRUE(area->purge().due());  // none ever ran
  must("retention run");
  EXPECT_FALSE(area->purge().due());
  clock.set_calendar(*from_utc("2026-11-23T02:59:00.000Z"));
  EXPECT_FALSE(area->purge().due());
  clock.set_calendar(*from_utc("2026-11-23T03:00:00.000Z"));
  EXPECT_TRUE(area->purge().due());
  EXPECT_TRUE(notices_of("purge").empty());
}

TEST_F(GatewayRetentionTest, a_missed_day_is_said_and_made_up) {
  failed_sign_in("203.0.113.77");
  must("retention run");
  wait_days(151);
  EXPECT_TRUE(area->purge().due());
  ASSERT_EQ(notices_of("purge").size(), 1u);
  EXPECT_TRUE(notices_of("purge")[0].late);
  EXPECT_TRUE(must("retention state").at("late").as_bool());
  must("retention run");
  EXPECT_TRUE(openings(FieldClass::ip).empty());
  EXPECT_FALSE(must("retention state").at("late").as_bool());
}

TEST_F(GatewayRetentionTest, a_second_run_finds_nothing_and_writes_nothing) {
  failed_sign_in("203.0.113.77");
  wait_days(150);
  must("retention run");
  const auto size = core->log->size();
  EXPECT_EQ(must("retention run").at("destroyed").to_number<int>(), 0);
  EXPECT_EQ(core->log->size(), size);
}

TEST_F(GatewayRetentionTest, a_backup_makes_the_certificate_partial_until_it_has_gone) {
  ASSERT_TRUE(core->options.set("backup.folder", (temporary.path() / "copies").string(), "test"));
  failed_sign_in("203.0.113.77");
  wait_days(150);
  must("retention run");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(text_of(told[0], "state"), "PARTIAL");
  const auto id = text_of(told[0], "certificate_id");
  wait_days(29);
  EXPECT_TRUE(must("retention run").at("completed").as_array().empty());
  wait_days(1);
  EXPECT_EQ(must("retention run").at("completed").as_array().size(), 1u);
  const auto rows = must("certificate list").at("items").as_array();
  const auto first = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return text_of(row.as_object(), "id") == id; });
  ASSERT_NE(first, rows.end());
  EXPECT_EQ(text_of(first->as_object(), "state"), "FINAL");
}

TEST_F(GatewayRetentionTest, people_are_forgotten_a_month_after_their_card) {
  ASSERT_TRUE(core->vendor_register.trained(login("bob"), clock.now()));
  wait_days(329);
  must("retention run");
  EXPECT_TRUE(core->technicians.knows(login("bob")));
  wait_days(2);
  must("retention run");
  EXPECT_FALSE(core->technicians.knows(login("bob")));
  EXPECT_FALSE(core->vendor_register.trained_on(login("bob")));
  EXPECT_EQ(found_in_files({"Personne bob"}), 0u);
}

TEST_F(GatewayRetentionTest, an_export_goes_when_its_day_is_over) {
  const auto exports = folder.root / "exports";
  ASSERT_TRUE(io::make_private_folder(exports));
  for (auto name : {"courante-2026-11-22.csv", "courante-2026-11-30.csv"}) ASSERT_TRUE(io::write_file(exports / name, "CANARI", io::FileMode::owner_only));
  wait_days(1);
  must("retention run");
  EXPECT_FALSE(std::filesystem::exists(exports / "courante-2026-11-22.csv"));
  EXPECT_TRUE(std::filesystem::exists(exports / "courante-2026-11-30.csv"));
}

TEST_F(GatewayRetentionTest, a_log_that_was_put_aside_loses_what_is_due_and_gets_no_record) {
  failed_sign_in("203.0.113.77");
  const auto aside = folder.root / "log-closed-1";
  ASSERT_TRUE(io::make_private_folder(aside));
  ASSERT_TRUE(core->log->copy_log(aside / "log.db"));
  ASSERT_TRUE(core->log->copy_keys(aside / "keys.db"));
  std::filesystem::copy_file(folder.log_key(), folder.keys() / "log-closed-1.key");
  const auto size = core->log->size();
  live_days(151);
  must("retention run");
  EXPECT_EQ(text_of(last_record("destruction"), "retention_class"), "closed log");
  audit::LogSettings settings;
  settings.folder = aside;
  auto closed = audit::Log::open(std::move(settings), *NoteSigner::parse(*io::read_secret_file(folder.log_key())), clock, random);
  ASSERT_TRUE(closed) << closed.error().text();
  EXPECT_EQ((*closed)->size(), size);
  for (const auto& record : *(*closed)->records(0, size))
    for (const auto& field : record.fields)
      if (field.cls == FieldClass::ip) EXPECT_FALSE(field.is_open());
  EXPECT_EQ(verification(), "");
}

TEST_F(GatewayRetentionTest, what_a_log_that_is_behind_must_not_get_is_not_written) {
  core->log_closed = Error{Errc::unavailable, "is behind its witnesses", "log", {}};
  EXPECT_NE(refused("retention run").find("behind"), std::string::npos);
  EXPECT_NE(refused("erase", {{"record", 0}, {"class", "person"}, {"reason", "ERASURE_REQUEST"}, {"words", ""}}).find("behind"), std::string::npos);
}

}  // namespace
}  // namespace pontlevis::gateway
