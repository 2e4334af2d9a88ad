// The index against the plainest search there is, over rows and questions made at random; and what it forgets.
#include "gateway/review/review_index.hpp"

#include <gtest/gtest.h>

#include <random>

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

struct Kinds { WordKind kind; WordCode first; int count; };
constexpr Kinds kinds[] = {{WordKind::practice, 1, 40}, {WordKind::system, 101, 8}, {WordKind::state, 201, 5}, {WordKind::outcome, 301, 3}, {WordKind::end, 401, 4},
                           {WordKind::purpose, 501, 2}, {WordKind::criticality, 601, 3}, {WordKind::tool, 701, 4}, {WordKind::nonconformity, 801, 2}, {WordKind::person, 901, 12}};

class ReviewIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto& k : kinds)
      for (int i = 0; i < k.count; ++i) index.put_word({k.first + static_cast<WordCode>(i), k.kind, "w" + std::to_string(k.first + static_cast<WordCode>(i)), "Mot"});
  }
  int pick(int below) { return std::uniform_int_distribution(0, below - 1)(random); }
  WordCode any(WordKind kind, bool maybe = false) {
    for (const auto& k : kinds)
      if (k.kind == kind) return maybe && pick(2) ? 0 : k.first + static_cast<WordCode>(pick(k.count));
    return 0;
  }
  ReviewRow make(std::uint32_t number) {
    ReviewRow r;
    r.number = number;
    char id[64];
    std::snprintf(id, sizeof id, "%08x-0000-4000-8000-%012x", static_cast<unsigned>(random()), number);
    r.id = id;
    r.requested_at = 1'700'000'000'000 + number * 60'000LL + pick(3) * 20'000;
    if (pick(2)) r.active_seconds = pick(5000);
    r.practice = any(WordKind::practice), r.system = any(WordKind::system), r.purpose = any(WordKind::purpose), r.criticality = any(WordKind::criticality);
    r.pair = pick(4) == 0, r.emergency = pick(9) == 0;
    r.ticket = "T-" + std::to_string(pick(2000));
    change(r);
    return r;
  }
  void change(ReviewRow& r) {
    r.state = any(WordKind::state), r.outcome = any(WordKind::outcome, true), r.end = any(WordKind::end, true);
    r.watched = pick(3) == 0 ? std::optional<bool>() : std::optional(pick(2) == 0);
    r.in_charge = any(WordKind::person);
    r.people = {r.in_charge};
    r.tools = {any(WordKind::tool)};
    r.nonconformities.clear();
    if (pick(5) == 0) r.nonconformities.push_back(any(WordKind::nonconformity));
    if (pick(3) == 0) r.people.push_back(any(WordKind::person));
  }
  ReviewQuery question() {
    ReviewQuery q;
    for (const auto& k : kinds)
      if (pick(6) == 0) q.words.push_back(any(k.kind));
    if (pick(3) == 0) q.from = 1'700'000'000'000 + pick(1000) * 60'000LL;
    if (pick(3) == 0) q.until = 1'700'000'000'000 + pick(1000) * 60'000LL;
    q.emergency = pick(8) == 0, q.pair = pick(8) == 0, q.not_watched = pick(8) == 0, q.any_nonconformity = pick(8) == 0, q.no_outcome = pick(8) == 0;
    if (pick(5) == 0) q.text = pick(2) ? "T-1" + std::to_string(pick(9)) : rows.begin()->second.id.substr(0, 1);
    return q;
  }
  static bool has(const ReviewRow& r, WordCode code) {
    const auto in = [&](const auto& list) { return std::find(list.begin(), list.end(), code) != list.end(); };
    return code == r.practice || code == r.system || code == r.state || code == r.outcome || code == r.end || code == r.purpose || code == r.criticality || in(r.tools) ||
           in(r.nonconformities) || in(r.people);
  }
  static bool fits(const ReviewRow& r, const ReviewQuery& q) {
    if (q.from && r.requested_at < *q.from) return false;
    if (q.until && r.requested_at >= *q.until) return false;
    for (auto code : q.words)
      if (!has(r, code)) return false;
    return (!q.emergency || r.emergency) && (!q.pair || r.pair) && (!q.not_watched || r.watched == false) && (!q.any_nonconformity || !r.nonconformities.empty()) &&
           (!q.no_outcome || !r.outcome) && (q.text.empty() || r.ticket.starts_with(q.text) || r.id.starts_with(q.text));
  }
  std::vector<std::uint32_t> plainly(const ReviewQuery& q) const {
    std::vector<std::uint32_t> out;
    for (auto at = rows.rbegin(); at != rows.rend(); ++at)
      if (fits(at->second, q)) out.push_back(at->first);
    return out;
  }
  void put(const ReviewRow& row) { rows[row.number] = row, index.put(row); }
  void expect_the_same(int times) {
    for (int i = 0; i < times; ++i) {
      const auto q = question();
      const auto want = plainly(q);
      const auto got = index.find(q);
      ASSERT_EQ(got.cardinality(), want.size());
      ASSERT_EQ(highest(got, UINT32_MAX, 10'000), want);
    }
  }

  std::mt19937 random{20261122};
  ReviewIndex index;
  std::map<std::uint32_t, ReviewRow> rows;
};

TEST_F(ReviewIndexTest, finds_what_a_plain_search_finds) {
  for (std::uint32_t n = 1; n <= 1000; ++n) put(make(n));
  expect_the_same(300);
}

TEST_F(ReviewIndexTest, follows_every_change_and_every_row_that_goes) {
  for (std::uint32_t n = 1; n <= 400; ++n) put(make(n));
  for (int i = 0; i < 300; ++i) {
    auto row = rows.at(1 + static_cast<std::uint32_t>(pick(400)));
    change(row);
    put(row);
  }
  for (std::uint32_t n = 1; n <= 400; n += 7) index.remove(n), rows.erase(n);
  expect_the_same(200);
  EXPECT_EQ(index.size(), rows.size());
}

// The clock of the machine was set back once: days are still exact.
TEST_F(ReviewIndexTest, a_clock_that_went_back_costs_time_and_no_row) {
  for (std::uint32_t n = 1; n <= 300; ++n) {
    auto row = make(n);
    if (n > 150) row.requested_at -= 7'200'000;
    put(row);
  }
  expect_the_same(200);
}

TEST_F(ReviewIndexTest, pages_follow_each_other_without_a_gap) {
  for (std::uint32_t n = 1; n <= 500; ++n) put(make(n));
  ReviewQuery q;
  q.words = {201};
  const auto all = index.find(q);
  std::vector<std::uint32_t> seen;
  for (std::uint32_t below = UINT32_MAX;;) {
    const auto page = highest(all, below, 7);
    if (page.empty()) break;
    seen.insert(seen.end(), page.begin(), page.end());
    below = page.back();
  }
  EXPECT_EQ(seen, plainly(q));
}

TEST_F(ReviewIndexTest, a_name_goes_with_the_last_row_that_has_it) {
  auto one = make(1), two = make(2);
  one.people = {901}, one.in_charge = 901;
  two.people = {901, 902}, two.in_charge = 902;
  put(one), put(two);
  two.people.clear(), two.in_charge = 0;
  put(two);
  EXPECT_FALSE(index.knows(902));
  EXPECT_TRUE(index.knows(901));
  EXPECT_EQ(index.code(WordKind::person, "w902"), 0u);
  one.people.clear(), one.in_charge = 0;
  put(one);
  EXPECT_FALSE(index.knows(901));
}

TEST_F(ReviewIndexTest, marks_are_found_while_they_are_open) {
  for (std::uint32_t n = 1; n <= 10; ++n) put(make(n));
  index.set_seen(3), index.set_seen(4);
  index.set_open(4, 1, 0), index.set_open(5, 0, 2);
  const auto with = [&](MarkSought mark) {
    ReviewQuery q;
    q.mark = mark;
    return highest(index.find(q), UINT32_MAX, 100);
  };
  EXPECT_EQ(with(MarkSought::seen), (std::vector<std::uint32_t>{4, 3}));
  EXPECT_EQ(with(MarkSought::question), std::vector<std::uint32_t>{4});
  EXPECT_EQ(with(MarkSought::finding), std::vector<std::uint32_t>{5});
  EXPECT_EQ(with(MarkSought::unseen).size(), 8u);
  index.set_open(5, 0, 0);
  EXPECT_TRUE(with(MarkSought::finding).empty());
}

TEST(ParisHour, follows_the_change_of_clocks) {
  const auto hour = [](const char* utc) { return paris_hour_of_week(from_utc(utc)->time_since_epoch().count()); };
  EXPECT_EQ(hour("2026-11-23T08:30:00.000Z"), 9u);             // Monday, winter: one hour ahead
  EXPECT_EQ(hour("2026-07-06T08:30:00.000Z"), 10u);            // Monday, summer: two
  EXPECT_EQ(hour("2026-10-25T00:30:00.000Z"), 6u * 24 + 2);    // Sunday, before the change
  EXPECT_EQ(hour("2026-10-25T01:30:00.000Z"), 6u * 24 + 2);    // and after it: two o'clock twice
  EXPECT_EQ(hour("2026-11-22T23:10:00.000Z"), 0u);             // midnight in Paris is Monday already
}

}  // namespace
}  // namespace pontlevis::gateway
