#include "gateway/api/api_guard.hpp"

#include "gateway/people/people_desk.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr int records_an_hour = 200;  // a flood is not written line by line

constexpr std::string_view bearer = "Bearer ";

using Verdict = std::variant<ApiCall, io::HttpResponse>;

bool reads(const io::HttpRequest& r) { return r.method == "GET" || r.method == "HEAD"; }
bool is_public(const ApiRoute& route) { return route.roles == Roles{}; }

Person nobody() { return {*Login::parse("nobody"), "", Role::auditor}; }

// The console's own refreshes say so, or a page left open would never sign out.
Touch touch_of(const io::HttpRequest& r) { return r.header("x-pontlevis-background").empty() ? Touch::yes : Touch::no; }

bool is_json(std::string_view type) { return type == "application/json" || type == "application/json; charset=utf-8"; }

// What somebody may still do whose password was made by another person.
bool about_oneself(std::string_view path) {
  return path == "/api/v1/me" || path == "/api/v1/me/password" || path == "/api/v1/sign-out" || path == "/api/v1/step-up";
}

// What a reader leaves while reading: marks, searches of their own, copies; each recorded, none of them changes what is read (A15).
bool notes_of_a_reader(std::string_view path) {
  return path == "/api/v1/review/exports" || path.starts_with("/api/v1/review/searches") ||
         (path.starts_with("/api/v1/review/interventions/") && path.ends_with("/marks"));
}

io::HttpResponse problem(const DoorRefusal& no) { return api_problem(no.status, no.code, no.error); }

io::HttpResponse session_over(const io::HttpRequest& request) {
  const bool had_one = request.cookie(session_cookie).has_value();
  return api_problem(401, "not_signed_in", {Errc::not_allowed, had_one ? "this sign-in is over" : "nobody is signed in here", "session", "sign in"});
}

}  // namespace

io::HttpResponse ApiGuard::refused(const io::HttpRequest& request, unsigned status, std::string_view code, Error error, const std::string& subject) {
  const auto now = core_.clock.since_boot();
  if (now > hour_began_ + std::chrono::hours(1)) hour_began_ = now, recorded_ = 0;
  if (++recorded_ <= records_an_hour)
    people_.record("request_refused", subject, request.remote_address, std::string(code) + ": " + request.method + " " + request.path);
  return api_problem(status, code, error);
}

// ---- where it comes from ----

std::optional<io::HttpResponse> ApiGuard::check_origin(const io::HttpRequest& request, Door door) {
  const auto origin = request.header("origin"), site = request.header("sec-fetch-site");
  const bool acts = !reads(request) || !request.header("upgrade").empty();
  const bool sent_here = door == Door::navigation && request.header("sec-fetch-mode") == "navigate";
  const bool foreign = acts ? !people_.place().is_origin(origin) : !origin.empty() && !people_.place().is_origin(origin);
  const bool crossed = !site.empty() && site != "same-origin" && site != "none" && !sent_here;
  if (!foreign && !crossed) return std::nullopt;
  return refused(request, 403, "wrong_origin", {Errc::not_allowed, "this act does not come from the console's page", "origin",
                                                "open " + people_.place().origin() + "/"});
}

std::optional<io::HttpResponse> ApiGuard::check_place(const io::HttpRequest& request, Door door) {
  if (!people_.place().is_host(request.header("host")))
    return refused(request, 421, "wrong_host", {Errc::not_allowed, "the console does not answer under this name", "host",
                                                "open " + people_.place().origin() + "/"});
  return check_origin(request, door);
}

// ---- whose it is ----

Verdict ApiGuard::admit(io::HttpRequest request, const ApiRoute& route) {
  const bool acts = !reads(request);
  if (acts && (!request.body.empty() || request.method != "DELETE") && !is_json(request.header("content-type")))
    return api_problem(415, "not_json", {Errc::bad_input, "an act is sent as application/json", "content-type", "content-type: application/json"});
  if (!is_public(route) && !request.header("authorization").empty()) return admit_token(std::move(request), route);
  if (auto no = check_place(request, route.door)) return *std::move(no);
  if (is_public(route)) return ApiCall{std::move(request), nobody(), {}};
  return admit_cookie(std::move(request), route);
}

