// What of a record is about one person, and who else stays out (GDPR 15(4)).
#include "gateway/registers/rights/rights_files.hpp"
#include "gateway/registers/rights/rights_person.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"
#include "tests/doubles/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace pontlevis::gateway {
namespace {

class PersonTest : public testing::Test {
 protected:
  audit::StoredRecord stored(std::string_view type, const json::object& fields) {
    const auto record = audit::Record::make(type, fields);
    EXPECT_TRUE(record) << record.error().text();
    audit::StoredRecord out;
    for (const auto& field : record->fields(*from_utc("2026-11-22T10:00:00.000Z"))) {
      const auto disclosure = audit::disclose(field, random);
      out.fields.push_back({field.name, field.cls, std::nullopt, disclosure, audit::disclosure_digest(disclosure)});
    }
    return out;
  }
  std::string about(std::string_view type, const json::object& fields, const PersonSought& person) {
    const auto found = about_person(stored(type, fields), person);
    EXPECT_TRUE(found) << found.error().text();
    std::string out;
    if (*found)
      for (const auto& field : (*found)->fields) out += field.name + "=" + json::serialize(field.value) + "\n";
    return out;
  }
  io::SystemRandom random;
  json::array two{json::object{{"login", "alice"}, {"name", "Alice Exemple"}}, json::object{{"login", "bob"}, {"name", "Bob Exemple"}}};
};

TEST_F(PersonTest, of_several_operators_only_the_one) {
  const auto text = about("request", {{"participants", two}, {"requested_by", "bob"}, {"reason", "texte de bob"}}, PersonSought("alice", ""));
  EXPECT_NE(text.find("Alice Exemple"), std::string::npos);
  EXPECT_EQ(text.find("Bob"), std::string::npos);
  EXPECT_EQ(text.find("texte de bob"), std::string::npos);
}

TEST_F(PersonTest, whose_act_it_is_gets_its_texts_and_addresses) {
  const auto text = about("request", {{"participants", two}, {"requested_by", "alice"}, {"reason", "texte d'alice"}, {"source_ip", "192.0.2.9"}}, PersonSought("alice", ""));
  EXPECT_NE(text.find("texte d'alice"), std::string::npos);
  EXPECT_NE(text.find("192.0.2.9"), std::string::npos);
}

TEST_F(PersonTest, a_name_is_the_same_whatever_its_case_and_blanks) {
  const json::object fields{{"author", json::object{{"login", "docteur"}, {"name", "Docteur Exemple"}}}, {"text", "merci"}};
  EXPECT_NE(about("comment", fields, PersonSought("", " docteur   EXEMPLE ")).find("merci"), std::string::npos);
  EXPECT_EQ(about("comment", fields, PersonSought("", "Docteur")), "");
}

TEST_F(PersonTest, a_signed_statement_names_others_and_stays_out) {
  const auto record = stored("refusal", {{"approver", json::object{{"login", "docteur"}, {"name", "Docteur Exemple"}}}, {"statement", "note avec d'autres personnes"}});
  const auto found = about_person(record, PersonSought("docteur", ""));
  ASSERT_TRUE(found && *found);
  for (const auto& field : (*found)->fields) EXPECT_NE(field.name, "statement");
}

TEST_F(PersonTest, an_empty_name_is_nobody) {
  EXPECT_EQ(about("security", {{"event", "locked"}, {"subject", ""}}, PersonSought("", "")), "");
}

TEST_F(PersonTest, files_hold_no_formula_and_are_the_owners_alone) {
  test::TemporaryFolder folder;
  FoundFiles files(folder.path() / "exports", "00000000-0000-4000-8000-000000000000", {{"held", json::array{}}}, *from_utc("2026-11-22T10:00:00.000Z"));
  ASSERT_TRUE(files.add({7, "report", "2026-11-22T10:00:00.000Z", "", "cabinet-exemple", {{"tasks_summary", audit::FieldClass::text, "=HYPERLINK(\"x\")"}}}));
  const auto made = files.finish();
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_EQ(made->size(), 4u);
  for (const auto& file : *made) {
    EXPECT_NE(file.place.find("2026-12-19"), std::string::npos) << "28 days with the first one";
    const auto path = folder.path() / "exports" / file.place;
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  const auto csv = io::read_file(folder.path() / "exports" / (*made)[1].place);
  ASSERT_TRUE(csv);
  EXPECT_NE(csv->find("\"'=HYPERLINK(\"\"x\"\")\""), std::string::npos) << *csv;
}

}  // namespace
}  // namespace pontlevis::gateway
