#include "gateway/people/account_desk.hpp"

#include "certs/password_hash.hpp"
#include "gateway/events.hpp"
#include "gateway/people/password_work.hpp"
#include "gateway/people/sessions.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

using Answer = Result<json::object>;
constexpr auto longest_of_an_auditor = std::chrono::days(366);

// What the acts share.
struct Desk {
  Core& core;
  std::string done_by;
  Accounts accounts{*core.store};
  SecondFactors factors{*core.store, core.clock};
  PasswordWork passwords{core.random};
};

// Secrets of a new or reset account: those given, or made here and shown once.
struct NewSecrets {
  Secret password;
  bool made_here = false;
  std::optional<certs::TotpSecret> totp;
  bool totp_made_here = false;
};

Result<audit::Record> account_record(const Desk& desk, std::string_view event, const Account& a) {
  return audit::Record::make("account", {{"event", event}, {"login", a.login.text()}, {"display_name", a.name}, {"role", word(a.role)},
                                         {"valid_until", a.until ? json::value(to_utc(*a.until)) : json::value(nullptr)},
                                         {"done_by", desk.done_by.empty() ? json::value(nullptr) : json::value(desk.done_by)}});
}

// A day is meant to its end.
std::optional<Time> until_in(StrictObject& in) {
  if (!in.has("until") || in.is_null("until")) return std::nullopt;
  const auto text = in.text("until", 10, 24);
  const auto day = from_date(text);
  const auto out = day ? std::optional(*day + std::chrono::days(1)) : from_utc(text);
  if (!out) in.blame("until", "is not a date", "2027-01-31");
  return out;
}

Result<NewSecrets> secrets_in(StrictObject& in, Random& random) {
  NewSecrets out;
  out.made_here = !in.has("password");
  out.password = out.made_here ? make_password(random) : in.secret("password", 1, 256);
  if (!in.has("totp_secret")) return out;
  const Secret text = in.secret("totp_secret", 16, 128);
  PL_CHECK(in.finish());
  PL_TRY(totp, certs::TotpSecret::parse(text.expose()));
  out.totp = std::move(totp);
  return out;
}

void show(json::object& answer, const NewSecrets& made, const Account& account) {
  answer["totp_secret"] = nullptr;
  answer["otpauth"] = nullptr;
  if (made.made_here) answer["password"] = made.password.expose();
  if (!made.totp_made_here) return;
  answer["totp_secret"] = made.totp->base32().expose();
  answer["otpauth"] = made.totp->otpauth_uri("Pontlevis", account.login.text()).expose();
}

Result<> check_until(const Account& account, Time now) {
  if (account.role == Role::auditor && !account.until)
    return fail(Errc::bad_input, "an auditor's account needs a last day", "until", "--until 2027-01-31");
  if (account.until && *account.until <= now) return fail(Errc::bad_input, "is past", "until");
  if (account.role == Role::auditor && *account.until > now + longest_of_an_auditor)
    return fail(Errc::bad_input, "an auditor's account lasts a year at most", "until");
  return {};
}

// A technician is who the card says.
Result<> take_card(const Desk& desk, Account& account) {
  if (account.role != Role::technician) return {};
  if (!desk.core.technicians.knows(account.login))
    return fail(Errc::not_found, "is not a technician of this gateway", "'" + account.login.text() + "'", "`technician add --card FILE` comes first");
  PL_TRY(card, desk.core.technicians.valid_card(account.login));
  account.name = card.fields().name;
  return {};
}

Result<Account> account_in(StrictObject& in, const Desk& desk) {
  auto login = in.id<Login>("login");
  const auto role = static_cast<Role>(in.choice("role", Spelling<Role>::words));
  auto name = role == Role::technician && !in.has("name") ? std::string() : in.text("name", 1, 200);
  auto until = until_in(in);
  if (login && login->text() == "nobody") in.blame("login", "is nobody's name", "choose another");
  if (!login) return std::unexpected(in.finish().error());
  Account out{*std::move(login), std::move(name), role, desk.core.clock.now(), until};
  PL_CHECK(check_until(out, desk.core.clock.now()));
  return out;
}

// Gives the account its first or next secrets; what made_here and totp_made_here say is shown.
Awaitable<Result<std::string>> hash_of(Desk& desk, NewSecrets& secrets, Login login) {
  PL_CO_CHECK(certs::check_new_password(secrets.password, login.text()));
  Secret copy(secrets.password.expose());
  co_return co_await desk.passwords.hash(std::move(copy));
}

// The phone a technician has enrolled stays; anyone else's is made anew when none is given.
Result<> choose_totp(const Desk& desk, const Account& account, NewSecrets& secrets) {
  if (secrets.totp) return {};
  PL_TRY(has_one, desk.factors.has(account.login));
  if (has_one && desk.core.technicians.knows(account.login)) return {};
  secrets.totp = certs::TotpSecret::generate(desk.core.random);
  secrets.totp_made_here = true;
  return {};
}

Awaitable<Answer> add(Desk& desk, StrictObject in) {
  PL_CO_TRY(account, account_in(in, desk));
  PL_CO_TRY(secrets, secrets_in(in, desk.core.random));
  PL_CO_CHECK(in.finish());
  PL_CO_CHECK(take_card(desk, account));
  PL_CO_TRY(known, desk.accounts.find(account.login));
  if (known) co_return fail(Errc::conflict, "has an account already", "'" + account.login.text() + "'", "`user reset` gives a new password");
  account.must_change = secrets.made_here;
  PL_CO_TRY(hash, co_await hash_of(desk, secrets, account.login));
  PL_CO_CHECK(choose_totp(desk, account, secrets));
  PL_CO_TRY(recorded, co_await desk.core.append(account_record(desk, "added", account)));
  if (secrets.totp) PL_CO_CHECK(desk.factors.put(account.login, *secrets.totp));
  PL_CO_CHECK(desk.accounts.add(account, hash));
  json::object answer = account_json(account, desk.factors);
  show(answer, secrets, account);
  answer["log_index"] = recorded.index;
  co_return answer;
}

