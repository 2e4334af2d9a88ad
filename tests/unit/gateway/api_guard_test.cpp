// What the guard lets through: by origin and name, by role, by scope, by presence; what a repeated act and a
// repeated look are answered.
#include "gateway/api/kept_answers.hpp"
#include "tests/unit/gateway/people_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class GuardTest : public PeopleTest {
 protected:
  void add_test_routes() override {
    const auto act = [this](ApiCall call) { return count(std::move(call)); };
    routes.push_back({"GET", "/api/v1/sample", everyone, Scope::read, false, act});
    routes.push_back({"POST", "/api/v1/sample", Role::technician | Role::administrator, Scope::ask, true, act});
    routes.push_back({"POST", "/api/v1/sample/plain", Roles(Role::technician) | Role::auditor, Scope::ask, false, act});
    routes.push_back({"POST", "/api/v1/sample/secret", Roles(Role::technician), Scope::ask, false, act, Door::any, true});
    routes.push_back({"DELETE", "/api/v1/sample/<id>", Roles(Role::technician), Scope::ask, false, act});
  }
  ApiAnswer count(ApiCall call) {
    ++acts;
    if (status >= 500) co_return api_problem(status, "internal", {Errc::internal, "broken", "sample", "none"});
    if (text_of(json::parse(call.request.body.empty() ? "{}" : call.request.body).as_object(), "say") == "throw") throw std::runtime_error("broken");
    co_return api_answer({{"acts", acts}, {"who", call.person.login.text()}}, status);
  }
  io::HttpResponse keyed(const std::string& key, json::object body, const std::string& who, std::string path = "/api/v1/sample/plain") {
    return ask({"POST", std::move(path), std::move(body), {{"idempotency-key", key}}, who});
  }
  // A token with these scopes, of somebody who is signed in.
  std::string token(const std::string& cookie, std::vector<std::string> scopes, int days = 30) {
    const auto answer = post("/api/v1/me/tokens", json::object{{"label", "script"}, {"scopes", texts_json(scopes)}, {"days", days}}, cookie);
    if (answer.status != 201) throw std::runtime_error(answer.body);
    return text_of(body_of(answer), "secret");
  }
  io::HttpResponse with_token(const std::string& secret, std::string method, std::string path, json::value body = {}) {
    return ask({std::move(method), std::move(path), std::move(body), {}, {}, secret});
  }
  int acts = 0;
  unsigned status = 200;
};

// ---- where it comes from ----

TEST_F(GuardTest, an_act_of_another_page_is_refused_and_recorded) {
  const auto cookie = in("alice");
  for (std::string from : {"https://evil.example", "null", "http://localhost:8443", "https://localhost", "https://localhost:8443.evil.example"}) {
    const auto answer = ask({"POST", "/api/v1/sample/plain", json::object{}, {{"origin", from}}, cookie});
    EXPECT_EQ(answer.status, 403) << from;
    EXPECT_EQ(code_of(answer), "wrong_origin");
  }
  EXPECT_EQ(acts, 0);
  EXPECT_EQ(text_of(recorded("request_refused"), "source_ip"), "192.0.2.7");
}

TEST_F(GuardTest, an_act_without_an_origin_is_refused) {
  auto request = request_of({"POST", "/api/v1/sample/plain", json::object{}, {}, in("alice")});
  std::erase_if(request.headers, [](const auto& h) { return h.first == "origin"; });
  EXPECT_TRUE(std::holds_alternative<io::HttpResponse>(guard->admit(request, routes.back())));
}

TEST_F(GuardTest, what_the_browser_calls_cross_site_is_refused_also_when_read) {
  const auto cookie = in("alice");
  for (std::string site : {"cross-site", "same-site"}) EXPECT_EQ(code_of(ask({"GET", "/api/v1/sample", {}, {{"sec-fetch-site", site}}, cookie})), "wrong_origin");
  EXPECT_EQ(ask({"GET", "/api/v1/sample", {}, {{"sec-fetch-site", "none"}}, cookie}).status, 200) << "typed by the person";
}

TEST_F(GuardTest, another_name_that_leads_here_is_not_the_console) {
  const auto cookie = in("alice");
  for (std::string host : {"evil.example:8443", "127.0.0.1:8443", "localhost", "localhost:8444", "localhost:8443.evil.example"})
    EXPECT_EQ(code_of(ask({"GET", "/api/v1/sample", {}, {{"host", host}}, cookie})), "wrong_host") << host;
  EXPECT_EQ(ask({"GET", "/api/v1/sample", {}, {{"host", "LOCALHOST:8443"}}, cookie}).status, 200);
}

