// Breach files: who is affected, who is told, when, and why later (requirements A18, §4.6, NIS2).
#include "protocol/json_values.hpp"
#include "tests/unit/gateway_registers/registers_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class BreachTest : public RegistersTest {
 protected:
  static json::object words() {
    return {{"occurred_from", "2026-11-20T00:00:00.000Z"}, {"occurred_to", nullptr}, {"breach_types", json::array{"CONFIDENTIALITE"}}, {"cause", "Clé d'un intervenant copiée"},
            {"description", "Une clé a été trouvée hors de son poste."}, {"data_categories", json::array{"données affichées"}}, {"special_categories", true},
            {"subjects_categories", json::array{"patients"}}, {"subjects_count_approx", 40}, {"records_count_approx", nullptr}, {"likely_consequences", "Lecture possible."},
            {"severity", "HIGH"}, {"measures_taken", json::array{"Carte révoquée"}}, {"measures_planned", json::array{}}, {"advice_to_controller", "Relire le journal du cabinet."},
            {"data_unintelligible", false}, {"subjects_informed", ""}, {"other_authorities", json::array{}}, {"authority_not_notified", ""}};
  }
  std::string open() { return text_of(done(*breaches, &BreachDesk::add, "", words()), "id"); }
  void confirm(const std::string& id) { done(*breaches, &BreachDesk::confirm, id, {{"aware_at", to_utc(clock.now())}}); }
  std::string opened() {
    const auto id = open();
    confirm(id);
    return id;
  }
  json::object show(const std::string& id) { return done(*breaches, &BreachDesk::show, id, {}); }
  json::object scope(const std::string& id, std::string_view person = "", std::string_view system = "") {
    return done(*breaches, &BreachDesk::scope, id, {{"from", to_utc(clock.now() - std::chrono::hours(2))}, {"until", to_utc(clock.now())}, {"person", person}, {"system", system}});
  }
  static json::object notice(std::string_view to, std::string_view kind = "INITIALE", std::string_view delay = "") { return {{"recipient", to}, {"kind", kind}, {"delay_reason", delay}}; }
  json::object clock_named(const std::string& id, std::string_view name) {
    for (const auto& one : show(id).at("clocks").as_array())
      if (one.at("name").as_string() == name) return one.as_object();
    return {};
  }
};

TEST_F(BreachTest, the_clocks_run_from_the_moment_one_knew) {
  const auto id = opened();
  EXPECT_EQ(text_of(clock_named(id, "H24"), "due"), "2026-11-23T10:00:00.000Z");
  EXPECT_EQ(text_of(clock_named(id, "H72"), "due"), "2026-11-25T10:00:00.000Z");
  EXPECT_EQ(text_of(clock_named(id, "MONTH"), "due"), "2026-12-22T10:00:00.000Z");
  clock.advance(std::chrono::hours(25));
  EXPECT_TRUE(clock_named(id, "H24").at("late").as_bool());
  EXPECT_FALSE(clock_named(id, "H72").at("late").as_bool());
  house();
  ASSERT_FALSE(rung.empty());
  EXPECT_EQ(rung.front().kind, "breach");
  EXPECT_TRUE(rung.front().subject.starts_with(id + "/"));
}

TEST_F(BreachTest, it_finds_the_interventions_of_a_time_a_person_and_a_system) {
  const auto before = ask();
  ASSERT_TRUE(run(desk->cancel(before, login("alice"))).has_value());
  clock.advance(std::chrono::hours(5));
  const auto during = ask();
  ASSERT_TRUE(consent(during));
  const auto id = open();
  const auto touched = [&](std::string_view person, std::string_view system) { return scope(id, person, system).at("affected_interventions").as_array(); };
  EXPECT_EQ(touched("", ""), (json::array{during.text()}));
  EXPECT_EQ(touched("alice", "dossier"), (json::array{during.text()}));
  EXPECT_EQ(touched("Docteur Exemple", ""), (json::array{during.text()}));
  EXPECT_TRUE(touched("bob", "").empty());
  EXPECT_TRUE(touched("", "autre").empty());
  EXPECT_EQ(show(id).at("affected_practices").as_array(), (json::array{practice.text()}));
  EXPECT_EQ(text_of(last_record("breach"), "event"), "SCOPED");
}

