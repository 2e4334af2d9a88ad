// The practice's own memory forgets at its day, and says so.
#include "agent/retention.hpp"

#include "tests/unit/agent/practice_fixture.hpp"

namespace pontlevis::agent {
namespace {

class RetentionOfThePractice : public PracticeTest {
 protected:
  PageStore page_store = *PageStore::open(folder.path());
  std::unique_ptr<JournalRetention> retention = *JournalRetention::make(*journal, store, page_store, folder.path(), clock);
  audit::PurgeReport purge() {
    auto report = run(retention->run_once());
    EXPECT_TRUE(report) << report.error().text();
    for (const auto& failure : report->failures) ADD_FAILURE() << failure.text();
    return *std::move(report);
  }
};

TEST_F(RetentionOfThePractice, names_and_words_go_after_their_term_with_the_copies_of_them) {
  const auto asked = alice_asks();
  const auto& id = asked.intervention;
  ASSERT_TRUE(store.keep_request(asked));
  ASSERT_TRUE(page_store.put_line(id.text(), to_utc(clock.now()), "CLOSED", {{"intervention", id.text()}, {"person_in_charge", "Prénom alice"}}));
  ASSERT_TRUE(consent(asked));
  EXPECT_TRUE(destroyed_of(journal->log(), *journal->facts_of(id))->empty());
  EXPECT_EQ(purge().fields, 0u);
  EXPECT_TRUE(*page_store.line(id.text()));

  clock.advance(std::chrono::days(1827));
  const auto report = purge();
  ASSERT_EQ(report.destroyed.size(), 1u);
  EXPECT_EQ(report.destroyed[0].fields.at("state"), json::value("FINAL")) << "no backup holds its keys";
  for (const auto& record : *journal->facts_of(id))
    for (const auto& field : record.fields) EXPECT_EQ(field.is_open(), field.cls == audit::FieldClass::open) << field.name;
  EXPECT_FALSE(*page_store.line(id.text()));
  EXPECT_FALSE(*store.request(id));
  const auto destroyed = *destroyed_of(journal->log(), *journal->facts_of(id));
  ASSERT_EQ(destroyed.size(), 1u);
  EXPECT_EQ(destroyed[0].at("certificate"), json::value(report.destroyed[0].id));
  EXPECT_EQ(destroyed[0].at("at"), report.destroyed[0].fields.at("performed_at"));
  const auto fields = json::serialize(destroyed[0].at("fields"));
  EXPECT_NE(fields.find("\"approver\""), fields.npos) << fields;
  EXPECT_EQ(purge().fields, 0u) << "once";
}

TEST_F(RetentionOfThePractice, a_refused_request_is_forgotten_after_a_year_and_an_accepted_one_is_not) {
  const auto refused = alice_asks(), accepted = alice_asks();
  for (const auto* one : {&refused, &accepted}) ASSERT_TRUE(store.keep_request(*one));
  ASSERT_TRUE(page_store.put_line(refused.intervention.text(), to_utc(clock.now()), "REFUSED", {{"intervention", refused.intervention.text()}}));
  ASSERT_TRUE(page_store.put_line(accepted.intervention.text(), to_utc(clock.now()), "CLOSED", {{"intervention", accepted.intervention.text()}}));
  clock.advance(std::chrono::days(364));
  purge();
  EXPECT_TRUE(*page_store.line(refused.intervention.text()));
  clock.advance(std::chrono::days(2));
  purge();
  EXPECT_FALSE(*page_store.line(refused.intervention.text()));
  EXPECT_FALSE(*store.request(refused.intervention));
  EXPECT_TRUE(*page_store.line(accepted.intervention.text()));
  EXPECT_TRUE(*store.request(accepted.intervention));
}

}  // namespace
}  // namespace pontlevis::agent
