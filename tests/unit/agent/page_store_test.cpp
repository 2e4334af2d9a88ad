#include "agent/page/page_store.hpp"

#include <gtest/gtest.h>

#include "tests/unit/agent/practice_fixture.hpp"

namespace pontlevis::agent {
namespace {

class PageStoreTest : public testing::Test {
 protected:
  void put(const std::string& id, const std::string& at, const std::string& who, const std::string& state = "CLOSED", bool reported = true) {
    ASSERT_TRUE(store.put_line(id, at, state, {{"intervention", id}, {"person_in_charge", who}, {"system", "Serveur du cabinet"}, {"ticket", "DOS-42"},
                                               {"reported", reported}, {"duration_seconds", 90}}));
  }
  std::size_t found(LineQuery query) { return store.lines(query).value().total; }
  TemporaryFolder folder;
  PageStore store = std::move(PageStore::open(folder.path())).value();
};

TEST_F(PageStoreTest, a_search_finds_by_any_word_without_regard_to_case_or_accents_case) {
  put("a", "2026-03-01T10:00:00.000Z", "Élodie Exemple");
  put("b", "2026-03-02T10:00:00.000Z", "Bruno Exemple");
  EXPECT_EQ(found({.text = "élodie", .from = {}, .to = {}, .state = {}}), 1u);
  EXPECT_EQ(found({.text = "ÉLODIE", .from = {}, .to = {}, .state = {}}), 1u);
  EXPECT_EQ(found({.text = "exemple", .from = {}, .to = {}, .state = {}}), 2u);
  EXPECT_EQ(found({.text = "100%", .from = {}, .to = {}, .state = {}}), 0u) << "a percent sign is one";
  EXPECT_EQ(found({.text = "_", .from = {}, .to = {}, .state = {}}), 0u);
}

TEST_F(PageStoreTest, dates_take_both_their_days_in) {
  put("a", "2026-03-01T10:00:00.000Z", "A");
  put("b", "2026-03-02T23:59:59.999Z", "B");
  EXPECT_EQ(found({.text = {}, .from = "2026-03-01", .to = "2026-03-02", .state = {}}), 2u);
  EXPECT_EQ(found({.text = {}, .from = "2026-03-02", .to = "2026-03-02", .state = {}}), 1u);
  EXPECT_EQ(found({.text = {}, .from = "2026-03-03", .to = {}, .state = {}}), 0u);
}

TEST_F(PageStoreTest, the_newest_comes_first_page_by_page) {
  for (int i = 10; i < 99; ++i) put("id" + std::to_string(i), "2026-03-01T10:00:00.0" + std::to_string(i) + "Z", "A");
  const auto first = store.lines({}).value(), second = store.lines({.text = {}, .from = {}, .to = {}, .state = {}, .offset = 50}).value();
  EXPECT_EQ(first.total, 89u);
  EXPECT_EQ(first.lines.size(), 50u);
  EXPECT_EQ(first.lines.front().at("intervention").as_string(), "id98");
  EXPECT_EQ(second.lines.size(), 39u);
}

TEST_F(PageStoreTest, a_report_is_news_until_somebody_has_read_it) {
  put("a", "2026-03-01T10:00:00.000Z", "A");
  EXPECT_EQ(store.unread().value().size(), 1u);
  ASSERT_TRUE(store.mark_read("a", *Login::parse("dr-exemple"), Time{}));
  EXPECT_EQ(store.unread().value().size(), 0u);
}

TEST_F(PageStoreTest, a_year_is_counted_by_day) {
  put("a", "2026-03-01T10:00:00.000Z", "A");
  put("b", "2026-03-01T12:00:00.000Z", "A");
  put("c", "2025-03-01T12:00:00.000Z", "A");
  const auto days = store.days("2026").value();
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].at("count").as_int64(), 2);
  EXPECT_EQ(days[0].at("minutes").as_int64(), 4);
}

}  // namespace
}  // namespace pontlevis::agent
