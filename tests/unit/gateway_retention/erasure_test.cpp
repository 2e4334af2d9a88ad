// Erasure on request and health data that came unasked: the words go from every record and every copy, and only they
// (requirements A27, B33, T1, T12).
#include "gateway/retention/quarantine.hpp"
#include "tests/unit/gateway_retention/retention_fixture.hpp"

namespace pontlevis::gateway {
namespace {

using audit::FieldClass;

class ErasureTest : public GatewayRetentionTest {
 protected:
  json::object erase(json::object what) {
    what["reason"] = "ERASURE_REQUEST";
    what["words"] = "demande de la personne";
    return must("erase", std::move(what));
  }
};

TEST_F(ErasureTest, one_field_takes_its_words_along_wherever_they_stand) {
  const auto id = closed_one();
  const auto index = index_of(id, "request");
  const auto before = openings();
  erase({{"record", index}, {"field", "reason"}});
  EXPECT_EQ(look(id).request.reason, "(effacé sur demande)");
  EXPECT_EQ(look(id).request.planned_tasks, asked().planned_tasks);
  for (const auto& record : *core->log->find(id)) EXPECT_EQ(json::serialize(*record.open()).find(words), std::string::npos) << record.type();
  EXPECT_TRUE(fields_open(index, FieldClass::person));
  EXPECT_EQ(found_in_files({words}), 0u);
  EXPECT_LT(openings().size(), before.size());
  EXPECT_EQ(verification(), "");
}

TEST_F(ErasureTest, an_intervention_loses_its_people_and_keeps_its_row) {
  const auto id = closed_one();
  auto canaries = openings(FieldClass::statement);
  erase({{"intervention", id.text()}});
  EXPECT_EQ(found_in_files({"CANARI"}), 0u);
  for (const auto& record : *core->log->find(id))
    for (const auto& field : record.fields)
      if (record.type() != "destruction" && field.cls != FieldClass::open) EXPECT_FALSE(field.is_open()) << record.type() << " " << field.name;
  EXPECT_EQ(look(id).state, State::closed);
  EXPECT_EQ(verification(), "");
}

TEST_F(ErasureTest, one_class_leaves_the_others) {
  const auto id = closed_one();
  erase({{"intervention", id.text()}, {"class", "text"}});
  const auto index = index_of(id, "request");
  EXPECT_FALSE(fields_open(index, FieldClass::text));
  EXPECT_TRUE(fields_open(index, FieldClass::person));
}

TEST_F(ErasureTest, a_whole_record_keeps_its_entry_alone) {
  failed_sign_in("203.0.113.77");
  const auto index = core->log->size() - 1;
  erase({{"record", index}, {"whole_record", true}});
  EXPECT_TRUE(core->log->record(index)->is_gone());
  EXPECT_EQ(verification(), "");
}

TEST_F(ErasureTest, the_certificate_says_who_and_why_and_shows_its_proof) {
  const auto id = closed_one();
  const auto certificates = erase({{"intervention", id.text()}}).at("certificates").as_array();
  ASSERT_EQ(certificates.size(), 1u);
  const auto whole = must("certificate show", {{"id", certificates[0]}});
  EXPECT_EQ(text_of(whole, "reason"), "ERASURE_REQUEST");
  EXPECT_EQ(text_of(whole, "operator"), "dpo");
  EXPECT_TRUE(text_of(whole, "proof").starts_with("c2sp.org/tlog-proof@v1"));
  const auto listed = must("certificate list", {{"intervention", id.text()}}).at("items").as_array();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_FALSE(text_of(must("certificate text", {{"id", certificates[0]}, {"language", "fr"}}), "text").empty());
  EXPECT_EQ(text_of(told.back(), "intervention"), id.text());
  // The vendor's words stay out of the log.
  for (const auto& record : *core->log->records(0, core->log->size())) EXPECT_EQ(json::serialize(*record.open()).find("demande de la personne"), std::string::npos);
}

TEST_F(ErasureTest, what_is_said_wrong_is_refused) {
  const auto wrong = [&](json::object what) {
    what["words"] = "";
    if (!what.contains("reason")) what["reason"] = "ERASURE_REQUEST";
    return refused("erase", std::move(what));
  };
  EXPECT_NE(wrong({}).find("exactly one"), std::string::npos);
  EXPECT_NE(wrong({{"record", 1}, {"practice", practice.text()}}).find("exactly one"), std::string::npos);
  EXPECT_NE(wrong({{"record", 1}, {"reason", "RETENTION"}}).find("reason"), std::string::npos);
  EXPECT_NE(wrong({{"record", 1}, {"field", "x"}, {"class", "text"}}).find("neither"), std::string::npos);
  EXPECT_NE(wrong({{"record", 0}, {"field", "type"}}).find("names nobody"), std::string::npos);
  EXPECT_NE(wrong({{"record", 0}, {"field", "aucun"}}).find("does not exist"), std::string::npos);
  EXPECT_NE(wrong({{"practice", practice.text()}}).find("contract"), std::string::npos);
}

TEST_F(ErasureTest, what_is_going_on_is_not_erased) {
  const auto id = ask();
  EXPECT_NE(refused("erase", {{"intervention", id.text()}, {"reason", "ERASURE_REQUEST"}, {"words", ""}}).find("still going on"), std::string::npos);
}

TEST_F(ErasureTest, exports_go_with_what_is_erased) {
  const auto exports = folder.root / "exports";
  ASSERT_TRUE(io::make_private_folder(exports));
  ASSERT_TRUE(io::write_file(exports / "courante-2026-12-22.csv", words, io::FileMode::owner_only));
  const auto id = closed_one();
  ASSERT_TRUE(io::write_file(exports / "rights-7.2026-12-20.answer.json", "{\"intervention\":\"" + id.text() + "\"}", io::FileMode::owner_only));
  ASSERT_TRUE(io::write_file(exports / "rights-8.2026-12-20.answer.json", "{}", io::FileMode::owner_only));
  erase({{"intervention", id.text()}});
  EXPECT_FALSE(std::filesystem::exists(exports / "courante-2026-12-22.csv"));
  EXPECT_FALSE(std::filesystem::exists(exports / "rights-7.2026-12-20.answer.json"));
  EXPECT_TRUE(std::filesystem::exists(exports / "rights-8.2026-12-20.answer.json"));  // owed to somebody, about something else
}

// ---- health data that came unasked ----

TEST_F(ErasureTest, a_field_in_quarantine_is_shown_nowhere_and_then_destroyed) {
  const auto id = closed_one();
  const auto index = index_of(id, "request");
  const auto found = must("spontaneous-data quarantine", {{"record", index}, {"field", "reason"}});
  EXPECT_EQ(text_of(found, "state"), "QUARANTINED");
  EXPECT_EQ(look(id).request.reason, "(effacé sur demande)");
  auto record = *core->log->record(index);
  ASSERT_TRUE(Quarantine(*core->store).hide(record));
  EXPECT_FALSE(record.open()->contains("reason"));
  EXPECT_TRUE(audit::check_record(record));
  EXPECT_NE(refused("spontaneous-data quarantine", {{"record", index}, {"field", "reason"}}).find("already"), std::string::npos);
  const auto gone = must("spontaneous-data destroy", {{"id", text_of(found, "id")}});
  EXPECT_EQ(text_of(gone, "state"), "DESTROYED");
  EXPECT_EQ(text_of(told.back(), "reason"), "SPONTANEOUS_HEALTH_DATA");
  EXPECT_EQ(text_of(told.back(), "certificate_id"), text_of(gone, "certificate"));
  EXPECT_EQ(found_in_files({words}), 0u);
  EXPECT_EQ(verification(), "");
}

TEST_F(ErasureTest, a_sweep_finds_a_social_security_number_of_before_the_rule) {
  auto record = security_record("signin_failed", "web", "alice", "", "dossier 1 85 05 78 006 084 91", practice);
  ASSERT_TRUE(run(core->append(std::move(record))));
  failed_sign_in("203.0.113.77");
  const auto found = must("spontaneous-data sweep").at("items").as_array();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(text_of(found[0].as_object(), "field"), "detail");
  EXPECT_EQ(text_of(found[0].as_object(), "rule"), "NIR");
  EXPECT_TRUE(must("spontaneous-data sweep").at("items").as_array().empty());
  EXPECT_EQ(must("spontaneous-data list").at("items").as_array().size(), 1u);
}

}  // namespace
}  // namespace pontlevis::gateway
