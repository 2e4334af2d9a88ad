#include "gateway/api/api_sign_in.hpp"

#include "gateway/people/people_desk.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

io::HttpResponse problem(const DoorRefusal& no) {
  auto out = api_problem(no.status, no.code, no.error);
  if (no.status == 429) out.headers.emplace_back("retry-after", "60");
  return out;
}

struct Credentials {
  Login login;
  Secret password, code;
};

Result<Credentials> read_credentials(io::HttpRequest& request) {
  PL_TRY(body, api_body(request));
  StrictObject in(body, "sign-in");
  auto login = in.id<Login>("login");
  Secret password = in.secret("password", 1, 256), code = in.secret("code", 1, 16);
  const auto whole = in.finish();
  wipe_texts(body);
  PL_CHECK(whole);
  return Credentials{*std::move(login), std::move(password), std::move(code)};
}

json::value time_or_null(const std::optional<Time>& t) { return t ? json::value(to_utc(*t)) : json::value(nullptr); }

// A browser that signs in again leaves its old session behind.
void leave_old_session(PeopleDesk& people, const io::HttpRequest& request) {
  const auto cookie = request.cookie(session_cookie);
  if (!cookie) return;
  const auto old = people.sessions().find(*cookie, people.rule(), Touch::no);
  if (old && *old) static_cast<void>(people.sessions().end((*old)->id));
}

// The answer of a sign-in that succeeded.
io::HttpResponse welcome(PeopleDesk& people, ApiCall call, Person person, SignInMethod method, Proved proved) {
  leave_old_session(people, call.request);
  auto cookie = people.begin(person, method, proved, call.request.remote_address);
  if (!cookie) return problem(cookie.error());
  const auto session = people.sessions().find(cookie->expose(), people.rule(), Touch::no);
  if (!session || !*session) return problem(store_fault(session ? Error{Errc::internal, "the session is gone at once", {}, {}} : session.error()));
  call.person = std::move(person);
  call.session = (*session)->id;
  auto me = me_json(people, call);
  if (!me) return api_problem(me.error());
  auto out = api_answer({{"me", *std::move(me)}});
  out.headers.emplace_back("set-cookie", begin_cookie(session_cookie, *cookie, "Strict"));
  return out;
}

// Free coroutines with their own parameters: a lambda's captures would not live in the frame.

ApiAnswer sign_in(PeopleDesk& people, ApiCall call) {
  auto read = read_credentials(call.request);
  if (!read) co_return api_problem(read.error());
  auto [login, password, code] = *std::move(read);
  auto person = co_await people.check(std::move(login), std::move(password), std::move(code), call.request.remote_address);
  if (!person) co_return problem(person.error());
  co_return welcome(people, std::move(call), *std::move(person), SignInMethod::password, Proved::yes);
}

json::object question_of(json::object asked) {
  return {{"ticket", std::move(asked["ticket"])}, {"options", std::move(asked["publicKey"])}};
}

ApiAnswer passkey_start(PeopleDesk& people, ApiCall call) {
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "passkey");
  const auto login = in.id<Login>("login");
  if (const auto whole = in.finish(); !whole) co_return api_problem(whole.error());
  auto question = people.passkey_question(*login);
  co_return question ? api_answer(question_of(*std::move(question))) : api_problem(question.error());
}

// An authenticator's answer, judged.
Admitted<Person> passkey_answer(PeopleDesk& people, StrictObject& in, const std::string& source) {
  const auto ticket = in.text("ticket", 1, 128);
  const auto& credential = in.object("credential");
  if (const auto whole = in.finish(); !whole) return std::unexpected(DoorRefusal{400, "bad_input", whole.error()});
  return people.check_passkey(ticket, credential, source);
}

ApiAnswer passkey_finish(PeopleDesk& people, ApiCall call) {
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "passkey");
  auto person = passkey_answer(people, in, call.request.remote_address);
  if (!person) co_return problem(person.error());
  co_return welcome(people, std::move(call), *std::move(person), SignInMethod::passkey, Proved::yes);
}

ApiAnswer sign_out(PeopleDesk& people, ApiCall call) {
  if (auto read = api_no_body(call.request); !read) co_return api_problem(read.error());
  if (const auto ended = people.sessions().end(call.session); !ended) co_return problem(store_fault(ended.error()));
  auto out = api_answer({});
  out.headers.emplace_back("set-cookie", end_cookie(session_cookie));
  co_return out;
}

// By a code, or by a passkey of the same person.
Admitted<> presence(PeopleDesk& people, StrictObject& in, const ApiCall& call) {
  const auto& source = call.request.remote_address;
  if (in.has("ticket")) {
    auto person = passkey_answer(people, in, source);
    if (person && person->login == call.person.login) return {};
    if (person) return std::unexpected(DoorRefusal{403, "passkey_failed", {Errc::not_allowed, "this passkey is another person's", "passkey", "use your own"}});
    if (person.error().status == 401) person.error().status = 403;  // the session itself is not over
    return std::unexpected(std::move(person).error());
  }
  const Secret code = in.secret("code", 1, 16);
  if (const auto whole = in.finish(); !whole) return std::unexpected(DoorRefusal{400, "bad_input", whole.error()});
  return people.check_code(call.person.login, code, source);
}

