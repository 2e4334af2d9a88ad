// The path over the API: what a technician may read and ask, and in which words it is refused.
#include "gateway/api/api_interventions.hpp"

#include "gateway/api/api_practices.hpp"
#include "gateway/api/api_relay.hpp"
#include "gateway/api/api_views.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class ApiInterventionsTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    SetUpApi();
  }
  void TearDown() override {
    TearDownApi();
    GatewayTest::TearDown();
  }
  void SetUpApi() {
    api.emplace(*core, *desk, links);
    admin.emplace(*core, LiveEffects{});
    practices.emplace(*core, links, *admin);
    vendor.emplace(*core, *admin);
  }
  void TearDownApi() { vendor.reset(), practices.reset(), admin.reset(), api.reset(); }

  Person person(std::string_view who, Role role = Role::technician) { return {login(who), "Personne " + std::string(who), role}; }

  // What a route answers to this person, once the guard has let them in.
  io::HttpResponse call(std::string_view method, const std::string& path, const json::value& body = nullptr, std::optional<Person> by = std::nullopt,
                        io::HttpHeaders headers = {}) {
    ApiRoutes routes = api->routes();
    for (auto&& more : {practices->routes(), vendor->routes()}) routes.insert(routes.end(), more.begin(), more.end());
    io::HttpRequest request;
    request.method = method;
    request.headers = std::move(headers);
    const auto query = path.find('?');
    request.path = path.substr(0, query);
    if (query != path.npos) request.query = path.substr(query + 1);
    if (!body.is_null()) request.body = json::serialize(body);
    for (const auto& route : routes) {
      if (route.method != method || !matches(route.path, request)) continue;
      return run(route.handler(ApiCall{request, by.value_or(person("alice")), {}}));
    }
    throw std::runtime_error("no route " + path);
  }
  static bool matches(const std::string& pattern, io::HttpRequest& request) {
    const auto hole = pattern.find("<id>");
    if (hole == pattern.npos) return pattern == request.path;
    const auto tail = pattern.substr(hole + 4);
    if (!request.path.starts_with(pattern.substr(0, hole)) || !request.path.ends_with(tail) || request.path.size() <= hole + tail.size()) return false;
    request.id = request.path.substr(hole, request.path.size() - hole - tail.size());
    return request.id.find('/') == std::string::npos;
  }
  static json::object object(const io::HttpResponse& answer) { return json::parse(answer.body).as_object(); }

  json::object ask_body() {
    return {{"practice", "cabinet-exemple"}, {"system", "dossier"}, {"tools", {"shell"}}, {"access_types", {"VIEW", "CONTROL"}},
            {"data_categories", {"données affichées"}}, {"purpose", "MAINTENANCE"}, {"reason", "L'imprimante ne répond plus"},
            {"planned_tasks", "Relire la file d'impression"}, {"ticket", "T-1"}, {"minutes", 30}, {"criticality", "STANDARD"}, {"pair", nullptr},
            {"additional", json::array{}}, {"consulted", json::array{}}, {"emergency", nullptr}, {"planned", nullptr}};
  }
  std::string asked_over_api(json::object body) {
    const auto answer = call("POST", "/api/v1/interventions", body);
    EXPECT_EQ(answer.status, 201u) << answer.body;
    return text_of(object(answer), "id");
  }
  json::object draft() {
    return {{"tasks", "File d'impression vidée, service relancé."}, {"outcome", "SOLVED"}, {"cleanup", "DONE"}, {"consulted", json::array{}}, {"none_consulted", nullptr}};
  }

  std::optional<ApiInterventions> api;
  std::optional<Admin> admin;
  std::optional<ApiPractices> practices;
  std::optional<ApiRegister> vendor;
};

TEST_F(ApiInterventionsTest, a_request_over_the_api_is_the_same_request) {
  const auto id = asked_over_api(ask_body());
  ASSERT_EQ(links.all<frame::Request>().size(), 1u);
  EXPECT_EQ(links.all<frame::Request>()[0].request.intervention.text(), id);
  const auto shown = object(call("GET", "/api/v1/interventions/" + id));
  EXPECT_EQ(shown.at("state"), "REQUESTED");
  EXPECT_EQ(shown.at("to_do"), json::array{"wait"});
  EXPECT_EQ(shown.at("host_keys"), json::array{}) << "no key is trusted before the practice's consent names it";
  EXPECT_EQ(shown.at("operators").at(0).at("name"), "Personne alice");
}

