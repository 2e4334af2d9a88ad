// The gateway's own daily look at its whole log: when it happens, what it says, who hears of what it finds.
#include "tests/unit/gateway_witnesses/witnesses_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class DailyVerificationTest : public WitnessesTest {
 protected:
  void purge_is_done() { core->signals.clock(ClockNotice{"purge", to_date(clock.now()), clock.now(), false, true}); }
  json::value said() const { return area->log_state().at("verification"); }
  bool verifies() {
    const auto before = said();
    run_house();
    return until([&] { return said() != before; });
  }
  // What somebody with the disk in hands does, past every rule of the program.
  void alter(sqlite::Sql sql) {
    auto db = sqlite::Database::open(core->folder.log() / "log.db", audit::store::options(sqlite::Access::read_write, sqlite::Check::none));
    ASSERT_TRUE(db) << db.error().text();
    const auto done = db->script(sql);
    ASSERT_TRUE(done) << done.error().text();
  }
  std::vector<std::string> words() const {
    std::vector<std::string> out;
    for (const auto& [word, facts] : troubles) out.push_back(word);
    return out;
  }
};

TEST_F(DailyVerificationTest, follows_the_days_destruction_and_is_shown_with_the_log) {
  grow(3);
  run_house();
  EXPECT_TRUE(said().is_null()) << "nothing was due";
  purge_is_done();
  ASSERT_TRUE(verifies());
  const json::object good{{"at", to_utc(clock.now())}, {"verified", true}, {"findings", 0}, {"what", nullptr}};
  EXPECT_EQ(said(), json::value(good));
  clock.advance(std::chrono::hours(20));
  run_house();
  EXPECT_EQ(said(), json::value(good)) << "once a destruction";
  restart();
  EXPECT_EQ(said(), json::value(good)) << "a restart remembers it";
  EXPECT_TRUE(troubles.empty());
}

TEST_F(DailyVerificationTest, happens_without_a_destruction_after_26_hours) {
  clock.advance(std::chrono::hours(26));
  run_house();
  EXPECT_TRUE(said().is_null());
  clock.advance(std::chrono::minutes(1));
  ASSERT_TRUE(verifies());
  EXPECT_TRUE(said().at("verified").as_bool());
}

TEST_F(DailyVerificationTest, a_changed_record_is_an_alarm_that_names_it) {
  grow(4);
  alter("UPDATE fields SET expires_on = '2099-01-01' WHERE idx = 2 AND class <> 'open'; UPDATE records SET type = 'session_end' WHERE idx = 2");
  purge_is_done();
  ASSERT_TRUE(verifies());
  EXPECT_FALSE(said().at("verified").as_bool());
  EXPECT_EQ(std::string(said().at("what").as_string()).find("records, record 2: "), 0u) << said();
  ASSERT_EQ(words(), std::vector<std::string>{"log_damaged"});
  EXPECT_EQ(troubles[0].second.at("index"), json::value(2));
  EXPECT_EQ(troubles[0].second.at("check"), json::value("records"));
}

TEST_F(DailyVerificationTest, what_is_kept_past_its_day_is_lateness_and_no_damage) {
  const auto wire = connect();
  ask();
  clock.advance(std::chrono::days(200));  // and nobody destroyed
  ASSERT_TRUE(verifies());
  EXPECT_FALSE(said().at("verified").as_bool());
  EXPECT_EQ(words(), std::vector<std::string>{"retention_late"});
}

TEST_F(DailyVerificationTest, a_gateway_that_stops_neither_waits_for_it_nor_takes_it_for_damage) {
  area->stop();
  purge_is_done();
  run_house();
  EXPECT_TRUE(said().is_null());
  EXPECT_TRUE(troubles.empty());
}

}  // namespace
}  // namespace pontlevis::gateway
