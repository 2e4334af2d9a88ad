#include "gateway/people/people_desk.hpp"

#include "certs/password_hash.hpp"
#include "gateway/events.hpp"
#include "gateway/records.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

DoorRefusal locked_refusal() {
  return {423, "locked", {Errc::not_allowed, "this name is locked after too many wrong tries", "sign-in",
                          "wait a quarter of an hour, or ask an administrator"}};
}

}  // namespace

DoorRefusal store_fault(const Error& error) {
  event(Level::error, "store.failed", {{"what", error.what}});
  return {503, "unavailable", {Errc::unavailable, "this cannot be looked up at the moment", "gateway", "try again; the administrator sees why in the gateway's log"}};
}

DoorRefusal not_signed_in() {
  return {401, "not_signed_in", {Errc::not_allowed, "the name, the password or the code is wrong", "sign-in",
                                 "a code works once: wait for the next one if you have just used it"}};
}

PeopleDesk::PeopleDesk(Core& core)
    : core_(core), accounts_(*core.store), sessions_(*core.store, core.clock, core.random),
      tokens_(*core.store, core.clock, core.random), factors_(*core.store, core.clock),
      shelf_(*core.store), passkeys_(shelf_, core.clock, core.random), names_(core.clock), sources_(core.clock), passwords_(core.random), oidc_(core, accounts_),
      place_(*ConsolePlace::parse("", core.options.text("public.ssh_host"), static_cast<unsigned>(core.options.integer("listen.https_port")))) {
  take_place(place_);
}

void PeopleDesk::take_place(ConsolePlace place) {
  place_ = std::move(place);
  passkeys_.set_place({place_.host(), {place_.origin()}});
}

Result<> PeopleDesk::listens_on(unsigned port) {
  PL_TRY(place, ConsolePlace::parse(core_.options.text("console.origin"), core_.options.text("public.ssh_host"), port));
  take_place(std::move(place));
  oidc_.forget();
  return {};
}

SessionRule PeopleDesk::rule() const {
  const auto& o = core_.options;
  return {std::chrono::minutes(o.integer("session.idle_minutes")), std::chrono::hours(o.integer("session.hours")),
          std::chrono::minutes(o.integer("session.step_up_minutes"))};
}

LockoutRule PeopleDesk::source_rule() const {
  auto rule = core_.lockout_rule();
  rule.tries = static_cast<int>(core_.options.integer("signin.tries_per_source"));
  return rule;
}

Result<Person> PeopleDesk::usable(const Login& login) const {
  PL_TRY(account, accounts_.find(login));
  if (!account) return fail(Errc::not_found, "this account is not here any more", "account", "ask an administrator");
  if (account->until && core_.clock.now() >= *account->until)
    return fail(Errc::expired, "this account ended on " + to_date(*account->until), "account", "ask an administrator");
  if (account->role != Role::technician) return Person{login, account->name, account->role};
  PL_TRY(card, core_.technicians.valid_card(login));
  return Person{login, card.fields().name, account->role};
}

// ---- counting ----

void PeopleDesk::record(std::string_view what, const std::string& subject, const std::string& source, const std::string& detail) {
  core_.append_and_go_on(security_record(what, "web", subject, source, printable(detail, 300)));
}

std::optional<DoorRefusal> PeopleDesk::too_many(const std::string& name, const std::string& source) {
  if (sources_.locked(source_key(source)))
    return DoorRefusal{429, "too_many", {Errc::unavailable, "too many wrong sign-ins from this address", "sign-in", "wait a quarter of an hour"}};
  if (names_.locked(name)) return locked_refusal();
  return std::nullopt;
}

// A name that nobody has is not written down: people type passwords into the wrong field.
DoorRefusal PeopleDesk::wrong(const std::string& name, bool known, const std::string& source, std::string_view why) {
  event("signin.failed", {{"login", known ? name : "(unknown)"}, {"why", why}});
  record("signin_failed", known ? name : "", source, std::string(why));
  if (sources_.count(source_key(source), source_rule())) record("source_locked", "", source, "too many wrong sign-ins of one address");
  if (names_.count(name, core_.lockout_rule())) record("locked", known ? name : "", source, "too many wrong sign-ins");
  return not_signed_in();
}

// ---- by password and code ----

Awaitable<Admitted<Person>> PeopleDesk::check(Login login, Secret password, Secret code, std::string source) {
  if (auto no = too_many(login.text(), source)) co_return std::unexpected(*std::move(no));
  auto stored = accounts_.password_hash(login);
  if (!stored) co_return std::unexpected(store_fault(stored.error()));
  const bool known = !stored->empty();
  const auto right = co_await passwords_.verify(std::move(password), *std::move(stored));
  if (!right) co_return std::unexpected(DoorRefusal{429, "too_many", right.error()});
  // Others may have tried meanwhile: a lock that came in between counts for this try too.
  if (auto no = too_many(login.text(), source)) co_return std::unexpected(*std::move(no));
  if (!*right) co_return std::unexpected(wrong(login.text(), known, source, "wrong password"));
  if (auto spent = spend_code(login, code, source); !spent) co_return std::unexpected(std::move(spent).error());
  names_.forgive(login.text());
  auto person = usable(login);
  if (person) co_return *std::move(person);
  record("signin_failed", login.text(), source, "the account does not count: " + person.error().what);
  co_return std::unexpected(DoorRefusal{403, "account_closed", person.error()});
}

