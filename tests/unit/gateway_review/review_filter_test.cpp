// Filters as they come from an address or a body: one form each, and nothing else.
#include "gateway/review/filter.hpp"

#include <gtest/gtest.h>

namespace pontlevis::gateway {
namespace {

io::HttpRequest with(std::string query) {
  io::HttpRequest out;
  out.query = std::move(query);
  return out;
}

TEST(ReviewFilter, reads_what_the_contract_names_in_its_order) {
  const auto filter = ReviewFilter::from_query(with("text=T-1&practice=cabinet-exemple&from=2026-01-31&limit=5&cursor=7&emergency=true"));
  ASSERT_TRUE(filter) << filter.error().text();
  EXPECT_EQ(filter->text(), R"({"from":"2026-01-31","practice":"cabinet-exemple","emergency":"true","text":"T-1"})");
  const auto again = ReviewFilter::from_json(filter->json());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->text(), filter->text());
}

TEST(ReviewFilter, refuses_what_it_does_not_know) {
  for (const auto* query : {"colour=red", "from=31/01/2026", "from=2026-02-30", "emergency=false", "mark=MAYBE", "text=", "practice=a&practice=b", "text=%0a", "text=%ff"}) {
    const auto filter = ReviewFilter::from_query(with(query));
    EXPECT_FALSE(filter) << query;
    if (!filter) EXPECT_EQ(filter.error().code, Errc::bad_input) << query;
  }
  EXPECT_FALSE(ReviewFilter::from_query(with("text=" + std::string(201, 'a'))));
  EXPECT_FALSE(ReviewFilter::from_json({{"practice", 5}}));
  EXPECT_FALSE(ReviewFilter::from_json({{"limit", "5"}}));
}

TEST(ReviewFilter, days_are_those_of_paris_and_both_included) {
  ReviewIndex index;
  const auto filter = ReviewFilter::from_query(with("from=2026-03-29&until=2026-03-29"));
  ASSERT_TRUE(filter);
  const auto query = filter->resolve(index);
  EXPECT_EQ(*query.until - *query.from, 23 * 3'600'000) << "the day on which the clocks go forward has 23 hours";
}

TEST(ReviewFilter, a_word_that_no_row_has_finds_nothing) {
  ReviewIndex index;
  index.put_word({1, WordKind::practice, "cabinet-exemple", ""});
  EXPECT_FALSE(ReviewFilter::from_query(with("practice=cabinet-exemple"))->resolve(index).nothing);
  EXPECT_TRUE(ReviewFilter::from_query(with("practice=autre"))->resolve(index).nothing);
}

}  // namespace
}  // namespace pontlevis::gateway
