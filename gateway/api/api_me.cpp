#include "gateway/api/api_me.hpp"

#include "certs/openssh_key.hpp"
#include "gateway/api/api_sign_in.hpp"
#include "gateway/people/people_desk.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

io::HttpResponse problem(const DoorRefusal& no) { return api_problem(no.status, no.code, no.error); }

// With a token nobody is at a page: it is there from its making to its end.
Result<json::object> token_me_json(PeopleDesk& people, const ApiCall& call) {
  const auto header = call.request.header("authorization");
  PL_TRY(token, people.tokens().find(header.substr(header.find(' ') + 1)));
  if (!token) return fail(Errc::not_found, "this token has ended", "authorization");
  return json::object{{"login", call.person.login.text()}, {"name", call.person.name}, {"role", word(call.person.role)},
                      {"signed_in_at", to_utc(token->created_at)}, {"expires_at", to_utc(token->expires_at)}, {"idle_seconds", 0},
                      {"method", word(SignInMethod::token)}, {"step_up_until", nullptr}, {"must_change_password", false}};
}

ApiAnswer me(PeopleDesk& people, ApiCall call) {
  auto out = call.session.empty() ? token_me_json(people, call) : me_json(people, call);
  co_return out ? api_answer(*out) : api_problem(out.error());
}

json::object commitment_json(const certs::Commitment& c) { return {{"reference", c.ref}, {"date", to_date(c.signed_on)}}; }

json::array keys_json(const std::vector<std::string>& keys) {
  json::array out;
  for (const auto& line : keys) out.push_back(json::object{{"line", line}, {"fingerprint", certs::ssh_fingerprint(line)}});
  return out;
}

ApiAnswer card(PeopleDesk& people, ApiCall call) {
  const auto& technicians = people.core().technicians;
  const auto none = fail(Errc::not_found, "you have no staff card", "card", "the vendor's staff key signs one");
  if (!technicians.knows(call.person.login)) co_return api_problem(none.error());
  const auto fields = certs::StaffCard::peek(technicians.card_note(call.person.login));
  if (!fields) co_return api_problem(fields.error());
  const auto valid = technicians.valid_card(call.person.login);
  co_return api_answer({{"login", fields->login.text()}, {"name", fields->name}, {"employer", fields->employer},
                        {"subprocessor", or_null(fields->subprocessor)}, {"country", fields->country}, {"qualification", fields->qualification},
                        {"issued_at", to_utc(fields->issued_at)}, {"expires_at", to_utc(fields->expires_at)},
                        {"confidentiality", commitment_json(fields->confidentiality)}, {"action_limit", commitment_json(fields->action_limit)},
                        {"keys", keys_json(fields->keys)}, {"valid", valid.has_value()}, {"why", valid ? std::string() : valid.error().what}});
}

ApiAnswer password(PeopleDesk& people, ApiCall call) {
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "password");
  Secret old_one = in.secret("old", 1, 256), new_one = in.secret("new", 1, 256);
  const auto whole = in.finish();
  wipe_texts(*body);
  if (!whole) co_return api_problem(whole.error());
  if (old_one.same_as(new_one.expose())) co_return api_problem(Error{Errc::bad_input, "is the one you have", "password", "choose another"});
  const auto right = co_await people.check_password(call.person.login, std::move(old_one), call.request.remote_address);
  if (!right) co_return problem(right.error());
  const auto changed = co_await people.change_password(call.person.login, std::move(new_one), call.session);
  co_return changed ? api_answer({}) : api_problem(changed.error());
}

// ---- passkeys ----

json::object passkey_json(const webauthn::Passkey& k) {
  return {{"id", number_of(k)}, {"label", k.label}, {"created_at", to_utc(k.added_at)},
          {"last_used_at", k.last_used_at ? json::value(to_utc(*k.last_used_at)) : json::value(nullptr)}};
}

ApiAnswer passkeys(PeopleDesk& people, ApiCall call) {
  const auto list = people.shelf().passkeys(call.person.login);
  if (!list) co_return api_problem(list.error());
  json::array items;
  for (const auto& key : *list) items.push_back(passkey_json(key));
  co_return api_page(std::move(items), {});
}

ApiAnswer start_passkey(PeopleDesk& people, ApiCall call) {
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  if (const auto whole = StrictObject(*body, "passkey").finish(); !whole) co_return api_problem(whole.error());
  auto asked = people.passkeys().start_registration(call.person.login, call.person.name);
  if (!asked) co_return api_problem(asked.error());
  co_return api_answer({{"ticket", std::move((*asked)["ticket"])}, {"options", std::move((*asked)["publicKey"])}});
}

