// Every route of the API, as every role, as a token of every scope, and as nobody: let through or not, as the table
// below says. A new route gets a line here, or this fails.
#include <set>

#include "gateway/admin.hpp"
#include "gateway/api/api.hpp"
#include "gateway/front.hpp"
#include "gateway/memory/memory.hpp"
#include "tests/unit/gateway/people_fixture.hpp"

namespace pontlevis::gateway {
namespace {

// Who: t(echnician) a(dministrator) c(ompliance) d(auditor), or nobody yet (-). Scope of a token, or page: no token.
// now: presence within the last minutes.
struct Row {
  std::string_view route, who, scope, presence;
};
constexpr Row table[] = {
    {"GET /door",                          "-",    "",           ""},
    {"POST /sign-in",                      "-",    "",           ""},
    {"POST /sign-in/passkey/start",        "-",    "",           ""},
    {"POST /sign-in/passkey/finish",       "-",    "",           ""},
    {"GET /sign-in/oidc",                  "-",    "",           ""},
    {"GET /sign-in/oidc/callback",         "-",    "",           ""},
    {"POST /sign-out",                     "tacd", "page",       ""},
    {"POST /step-up",                      "tacd", "page",       ""},
    {"GET /me",                            "tacd", "read",       ""},
    {"GET /me/card",                       "tacd", "read",       ""},
    {"POST /me/password",                  "tacd", "page",       ""},
    {"GET /me/passkeys",                   "tacd", "page",       ""},
    {"POST /me/passkeys/start",            "tacd", "page",       "now"},
    {"POST /me/passkeys/finish",           "tacd", "page",       "now"},
    {"DELETE /me/passkeys/<id>",           "tacd", "page",       "now"},
    {"GET /me/tokens",                     "tacd", "page",       ""},
    {"POST /me/tokens",                    "tacd", "page",       "now"},
    {"DELETE /me/tokens/<id>",             "tacd", "page",       ""},
    {"GET /practices",                     "tacd", "read",       ""},
    {"POST /practices",                    "a",    "administer", "now"},
    {"GET /practices/<id>",                "tacd", "read",       ""},
    {"PUT /practices/<id>/contract",       "a",    "administer", "now"},
    {"POST /enrolment-codes",              "a",    "administer", "now"},
    {"POST /practices/<id>/revoke-agent",  "a",    "administer", "now"},
    {"GET /interventions",                 "tacd", "read",       ""},
    {"POST /interventions",                "t",    "ask",        "now"},
    {"GET /interventions/<id>",            "tacd", "read",       ""},
    {"GET /interventions/<id>/events",     "tacd", "read",       ""},
    {"POST /interventions/<id>/cancel",    "t",    "ask",        ""},
    {"POST /interventions/<id>/finish",    "t",    "ask",        ""},
    {"POST /interventions/<id>/hand-over", "t",    "ask",        ""},
    {"GET /interventions/<id>/draft",      "t",    "report",     ""},
    {"PUT /interventions/<id>/draft",      "t",    "report",     ""},
    {"POST /interventions/<id>/report",    "t",    "report",     ""},
    {"GET /technicians",                   "tacd", "read",       ""},
    {"POST /technicians",                  "a",    "administer", "now"},
    {"POST /card-revocations",             "a",    "administer", "now"},
    {"GET /accounts",                      "a",    "administer", ""},
    {"POST /accounts",                     "a",    "administer", "now"},
    {"POST /accounts/<id>/reset",          "a",    "administer", "now"},
    {"DELETE /accounts/<id>",              "a",    "administer", "now"},
    {"GET /subprocessors",                 "acd",  "read",       ""},
    {"POST /subprocessors",                "a",    "administer", "now"},
    {"GET /subprocessors/<id>",            "acd",  "read",       ""},
    {"PUT /subprocessors/<id>",            "a",    "administer", "now"},
    {"GET /settings",                      "acd",  "read",       ""},
    {"PUT /settings",                      "a",    "administer", "now"},
    {"GET /log",                           "acd",  "read",       ""},
    {"GET /deliveries",                    "acd",  "read",       ""},
    {"POST /deliveries/<id>/retry",        "ac",   "page",       ""},
    {"POST /deliveries/<id>/drop",         "ac",   "page",       "now"},
    {"GET /review/interventions",               "cd", "read",   ""},
    {"GET /review/choices",                     "cd", "read",   ""},
    {"GET /review/overview",                    "cd", "read",   ""},
    {"GET /review/interventions/<id>",          "cd", "read",   ""},
    {"GET /review/interventions/<id>/evidence", "cd", "read",   ""},
    {"GET /review/interventions/<id>/record",   "cd", "read",   ""},
    {"POST /review/interventions/<id>/marks",   "cd", "report", ""},
    {"GET /review/marks",                       "cd", "read",   ""},
    {"GET /review/searches",                    "cd", "read",   ""},
    {"POST /review/searches",                   "cd", "report", ""},
    {"DELETE /review/searches/<id>",            "cd", "report", ""},
    {"POST /review/exports",                    "cd", "report", ""},
    {"GET /review/exports",                     "cd", "read",   ""},
    {"GET /review/exports/<id>",                "cd", "read",   ""},
    {"GET /review/exports/<id>/file",           "cd", "read",   ""},
    {"GET /due",                                "cd", "read",   ""},
    {"GET /retention",                          "cd",  "read", ""},
    {"POST /retention/validate",                "c",   "page", "now"},
    {"POST /retention/run",                     "c",   "page", "now"},
    {"GET /certificates",                       "cd",  "read", ""},
    {"GET /certificates/<id>",                  "cd",  "read", ""},
    {"GET /certificates/<id>/text",             "cd",  "read", ""},
    {"POST /erasures",                          "c",   "page", "now"},
    {"GET /holds",                              "cd",  "read", ""},
    {"POST /holds",                             "c",   "page", "now"},
    {"POST /holds/<id>/review",                 "c",   "page", ""},
    {"POST /holds/<id>/lift",                   "c",   "page", "now"},
    {"GET /annual-reviews",                     "cd",  "read", ""},
    {"GET /annual-reviews/<id>",                "cd",  "read", ""},
    {"PUT /annual-reviews/<id>",                "c",   "page", ""},
    {"POST /annual-reviews/<id>/sign",          "c",   "page", "now"},
    {"GET /contract-ends",                      "cd",  "read", ""},
    {"POST /contract-ends",                     "c",   "page", "now"},
    {"POST /contract-ends/<id>/confirm",        "c",   "page", "now"},
    {"GET /contract-ends/<id>/export",          "cd",  "read", ""},
    {"GET /spontaneous-data",                   "cd",  "read", ""},
    {"POST /spontaneous-data",                  "c",   "page", "now"},
    {"POST /spontaneous-data/<id>/destroy",     "c",   "page", "now"},
    {"GET /backups",                            "acd", "read", ""},
    {"POST /backups/restore-test",              "ac",  "page", "now"},
    {"GET /processing-entries",                "cd", "read", ""},
    {"GET /processing-entries/<id>",           "cd", "read", ""},
    {"GET /processing-entries/<id>/text",      "cd", "read", ""},
    {"POST /processing-entries/<id>/validate", "c",  "page", "now"},
    {"PUT /processing-entries/<id>/dpia",      "c",  "page", ""},
    {"GET /practices/<id>/processing-entry",   "cd", "read", ""},
    {"GET /rights-requests",                   "cd", "read", ""},
    {"POST /rights-requests",                  "c",  "page", ""},
    {"GET /rights-requests/<id>",              "cd", "read", ""},
    {"POST /rights-requests/<id>/identity",    "c",  "page", ""},
    {"POST /rights-requests/<id>/extend",      "c",  "page", "now"},
    {"POST /rights-requests/<id>/forward",     "c",  "page", "now"},
    {"POST /rights-requests/<id>/search",      "c",  "page", ""},
    {"POST /rights-requests/<id>/answer",      "c",  "page", "now"},
    {"GET /rights-requests/<id>/file",         "cd", "read", ""},
    {"GET /breaches",                          "cd", "read", ""},
    {"POST /breaches",                         "c",  "page", ""},
    {"GET /breaches/<id>",                     "cd", "read", ""},
    {"PUT /breaches/<id>",                     "c",  "page", ""},
    {"POST /breaches/<id>/confirm",            "c",  "page", "now"},
    {"POST /breaches/<id>/dismiss",            "c",  "page", "now"},
    {"POST /breaches/<id>/scope",              "c",  "page", ""},
    {"POST /breaches/<id>/notify",             "c",  "page", "now"},
    {"POST /breaches/<id>/delivered",          "c",  "page", ""},
    {"POST /breaches/<id>/close",              "c",  "page", "now"},
    {"GET /breaches/<id>/notice",              "cd", "read", ""},
    {"GET /breaches/<id>/file",                "cd", "read", ""},
};

class MatrixTest : public PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    relays.emplace(*core, links, loop.get_executor());
    front.emplace(*core, *desk, links, *relays, loop.get_executor());
    admin.emplace(*core);
    api.emplace(*core, *desk, links, *relays, *front, *admin);
    ASSERT_TRUE(api->people().listens_on(8443));
    memory.emplace(*core);
    ASSERT_TRUE(memory->open());
    api->use(memory->routes());
    all = api->routes();
    for (auto who : roles) cookies[std::string(who)] = in(std::string(who));
  }
  void TearDown() override {
    all.clear();
    api.reset(), memory.reset(), admin.reset(), front.reset(), relays.reset();
    PeopleTest::TearDown();
  }
  static std::string name_of(const ApiRoute& route) { return route.method + " " + route.path.substr(std::string_view("/api/v1").size()); }
  static std::string path_of(const ApiRoute& route) {
    auto path = route.path;
    if (const auto at = path.find("<id>"); at != path.npos) path.replace(at, 4, "sample");
    return path;
  }
  // The guard's word: empty when it lets through.
  std::string word_of(const ApiRoute& route, const std::string& cookie, const std::string& token = {}) {
    ApiGuard fresh(*core, *people);
    const json::value body = route.method == "GET" || route.method == "DELETE" ? json::value() : json::value(json::object{});
    auto verdict = fresh.admit(request_of({route.method, path_of(route), body, {}, cookie, token}), route);
    const auto* no = std::get_if<io::HttpResponse>(&verdict);
    return no ? code_of(*no) : "";
  }
  const Row* row_of(const ApiRoute& route) const {
    const auto at = std::find_if(std::begin(table), std::end(table), [&](const Row& r) { return r.route == name_of(route); });
    return at == std::end(table) ? nullptr : at;
  }