Admitted<> PeopleDesk::spend_code(const Login& login, const Secret& code, const std::string& source) {
  const auto verdict = factors_.check(login, code, core_.lockout_rule());
  if (!verdict) return std::unexpected(store_fault(verdict.error()));
  if (*verdict == CodeVerdict::accepted) return {};
  if (*verdict == CodeVerdict::locked) return std::unexpected(locked_refusal());
  if (*verdict == CodeVerdict::now_locked) {
    event(Level::warn, "signin.locked", {{"login", login.text()}});
    record("locked", login.text(), source, "too many wrong codes");
  }
  return std::unexpected(wrong(login.text(), true, source, "wrong code"));
}

Admitted<> PeopleDesk::check_code(const Login& login, const Secret& code, const std::string& source) {
  if (auto no = too_many(login.text(), source)) return std::unexpected(*std::move(no));
  auto spent = spend_code(login, code, source);
  if (spent || spent.error().status != 401) return spent;
  return std::unexpected(DoorRefusal{403, "wrong_code", {Errc::not_allowed, "the code is wrong, or was used already", "step-up", "wait for the next code"}});
}

Awaitable<Admitted<>> PeopleDesk::check_password(Login login, Secret password, std::string source) {
  if (auto no = too_many(login.text(), source)) co_return std::unexpected(*std::move(no));
  auto stored = accounts_.password_hash(login);
  if (!stored) co_return std::unexpected(store_fault(stored.error()));
  const auto right = co_await passwords_.verify(std::move(password), *std::move(stored));
  if (!right) co_return std::unexpected(DoorRefusal{429, "too_many", right.error()});
  if (*right) co_return Admitted<>{};
  static_cast<void>(wrong(login.text(), true, source, "wrong password"));
  co_return std::unexpected(DoorRefusal{403, "wrong_password", {Errc::not_allowed, "the password is wrong", "password", "try again"}});
}

Awaitable<Result<>> PeopleDesk::change_password(Login login, Secret password, std::string kept_session) {
  PL_CO_CHECK(certs::check_new_password(password, login.text()));
  PL_CO_TRY(hash, co_await passwords_.hash(std::move(password)));
  PL_CO_TRY(recorded, co_await core_.append(security_record("password_changed", "web", login.text(), "", "")));
  PL_CO_CHECK(accounts_.set_password(login, hash, false));
  PL_CO_CHECK(sessions_.end_others(login, kept_session));
  if (on_end_) on_end_(login);
  co_return Result<>{};
}

// ---- by passkey ----

Admitted<Person> PeopleDesk::check_passkey(const std::string& ticket, const json::object& credential, const std::string& source) {
  if (sources_.locked(source_key(source))) return std::unexpected(*too_many("", source));
  auto login = passkeys_.finish_sign_in(ticket, credential);
  if (!login) {
    if (login.error().code != Errc::bad_input) return std::unexpected(store_fault(login.error()));
    static_cast<void>(wrong("(passkey)", false, source, login.error().what));
    names_.forgive("(passkey)");  // nobody's name: only the source is counted
    return std::unexpected(DoorRefusal{401, "passkey_failed", login.error()});
  }
  auto person = usable(*login);
  if (person) return *std::move(person);
  record("signin_failed", login->text(), source, "the account does not count: " + person.error().what);
  return std::unexpected(DoorRefusal{403, "account_closed", person.error()});
}

// ---- by the identity provider ----

Awaitable<OidcResult<OidcPerson>> PeopleDesk::check_provider(io::HttpRequest request) {
  const std::string source = request.remote_address;
  auto done = co_await oidc_.finish(std::move(request), place_.origin());
  if (done) co_return done;
  event("signin.failed", {{"login", "(unknown)"}, {"why", done.error().what}});
  record("signin_failed", "", source, "identity provider: " + done.error().what);
  co_return done;
}

// ---- sessions ----

Admitted<Secret> PeopleDesk::begin(const Person& person, SignInMethod method, Proved proved, const std::string& source) {
  auto cookie = sessions_.open(person.login, method, proved, rule());
  if (!cookie) return std::unexpected(store_fault(cookie.error()));
  event("signin.done", {{"login", person.login.text()}, {"method", word(method)}});
  record("signed_in", person.login.text(), source, std::string(word(method)));
  return *std::move(cookie);
}

bool PeopleDesk::still_in(const std::string& session) {
  const auto found = sessions_.by_id(session, rule());
  return found && *found && usable((*found)->login);
}

// Also what an administrator's reset does: the name is not locked any more.
void PeopleDesk::end_person(const Login& login) {
  names_.forgive(login.text());
  if (const auto ended = sessions_.end_all(login); !ended) static_cast<void>(store_fault(ended.error()));
  if (on_end_) on_end_(login);
}

void PeopleDesk::sweep() {
  for (const auto& swept : {sessions_.sweep(rule()), tokens_.sweep()})
    if (!swept) static_cast<void>(store_fault(swept.error()));
}

}  // namespace pontlevis::gateway
