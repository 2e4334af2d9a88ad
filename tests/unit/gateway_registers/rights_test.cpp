// Requests of persons: the clock, who answers, whose identity, what was found, what was told (requirements A16, A27, A28, B17, B21-B24).
#include "gateway/people/accounts.hpp"
#include "gateway/registers/rights/rights_letters.hpp"
#include "gateway/retention/deferrals.hpp"
#include "protocol/json_values.hpp"
#include "tests/unit/gateway_registers/registers_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class RightsTest : public RegistersTest {
 protected:
  json::object words(std::string_view type = "ACCESS", std::string_view status = "TECHNICIAN", std::string_view received = "2026-11-22") {
    return {{"type", type}, {"channel", "EMAIL"}, {"requester", "Personne alice"}, {"requester_status", status}, {"contact", "alice@example.org"},
            {"text", "Je voudrais savoir ce que vous détenez."}, {"practice", nullptr}, {"received_at", received}};
  }
  std::string receive(json::object asked) { return text_of(done(*rights, &RightsDesk::receive, "", std::move(asked)), "id"); }
  json::object show(const std::string& id) { return done(*rights, &RightsDesk::show, id, {}); }
  void identify(const std::string& id, std::string_view result = "CONFIRMED") { done(*rights, &RightsDesk::identify, id, {{"method", "ACCOUNT"}, {"result", result}}); }
  json::object search(const std::string& id, std::string_view login, std::string_view name = "") {
    done(*rights, &RightsDesk::search, id, {{"login", login}, {"name", name}});
    EXPECT_TRUE(until([&] { return text_of(show(id), "state") != "SEARCHING"; }));
    return show(id);
  }
  static json::object answer_words(std::string_view outcome, std::string_view text = "Voici les données.") { return {{"outcome", outcome}, {"words", text}, {"language", "fr"}}; }
};

TEST_F(RightsTest, each_type_and_channel_is_taken_and_recorded) {
  for (const auto type : Spelling<RightsType>::words)
    for (const auto channel : Spelling<RightsChannel>::words) {
      auto asked = words(type);
      asked["channel"] = channel;
      const auto id = receive(asked);
      const auto record = last_record("rights_request");
      EXPECT_EQ(text_of(record, "request_id"), id);
      EXPECT_EQ(text_of(record, "request_type"), type);
      EXPECT_EQ(text_of(record, "due"), "2026-12-22");
    }
}

TEST_F(RightsTest, what_is_not_understood_is_refused) {
  for (auto [name, value] : {std::pair<const char*, json::value>("type", "EVERYTHING"), {"channel", "FAX"}, {"requester", ""}, {"received_at", "2026-13-01"}, {"received_at", "2030-01-01"}, {"practice", "not a code"}, {"unknown", 1}}) {
    auto asked = words();
    asked[name] = value;
    EXPECT_EQ(refused(*rights, &RightsDesk::receive, "", asked), Errc::bad_input) << name;
  }
  auto elsewhere = words();
  elsewhere["practice"] = "cabinet-inconnu";
  EXPECT_EQ(refused(*rights, &RightsDesk::receive, "", elsewhere), Errc::not_found);
  EXPECT_EQ(refused(*rights, &RightsDesk::show, "no-number", {}), Errc::not_found);
}

TEST_F(RightsTest, a_patients_request_goes_to_the_practice_at_once) {
  auto asked = words("ACCESS", "PATIENT");
  asked["practice"] = practice.text();
  const auto id = receive(asked);
  const auto view = show(id);
  EXPECT_EQ(text_of(view, "state"), "FORWARDED");
  EXPECT_EQ(text_of(view, "forwarded_to"), practice.text());
  EXPECT_EQ(text_of(view, "route"), "PRACTICE");
  EXPECT_EQ(text_of(last_record("rights_step"), "forwarded_to"), practice.text());
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_NE(mails[0].text.find("Nous ne détenons aucune donnée de vos patients"), std::string::npos);
  EXPECT_NE(mails[0].text.find("We hold no data of your patients"), std::string::npos);
  identify(id);
  EXPECT_EQ(refused(*rights, &RightsDesk::answer, id, answer_words("GRANTED")), Errc::not_allowed);
  done(*rights, &RightsDesk::answer, id, answer_words("FORWARDED"));
}