  static constexpr std::array<std::string_view, 4> roles{"alice", "admin", "dpo", "audit"};
  static constexpr std::string_view letters = "tacd";
  std::optional<RelayDesk> relays;
  std::optional<Front> front;
  std::optional<Admin> admin;
  std::optional<Memory> memory;
  std::optional<Api> api;
  ApiRoutes all;
  std::map<std::string, std::string> cookies;
};

TEST_F(MatrixTest, every_route_has_its_line_and_every_line_its_route) {
  for (const auto& route : all) EXPECT_NE(row_of(route), nullptr) << name_of(route);
  EXPECT_EQ(all.size(), std::size(table));
}

TEST_F(MatrixTest, each_role_may_what_its_line_says) {
  for (const auto& route : all) {
    const auto* row = row_of(route);
    if (!row || row->who == "-") continue;
    for (std::size_t i = 0; i < roles.size(); ++i) {
      const bool may = row->who.find(letters[i]) != row->who.npos;
      EXPECT_EQ(word_of(route, cookies[std::string(roles[i])]), may ? "" : "not_your_role") << name_of(route) << " as " << roles[i];
    }
  }
}

TEST_F(MatrixTest, nobody_may_what_comes_before_signing_in_and_nothing_else) {
  for (const auto& route : all)
    if (const auto* row = row_of(route)) EXPECT_EQ(word_of(route, ""), row->who == "-" ? "" : "not_signed_in") << name_of(route);
}