ApiAnswer step_up(PeopleDesk& people, ApiCall call) {
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "step-up");
  const auto right = presence(people, in, call);
  wipe_texts(*body);
  if (!right) co_return problem(right.error());
  if (const auto done = people.sessions().step_up(call.session, people.rule()); !done) co_return problem(store_fault(done.error()));
  auto me = me_json(people, call);
  co_return me ? api_answer(*me) : api_problem(me.error());
}

// ---- the identity provider ----

io::HttpResponse go_to(std::string location) {
  auto out = io::HttpResponse::empty(302);
  out.headers.emplace_back("location", std::move(location));
  return out;
}

// The page says why in its own words.
io::HttpResponse back_with(std::string_view problem) {
  auto out = go_to("/?problem=" + std::string(problem));
  out.headers.emplace_back("set-cookie", end_cookie(OidcDesk::cookie));
  return out;
}

io::HttpResponse no_provider() {
  return api_problem(Error{Errc::not_found, "no identity provider is configured", "oidc.issuer", "sign in with password and code"});
}

ApiAnswer oidc_start(PeopleDesk& people, ApiCall) {
  if (!people.oidc().offered()) co_return no_provider();
  const auto begun = co_await people.oidc().start(people.place().origin());
  if (!begun) co_return back_with(begun.error().code);
  auto out = go_to(begun->location);
  // Lax: the provider's answer is a navigation from its site.
  out.headers.emplace_back("set-cookie", begin_cookie(OidcDesk::cookie, begun->cookie, "Lax") + "; Max-Age=600");
  co_return out;
}

ApiAnswer oidc_finish(PeopleDesk& people, ApiCall call) {
  if (!people.oidc().offered()) co_return no_provider();
  const auto source = call.request.remote_address;
  io::HttpRequest copy = call.request;
  const auto who = co_await people.check_provider(std::move(copy));
  if (!who) co_return back_with(who.error().code);
  auto person = people.usable(who->login);
  if (!person) {
    people.record("signin_failed", who->login.text(), source, "the account does not count: " + person.error().what);
    co_return back_with("account_closed");
  }
  auto done = welcome(people, std::move(call), *std::move(person), SignInMethod::oidc, who->second_factor ? Proved::yes : Proved::no);
  if (done.status != 200) co_return back_with("unavailable");
  auto out = back_with("");
  out.headers.front().second = "/";
  out.headers.emplace_back("set-cookie", std::string(done.header("set-cookie")));
  co_return out;
}

json::value oidc_json(PeopleDesk& people) {
  if (!people.oidc().offered()) return nullptr;
  return json::object{{"name", people.oidc().name()}};
}

ApiAnswer door(PeopleDesk& people, DoorFacts facts) {
  const auto& options = people.core().options;
  co_return api_answer({{"vendor", options.text("vendor.name")}, {"version", PONTLEVIS_VERSION}, {"language", options.text("console.language")},
                        {"oidc", oidc_json(people)}, {"console_sha256", facts.console_sha256}, {"serving", facts.serving}, {"ssh_host", facts.ssh_host}, {"ssh_port", facts.ssh_port}});
}

}  // namespace

std::string begin_cookie(std::string_view name, const Secret& value, std::string_view same_site) {
  return std::string(name) + "=" + std::string(value.expose()) + "; Path=/; Secure; HttpOnly; SameSite=" + std::string(same_site);
}
std::string end_cookie(std::string_view name) { return std::string(name) + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"; }

Result<json::object> me_json(PeopleDesk& people, const ApiCall& call) {
  PL_TRY(account, people.accounts().find(call.person.login));
  PL_TRY(session, people.sessions().by_id(call.session, people.rule()));
  if (!account || !session) return fail(Errc::not_found, "this sign-in is over", "session", "sign in");
  const auto rule = people.rule();
  return json::object{{"login", call.person.login.text()}, {"name", call.person.name}, {"role", word(call.person.role)},
                      {"signed_in_at", to_utc(session->signed_in_at)}, {"expires_at", to_utc(session->signed_in_at + rule.absolute)},
                      {"idle_seconds", std::chrono::duration_cast<std::chrono::seconds>(rule.idle).count()}, {"method", word(session->method)},
                      {"step_up_until", time_or_null(session->step_up_until)}, {"must_change_password", account->must_change}};
}

ApiRoutes sign_in_routes(PeopleDesk& people, std::function<DoorFacts()> facts) {
  const auto with = [&people](ApiAnswer (*act)(PeopleDesk&, ApiCall)) { return [&people, act](ApiCall call) { return act(people, std::move(call)); }; };
  constexpr Roles nobody{};
  return {
      {"GET", "/api/v1/door", nobody, Scope::read, false, [&people, facts = std::move(facts)](ApiCall) { return door(people, facts()); }},
      {"POST", "/api/v1/sign-in", nobody, Scope::read, false, with(sign_in), Door::page, true},
      {"POST", "/api/v1/sign-in/passkey/start", nobody, Scope::read, false, with(passkey_start), Door::page, true},
      {"POST", "/api/v1/sign-in/passkey/finish", nobody, Scope::read, false, with(passkey_finish), Door::page, true},
      {"GET", "/api/v1/sign-in/oidc", nobody, Scope::read, false, with(oidc_start), Door::page},
      {"GET", std::string(OidcDesk::callback), nobody, Scope::read, false, with(oidc_finish), Door::navigation},
      {"POST", "/api/v1/sign-out", everyone, Scope::read, false, with(sign_out), Door::page},
      {"POST", "/api/v1/step-up", everyone, Scope::read, false, with(step_up), Door::page},
  };
}

}  // namespace pontlevis::gateway