TEST_F(ApiInterventionsTest, a_rule_that_forbids_has_its_own_code_and_a_way_forward) {
  auto body = ask_body();
  body["criticality"] = "CRITICAL";
  const auto answer = call("POST", "/api/v1/interventions", body);
  EXPECT_EQ(answer.status, 403u);
  EXPECT_EQ(object(answer).at("code"), "CRITICAL_NEEDS_PAIR");
  EXPECT_FALSE(text_of(object(answer), "hint").empty());
  EXPECT_TRUE(links.all<frame::Request>().empty());
}

TEST_F(ApiInterventionsTest, a_body_is_read_strictly) {
  for (const auto& [member, value] : std::vector<std::pair<std::string, json::value>>{
           {"practice", 7}, {"tools", json::array{}}, {"minutes", "30"}, {"purpose", "FUN"}, {"pair", ""}, {"additional", json::array{"A B"}}, {"surprise", true}}) {
    auto body = ask_body();
    body[member] = value;
    const auto answer = call("POST", "/api/v1/interventions", body);
    EXPECT_EQ(answer.status, 400u) << member << ": " << answer.body;
  }
  auto body = ask_body();
  body.erase("planned");
  EXPECT_EQ(call("POST", "/api/v1/interventions", body).status, 400u);
  EXPECT_TRUE(links.all<frame::Request>().empty());
}

TEST_F(ApiInterventionsTest, a_technician_sees_their_own_alone_and_others_are_not_even_there) {
  const auto id = asked_over_api(ask_body());
  EXPECT_EQ(call("GET", "/api/v1/interventions/" + id, nullptr, person("bob")).status, 404u);
  EXPECT_EQ(object(call("GET", "/api/v1/interventions", nullptr, person("bob"))).at("items"), json::array{});
  EXPECT_EQ(call("POST", "/api/v1/interventions/" + id + "/cancel", json::object{}, person("bob")).status, 404u);
  EXPECT_EQ(call("GET", "/api/v1/interventions/" + id, nullptr, person("dpo", Role::compliance)).status, 200u);
  EXPECT_EQ(object(call("GET", "/api/v1/interventions", nullptr, person("dpo", Role::compliance))).at("items").as_array().size(), 1u);
}

TEST_F(ApiInterventionsTest, the_list_is_read_page_by_page_and_nothing_is_missed) {
  std::set<std::string> asked;
  for (int i = 0; i < 5; ++i) {
    const auto id = asked_over_api(ask_body());
    asked.insert(id);
    EXPECT_EQ(call("POST", "/api/v1/interventions/" + id + "/cancel", json::object{}).status, 200u);
    if (i % 2) clock.advance(Millis(1000));
  }
  std::set<std::string> found;
  std::string path = "/api/v1/interventions?limit=2";
  for (int pages = 0; pages < 5; ++pages) {
    const auto page = object(call("GET", path));
    for (const auto& item : page.at("items").as_array()) EXPECT_TRUE(found.insert(text_of(item.as_object(), "id")).second);
    if (page.at("next").is_null()) break;
    path = "/api/v1/interventions?limit=2&cursor=" + text_of(page, "next");
  }
  EXPECT_EQ(found, asked);
  for (auto bad : {"x", "7-", "7-x", "-", "99999999999999999999-a"}) EXPECT_EQ(call("GET", "/api/v1/interventions?cursor=" + std::string(bad)).status, 400u) << bad;
}

TEST_F(ApiInterventionsTest, keys_are_trusted_only_as_the_signed_consent_names_them) {
  const auto id = *InterventionId::parse(asked_over_api(ask_body()));
  auto body = consent_body(core->interventions.live(id)->request);
  body["host_keys"] = json::array{"SHA256:" + std::string(43, 'A')};
  ASSERT_TRUE(state_fact(FrameKind::consent, id, sign("consent", body)));
  EXPECT_EQ(object(call("GET", "/api/v1/interventions/" + id.text())).at("host_keys"), json::array{});
}

