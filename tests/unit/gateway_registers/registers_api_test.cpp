// The registers over the API, as the people of the vendor meet them: who may, what for, and in which words.
#include "gateway/registers/registers.hpp"
#include "tests/unit/gateway/people_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class RegistersApiTest : public PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    ASSERT_TRUE(registers->open());
    dpo = in("dpo");
  }
  void TearDown() override {
    PeopleTest::TearDown();
  }
  void add_test_routes() override {
    registers = std::make_unique<Registers>(*core);
    for (auto& route : registers->routes()) routes.push_back(std::move(route));
  }
  io::HttpResponse post_for(std::string path, json::value body, std::string_view purpose = "RIGHTS_REQUEST") {
    Asking asking{"POST", std::move(path), std::move(body), {}, dpo};
    asking.more.emplace_back("pontlevis-purpose", std::string(purpose));
    return ask(asking);
  }
  static json::object request() {
    return {{"type", "ACCESS"}, {"channel", "POST"}, {"requester", "Personne Exemple"}, {"requester_status", "OTHER"}, {"contact", ""}, {"text", ""}, {"practice", nullptr}, {"received_at", "2026-11-20"}};
  }
  // Destroyed after the routes that name it: the fixture's own end comes first.
  std::unique_ptr<Registers> registers;
  std::string dpo;
};

TEST_F(RegistersApiTest, compliance_writes_and_the_auditor_only_reads) {
  EXPECT_EQ(post("/api/v1/rights-requests", request(), dpo).status, 201u);
  const auto auditor = in("audit");
  EXPECT_EQ(code_of(post("/api/v1/rights-requests", request(), auditor)), "not_your_role");
  const auto list = get("/api/v1/rights-requests?open=true", auditor);
  EXPECT_EQ(list.status, 200u);
  EXPECT_EQ(body_of(list).at("items").as_array().size(), 1u);
  EXPECT_EQ(code_of(get("/api/v1/rights-requests", in("alice"))), "not_your_role");
}

TEST_F(RegistersApiTest, a_patients_number_is_written_down_nowhere) {
  auto words = request();
  words["text"] = "Dossier de 2 55 08 14 168 025 38 à revoir";
  const auto answer = post("/api/v1/rights-requests", words, dpo);
  EXPECT_EQ(answer.status, 400u);
  EXPECT_NE(answer.body.find("social-security"), std::string::npos);
  EXPECT_EQ(answer.body.find("168 025"), std::string::npos);
}

TEST_F(RegistersApiTest, what_tells_or_signs_needs_presence) {
  const auto id = text_of(body_of(post("/api/v1/rights-requests", request(), dpo)), "id");
  clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(code_of(post("/api/v1/rights-requests/" + id + "/answer", json::object{}, dpo)), "step_up");
  EXPECT_EQ(code_of(post("/api/v1/processing-entries/maintenance-traces/validate", json::object{{"version", 1}}, dpo)), "step_up");
  EXPECT_EQ(code_of(post("/api/v1/breaches/" + id + "/notify", json::object{}, dpo)), "step_up");
}

TEST_F(RegistersApiTest, a_search_says_what_for) {
  const auto id = text_of(body_of(post("/api/v1/rights-requests", request(), dpo)), "id");
  const auto path = "/api/v1/rights-requests/" + id + "/search";
  const json::object who{{"login", "alice"}, {"name", ""}};
  EXPECT_EQ(code_of(post(path, who, dpo)), "purpose_missing");
  EXPECT_EQ(code_of(post_for(path, who, "CURIOSITY")), "purpose_missing");
  const auto answer = post_for(path, who);
  EXPECT_EQ(answer.status, 200u) << answer.body;
  EXPECT_EQ(text_of(body_of(answer), "state"), "SEARCHED");
  const auto file = get("/api/v1/rights-requests/" + id + "/file?name=found.json", dpo);
  EXPECT_EQ(file.status, 200u);
  EXPECT_NE(file.header("content-disposition").find("attachment"), std::string_view::npos);
  EXPECT_EQ(get("/api/v1/rights-requests/" + id + "/file?name=../gateway.db", dpo).status, 404u);
}

TEST_F(RegistersApiTest, the_register_is_there_at_the_first_look_and_its_page_runs_nothing) {
  const auto list = get("/api/v1/processing-entries", dpo);
  ASSERT_EQ(list.status, 200u) << list.body;
  EXPECT_EQ(body_of(list).at("items").as_array().size(), 2u);
  const auto page = get("/api/v1/processing-entries/practice-systems/text?language=en", dpo);
  EXPECT_EQ(page.status, 200u);
  EXPECT_NE(page.header("content-security-policy").find("default-src 'none'"), std::string_view::npos);
  EXPECT_NE(page.body.find("Security measures"), std::string::npos);
  EXPECT_EQ(get("/api/v1/processing-entries/practice-systems/text?language=de", dpo).status, 400u);
  EXPECT_EQ(get("/api/v1/processing-entries/other", dpo).status, 404u);
  const auto validated = post("/api/v1/processing-entries/practice-systems/validate", json::object{{"version", 1}}, dpo);
  EXPECT_EQ(text_of(body_of(validated), "validated_by"), "dpo");
}

TEST_F(RegistersApiTest, a_breach_file_is_changed_as_it_was_read_or_not_at_all) {
  const json::object words{{"occurred_from", nullptr}, {"occurred_to", nullptr}, {"breach_types", json::array{"INTEGRITE"}}, {"cause", ""}, {"description", "essai"}, {"data_categories", json::array{}},
                           {"special_categories", false}, {"subjects_categories", json::array{}}, {"subjects_count_approx", nullptr}, {"records_count_approx", nullptr}, {"likely_consequences", ""},
                           {"severity", ""}, {"measures_taken", json::array{}}, {"measures_planned", json::array{}}, {"advice_to_controller", ""}, {"data_unintelligible", false},
                           {"subjects_informed", ""}, {"other_authorities", json::array{}}, {"authority_not_notified", ""}};
  const auto made = post("/api/v1/breaches", words, dpo);
  ASSERT_EQ(made.status, 201u) << made.body;
  const auto path = "/api/v1/breaches/" + text_of(body_of(made), "id");
  const auto put = [&](std::string_view etag) {
    Asking asking{"PUT", path, words, {}, dpo};
    if (!etag.empty()) asking.more.emplace_back("if-match", std::string(etag));
    return ask(asking);
  };
  EXPECT_EQ(put("").status, 412u);
  const auto seen = get(path, dpo);
  EXPECT_EQ(put(seen.header("etag")).status, 200u);
  EXPECT_EQ(put(seen.header("etag")).status, 412u);
  EXPECT_EQ(post(path + "/confirm", json::object{{"aware_at", to_utc(clock.now())}}, dpo).status, 200u);
  const auto notice = get(path + "/notice?recipient=cabinet-exemple&language=en", dpo);
  EXPECT_EQ(notice.status, 200u) << notice.body;
  EXPECT_NE(notice.body.find("You are the controller"), std::string::npos);
  EXPECT_EQ(get(path + "/file?format=json", dpo).status, 200u);
}

}  // namespace
}  // namespace pontlevis::gateway