TEST_F(GuardTest, an_act_is_json) {
  const auto cookie = in("alice");
  for (std::string type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"})
    EXPECT_EQ(ask({"POST", "/api/v1/sample/plain", json::object{}, {{"content-type", type}}, cookie}).status, 415) << type;
}

TEST_F(GuardTest, an_answer_builds_no_page_and_stays_in_no_cache) {
  const auto answer = get("/api/v1/sample", in("alice"));
  EXPECT_TRUE(std::string(answer.header("content-security-policy")).starts_with("default-src 'none'"));
  EXPECT_EQ(answer.header("content-type"), "application/json");
}

// ---- what a role may ----

TEST_F(GuardTest, a_role_may_what_the_route_says) {
  std::map<std::string, std::string> cookies;
  for (auto who : {"alice", "admin", "dpo", "audit"}) cookies[who] = in(who);
  const auto allowed = [&](const std::string& path) {
    std::string out;
    for (auto who : {"alice", "admin", "dpo", "audit"}) out += post(path, json::object{}, cookies[who]).status == 200 ? "+" : "-";
    return out;
  };
  EXPECT_EQ(allowed("/api/v1/sample"), "++--");
  EXPECT_EQ(allowed("/api/v1/sample/plain"), "+---") << "an auditor changes nothing, whatever a route says";
  EXPECT_EQ(get("/api/v1/sample", cookies["audit"]).status, 200);
  EXPECT_EQ(get("/api/v1/sample").status, 401);
  EXPECT_EQ(code_of(post("/api/v1/sample", json::object{}, cookies["dpo"])), "not_your_role");
}

TEST_F(GuardTest, what_needs_presence_asks_for_it_after_five_minutes) {
  const auto cookie = in("alice");
  EXPECT_EQ(post("/api/v1/sample", json::object{}, cookie).status, 200);
  clock.advance(std::chrono::minutes(5));
  const auto refused = post("/api/v1/sample", json::object{}, cookie);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(code_of(refused), "step_up");
  EXPECT_EQ(post("/api/v1/step-up", json::object{{"code", code("alice")}}, cookie).status, 200);
  EXPECT_EQ(post("/api/v1/sample", json::object{}, cookie).status, 200);
}

TEST_F(GuardTest, a_websocket_is_the_pages_own_with_its_cookie) {
  const auto cookie = in("alice");
  const auto shake = [&](io::HttpHeaders headers, std::string with) {
    headers.emplace_back("upgrade", "websocket");
    return guard->admit_socket(request_of({"GET", "/api/v1/news", {}, std::move(headers), std::move(with)}), Role::technician);
  };
  const auto admitted = shake({{"origin", std::string(origin)}}, cookie);
  ASSERT_TRUE(std::holds_alternative<ApiCall>(admitted));
  EXPECT_TRUE(people->still_in(std::get<ApiCall>(admitted).session));
  EXPECT_TRUE(std::holds_alternative<io::HttpResponse>(shake({}, cookie))) << "no origin";
  EXPECT_TRUE(std::holds_alternative<io::HttpResponse>(shake({{"origin", "https://evil.example"}}, cookie)));
  EXPECT_TRUE(std::holds_alternative<io::HttpResponse>(shake({{"origin", std::string(origin)}}, "")));
  EXPECT_TRUE(std::holds_alternative<io::HttpResponse>(shake({{"origin", std::string(origin)}}, in("dpo")))) << "another role";
}

// ---- tokens ----

TEST_F(GuardTest, a_token_may_what_it_was_made_for_within_the_role) {
  const auto cookie = in("alice");
  const auto reads = token(cookie, {"read"}), asks = token(cookie, {"read", "ask"});
  EXPECT_EQ(reads.substr(0, 4), "plv_");
  EXPECT_EQ(with_token(reads, "GET", "/api/v1/sample").status, 200);
  EXPECT_EQ(code_of(with_token(reads, "POST", "/api/v1/sample", json::object{})), "not_your_scope");
  EXPECT_EQ(with_token(asks, "POST", "/api/v1/sample", json::object{}).status, 200) << "making it was the proof of presence";
  EXPECT_EQ(text_of(body_of(with_token(reads, "GET", "/api/v1/me")), "method"), "token");
}

TEST_F(GuardTest, a_token_does_not_touch_its_owners_keys) {
  const auto secret = token(in("alice"), {"read", "ask", "report"});
  EXPECT_EQ(code_of(with_token(secret, "GET", "/api/v1/me/tokens")), "not_your_scope");
  EXPECT_EQ(code_of(with_token(secret, "POST", "/api/v1/me/tokens", json::object{{"label", "x"}, {"scopes", json::array{"read"}}, {"days", 1}})), "not_your_scope");
  EXPECT_EQ(code_of(with_token(secret, "POST", "/api/v1/me/password", json::object{})), "not_your_scope");
}

TEST_F(GuardTest, a_token_ends_with_its_days_its_removal_its_account_and_its_card) {
  const auto cookie = in("alice");
  const auto old = token(cookie, {"read"}, 1), removed = token(cookie, {"read"}), last = token(cookie, {"read"});
  const auto list = body_of(get("/api/v1/me/tokens", cookie)).at("items").as_array();
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(ask({"DELETE", "/api/v1/me/tokens/" + text_of(list[1].as_object(), "id"), {}, {}, cookie}).status, 200);
  int left = 0;
  for (const auto& secret : {old, removed, last}) left += with_token(secret, "GET", "/api/v1/sample").status == 200;
  EXPECT_EQ(left, 2);
  clock.advance(std::chrono::hours(24));
  EXPECT_EQ(code_of(with_token(old, "GET", "/api/v1/sample")), "bad_token");
  const auto id = certs::StaffCard::peek(core->technicians.card_note(login("alice")))->id;
  ASSERT_TRUE(core->technicians.revoke(certs::RevocationList::sign({id, "départ", clock.now()}, staff)));
  for (const auto& secret : {removed, last}) EXPECT_EQ(with_token(secret, "GET", "/api/v1/sample").status, 401);
}

TEST_F(GuardTest, a_token_is_shown_once_and_kept_as_a_hash) {
  const auto cookie = in("alice");
  const auto secret = token(cookie, {"read"});
  const auto list = get("/api/v1/me/tokens", cookie);
  EXPECT_EQ(list.body.find(secret), list.body.npos);
  EXPECT_EQ(*core->store->integer("SELECT count(*) FROM tokens WHERE secret_sha256=?", sha256_hex(secret)), 1);
}

TEST_F(GuardTest, a_token_and_a_cookie_are_two_identities) {
  const auto cookie = in("alice");
  EXPECT_EQ(code_of(ask({"GET", "/api/v1/sample", {}, {}, cookie, token(cookie, {"read"})})), "two_identities");
}

TEST_F(GuardTest, what_is_no_token_is_refused_alike) {
  const auto a = ask({"GET", "/api/v1/sample", {}, {{"authorization", "Bearer plv_" + std::string(43, 'A')}}});
  for (const std::string& header : {std::string("Bearer x"), std::string("Basic YWxpY2U6eA=="), std::string("plv_"), std::string("Bearer"), "bearer plv_" + std::string(43, 'A')})
    EXPECT_EQ(ask({"GET", "/api/v1/sample", {}, {{"authorization", header}}}).body, a.body) << header;
  EXPECT_EQ(a.status, 401);
  EXPECT_FALSE(a.header("www-authenticate").empty());
}

TEST_F(GuardTest, a_token_lasts_a_year_at_most_and_has_scopes_of_its_role) {
  const auto wanted = [&](json::array scopes, int days) { return json::object{{"label", "x"}, {"scopes", std::move(scopes)}, {"days", days}}; };
  const auto cookie = in("audit");
  EXPECT_EQ(post("/api/v1/me/tokens", wanted({"read"}, 366), cookie).status, 400);
  EXPECT_EQ(post("/api/v1/me/tokens", wanted({"read"}, 0), cookie).status, 400);
  EXPECT_EQ(post("/api/v1/me/tokens", wanted({"read", "read"}, 1), cookie).status, 400);
  EXPECT_EQ(post("/api/v1/me/tokens", wanted({"ask"}, 1), cookie).status, 400) << "an auditor reads";
  EXPECT_EQ(post("/api/v1/me/tokens", wanted({}, 1), cookie).status, 400);
  EXPECT_EQ(post("/api/v1/me/tokens", wanted({"read"}, 365), cookie).status, 201);
}

// ---- a repeated look, a repeated act ----

TEST_F(GuardTest, what_has_not_changed_is_not_sent_again) {
  const auto cookie = in("alice");
  const auto first = get("/api/v1/me", cookie);
  const auto etag = std::string(first.header("etag"));
  ASSERT_EQ(etag, api_etag(first.body));
  const auto again = ask({"GET", "/api/v1/me", {}, {{"if-none-match", "\"other\", W/" + etag}}, cookie});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(again.header("etag"), etag);
  EXPECT_EQ(ask({"GET", "/api/v1/me", {}, {{"if-none-match", "\"other\""}}, cookie}).status, 200);
}

TEST_F(GuardTest, the_same_key_gives_the_first_answer_and_acts_once) {
  const auto cookie = in("alice");
  const auto first = keyed("k1", {{"a", 1}}, cookie), again = keyed("k1", {{"a", 1}}, cookie);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
  EXPECT_EQ(acts, 1);
  restart();
  EXPECT_EQ(keyed("k1", {{"a", 1}}, cookie).body, first.body) << "also after a restart";
  EXPECT_EQ(keyed("k2", {{"a", 1}}, cookie).status, 200);
  EXPECT_EQ(acts, 2);
}

TEST_F(GuardTest, a_key_belongs_to_one_body_one_person_and_one_day) {
  const auto cookie = in("alice");
  keyed("k", {{"a", 1}}, cookie);
  EXPECT_EQ(keyed("k", {{"a", 2}}, cookie).status, 422);
  EXPECT_EQ(code_of(keyed("k", {{"a", 2}}, cookie)), "key_reused");
  clock.advance(std::chrono::hours(25));
  EXPECT_EQ(keyed("k", {{"a", 2}}, in("alice")).status, 200);
  EXPECT_EQ(acts, 2);
  EXPECT_EQ(keyed("k", {{"a", 2}}, in("admin"), "/api/v1/sample").status, 200) << "another person's key";
  EXPECT_EQ(acts, 3);
}

TEST_F(GuardTest, a_fault_of_ours_is_not_kept) {
  const auto cookie = in("alice");
  status = 503;
  EXPECT_EQ(keyed("k", {}, cookie).status, 503);
  status = 200;
  EXPECT_EQ(keyed("k", {}, cookie).status, 200);
  EXPECT_EQ(acts, 2);
}

TEST_F(GuardTest, an_act_that_nobody_knows_the_end_of_is_not_done_again) {
  const auto cookie = in("alice");
  KeptAnswers before_the_crash(*core->store, clock);
  ApiCall call{request_of({"POST", "/api/v1/sample/plain", json::object{{"a", 1}}}), {login("alice"), "", Role::technician}, {}};
  ASSERT_TRUE(std::holds_alternative<KeptAnswers::Begun>(before_the_crash.begin(call, "k")));
  const auto answer = keyed("k", {{"a", 1}}, cookie);
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(code_of(answer), "outcome_unknown");
  EXPECT_EQ(acts, 0);
}

TEST_F(GuardTest, two_at_once_act_once) {
  KeptAnswers kept(*core->store, clock);
  ApiCall call{request_of({"POST", "/api/v1/sample/plain", json::object{}}), {login("alice"), "", Role::technician}, {}};
  const auto first = kept.begin(call, "k");
  ASSERT_TRUE(std::holds_alternative<KeptAnswers::Begun>(first));
  EXPECT_EQ(code_of(std::get<io::HttpResponse>(kept.begin(call, "k"))), "under_way");
  kept.keep(std::get<KeptAnswers::Begun>(first), api_answer({{"done", true}}));
  EXPECT_EQ(std::get<io::HttpResponse>(kept.begin(call, "k")).status, 200);
}

TEST_F(GuardTest, an_answer_with_a_secret_takes_no_key) {
  const auto cookie = in("alice");
  EXPECT_EQ(code_of(keyed("k", {}, cookie, "/api/v1/sample/secret")), "no_key_here");
  EXPECT_EQ(code_of(keyed("k", {{"label", "x"}, {"scopes", json::array{"read"}}, {"days", 1}}, cookie, "/api/v1/me/tokens")), "no_key_here");
  EXPECT_EQ(acts, 0);
}

TEST_F(GuardTest, a_key_that_is_none_is_refused) {
  const auto cookie = in("alice");
  for (std::string key : {std::string(129, 'k'), std::string("a b"), std::string("\xc3\xa9")}) EXPECT_EQ(keyed(key, {}, cookie).status, 400);
  EXPECT_EQ(acts, 0);
}

TEST_F(GuardTest, kept_answers_are_bounded) {
  KeptAnswers kept(*core->store, clock);
  ApiCall call{request_of({"POST", "/api/v1/sample/plain", json::object{}}), {login("alice"), "", Role::technician}, {}};
  for (int i = 0; i < KeptAnswers::most_of_one_person + 5; ++i) {
    const auto begun = kept.begin(call, "k" + std::to_string(i));
    kept.keep(std::get<KeptAnswers::Begun>(begun), api_answer({}));
  }
  EXPECT_LE(**core->store->integer("SELECT count(*) FROM kept_answers"), KeptAnswers::most_of_one_person);
}

}  // namespace
}  // namespace pontlevis::gateway