TEST_F(ApiInterventionsTest, what_was_granted_and_who_is_connected_is_shown_as_the_practice_said_it) {
  const auto id = *InterventionId::parse(asked_over_api(ask_body()));
  auto body = consent_body(core->interventions.live(id)->request);
  body["minutes"] = 20;
  ASSERT_TRUE(state_fact(FrameKind::consent, id, sign("consent", body)));
  ASSERT_TRUE(open_session(id));
  const auto fact = [&](std::string_view what, std::string_view who) {
    ASSERT_TRUE(state_fact(FrameKind::event, id, sign("connection", this->body(id, {{"login", who}, {"what", what}, {"auth", "publickey+password"}}))));
    clock.advance(Millis(10));
  };
  fact("JOINED", "alice"), fact("JOINED", "bob"), fact("LEFT", "bob"), fact("REFUSED", "carol");
  const auto shown = object(call("GET", "/api/v1/interventions/" + id.text()));
  EXPECT_EQ(shown.at("granted_minutes"), 20);
  EXPECT_EQ(shown.at("connected"), json::array{"alice"});
  EXPECT_EQ(shown.at("to_do"), json::array{"connect"});
  EXPECT_EQ(shown.at("host_keys").at(0).at("fingerprint"), json::value(host_key.fingerprint()));
  EXPECT_EQ(object(call("GET", "/api/v1/interventions/" + id.text() + "/events")).at("items").as_array().size(), 6u);
}

TEST_F(ApiInterventionsTest, a_half_written_report_outlives_a_restart_and_goes_when_it_is_sent) {
  const auto id = *InterventionId::parse(asked_over_api(ask_body()));
  ASSERT_TRUE(consent(id));
  ASSERT_TRUE(open_session(id));
  ASSERT_TRUE(end_session(id));
  const auto path = "/api/v1/interventions/" + id.text();
  auto half = draft();
  half["tasks"] = "File vi", half["outcome"] = "";
  ASSERT_EQ(call("PUT", path + "/draft", json::object{{"draft", half}}).status, 200u);
  TearDownApi();
  reopen();
  SetUpApi();
  EXPECT_EQ(object(call("GET", path + "/draft")).at("draft"), half);
  EXPECT_EQ(object(call("GET", path + "/draft", nullptr, person("alice"))).at("draft").at("tasks"), "File vi");
  EXPECT_EQ(call("POST", path + "/report", half).status, 400u) << "a half report is not sent";
  ASSERT_EQ(call("POST", path + "/report", draft()).status, 200u);
  EXPECT_TRUE(object(call("GET", path + "/draft")).at("draft").is_null());
  const auto closed = object(call("GET", path));
  EXPECT_EQ(closed.at("state"), "CLOSED");
  EXPECT_EQ(closed.at("report").at("tasks"), draft().at("tasks"));
  EXPECT_EQ(call("PUT", path + "/draft", json::object{{"draft", half}}).status, 409u);
}

TEST_F(ApiInterventionsTest, a_browser_is_led_where_ssh_would_be_and_nowhere_else) {
  const auto id = asked_over_api(ask_body());
  EXPECT_NE(way_to(*core, links, login("alice"), id).error().find("waiting for the practice's consent"), std::string::npos);
  ASSERT_TRUE(consent(*InterventionId::parse(id)));
  ASSERT_TRUE(open_session(*InterventionId::parse(id)));
  const auto way = way_to(*core, links, login("alice"), id);
  ASSERT_TRUE(way) << way.error();
  EXPECT_EQ(way->intervention.text(), id);
  EXPECT_FALSE(way_to(*core, links, login("bob"), id));
  EXPECT_FALSE(way_to(*core, links, login("alice"), "no-number"));
  links.is_up = false;
  EXPECT_NE(way_to(*core, links, login("alice"), id).error().find("link is down"), std::string::npos);
}

// ---- what administrators keep ----

class ApiRegisterTest : public ApiInterventionsTest {
 protected:
  Person administrator() { return person("admin", Role::administrator); }
  std::string etag_of(const std::string& path, std::string_view id = {}) {
    const auto answer = call("GET", path, nullptr, administrator());
    if (id.empty()) return api_etag(answer.body);
    for (const auto& item : object(answer).at("items").as_array())
      if (text_of(item.as_object(), "id") == id) return api_etag(json::serialize(item));
    return {};
  }
  json::object company(std::string_view state) {
    return {{"id", "support-exemple"}, {"name", "Support Exemple"}, {"country", "FR"}, {"guarantee", ""}, {"task", "Assistance de nuit"}, {"state", state}};
  }
  void card_of_the_company(const std::string& who) {
    auto fields = card_fields(who);
    fields.subprocessor = "support-exemple";
    put_card(fields);
  }
};

