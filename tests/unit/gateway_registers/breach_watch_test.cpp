// Drafts that open themselves: which acts, how often, never a flood (requirements B06).
#include "gateway/records.hpp"
#include "gateway/registers/breach/breach_triggers.hpp"
#include "protocol/json_values.hpp"
#include "tests/unit/gateway_registers/registers_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class WatchTest : public RegistersTest {
 protected:
  void security(std::string_view event, const std::string& subject = "", const std::string& detail = "", bool of_practice = false) {
    ASSERT_TRUE(core->log->append_now(*security_record(event, "web", subject, "192.0.2.7", detail, of_practice ? std::optional(practice) : std::nullopt)));
  }
  json::array drafts() {
    const auto page = breaches->list(true, {200, ""});
    if (!page) throw std::runtime_error(page.error().text());
    return page->at("items").as_array();
  }
  std::vector<std::string> causes() {
    std::vector<std::string> out;
    for (const auto& draft : drafts()) out.emplace_back(draft.at("cause").as_string());
    return out;
  }
};

TEST_F(WatchTest, an_account_locked_three_times_in_a_day_is_a_draft) {
  for (int i = 0; i < 2; ++i) security("locked", "alice");
  security("locked", "bob");
  house();
  EXPECT_TRUE(drafts().empty());
  security("locked", "alice");
  house();
  EXPECT_EQ(causes(), std::vector<std::string>{"repeated_locks"});
  const auto text = json::serialize(drafts().at(0));
  EXPECT_EQ(text.find("alice"), std::string::npos) << "a draft names nobody";
  EXPECT_EQ(text.find("192.0.2.7"), std::string::npos) << "nor an address";
}

TEST_F(WatchTest, the_next_day_counts_anew) {
  for (int i = 0; i < 2; ++i) security("locked", "alice");
  clock.advance(std::chrono::days(1));
  security("locked", "alice");
  house();
  EXPECT_TRUE(drafts().empty());
}

TEST_F(WatchTest, a_hundred_of_the_same_are_one_draft_a_day) {
  for (int i = 0; i < 100; ++i) security("source_locked");
  house();
  EXPECT_EQ(causes(), std::vector<std::string>{"password_guessing"});
  EXPECT_LE(drafts().at(0).at("evidence").as_array().size(), 100u);
  EXPECT_EQ(mails.size(), 1u) << "compliance is told once";
}

TEST_F(WatchTest, a_witness_that_refuses_is_an_alarm_but_saying_its_size_is_not) {
  security("witness_refused", "", "status 409", true);
  house();
  EXPECT_TRUE(drafts().empty());
  security("witness_refused", "", "status 422", true);
  house();
  EXPECT_EQ(causes(), std::vector<std::string>{"witness_alarm"});
  EXPECT_EQ(drafts().at(0).at("affected_practices").as_array(), (json::array{practice.text()}));
}

TEST_F(WatchTest, a_witness_alarm_in_the_log_opens_a_draft) {
  ASSERT_TRUE(core->log->append_now(*audit::Record::make("witness_alarm", {{"witness", "witness.cabinet-exemple"}, {"cause", "TWO_HISTORIES"}, {"size", 3}})));
  house();
  ASSERT_EQ(causes(), std::vector<std::string>{"witness_alarm"});
  EXPECT_NE(text_of(drafts().at(0).at("evidence").at(0).as_object(), "what").find("TWO_HISTORIES"), std::string::npos);
}

TEST_F(WatchTest, three_forbidden_frames_of_one_practice_are_a_draft) {
  for (int i = 0; i < 3; ++i) security("bad_frame", "", "is out of phase", true);
  house();
  EXPECT_EQ(causes(), std::vector<std::string>{"bad_frames"});
}

TEST_F(WatchTest, what_another_area_says_opens_a_draft_at_once_and_is_recorded_soon) {
  core->signals.trouble("log_damaged", {{"index", 7}, {"check", "records"}});
  ASSERT_EQ(causes(), std::vector<std::string>{"log_damaged"});
  EXPECT_EQ(drafts().at(0).at("evidence").at(0).at("index").to_number<int>(), 7);
  EXPECT_TRUE(drafts().at(0).at("steps").at(0).at("index").is_null());
  house();
  EXPECT_TRUE(drafts().at(0).at("steps").at(0).at("index").is_number());
  const auto record = last_record("breach");
  EXPECT_EQ(text_of(record, "event"), "DRAFTED");
  EXPECT_EQ(text_of(record, "cause"), "log_damaged");
  EXPECT_TRUE(record.at("done_by").is_null());
}

TEST_F(WatchTest, a_log_that_takes_nothing_is_a_draft_that_is_recorded_after_the_restart) {
  core->log->enqueue([](sqlite::Database&) -> Result<> { return fail(Errc::io, "rigged"); }, [](Result<>) {});
  ASSERT_TRUE(until([&] { return !core->log->healthy(); }));
  house();
  ASSERT_EQ(causes(), std::vector<std::string>{"log_failed"});
  EXPECT_TRUE(drafts().at(0).at("steps").at(0).at("index").is_null());
  restart();
  house();
  EXPECT_TRUE(drafts().at(0).at("steps").at(0).at("index").is_number());
  EXPECT_EQ(count_records("breach"), 1u);
}

TEST_F(WatchTest, after_a_restart_the_same_day_opens_nothing_twice) {
  for (int i = 0; i < 3; ++i) security("locked", "alice");
  house();
  restart();
  house();
  EXPECT_EQ(drafts().size(), 1u);
  EXPECT_EQ(drafts().at(0).at("evidence").as_array().size(), 1u);
}

TEST_F(WatchTest, a_dismissed_draft_stays_dismissed_that_day) {
  for (int i = 0; i < 3; ++i) security("locked", "alice");
  house();
  const auto id = text_of(drafts().at(0).as_object(), "id");
  done(*breaches, &BreachDesk::dismiss, id, {{"reason", "Nouveau téléphone, vérifié avec elle."}});
  security("locked", "alice");
  house();
  EXPECT_TRUE(drafts().empty());
}

TEST_F(WatchTest, a_draft_nobody_looks_at_rings_after_a_day) {
  core->signals.trouble("log_damaged", {});
  clock.advance(std::chrono::hours(25));
  house();
  ASSERT_FALSE(rung.empty());
  EXPECT_TRUE(rung.back().late);
}

TEST(Triggers, an_unknown_word_is_a_doubt_about_the_log) {
  EXPECT_EQ(trigger_of("something_else").word, "doubt");
  EXPECT_EQ(trigger_of("something_else").type, BreachType::integrity);
}

}  // namespace
}  // namespace pontlevis::gateway
