// What was closed five years ago goes from the store, and the log says so (requirements B16, B20).
#include "gateway/registers/common/old_cases.hpp"
#include "protocol/json_values.hpp"
#include "tests/unit/gateway_registers/registers_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class OldCasesTest : public RegistersTest {
 protected:
  void SetUp() override {
    RegistersTest::SetUp();
    old.emplace(*core);
    ASSERT_TRUE(old->open());
    id = text_of(done(*rights, &RightsDesk::receive, "", {{"type", "OBJECTION"}, {"channel", "POST"}, {"requester", "Canari Exemple"}, {"requester_status", "OTHER"}, {"contact", ""}, {"text", ""}, {"practice", nullptr}, {"received_at", "2026-11-22"}}), "id");
  }
  void close() { done(*rights, &RightsDesk::answer, id, {{"outcome", "NOTHING_HELD"}, {"words", ""}, {"language", "fr"}}); }
  void sweep() { run(ended(old->keep_house())); }
  bool there() { return rights->file(id, "").error().code == Errc::not_found && act(*rights, &RightsDesk::show, id, {}).has_value(); }
  std::optional<OldCases> old;
  std::string id;
};

TEST_F(OldCasesTest, a_case_goes_five_years_after_it_was_closed_and_not_before) {
  close();
  clock.advance(std::chrono::days(1826));
  sweep();
  EXPECT_TRUE(there());
  clock.advance(std::chrono::days(1));
  sweep();
  EXPECT_FALSE(there());
  const auto record = last_record("destruction");
  EXPECT_EQ(text_of(record, "retention_class"), "RIGHTS_REQUEST");
  EXPECT_EQ(text_of(record, "verification_result"), "ABSENT");
  EXPECT_EQ(text_of(record, "state"), "FINAL");
  const auto bytes = io::read_file(folder.store(), 64u << 20);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->find("Canari Exemple"), std::string::npos);
}

TEST_F(OldCasesTest, an_open_case_stays_however_old) {
  clock.advance(std::chrono::days(4000));
  sweep();
  EXPECT_TRUE(there());
  EXPECT_EQ(count_records("destruction"), 0u);
}

TEST_F(OldCasesTest, with_backups_it_is_final_only_when_they_are_over) {
  ASSERT_TRUE(core->options.set("backup.folder", "/tmp", "test"));
  close();
  clock.advance(std::chrono::days(1827));
  sweep();
  const auto partial = last_record("destruction");
  EXPECT_EQ(text_of(partial, "state"), "PARTIAL");
  clock.advance(std::chrono::days(29));
  sweep();
  EXPECT_EQ(count_records("destruction"), 1u);
  clock.advance(std::chrono::days(2));
  sweep();
  const auto final_one = last_record("destruction");
  EXPECT_EQ(text_of(final_one, "state"), "FINAL");
  EXPECT_EQ(text_of(final_one, "completes"), text_of(partial, "certificate_id"));
}

}  // namespace
}  // namespace pontlevis::gateway