TEST_F(BreachTest, a_practice_is_told_in_both_languages_and_the_proof_is_kept) {
  const auto intervention = ask();
  const auto id = opened();
  scope(id);
  done(*breaches, &BreachDesk::notify, id, notice(practice.text()));
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].to, practice.text());
  EXPECT_NE(mails[0].text.find(intervention.text()), std::string::npos);
  EXPECT_NE(mails[0].text.find("article 33"), std::string::npos);
  EXPECT_NE(mails[0].text.find("Personal-data breach"), std::string::npos);
  EXPECT_EQ(mails[0].text.find("Personne alice"), std::string::npos) << "no name in a notice";
  EXPECT_EQ(text_of(last_record("breach"), "notice_sha256"), sha256_hex(mails[0].text));
  EXPECT_TRUE(clock_named(id, "H24").at("met_at").is_string());
  done(*breaches, &BreachDesk::delivered, id, {{"recipient", practice.text()}, {"proof", "accusé de réception du 22/11"}});
  EXPECT_EQ(text_of(show(id).at("notices").as_array().at(0).as_object(), "delivered"), "accusé de réception du 22/11");
  EXPECT_EQ(refused(*breaches, &BreachDesk::delivered, id, {{"recipient", practice.text()}, {"proof", "encore"}}), Errc::not_found);
}

TEST_F(BreachTest, past_72_hours_the_authority_is_told_why) {
  const auto id = opened();
  clock.advance(std::chrono::hours(73));
  EXPECT_EQ(refused(*breaches, &BreachDesk::notify, id, notice("CNIL")), Errc::bad_input);
  done(*breaches, &BreachDesk::notify, id, notice("CNIL", "INITIALE", "Les faits n'ont pu être établis plus tôt."));
  EXPECT_NE(mails.back().text.find("Les faits n'ont pu être établis plus tôt."), std::string::npos);
  EXPECT_TRUE(clock_named(id, "H72").at("late").as_bool());
  EXPECT_EQ(text_of(last_record("breach"), "delay_reason"), "Les faits n'ont pu être établis plus tôt.");
}

TEST_F(BreachTest, phases_come_in_order) {
  const auto id = opened();
  EXPECT_EQ(refused(*breaches, &BreachDesk::notify, id, notice("CNIL", "COMPLEMENTAIRE")), Errc::conflict);
  done(*breaches, &BreachDesk::notify, id, notice("CNIL"));
  done(*breaches, &BreachDesk::notify, id, notice("CNIL", "COMPLEMENTAIRE"));
  done(*breaches, &BreachDesk::notify, id, notice("CNIL", "CLOTURE"));
  EXPECT_EQ(refused(*breaches, &BreachDesk::notify, id, notice("cabinet-inconnu")), Errc::not_found);
}

TEST_F(BreachTest, a_draft_notifies_nobody_and_is_dismissed_only_with_a_reason) {
  const auto id = open();
  EXPECT_EQ(refused(*breaches, &BreachDesk::notify, id, notice("CNIL")), Errc::conflict);
  EXPECT_EQ(refused(*breaches, &BreachDesk::dismiss, id, {{"reason", "non"}}), Errc::bad_input);
  done(*breaches, &BreachDesk::dismiss, id, {{"reason", "Essai annoncé du service informatique."}});
  EXPECT_EQ(text_of(last_record("breach"), "reason"), "Essai annoncé du service informatique.");
  EXPECT_EQ(refused(*breaches, &BreachDesk::confirm, id, {{"aware_at", to_utc(clock.now())}}), Errc::conflict);
}