TEST_F(ApiRegisterTest, staff_of_a_subprocessor_ask_for_nothing_until_it_is_authorised) {
  card_of_the_company("alice");
  EXPECT_EQ(object(call("POST", "/api/v1/interventions", ask_body())).at("code"), "SUBPROCESSOR_NOT_AUTHORISED");
  ASSERT_EQ(call("POST", "/api/v1/subprocessors", company("NOTIFIED"), administrator()).status, 201u);
  EXPECT_EQ(object(call("POST", "/api/v1/interventions", ask_body())).at("code"), "SUBPROCESSOR_NOT_AUTHORISED");
  auto authorised = company("AUTHORISED");
  authorised.erase("id");
  const io::HttpHeaders seen{{"if-match", etag_of("/api/v1/subprocessors", "support-exemple")}};
  ASSERT_EQ(call("PUT", "/api/v1/subprocessors/support-exemple", authorised, administrator(), seen).status, 200u);
  EXPECT_EQ(call("POST", "/api/v1/interventions", ask_body()).status, 201u);
  EXPECT_EQ(last_record("subprocessor").at("state"), "AUTHORISED");
  EXPECT_EQ(last_record("subprocessor").at("done_by"), "admin");
}

TEST_F(ApiRegisterTest, outside_the_eea_a_guarantee_is_named) {
  auto body = company("PROPOSED");
  body["country"] = "US";
  EXPECT_EQ(call("POST", "/api/v1/subprocessors", body, administrator()).status, 400u);
  body["guarantee"] = "Clauses contractuelles types";
  EXPECT_EQ(call("POST", "/api/v1/subprocessors", body, administrator()).status, 201u);
  EXPECT_EQ(call("POST", "/api/v1/subprocessors", body, administrator()).status, 409u);
}

TEST_F(ApiRegisterTest, two_administrators_never_overwrite_each_other_unseen) {
  const json::object first{{"dpo_contact", "dpo@vendor.example"}, {"vendor_address", ""}, {"recipients", json::array{"Éditeur Exemple"}}, {"notice_version", "2"}};
  const io::HttpHeaders seen{{"if-match", etag_of("/api/v1/settings")}};
  EXPECT_EQ(call("PUT", "/api/v1/settings", first, administrator()).status, 412u);
  EXPECT_EQ(call("PUT", "/api/v1/settings", first, administrator(), seen).status, 200u);
  EXPECT_EQ(object(call("PUT", "/api/v1/settings", first, administrator(), seen)).at("code"), "changed_meanwhile");
  auto nobody = first;
  nobody["dpo_contact"] = "";
  EXPECT_EQ(call("PUT", "/api/v1/settings", nobody, administrator(), {{"if-match", etag_of("/api/v1/settings")}}).status, 400u);
  EXPECT_EQ(last_record("settings").at("dpo_contact"), "dpo@vendor.example");
  TearDownApi();
  reopen();
  SetUpApi();
  EXPECT_EQ(object(call("GET", "/api/v1/settings", nullptr, administrator())).at("notice_version"), "2");
}

TEST_F(ApiRegisterTest, a_contract_that_is_changed_counts_at_once_and_is_recorded) {
  const json::object ended{{"reference", "C-2026-7"}, {"valid_from", "2020-01-01"}, {"valid_until", "2020-12-31"}};
  const io::HttpHeaders seen{{"if-match", etag_of("/api/v1/practices/cabinet-exemple")}};
  ASSERT_EQ(call("PUT", "/api/v1/practices/cabinet-exemple/contract", ended, administrator(), seen).status, 200u);
  EXPECT_EQ(object(call("POST", "/api/v1/interventions", ask_body())).at("code"), "CONTRACT_NOT_VALID");
  EXPECT_EQ(last_record("practice").at("contract_until"), "2020-12-31");
  EXPECT_EQ(last_record("practice").at("done_by"), "admin");
}

TEST_F(ApiRegisterTest, a_card_comes_in_signed_or_not_at_all) {
  EXPECT_EQ(call("POST", "/api/v1/technicians", json::object{{"card", "nonsense"}, {"trained_on", nullptr}}, administrator()).status, 400u);
  const auto answer = call("POST", "/api/v1/technicians", json::object{{"card", issue(card_fields("dora"))}, {"trained_on", "2026-10-01"}}, administrator());
  ASSERT_EQ(answer.status, 201u) << answer.body;
  EXPECT_EQ(object(answer).at("trained_on"), "2026-10-01");
  EXPECT_TRUE(object(answer).contains("totp_secret"));
  EXPECT_TRUE(answer.secret);
  const auto seen_by_colleague = object(call("GET", "/api/v1/technicians", nullptr, person("bob")));
  for (const auto& item : seen_by_colleague.at("items").as_array()) EXPECT_FALSE(item.as_object().contains("keys"));
}

}  // namespace
}  // namespace pontlevis::gateway
