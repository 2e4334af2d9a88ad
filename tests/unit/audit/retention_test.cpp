// Time travel over the terms of the schema: everything goes at its day, nothing before, with a certificate each.
#include "audit/retention.hpp"

#include <future>

#include "tests/unit/audit/memory_support.hpp"

namespace pontlevis::audit::test {
namespace {

using std::chrono::days;

class RetentionTest : public MemoryTest {
 protected:
  static PurgeReport purge(Log& log, const Clock& clock, Holds holds = {}, RetentionSettings settings = {}) {
    auto out = must(must(Retention::make(log, std::move(settings), std::move(holds))).run(clock.now()));
    for (const auto& failure : out.failures) ADD_FAILURE() << failure.text();
    return out;
  }
  static std::size_t open_fields(const Log& log, FieldClass cls) {
    std::size_t out = 0;
    for (const auto& record : must(log.records(0, log.size())))
      for (const auto& f : record.fields) out += f.cls == cls && f.is_open() && f.expires_on && text_of(must(record.open()), "type") != "destruction";
    return out;
  }
};

TEST_F(RetentionTest, each_field_goes_at_its_day_and_not_before) {
  auto log = open();
  const auto start = clock_.now();
  append_life(*log, clock_);
  put(*log, clock_, "refusal", {{"approver", "Dr Camille Exemple"}, {"comment", "pas aujourd'hui"}});
  must(log->append_now(security_record(1)));
  const auto at = [&](int day) { clock_.advance(start + days(day) + std::chrono::hours(1) - clock_.now()); };
  at(149);
  EXPECT_EQ(purge(*log, clock_).fields, 0u);
  EXPECT_EQ(log->size(), 10u) << "a day without anything due leaves no record";
  at(150);
  const auto ips = purge(*log, clock_);
  ASSERT_EQ(ips.destroyed.size(), 1u);
  EXPECT_EQ(ips.destroyed[0].fields.at("rule"), json::value("ip-150-days"));
  EXPECT_EQ(ips.destroyed[0].fields.at("reason"), json::value("IP_6_MONTHS"));
  EXPECT_EQ(open_fields(*log, FieldClass::ip), 0u);
  EXPECT_EQ(purge(*log, clock_).fields, 0u) << "idempotent";
  at(180);
  const auto security = purge(*log, clock_);
  ASSERT_EQ(security.destroyed.size(), 1u);
  EXPECT_EQ(security.destroyed[0].fields.at("rule"), json::value("security-180-days"));
  EXPECT_FALSE(field(must(log->record(9)), "subject").is_open());
  EXPECT_TRUE(field(must(log->record(8)), "comment").is_open());
  at(365);
  EXPECT_EQ(must(certificate(*log, purge(*log, clock_).destroyed.at(0).index)).fields.at("rule"), json::value("request-1-year"));
  EXPECT_FALSE(field(must(log->record(8)), "comment").is_open());
  EXPECT_TRUE(field(must(log->record(0)), "reason").is_open());
  expect_verified();
  at(1825);
  EXPECT_EQ(purge(*log, clock_).fields, 0u);
  at(1826);
  const auto last = purge(*log, clock_);
  ASSERT_EQ(last.destroyed.size(), 1u);
  EXPECT_EQ(last.destroyed[0].fields.at("rule"), json::value("intervention-5-years"));
  for (auto cls : {FieldClass::person, FieldClass::text, FieldClass::statement, FieldClass::ip}) EXPECT_EQ(open_fields(*log, cls), 0u);
  for (LeafIndex i = 0; i < log->size(); ++i) expect_proved(*log, i);
  EXPECT_TRUE(field(must(log->record(0)), "purpose").is_open()) << "what is not personal stays";
  expect_verified();
}

TEST_F(RetentionTest, what_was_destroyed_is_in_no_byte_of_any_file) {
  auto log = open();
  append_life(*log, clock_);
  std::vector<std::string> canaries;
  for (const auto& record : must(log->records(0, 8)))
    for (const auto& f : record.fields)
      if (f.cls == FieldClass::ip) canaries.push_back(f.disclosure.substr(0, 32));
  clock_.advance(days(151));
  EXPECT_EQ(purge(*log, clock_).fields, canaries.size());
  for (const auto& canary : canaries) EXPECT_TRUE(files_with(data(), canary).empty());
}

TEST_F(RetentionTest, a_hold_keeps_names_but_never_addresses_and_is_said) {
  auto log = open();
  append_life(*log, clock_);
  append_life(*log, clock_, intervention_b);
  clock_.advance(days(1830));
  std::size_t asked_about_ips = 0;
  const Holds hold = [&](const DueField& due) -> std::optional<std::string> {
    asked_about_ips += due.cls == FieldClass::ip;
    return due.intervention == intervention_a ? std::optional<std::string>("gel-7") : std::nullopt;
  };
  const auto report = purge(*log, clock_, hold);
  EXPECT_EQ(asked_about_ips, 0u);
  EXPECT_GT(report.deferred, 0u);
  EXPECT_EQ(open_fields(*log, FieldClass::ip), 0u);
  EXPECT_TRUE(field(must(log->record(0)), "reason").is_open());
  EXPECT_FALSE(field(must(log->record(8)), "reason").is_open());
  bool said = false;
  for (const auto& made : report.destroyed)
    for (const auto& d : made.fields.at("deferrals").as_array()) said = said || d.at("ref") == json::value("gel-7");
  EXPECT_TRUE(said);
  const auto again = purge(*log, clock_, hold);
  EXPECT_EQ(again.fields, 0u);
  EXPECT_EQ(again.deferred, report.deferred);
  const auto lifted = purge(*log, clock_);
  EXPECT_EQ(lifted.fields, report.deferred);
  EXPECT_FALSE(field(must(log->record(0)), "reason").is_open());
}

// A held record in the middle splits the range: a certificate never claims what it left.
TEST_F(RetentionTest, a_scope_claims_exactly_what_went) {
  auto log = open();
  for (int i = 0; i < 9; ++i) must(log->append_now(security_record(i)));
  clock_.advance(days(181));
  const auto report = purge(*log, clock_, [](const DueField& due) { return due.index == 4 ? std::optional<std::string>("demande-3") : std::nullopt; });
  for (const auto& made : report.destroyed) {
    const auto claim = must(read_claim(made.fields));
    for (LeafIndex i = 0; i < 9; ++i) {
      const auto record = must(log->record(i));
      for (const auto& f : record.fields)
        if (f.is_open()) EXPECT_FALSE(std::ranges::any_of(claim.scope, [&](const auto& s) { return s.covers(i, *record.open(), f.cls, f.name); })) << i << " " << f.name;
    }
  }
  EXPECT_TRUE(field(must(log->record(4)), "subject").is_open());
  EXPECT_FALSE(field(must(log->record(4)), "source_ip").is_open());
}

TEST_F(RetentionTest, no_setting_passes_the_ceiling) {
  auto log = open();
  EXPECT_EQ(Retention::make(*log, {.look_at = {}, .keys_in_backups = days(31)}).error().code, Errc::not_allowed);
  EXPECT_TRUE(Retention::make(*log, {.look_at = {}, .keys_in_backups = days(30)}));
}

TEST_F(RetentionTest, partial_certificates_are_completed_by_a_later_run) {
  auto log = open();
  must(log->append_now(security_record(1)));
  clock_.advance(days(150));
  const RetentionSettings week{.look_at = {}, .keys_in_backups = days(7)};
  const auto first = purge(*log, clock_, {}, week);
  ASSERT_EQ(first.destroyed.size(), 1u);
  EXPECT_EQ(first.destroyed[0].fields.at("state"), json::value("PARTIAL"));
  clock_.advance(days(8));
  const auto second = purge(*log, clock_, {}, week);
  ASSERT_EQ(second.completed.size(), 1u);
  EXPECT_EQ(second.completed[0].fields.at("completes"), json::value(first.destroyed[0].id));
}

TEST_F(RetentionTest, it_counts_what_is_due_and_what_is_oldest) {
  auto log = open();
  append_life(*log, clock_);
  const auto retention = must(Retention::make(*log, {}));
  EXPECT_TRUE(must(retention.due(clock_.now())).empty());
  EXPECT_EQ(must(retention.oldest_day(FieldClass::ip)), "2027-04-21");
  const auto all = must(retention.due(clock_.now() + days(4000)));
  std::uint64_t ips = 0;
  for (const auto& group : all) ips += group.cls == FieldClass::ip ? group.fields : 0;
  EXPECT_EQ(ips, open_fields(*log, FieldClass::ip));
  clock_.advance(days(150));
  EXPECT_EQ(must(retention.due(clock_.now())).size(), 1u);
}

TEST_F(RetentionTest, ten_thousand_addresses_go_in_one_run) {
  auto log = open();
  constexpr int n = 10'000;
  std::atomic<int> left{n};
  std::promise<void> all;
  for (int i = 0; i < n; ++i) {
    while (i - (n - left) > 3000) std::this_thread::yield();
    log->append(security_record(i), [&](Result<Appended> r) {
      EXPECT_TRUE(r);
      if (--left == 0) all.set_value();
    });
  }
  all.get_future().get();
  clock_.advance(days(150));
  const auto begun = std::chrono::steady_clock::now();
  const auto report = purge(*log, clock_);
  const auto took = std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begun);
  expect_verified();
  EXPECT_EQ(report.fields, static_cast<std::uint64_t>(n));
  ASSERT_EQ(report.destroyed.size(), 1u);
  EXPECT_EQ(must(read_claim(report.destroyed[0].fields)).scope.size(), 1u) << "one range";
  EXPECT_LT(took, std::chrono::seconds(60));
  RecordProperty("milliseconds", static_cast<int>(took.count()));
  for (LeafIndex i = 0; i < n; i += 997) expect_proved(*log, i);
}

}  // namespace
}  // namespace pontlevis::audit::test
