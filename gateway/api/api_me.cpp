#include "gateway/api/api_me.hpp"

#include "certs/openssh_key.hpp"
#include "gateway/api/api_sign_in.hpp"
#include "gateway/people/people_desk.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

io::HttpResponse problem(const DoorRefusal& no) { return api_problem(no.status, no.code, no.error); }

ApiAnswer me(PeopleDesk& people, ApiCall call) {
  auto out = me_json(people, call);
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

}  // namespace

ApiRoutes me_routes(PeopleDesk& people) {
  const auto with = [&people](ApiAnswer (*act)(PeopleDesk&, ApiCall)) { return [&people, act](ApiCall call) { return act(people, std::move(call)); }; };
  return {
      {"GET", "/api/v1/me", everyone, Scope::read, false, with(me)},
      {"GET", "/api/v1/me/card", everyone, Scope::read, false, with(card)},
      {"POST", "/api/v1/me/password", everyone, Scope::read, false, with(password), Door::page},
  };
}

}  // namespace pontlevis::gateway
