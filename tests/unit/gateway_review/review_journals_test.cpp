// Both journals: what the practice signed against what the gateway wrote; each way to differ is named.
#include "gateway/review/journals.hpp"

#include "gateway/records.hpp"
#include "tests/unit/gateway_review/review_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class JournalsTest : public ReviewTest {
 protected:
  std::vector<audit::StoredRecord> records_of(const InterventionId& id) { return *core->log->find(id); }
  JournalsCompared compare(const std::vector<audit::StoredRecord>& records) { return compare_journals(records, {practice_key.verifier()}); }
  // The disclosure of one field says something else.
  void say(audit::StoredRecord& record, std::string_view field, json::value value) {
    for (auto& f : record.fields)
      if (f.name == field) f.disclosure = audit::disclose({f.name, std::move(value), f.cls}, random);
  }
  audit::StoredRecord& of_type(std::vector<audit::StoredRecord>& records, std::string_view type) {
    for (auto& record : records)
      if (record.type() == type) return record;
    throw std::runtime_error("no such record");
  }
};

TEST_F(JournalsTest, an_honest_log_agrees) {
  const auto out = compare(records_of(whole()));
  EXPECT_TRUE(out.agree()) << json::serialize(to_json(out));
  EXPECT_EQ(out.facts, 4u) << "consent, opening, end, report received";
}

TEST_F(JournalsTest, a_field_that_is_not_what_was_signed_is_named) {
  auto records = records_of(whole());
  say(of_type(records, "consent"), "minutes", 480);
  const auto out = compare(records);
  ASSERT_EQ(out.differences.size(), 1u) << json::serialize(to_json(out));
  EXPECT_EQ(out.differences[0].what, DifferenceKind::value);
  EXPECT_EQ(out.differences[0].fact, "consent");
  EXPECT_EQ(out.differences[0].field, "minutes");
  EXPECT_EQ(out.differences[0].practice, json::value(30));
  EXPECT_EQ(out.differences[0].gateway, json::value(480));
}

TEST_F(JournalsTest, the_closed_row_must_say_what_the_end_said) {
  auto records = records_of(whole());
  say(of_type(records, "intervention"), "active_seconds", 5);
  const auto out = compare(records);
  ASSERT_EQ(out.differences.size(), 1u);
  EXPECT_EQ(out.differences[0].fact, "intervention");
  EXPECT_EQ(out.differences[0].field, "active_seconds");
}

TEST_F(JournalsTest, another_signature_and_none_are_named) {
  auto records = records_of(whole());
  const NoteSigner stranger("practice.cabinet-exemple", NoteKeyType::ed25519, Ed25519Key::generate(random));
  const auto signed_by_stranger = compare_journals(records, {stranger.verifier()});
  EXPECT_EQ(signed_by_stranger.facts, 0u);
  for (const auto& d : signed_by_stranger.differences) EXPECT_TRUE(d.what == DifferenceKind::bad_signature || d.what == DifferenceKind::missing_here);
  say(of_type(records, "session_end"), "statement", nullptr);
  const auto unsigned_end = compare(records);
  ASSERT_FALSE(unsigned_end.agree());
  EXPECT_EQ(unsigned_end.differences[0].what, DifferenceKind::not_signed);
  EXPECT_EQ(unsigned_end.differences[0].fact, "session_end");
}

TEST_F(JournalsTest, a_statement_that_is_gone_here_is_missed) {
  auto records = records_of(whole());
  std::erase_if(records, [](const auto& record) { return record.type() == "session_end"; });
  const auto out = compare(records);
  ASSERT_FALSE(out.agree());
  for (const auto& d : out.differences) EXPECT_EQ(d.what, DifferenceKind::missing_here);
}

TEST_F(JournalsTest, a_statement_destroyed_at_its_day_is_no_difference) {
  auto records = records_of(whole());
  for (auto& record : records)
    for (auto& field : record.fields)
      if (field.cls != audit::FieldClass::open) field.disclosure.clear(), field.unread = audit::FieldState::closed;
  const auto out = compare(records);
  EXPECT_TRUE(out.agree()) << json::serialize(to_json(out));
  EXPECT_EQ(out.closed, 4u);
}

}  // namespace
}  // namespace pontlevis::gateway
