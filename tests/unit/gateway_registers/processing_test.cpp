// The register of processing is what the running gateway is (requirements B31, §4.5, A06, A14).
#include "audit/schema.hpp"
#include "gateway/registers/common/record_words.hpp"
#include "protocol/json_values.hpp"
#include "tests/unit/gateway_registers/registers_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class ProcessingTest : public RegistersTest {
 protected:
  json::object show(std::string_view id, json::object words = {}) { return done(*processing, &ProcessingDesk::show, std::string(id), std::move(words)); }
  static std::string values(const json::object& whole, std::string_view field, const char* language = "value") {
    for (const auto& f : whole.at("fields").as_array())
      if (f.at("name").as_string() == field) return json::serialize(f.at(language));
    return {};
  }
};

TEST_F(ProcessingTest, both_entries_have_every_member_of_the_list) {
  const auto controller = show(traces_id), processor = show(systems_id);
  EXPECT_EQ(text_of(controller, "kind"), "RESPONSABLE");
  EXPECT_EQ(text_of(processor, "kind"), "SOUS_TRAITANT");
  for (const auto name : {"entry_kind", "category", "controller", "joint_controller", "representative", "dpo", "purposes", "legal_bases", "data_subjects", "data_categories", "sources",
                          "recipients", "subprocessors", "transfers", "retention", "security_measures", "dpia", "rights_procedure"})
    for (const auto* entry : {&controller, &processor}) {
      EXPECT_GT(values(*entry, name).size(), 4u) << name;
      EXPECT_GT(values(*entry, name, "value_en").size(), 4u) << name;
    }
  EXPECT_NE(values(processor, "processor").find("Éditeur Exemple"), std::string::npos);
  EXPECT_NE(values(processor, "processing_categories"), "");
}

TEST_F(ProcessingTest, it_says_what_runs) {
  const auto entry = show(traces_id);
  EXPECT_NE(values(entry, "dpo").find("dpo@vendor.example"), std::string::npos);
  EXPECT_NE(values(entry, "security_measures").find("TLS_AES_256_GCM_SHA384"), std::string::npos);
  EXPECT_NE(values(entry, "security_measures").find("curve25519-sha256"), std::string::npos);
  EXPECT_NE(values(entry, "retention").find("1826"), std::string::npos);
  EXPECT_NE(values(entry, "retention").find("150 jours"), std::string::npos);
  EXPECT_NE(values(entry, "transfers").find("FR"), std::string::npos);
}

TEST_F(ProcessingTest, every_kind_of_record_with_somebody_in_it_has_french_words) {
  for (const auto& schema : audit::schemas()) {
    const bool personal = std::any_of(schema.own.begin(), schema.own.end(), [](const auto& f) { return f.cls != audit::FieldClass::open; });
    if (personal && schema.type != "pause") EXPECT_NE(record_words(schema.type).fr, schema.type);
  }
}

TEST_F(ProcessingTest, the_same_facts_make_no_new_version) {
  show(traces_id);
  const auto before = count_records("register_entry");
  for (int day = 0; day < 3; ++day) {
    clock.advance(std::chrono::days(1));
    house();
  }
  EXPECT_EQ(before, 2u);
  EXPECT_EQ(count_records("register_entry"), 2u);
}

TEST_F(ProcessingTest, a_new_subprocessor_is_a_new_version_the_next_day_and_the_old_one_stays) {
  show(traces_id);
  ASSERT_TRUE(core->vendor_register.put({"support-exemple", "Support Exemple SA", "BE", "", "Assistance de nuit", Authorisation::authorised, clock.now()}));
  clock.advance(std::chrono::days(1));
  house();
  const auto entry = show(traces_id);
  EXPECT_EQ(entry.at("version").to_number<int>(), 2);
  EXPECT_NE(values(entry, "subprocessors").find("Support Exemple SA (BE)"), std::string::npos);
  EXPECT_EQ(values(show(traces_id, {{"version", 1}}), "subprocessors").find("Support Exemple"), std::string::npos);
  EXPECT_EQ(entry.at("versions").as_array().size(), 2u);
}