TEST_F(MatrixTest, presence_is_asked_where_its_line_says) {
  clock.advance(std::chrono::minutes(6));
  for (const auto& route : all) {
    const auto* row = row_of(route);
    if (!row || row->who == "-") continue;
    const auto& cookie = cookies[std::string(roles[letters.find(row->who[0])])];
    EXPECT_EQ(word_of(route, cookie), row->presence == "now" ? "step_up" : "") << name_of(route);
  }
}

TEST_F(MatrixTest, a_token_may_what_its_scope_and_its_role_allow_together) {
  for (std::size_t who = 0; who < roles.size(); ++who) {
    const auto owner = login(roles[who]);
    for (std::size_t s = 0; s < Spelling<Scope>::words.size(); ++s) {
      Scopes scopes;
      scopes.add(static_cast<Scope>(s));
      const auto made = people->tokens().make(owner, "essai", scopes, 1);
      ASSERT_TRUE(made);
      for (const auto& route : all) {
        const auto* row = row_of(route);
        if (!row || row->who == "-") continue;
        const bool role = row->who.find(letters[who]) != row->who.npos, scope = row->scope == Spelling<Scope>::words[s];
        EXPECT_EQ(word_of(route, "", std::string(made->secret.expose())), !role ? "not_your_role" : !scope ? "not_your_scope" : "")
            << name_of(route) << " as " << roles[who] << " with " << Spelling<Scope>::words[s];
      }
    }
  }
}

// What an auditor leaves beside what is read (requirements A15): marks, searches of their own, copies; each a record.
TEST_F(MatrixTest, an_auditor_changes_nothing_but_their_own_keys_and_writes_beside_what_is_read) {
  const std::set<std::string> beside{"POST /review/interventions/<id>/marks", "POST /review/searches", "DELETE /review/searches/<id>", "POST /review/exports"};
  for (const auto& route : all)
    if (route.roles.has(Role::auditor) && route.method != "GET")
      EXPECT_TRUE(route.path.starts_with("/api/v1/me/") || route.path == "/api/v1/sign-out" || route.path == "/api/v1/step-up" || beside.contains(name_of(route))) << name_of(route);
}

TEST_F(MatrixTest, what_administrators_change_takes_presence) {
  for (const auto& route : all)
    if (route.scope == Scope::administer && route.method != "GET") EXPECT_TRUE(route.fresh) << name_of(route);
}

}  // namespace
}  // namespace pontlevis::gateway