TEST_F(BreachTest, it_closes_when_all_were_told_or_it_is_written_why_not) {
  ask();
  const auto id = opened();
  scope(id);
  const json::object lessons{{"lessons", "Révoquer la carte au départ du poste."}};
  EXPECT_EQ(refused(*breaches, &BreachDesk::close, id, lessons), Errc::conflict);
  done(*breaches, &BreachDesk::notify, id, notice(practice.text()));
  EXPECT_EQ(refused(*breaches, &BreachDesk::close, id, lessons), Errc::conflict);
  auto changed = words();
  changed["authority_not_notified"] = "Aucun risque probable : la clé n'a pas servi.";
  done(*breaches, &BreachDesk::change, id, changed);
  EXPECT_TRUE(clock_named(id, "H72").at("met_at").is_string());
  EXPECT_EQ(text_of(done(*breaches, &BreachDesk::close, id, lessons), "state"), "CLOSED");
  EXPECT_TRUE(clock_named(id, "MONTH").at("met_at").is_string());
  EXPECT_EQ(refused(*breaches, &BreachDesk::change, id, words()), Errc::conflict);
}

TEST_F(BreachTest, each_step_names_the_file_as_it_stood) {
  const auto id = open();
  const auto first = text_of(last_record("breach"), "file_sha256");
  confirm(id);
  EXPECT_NE(text_of(last_record("breach"), "file_sha256"), first);
  EXPECT_EQ(show(id).at("steps").as_array().size(), 2u);
  EXPECT_EQ(count_records("breach"), 2u);
}

TEST_F(BreachTest, the_export_has_every_member_of_the_list) {
  const auto id = opened();
  done(*breaches, &BreachDesk::notify, id, notice("CNIL"));
  done(*breaches, &BreachDesk::delivered, id, {{"recipient", "CNIL"}, {"proof", "N-2026-1"}});
  const auto text = breaches->exported(id, true, Tongue::french);
  ASSERT_TRUE(text);
  const auto file = json::parse(*text).as_object();
  for (const auto name : {"breach_id", "sender", "occurred_from", "occurred_to", "detected_at", "aware_at", "breach_types", "cause", "description", "data_categories", "special_categories",
                          "subjects_categories", "subjects_count_approx", "records_count_approx", "affected_interventions", "likely_consequences", "severity", "measures_taken", "measures_planned",
                          "advice_to_controller", "data_unintelligible", "subjects_informed", "authority_notified", "other_authorities", "contact", "dpo", "clocks", "evidence_refs", "closed_at", "lessons"})
    EXPECT_TRUE(file.contains(name)) << name;
  EXPECT_EQ(text_of(file.at("authority_notified").as_object(), "number"), "N-2026-1");
  for (const auto name : {"recipient_controller", "notice_kind", "notified_at", "delay_reason"}) EXPECT_TRUE(file.at("notices").at(0).as_object().contains(name)) << name;
  EXPECT_NE(breaches->exported(id, false, Tongue::english)->find("Approximate number of persons: 40"), std::string::npos);
}

TEST_F(BreachTest, what_is_not_understood_is_refused) {
  for (auto [name, value] : {std::pair<const char*, json::value>("breach_types", json::array{"AUTRE"}), {"severity", "WORSE"}, {"occurred_to", "2026-11-19T00:00:00.000Z"}, {"subjects_count_approx", -1}, {"more", 1}}) {
    auto bad = words();
    bad[name] = value;
    EXPECT_EQ(refused(*breaches, &BreachDesk::add, "", bad), Errc::bad_input) << name;
  }
  EXPECT_EQ(count_records("breach"), 0u);
}

TEST_F(BreachTest, a_restart_forgets_nothing) {
  const auto id = opened();
  done(*breaches, &BreachDesk::notify, id, notice(practice.text()));
  const auto before = show(id);
  restart();
  EXPECT_EQ(show(id), before);
}

}  // namespace
}  // namespace pontlevis::gateway