Verdict ApiGuard::admit_cookie(io::HttpRequest request, const ApiRoute& route) {
  const auto cookie = request.cookie(session_cookie);
  if (!cookie) return session_over(request);
  const auto session = people_.sessions().find(*cookie, people_.rule(), touch_of(request));
  if (!session) return problem(store_fault(session.error()));
  if (!*session) return session_over(request);
  auto person = people_.usable((*session)->login);
  if (!person) {
    people_.end_person((*session)->login);
    return api_problem(401, "not_signed_in", person.error());
  }
  if (auto no = check_role(*person, request, route)) return *std::move(no);
  if (auto no = check_session(**session, *person, request, route)) return *std::move(no);
  return ApiCall{std::move(request), *std::move(person), (*session)->id};
}

// A token is no browser's: where it comes from does not matter, and no cookie may stand beside it.
Verdict ApiGuard::admit_token(io::HttpRequest request, const ApiRoute& route) {
  if (request.cookie(session_cookie))
    return api_problem(400, "two_identities", {Errc::bad_input, "a request has a cookie or a token, not both", "authorization", "leave one of them out"});
  const auto header = request.header("authorization");
  const auto token = people_.tokens().find(header.starts_with(bearer) ? header.substr(bearer.size()) : "");
  if (!token) return problem(store_fault(token.error()));
  auto person = *token ? people_.usable((*token)->login) : Result<Person>(fail(Errc::not_allowed, "this token is not known here, or has ended", "authorization",
                                                                             "make one at the console, under your own keys"));
  if (!person) {
    auto out = refused(request, 401, "bad_token", person.error());
    out.headers.emplace_back("www-authenticate", "Bearer realm=\"pontlevis\", error=\"invalid_token\"");
    return out;
  }
  if (auto no = check_role(*person, request, route)) return *std::move(no);
  if (auto no = check_token(**token, request, route)) return *std::move(no);
  return ApiCall{std::move(request), *std::move(person), {}};
}

Verdict ApiGuard::admit_socket(io::HttpRequest request, Roles roles) {
  if (!request.header("authorization").empty())
    return api_problem(400, "two_identities", {Errc::bad_input, "a WebSocket of the console is opened with the page's cookie", "authorization", "leave the header out"});
  const ApiRoute route{"GET", request.path, roles, Scope::read, false, {}};
  if (auto no = check_place(request, route.door)) return *std::move(no);
  return admit_cookie(std::move(request), route);
}

// ---- what its role may do ----

std::optional<io::HttpResponse> ApiGuard::check_role(const Person& person, const io::HttpRequest& request, const ApiRoute& route) {
  // Twice said, in the table of routes and here: an auditor changes nothing but their own keys, and writes beside what is read.
  const bool own = request.path.starts_with("/api/v1/me/") || about_oneself(request.path) || notes_of_a_reader(request.path);
  const bool may = route.roles.has(person.role) && (person.role != Role::auditor || reads(request) || own);
  if (may) return std::nullopt;
  return refused(request, 403, "not_your_role", {Errc::not_allowed, "the role " + std::string(word(person.role)) + " may not do this", "role",
                                                 "ask an administrator of the gateway"}, person.login.text());
}

// Making a token was the proof of presence for what its scopes allow.
std::optional<io::HttpResponse> ApiGuard::check_token(const Token& token, const io::HttpRequest& request, const ApiRoute& route) {
  const bool page_only = route.door == Door::page;
  if (!page_only && token.scopes.has(route.scope)) return std::nullopt;
  const std::string needs = page_only ? "this is done at the console, not with a token" : "this token was not made for the scope " + std::string(word(route.scope));
  return refused(request, 403, "not_your_scope", {Errc::not_allowed, needs, "scope", "make a token with that scope, or sign in to the console"}, token.login.text());
}

std::optional<io::HttpResponse> ApiGuard::check_session(const Session& session, const Person& person, const io::HttpRequest& request,
                                                        const ApiRoute& route) {
  const auto account = people_.accounts().find(person.login);
  if (!account || !*account) return session_over(request);
  if ((*account)->must_change && !about_oneself(request.path))
    return api_problem(403, "must_change_password", {Errc::not_allowed, "this password was made by somebody else", "password", "choose your own first"});
  if (route.fresh && (!session.step_up_until || core_.clock.now() >= *session.step_up_until))
    return api_problem(403, "step_up", {Errc::not_allowed, "show that it is you before this act", "session", "give a code of your authenticator app, or use a passkey"});
  return std::nullopt;
}

}  // namespace pontlevis::gateway
