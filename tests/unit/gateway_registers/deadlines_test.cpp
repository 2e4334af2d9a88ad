// Days as the law counts them (requirements T7, B22), and bells that ring once.
#include "gateway/registers/common/deadlines.hpp"
#include "tests/unit/gateway_registers/registers_fixture.hpp"

namespace pontlevis::gateway {
namespace {

std::string due_of(std::string_view received) { return to_date(first_due(*from_utc(received))); }

TEST(Deadlines, a_request_of_31_january_is_due_on_28_february) { EXPECT_EQ(due_of("2027-01-31T09:00:00.000Z"), "2027-02-28"); }
TEST(Deadlines, in_a_leap_year_on_29_february) { EXPECT_EQ(due_of("2028-01-31T09:00:00.000Z"), "2028-02-29"); }
TEST(Deadlines, thirty_days_where_the_month_is_longer) { EXPECT_EQ(due_of("2026-12-10T23:59:59.999Z"), "2027-01-09"); }
TEST(Deadlines, a_request_of_february_has_one_month) { EXPECT_EQ(due_of("2027-02-10T00:00:00.000Z"), "2027-03-10"); }

TEST(Deadlines, sixty_days_in_all_after_an_extension) { EXPECT_EQ(to_date(extended_due(*from_utc("2027-01-31T09:00:00.000Z"))), "2027-04-01"); }

TEST(Deadlines, the_month_of_a_final_report_keeps_the_hour) {
  EXPECT_EQ(to_utc(month_after(*from_utc("2026-11-22T10:30:00.000Z"))), "2026-12-22T10:30:00.000Z");
  EXPECT_EQ(to_utc(month_after(*from_utc("2026-12-31T10:30:00.000Z"))), "2027-01-31T10:30:00.000Z");
}

TEST(Deadlines, a_day_ends_with_its_last_millisecond) {
  EXPECT_EQ(to_utc(end_of_day(*from_date("2027-02-28"))), "2027-02-28T23:59:59.999Z");
  EXPECT_EQ(days_until(*from_date("2027-02-28"), *from_utc("2027-02-28T23:00:00.000Z")), 0);
  EXPECT_EQ(days_until(*from_date("2027-02-28"), *from_utc("2027-03-02T01:00:00.000Z")), -2);
}

class BellTest : public RegistersTest {};

TEST_F(BellTest, it_rings_at_each_mark_once_and_once_when_it_is_over) {
  const Time due = clock.now() + std::chrono::days(10);
  const auto look = [&] { ASSERT_TRUE(bell->look("breach", "n1", due, bell_days)); };
  look();
  EXPECT_EQ(rung.size(), 1u) << "a clock that begins is seen";
  rung.clear();
  for (int day = 1; day <= 12; ++day) {
    clock.advance(std::chrono::days(1));
    look();
    look();
  }
  ASSERT_EQ(rung.size(), 4u);  // 7, 3 and 1 days before, and late
  EXPECT_FALSE(rung[2].late);
  EXPECT_TRUE(rung[3].late);
}

TEST_F(BellTest, a_restart_rings_nothing_twice_and_only_the_latest_of_what_was_missed) {
  const Time due = clock.now() + std::chrono::days(10);
  clock.advance(std::chrono::days(8));
  ASSERT_TRUE(bell->look("hold", "n2", due, bell_days));
  ASSERT_EQ(rung.size(), 1u);
  rung.clear();
  restart();
  ASSERT_TRUE(bell->look("hold", "n2", due, bell_days));
  EXPECT_TRUE(rung.empty());
}

}  // namespace
}  // namespace pontlevis::gateway