TEST_F(ProcessingTest, a_subprocessor_outside_the_eea_stands_under_transfers) {
  ASSERT_TRUE(core->vendor_register.put({"loin-exemple", "Loin Exemple Inc", "US", "clauses contractuelles types", "Outils", Authorisation::authorised, clock.now()}));
  EXPECT_NE(values(show(systems_id), "transfers").find("Loin Exemple Inc (US)"), std::string::npos);
}

TEST_F(ProcessingTest, a_changed_option_is_named_as_a_deviation) {
  ASSERT_TRUE(core->options.set("signin.tries", "9", "test"));
  const auto entry = show(traces_id);
  EXPECT_NE(values(entry, "security_measures").find("signin.tries"), std::string::npos);
  EXPECT_NE(values(entry, "security_measures").find("9 essais"), std::string::npos);
}

TEST_F(ProcessingTest, a_validation_is_recorded_with_the_hash_and_is_due_again_in_a_year) {
  const auto entry = show(traces_id);
  const auto validated = done(*processing, &ProcessingDesk::validate, std::string(traces_id), {{"version", 1}});
  EXPECT_EQ(text_of(validated, "validated_by"), "conformite");
  EXPECT_EQ(text_of(validated, "next_review_on"), "2027-11-22");
  const auto record = last_record("register_entry");
  EXPECT_EQ(text_of(record, "event"), "VALIDATED");
  EXPECT_EQ(text_of(record, "entry_sha256"), text_of(entry, "sha256"));
  rung.clear();
  clock.advance(std::chrono::days(360));
  house();
  ASSERT_EQ(rung.size(), 1u);
  EXPECT_EQ(rung[0].kind, "processing_entry");
  clock.advance(std::chrono::days(10));
  house();
  EXPECT_TRUE(rung.back().late);
  EXPECT_TRUE(show(traces_id).at("late").as_bool());
}

TEST_F(ProcessingTest, only_the_newest_version_can_be_validated) {
  show(traces_id);
  done(*processing, &ProcessingDesk::assess, std::string(traces_id), {{"required", true}, {"date", "2026-10-01"}, {"reference", "AIPD-3"}});
  EXPECT_EQ(refused(*processing, &ProcessingDesk::validate, std::string(traces_id), {{"version", 1}}), Errc::conflict);
  EXPECT_NE(values(show(traces_id), "dpia").find("AIPD-3"), std::string::npos);
  EXPECT_EQ(refused(*processing, &ProcessingDesk::validate, "other", {{"version", 1}}), Errc::not_found);
}

TEST_F(ProcessingTest, the_page_is_escaped_and_lists_the_practices) {
  ASSERT_TRUE(core->vendor_register.put(Settings{"<script>dpo", "1 rue d'Exemple", {"Équipe <b>"}, "1"}));
  const auto page = run(processing->page(std::string(systems_id), 0, Tongue::french));
  ASSERT_TRUE(page) << page.error().text();
  EXPECT_EQ(page->find("<script>"), std::string::npos);
  EXPECT_NE(page->find("&lt;script&gt;dpo"), std::string::npos);
  EXPECT_NE(page->find("Cabinet Exemple"), std::string::npos);
  EXPECT_NE(page->find("lang=\"fr\""), std::string::npos);
}

TEST_F(ProcessingTest, a_practice_gets_its_own_entry_and_the_copy_is_recorded) {
  const auto page = run(processing->practice_entry(practice.text(), Tongue::english, "html", dpo()));
  ASSERT_TRUE(page) << page.error().text();
  EXPECT_NE(page->find("C-2026-7"), std::string::npos);
  EXPECT_NE(page->find("Dossier patient (LOCAL)"), std::string::npos);
  const auto record = last_record("exported");
  EXPECT_EQ(text_of(record, "sha256"), sha256_hex(*page));
  EXPECT_EQ(text_of(record, "practice"), practice.text());
}

}  // namespace
}  // namespace pontlevis::gateway