TEST_F(RightsTest, an_extension_is_told_with_its_reason_before_the_first_due_date_and_once) {
  const auto id = receive(words());
  EXPECT_EQ(refused(*rights, &RightsDesk::extend, id, {{"reason", "court"}}), Errc::bad_input);
  const auto view = done(*rights, &RightsDesk::extend, id, {{"reason", "Beaucoup d'enregistrements à relire."}});
  EXPECT_EQ(text_of(view, "due"), "2027-01-21");
  EXPECT_EQ(text_of(view, "extended_until"), "2027-01-21");
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].to, "alice@example.org");
  EXPECT_NE(mails[0].text.find("Beaucoup d'enregistrements"), std::string::npos);
  EXPECT_NE(mails[0].text.find("www.cnil.fr"), std::string::npos);
  EXPECT_EQ(text_of(last_record("rights_step"), "extended_until"), "2027-01-21");
  EXPECT_EQ(refused(*rights, &RightsDesk::extend, id, {{"reason", "Encore plus de temps."}}), Errc::conflict);
}

TEST_F(RightsTest, after_the_first_due_date_it_is_too_late_to_extend) {
  const auto id = receive(words());
  clock.advance(std::chrono::days(31));
  EXPECT_EQ(refused(*rights, &RightsDesk::extend, id, {{"reason", "Beaucoup d'enregistrements."}}), Errc::expired);
  EXPECT_TRUE(show(id).at("late").as_bool());
  EXPECT_EQ(show(id).at("days_left").to_number<int>(), -1);
}

TEST_F(RightsTest, the_clock_rings_seven_three_and_one_day_before_and_when_it_is_late) {
  const auto id = receive(words());
  ASSERT_EQ(rung.size(), 1u) << "a clock that begins is seen";
  rung.clear();
  for (int day = 0; day < 32; ++day) {
    clock.advance(std::chrono::days(1));
    rights->keep_house();
  }
  ASSERT_EQ(rung.size(), 4u);
  EXPECT_EQ(rung[0].subject, id);
  EXPECT_EQ(to_date(rung[0].due), "2026-12-22");
  EXPECT_TRUE(rung[3].late);
}

TEST_F(RightsTest, nothing_is_given_out_before_the_identity_was_checked) {
  const auto id = receive(words("RECTIFICATION"));
  EXPECT_EQ(refused(*rights, &RightsDesk::answer, id, answer_words("GRANTED")), Errc::conflict);
  identify(id, "NOT_CONFIRMED");
  EXPECT_EQ(refused(*rights, &RightsDesk::answer, id, answer_words("GRANTED")), Errc::conflict);
  identify(id);
  EXPECT_EQ(text_of(done(*rights, &RightsDesk::answer, id, answer_words("GRANTED")), "state"), "ANSWERED");
}

TEST_F(RightsTest, access_needs_a_search_and_a_refusal_needs_a_reason) {
  const auto id = receive(words());
  identify(id);
  EXPECT_EQ(refused(*rights, &RightsDesk::answer, id, answer_words("GRANTED")), Errc::conflict);
  EXPECT_EQ(refused(*rights, &RightsDesk::answer, id, answer_words("REFUSED", "")), Errc::bad_input);
  EXPECT_EQ(refused(*rights, &RightsDesk::answer, id, answer_words("FORWARDED")), Errc::conflict);
}

TEST_F(RightsTest, the_search_finds_what_the_log_says_of_an_operator_and_not_of_others) {
  ask();
  const auto id = receive(words());
  const auto view = search(id, "alice");
  EXPECT_EQ(text_of(view, "state"), "SEARCHED");
  EXPECT_GE(view.at("found").to_number<int>(), 1);
  const auto found = rights->file(id, "found.json");
  ASSERT_TRUE(found) << found.error().text();
  const auto parsed = json::parse(*found).as_object();
  EXPECT_EQ(parsed.at("records").as_array().size(), view.at("found").to_number<std::size_t>());
  EXPECT_NE(found->find("staff card"), std::string::npos);
  EXPECT_NE(found->find("L'imprimante ne répond plus"), std::string::npos);
  EXPECT_EQ(found->find("Personne bob"), std::string::npos);
  EXPECT_EQ(text_of(last_record("viewed"), "purpose"), "RIGHTS_REQUEST");
}

TEST_F(RightsTest, the_search_finds_an_approver_by_name) {
  const auto intervention = ask();
  ASSERT_TRUE(consent(intervention));
  const auto id = receive(words("ACCESS", "PRACTITIONER"));
  EXPECT_GE(search(id, "", "docteur  exemple").at("found").to_number<int>(), 1);
  const auto found = rights->file(id, "found.csv");
  ASSERT_TRUE(found);
  EXPECT_NE(found->find("Docteur Exemple"), std::string::npos);
  EXPECT_EQ(found->find("Personne alice"), std::string::npos);
}

