// The door of the API as a browser or a script meets it: requests through the router and the guard, with an
// account of each role. Everything is sample data.
#pragma once

#include "certs/password_hash.hpp"
#include "gateway/api/api_me.hpp"
#include "gateway/api/api_sign_in.hpp"
#include "gateway/people/account_desk.hpp"
#include "gateway/people/people_desk.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {

struct Asking {
  std::string method = "GET", path;
  json::value body{};             // null: none
  io::HttpHeaders more{};         // replaces those of a browser
  std::string cookie{}, token{};  // of a person
  std::string source = "192.0.2.7";
};

class PeopleTest : public GatewayTest {
 protected:
  static constexpr std::string_view password = "cheval agrafe correct";
  static constexpr std::string_view origin = "https://localhost:8443";

  void SetUp() override {
    GatewayTest::SetUp();
    start_door();
    for (auto [name, role] : {std::pair("alice", Role::technician), {"admin", Role::administrator}, {"dpo", Role::compliance}, {"audit", Role::auditor}})
      add_account(name, role);
  }
  void TearDown() override {
    stop_door();
    GatewayTest::TearDown();
  }

  void start_door() {
    people = std::make_unique<PeopleDesk>(*core);
    guard = std::make_unique<ApiGuard>(*core, *people);
    router = std::make_unique<io::Router>();
    routes = sign_in_routes(*people, [] { return DoorFacts{"00ff", true, "localhost", 2222}; });
    for (auto& route : me_routes(*people)) routes.push_back(std::move(route));
    add_test_routes();
    add_api_routes(*router, *guard, *core, routes);
  }
  virtual void add_test_routes() {}
  void stop_door() {
    router.reset();
    routes.clear();
    guard.reset();
    people.reset();
  }
  void restart() {  // of the gateway
    stop_door();
    reopen();
    start_door();
  }

  json::object account(json::object request) {
    auto answer = run(act_on_account(*core, [this](const Login& l) { people->end_person(l); }, std::move(request)));
    if (!answer) throw std::runtime_error(answer.error().text());
    return *std::move(answer);
  }
  // As `user add` makes one, with a password hashed once for all tests at the least cost.
  void add_account(const std::string& name, Role role) {
    static const std::string hash = *certs::hash_password(Secret(password), random, {.n = 1u << 15});
    const auto secret = certs::TotpSecret::generate(random);
    seeds[name] = secret.base32().expose();
    Account account{login(name), "Personne " + name, role, clock.now()};
    if (role == Role::auditor) account.until = clock.now() + std::chrono::days(30);
    ASSERT_TRUE(people->accounts().add(account, hash));
    ASSERT_TRUE(people->factors().put(account.login, secret));
  }
  std::string code(const std::string& name) {
    return certs::TotpSecret::parse(seeds.at(name))->code_at(certs::totp_step(clock.now()));
  }
  std::string wrong_code(const std::string& name) { return code(name) == "000000" ? "000001" : "000000"; }
  void next_code() { clock.advance(std::chrono::seconds(31)); }

  io::HttpRequest request_of(const Asking& a) {
    io::HttpRequest r;
    r.method = a.method;
    r.target = a.path;
    const auto mark = std::min(a.path.find('?'), a.path.size());
    r.path = a.path.substr(0, mark);
    r.query = a.path.substr(std::min(mark + 1, a.path.size()));
    r.remote_address = a.source;
    r.headers = a.more;
    const auto put = [&](const char* name, std::string value) {
      if (!value.empty() && r.header(name).empty()) r.headers.emplace_back(name, std::move(value));
    };
    put("host", "localhost:8443");
    if (a.token.empty()) put("sec-fetch-site", "same-origin");
    if (a.token.empty() && a.method != "GET") put("origin", std::string(origin));
    if (!a.cookie.empty()) put("cookie", std::string(session_cookie) + "=" + a.cookie);
    if (!a.token.empty()) put("authorization", "Bearer " + a.token);
    if (a.method == "GET" || a.body.is_null()) return r;
    put("content-type", "application/json");
    r.body = json::serialize(a.body);
    return r;
  }
  io::HttpResponse ask(const Asking& a) {
    auto request = request_of(a);
    auto found = router->find(request);
    if (auto* no = std::get_if<io::HttpResponse>(&found)) return *no;
    const auto* route = std::get<const io::Router::Route*>(found);
    return run(std::get<io::Router::PlainRoute>(*route).handler(std::move(request)));
  }
  io::HttpResponse post(std::string path, json::value body, std::string cookie = {}) { return ask({"POST", std::move(path), std::move(body), {}, std::move(cookie)}); }
  io::HttpResponse get(std::string path, std::string cookie = {}) { return ask({"GET", std::move(path), {}, {}, std::move(cookie)}); }

  static json::object body_of(const io::HttpResponse& r) { return r.body.empty() ? json::object{} : json::parse(r.body).as_object(); }
  static std::string code_of(const io::HttpResponse& r) { return text_of(body_of(r), "code"); }
  static std::string cookie_of(const io::HttpResponse& r) {
    const auto set = r.header("set-cookie");
    const auto at = set.find('=');
    return at == set.npos ? "" : std::string(set.substr(at + 1, set.find(';') - at - 1));
  }

  io::HttpResponse try_in(const std::string& name, std::string_view with = password, std::string one_time = {}, std::string source = "192.0.2.7") {
    if (one_time.empty()) one_time = seeds.contains(name) ? code(name) : "123456";
    return ask({"POST", "/api/v1/sign-in", json::object{{"login", name}, {"password", with}, {"code", one_time}}, {}, {}, {}, std::move(source)});
  }
  // The cookie of somebody who signed in.
  std::string in(const std::string& name) {
    next_code();
    const auto answer = try_in(name);
    if (answer.status != 200) throw std::runtime_error("sign-in of " + name + ": " + answer.body);
    return cookie_of(answer);
  }

  // The newest security record with that event, once the log has it.
  json::object recorded(std::string_view what) {
    json::object found;
    EXPECT_TRUE(until([&] {
      found = last_record("security");
      return text_of(found, "event") == what;
    })) << what;
    return found;
  }

  std::map<std::string, std::string> seeds;
  std::unique_ptr<PeopleDesk> people;
  std::unique_ptr<ApiGuard> guard;
  std::unique_ptr<io::Router> router;
  ApiRoutes routes;
};

}  // namespace pontlevis::gateway