ApiAnswer finish_passkey(PeopleDesk& people, ApiCall call) {
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "passkey");
  const auto ticket = in.text("ticket", 1, 128), label = in.text("label", 1, 60);
  const auto& credential = in.object("credential");
  if (const auto whole = in.finish(); !whole) co_return api_problem(whole.error());
  const auto kept = people.passkeys().finish_registration(call.person.login, ticket, label, credential);
  if (!kept) co_return kept.error().code == Errc::bad_input ? api_problem(400, "passkey_failed", kept.error()) : api_problem(kept.error());
  people.record("passkey_added", call.person.login.text(), call.request.remote_address, "");
  co_return api_answer({});
}

ApiAnswer remove_passkey(PeopleDesk& people, ApiCall call) {
  const auto removed = people.shelf().remove(call.person.login, call.request.id);
  if (!removed) co_return api_problem(removed.error());
  people.record("passkey_removed", call.person.login.text(), call.request.remote_address, "");
  co_return api_answer({});
}

// ---- tokens ----

json::object token_json(const Token& t) {
  return {{"id", t.id}, {"label", t.label}, {"scopes", texts_json(scope_words(t.scopes))}, {"created_at", to_utc(t.created_at)},
          {"expires_at", to_utc(t.expires_at)}, {"last_used_at", t.last_used_at ? json::value(to_utc(*t.last_used_at)) : json::value(nullptr)}};
}

ApiAnswer tokens(PeopleDesk& people, ApiCall call) {
  const auto list = people.tokens().of(call.person.login);
  if (!list) co_return api_problem(list.error());
  json::array items;
  for (const auto& token : *list) items.push_back(token_json(token));
  co_return api_page(std::move(items), {});
}

struct TokenWanted {
  std::string label;
  Scopes scopes;
  int days;
};

Result<TokenWanted> token_wanted(io::HttpRequest& request, Role role) {
  PL_TRY(body, api_body(request));
  StrictObject in(body, "token");
  TokenWanted out{in.text("label", 1, 60), {}, 0};
  const auto scopes = scopes_of(in.texts("scopes", 1, 4, 20));
  out.days = static_cast<int>(in.integer("days", 1, Tokens::most_days));
  if (!scopes || scopes->empty()) in.blame("scopes", "must name read, ask, report or administer, each once");
  PL_CHECK(in.finish());
  if (!scopes->within(scopes_of_role(role))) return fail(Errc::bad_input, "names a scope that your role has no use for", "scopes", "read is for everyone");
  out.scopes = *scopes;
  return out;
}

ApiAnswer make_token(PeopleDesk& people, ApiCall call) {
  auto wanted = token_wanted(call.request, call.person.role);
  if (!wanted) co_return api_problem(wanted.error());
  auto made = people.tokens().make(call.person.login, std::move(wanted->label), wanted->scopes, wanted->days);
  if (!made) co_return api_problem(made.error());
  people.record("token_made", call.person.login.text(), call.request.remote_address, made->token.id);
  json::object body = token_json(made->token);
  body["secret"] = made->secret.expose();
  co_return api_secret_answer(std::move(body), 201);
}

ApiAnswer remove_token(PeopleDesk& people, ApiCall call) {
  const auto removed = people.tokens().remove(call.person.login, call.request.id);
  if (!removed) co_return api_problem(removed.error());
  people.record("token_removed", call.person.login.text(), call.request.remote_address, call.request.id);
  co_return api_answer({});
}

}  // namespace

ApiRoutes me_routes(PeopleDesk& people) {
  const auto with = [&people](ApiAnswer (*act)(PeopleDesk&, ApiCall)) { return [&people, act](ApiCall call) { return act(people, std::move(call)); }; };
  return {
      {"GET", "/api/v1/me", everyone, Scope::read, false, with(me)},
      {"GET", "/api/v1/me/card", everyone, Scope::read, false, with(card)},
      {"POST", "/api/v1/me/password", everyone, Scope::read, false, with(password), Door::page},
      {"GET", "/api/v1/me/passkeys", everyone, Scope::read, false, with(passkeys), Door::page},
      {"POST", "/api/v1/me/passkeys/start", everyone, Scope::read, true, with(start_passkey), Door::page},
      {"POST", "/api/v1/me/passkeys/finish", everyone, Scope::read, true, with(finish_passkey), Door::page},
      {"DELETE", "/api/v1/me/passkeys/<id>", everyone, Scope::read, true, with(remove_passkey), Door::page},
      {"GET", "/api/v1/me/tokens", everyone, Scope::read, false, with(tokens), Door::page},
      {"POST", "/api/v1/me/tokens", everyone, Scope::read, true, with(make_token), Door::page, true},
      {"DELETE", "/api/v1/me/tokens/<id>", everyone, Scope::read, false, with(remove_token), Door::page},
  };
}

}  // namespace pontlevis::gateway