TEST_F(RightsTest, a_whole_access_ends_in_files_that_are_hashed_in_the_record) {
  ask();
  const auto id = receive(words());
  identify(id);
  search(id, "alice");
  const auto view = done(*rights, &RightsDesk::answer, id, answer_words("GRANTED"));
  const auto record = last_record("rights_step");
  EXPECT_EQ(text_of(record, "outcome"), "GRANTED");
  ASSERT_GE(view.at("files").as_array().size(), 6u);
  for (const auto& file : view.at("files").as_array()) {
    const auto name = text_of(file.as_object(), "name");
    const auto content = rights->file(id, name);
    ASSERT_TRUE(content) << name;
    EXPECT_EQ(sha256_hex(*content), text_of(file.as_object(), "sha256")) << name;
    EXPECT_NE(text_of(record, "answer_sha256").find(name + ":" + sha256_hex(*content)), std::string::npos) << name;
  }
  const auto page = rights->file(id, "answer.fr.html");
  ASSERT_TRUE(page);
  EXPECT_NE(page->find("www.cnil.fr"), std::string::npos);
  EXPECT_NE(page->find("Destinataires"), std::string::npos);
  ASSERT_FALSE(mails.empty());
  EXPECT_EQ(mails.back().to, "alice@example.org");
  EXPECT_TRUE(rung.back().settled);
  EXPECT_EQ(refused(*rights, &RightsDesk::answer, id, answer_words("GRANTED")), Errc::conflict);
}

TEST_F(RightsTest, every_answer_of_every_type_names_the_authority) {
  RightsCase c;
  c.id = make_uuid(random);
  const auto facts = processing_facts(*core);
  for (std::size_t type = 0; type < Spelling<RightsType>::words.size(); ++type)
    for (std::size_t outcome = 0; outcome < Spelling<RightsOutcome>::words.size(); ++outcome)
      for (auto tongue : {Tongue::french, Tongue::english}) {
        c.type = static_cast<RightsType>(type);
        c.outcome = static_cast<RightsOutcome>(outcome);
        EXPECT_NE(answer_letter(c, facts, tongue).text.find("www.cnil.fr"), std::string::npos);
        EXPECT_NE(answer_page(c, facts, tongue).find("www.cnil.fr"), std::string::npos);
      }
}

TEST_F(RightsTest, what_a_person_asked_for_is_not_destroyed_before_the_answer) {
  const auto intervention = ask();
  const auto id = receive(words());
  search(id, "alice");
  auto pending = pending_requests(*core->store);
  ASSERT_TRUE(pending);
  ASSERT_EQ(pending->size(), 1u);
  EXPECT_EQ(pending->front().ref, id);
  EXPECT_EQ(pending->front().interventions, std::vector{intervention});
  identify(id);
  done(*rights, &RightsDesk::answer, id, answer_words("GRANTED"));
  EXPECT_TRUE(pending_requests(*core->store)->empty());
}

TEST_F(RightsTest, who_wants_data_gone_defers_nothing) {
  auto asked = words("ERASURE", "PRACTITIONER");
  asked["practice"] = practice.text();
  receive(asked);
  EXPECT_TRUE(pending_requests(*core->store)->empty());
}

TEST_F(RightsTest, a_restart_forgets_nothing) {
  const auto id = receive(words());
  identify(id);
  const auto before = show(id);
  restart();
  EXPECT_EQ(show(id), before);
}

TEST_F(RightsTest, a_list_in_pages_of_one_is_the_list_and_open_ones_stand_alone) {
  for (int i = 0; i < 3; ++i) receive(words());
  const auto last = receive(words("OBJECTION"));
  done(*rights, &RightsDesk::answer, last, answer_words("WITHDRAWN", ""));
  EXPECT_EQ(rights->list(true, {50, ""})->at("items").as_array().size(), 3u);
  std::set<std::string> seen;
  std::string cursor;
  do {
    const auto page = rights->list(false, {1, cursor});
    ASSERT_TRUE(page);
    seen.insert(text_of(page->at("items").as_array().at(0).as_object(), "id"));
    cursor = text_of(*page, "next");
  } while (!cursor.empty());
  EXPECT_EQ(seen.size(), 4u);
  EXPECT_FALSE(rights->list(false, {1, "nonsense"}));
}

TEST_F(RightsTest, a_log_that_takes_nothing_answers_nobody) {
  const auto id = receive(words("OBJECTION"));
  core->log->enqueue([](sqlite::Database&) -> Result<> { return fail(Errc::io, "rigged"); }, [](Result<>) {});
  ASSERT_TRUE(until([&] { return !core->log->healthy(); }));
  EXPECT_FALSE(act(*rights, &RightsDesk::answer, id, answer_words("REFUSED")));
  EXPECT_EQ(text_of(show(id), "state"), "RECEIVED");
}

}  // namespace
}  // namespace pontlevis::gateway