Result<Account> known_in(StrictObject& in, const Desk& desk) {
  auto login = in.id<Login>("login");
  if (!login) return std::unexpected(in.finish().error());
  PL_TRY(found, desk.accounts.find(*login));
  if (!found) return fail(Errc::not_found, "has no account here", "'" + login->text() + "'", "`user list` shows who has one");
  return *found;
}

// Whoever had the old secrets is out: sessions, passkeys and tokens go with them.
Result<> forget_keys(Desk& desk, const Login& login) {
  PL_CHECK(desk.core.store->run("DELETE FROM sessions WHERE login=?", login.text()));
  PL_CHECK(desk.core.store->run("DELETE FROM passkeys WHERE login=?", login.text()));
  return desk.core.store->run("DELETE FROM tokens WHERE login=?", login.text());
}

Awaitable<Answer> reset(Desk& desk, StrictObject in) {
  PL_CO_TRY(account, known_in(in, desk));
  PL_CO_TRY(secrets, secrets_in(in, desk.core.random));
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(hash, co_await hash_of(desk, secrets, account.login));
  PL_CO_CHECK(choose_totp(desk, account, secrets));
  PL_CO_TRY(recorded, co_await desk.core.append(account_record(desk, "reset", account)));
  if (secrets.totp) PL_CO_CHECK(desk.factors.put(account.login, *secrets.totp));
  PL_CO_CHECK(desk.accounts.set_password(account.login, hash, secrets.made_here));
  PL_CO_CHECK(forget_keys(desk, account.login));
  json::object answer = account_json(account, desk.factors);
  show(answer, secrets, account);
  answer["log_index"] = recorded.index;
  co_return answer;
}

Awaitable<Answer> remove(Desk& desk, StrictObject in) {
  PL_CO_TRY(account, known_in(in, desk));
  PL_CO_CHECK(in.finish());
  if (account.login.text() == desk.done_by)
    co_return fail(Errc::conflict, "nobody removes their own account", "'" + desk.done_by + "'", "another administrator can");
  PL_CO_TRY(recorded, co_await desk.core.append(account_record(desk, "removed", account)));
  PL_CO_CHECK(desk.accounts.remove(account.login));
  if (!desk.core.technicians.knows(account.login)) PL_CO_CHECK(desk.factors.remove(account.login));
  co_return json::object{{"login", account.login.text()}, {"log_index", recorded.index}};
}

Awaitable<Answer> link(Desk& desk, StrictObject in) {
  PL_CO_TRY(account, known_in(in, desk));
  std::optional<std::string> issuer, subject;
  if (!in.is_null("subject")) subject = in.text("subject", 1, 255), issuer = desk.core.options.text("oidc.issuer");
  PL_CO_CHECK(in.finish());
  if (issuer && issuer->empty()) co_return fail(Errc::bad_input, "names no identity provider", "oidc.issuer", "set it before people are linked");
  PL_CO_TRY(recorded, co_await desk.core.append(account_record(desk, subject ? "linked" : "unlinked", account)));
  PL_CO_CHECK(desk.accounts.link(account.login, issuer, subject));
  account.oidc_issuer = issuer, account.oidc_subject = subject;
  json::object answer = account_json(account, desk.factors);
  answer["log_index"] = recorded.index;
  co_return answer;
}

Answer list(const Desk& desk, StrictObject in) {
  const auto after = in.has("after") ? in.text("after", 0, 64) : std::string();
  const auto limit = in.has("limit") ? in.integer("limit", 1, 1000) : 1000;
  PL_CHECK(in.finish());
  PL_TRY(accounts, desk.accounts.after(after, static_cast<std::size_t>(limit)));
  json::array out;
  for (const auto& account : accounts) out.push_back(account_json(account, desk.factors));
  return json::object{{"accounts", std::move(out)}};
}

}  // namespace

json::object account_json(const Account& a, const SecondFactors& factors) {
  return {{"login", a.login.text()}, {"name", a.name}, {"role", word(a.role)}, {"created_at", to_utc(a.created_at)},
          {"until", a.until ? json::value(to_utc(*a.until)) : json::value(nullptr)}, {"locked", factors.locked(a.login)},
          {"oidc_subject", or_null(a.oidc_subject)}};
}

Awaitable<Answer> act_on_account(Core& core, std::function<void(const Login&)> ended, json::object request) {
  Desk desk{core, text_of(request, "done_by")};
  const auto verb = text_of(request, "verb");
  StrictObject in(request, verb);
  static_cast<void>(in.text("verb", 1, 40));
  if (in.has("done_by")) static_cast<void>(in.text("done_by", 1, 64));
  Answer answer = fail(Errc::bad_input, "is not a verb of the gateway", "'" + printable(verb, 40) + "'", "pontlevis-gateway user --help");
  if (verb == "user list") answer = list(desk, in);
  else if (verb == "user add") answer = co_await add(desk, in);
  else if (verb == "user reset") answer = co_await reset(desk, in);
  else if (verb == "user link") answer = co_await link(desk, in);
  else if (verb == "user remove") answer = co_await remove(desk, in);
  wipe_texts(request);
  if (!answer || verb == "user list") co_return answer;
  event("account.changed", {{"login", text_of(*answer, "login")}, {"verb", verb}});
  const auto login = Login::parse(text_of(*answer, "login"));
  if (ended && login && (verb == "user reset" || verb == "user remove")) ended(*login);
  co_return answer;
}

}  // namespace pontlevis::gateway
