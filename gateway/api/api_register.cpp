#include "gateway/api/api_practices.hpp"
#include "gateway/api/api_views.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

// What an administrator writes about a sub-processor; its number stands in the path when it is changed.
Result<Subprocessor> subprocessor_from(const json::object& body, const std::string& id, Time now) {
  StrictObject in(body, "sub-processor");
  Subprocessor out{id.empty() ? in.text("id", 1, 40) : id, in.text("name", 1, 200), in.text("country", 2, 2), in.text("guarantee", 0, 500), in.text("task", 1, 500),
                   static_cast<Authorisation>(in.choice("state", Spelling<Authorisation>::words)), now};
  if (!is_name(out.id)) in.blame("id", "must be a-z, 0-9 and '-'", "chosen without a person's name, such as support-exemple");
  if (!certs::country_is_eea(out.country) && out.guarantee.empty())
    in.blame("guarantee", "is missing for a country outside the EEA", "standard contractual clauses of …, or an adequacy decision");
  PL_CHECK(in.finish());
  return out;
}

Result<Settings> settings_from(const json::object& body) {
  StrictObject in(body, "settings");
  Settings out{in.text("dpo_contact", 1, 300), in.text("vendor_address", 0, 300), in.texts("recipients", 0, 32, 200), in.text("notice_version", 0, 40)};
  PL_CHECK(in.finish());
  return out;
}

io::HttpResponse no_subprocessor(const ApiCall& call) {
  return api_problem(Error{Errc::not_found, "no sub-processor has this number", printable(call.request.id, 40), {}});
}

}  // namespace

Result<> still_as_seen(const io::HttpRequest& request, const json::object& now) {
  const auto seen = request.header("if-match");
  if (seen == api_etag(json::serialize(now))) return {};
  if (seen.empty()) return fail(Errc::bad_input, "needs the header If-Match", "If-Match", "send the ETag of what you last read");
  return fail(Errc::conflict, "was changed by someone else meanwhile", "If-Match", "read it again, then change it");
}

ApiRoutes ApiRegister::routes() {
  const auto to = handlers_of(this);
  const Roles administrator = Role::administrator, readers = Role::administrator | Role::compliance | Role::auditor;
  return {
      {"GET", "/api/v1/technicians", everyone, Scope::read, false, to(&ApiRegister::technicians)},
      {"POST", "/api/v1/technicians", administrator, Scope::administer, true, to(&ApiRegister::add_technician)},
      {"POST", "/api/v1/card-revocations", administrator, Scope::administer, true, to(&ApiRegister::revoke_card)},
      {"GET", "/api/v1/subprocessors", readers, Scope::read, false, to(&ApiRegister::subprocessors)},
      {"POST", "/api/v1/subprocessors", administrator, Scope::administer, true, to(&ApiRegister::add_subprocessor)},
      {"GET", "/api/v1/subprocessors/<id>", readers, Scope::read, false, to(&ApiRegister::subprocessor)},
      {"PUT", "/api/v1/subprocessors/<id>", administrator, Scope::administer, true, to(&ApiRegister::change_subprocessor)},
      {"GET", "/api/v1/settings", readers, Scope::read, false, to(&ApiRegister::settings)},
      {"PUT", "/api/v1/settings", administrator, Scope::administer, true, to(&ApiRegister::change_settings)},
  };
}

// ---- technicians ----

ApiAnswer ApiRegister::technicians(ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  json::array items;
  std::string last, next;
  for (const auto& login : core_.technicians.logins()) {
    if (login.text() <= page->cursor) continue;
    if (items.size() == page->limit) {
      next = last;
      break;
    }
    // Colleagues see who can be asked to join, not each other's keys.
    auto row = technician_view(core_, login);
    if (call.person.role == Role::technician) row.erase("keys"), row.erase("locked");
    items.push_back(std::move(row));
    last = login.text();
  }
  co_return api_page(std::move(items), next);
}

ApiAnswer ApiRegister::add_technician(ApiCall call) {
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "technician");
  const auto card = in.text("card", 1, 32 * 1024, StrictObject::Lines::many);
  std::optional<Time> trained;
  if (in.has("trained_on") && !in.is_null("trained_on")) {
    trained = from_date(in.text("trained_on", 10, 10));
    if (!trained) in.blame("trained_on", "is not a date", "2026-01-31");
  }
  if (auto read = in.finish(); !read) co_return api_problem(read.error());
  auto verb = verb_by(call, "technician add");
  verb["card"] = card;
  if (trained) verb["trained_on"] = to_date(*trained);
  const auto done = co_await admin_.act(std::move(verb));
  if (!done) co_return api_problem(done.error());
  auto login = Login::parse(text_of(*done, "login"));
  if (!login) co_return api_problem(login.error());
  auto answer = technician_view(core_, *login);
  for (auto name : {"totp_secret", "otpauth"})
    if (done->contains(name)) answer[name] = done->at(name);  // shown once, to enrol the phone
  co_return api_secret_answer(std::move(answer), 201);
}

ApiAnswer ApiRegister::revoke_card(ApiCall call) {
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "card revocation");
  const auto note = in.text("note", 1, 16 * 1024, StrictObject::Lines::many);
  if (auto read = in.finish(); !read) co_return api_problem(read.error());
  auto verb = verb_by(call, "technician revoke");
  verb["revocation"] = note;
  const auto done = co_await admin_.act(std::move(verb));
  co_return done ? api_answer(*done, 201) : api_problem(done.error());
}

// ---- sub-processors (A19) ----

ApiAnswer ApiRegister::subprocessors(ApiCall) {
  json::array items;
  for (const auto& [id, one] : core_.vendor_register.subprocessors()) items.push_back(subprocessor_view(one));
  co_return api_page(std::move(items), "");
}

Awaitable<io::HttpResponse> ApiRegister::keep(Subprocessor one, ApiCall call, unsigned status) {
  const json::object fields{{"event", status == 201 ? "added" : "changed"}, {"subprocessor_ref", one.id}, {"name", one.name}, {"country", one.country},
                            {"guarantee", one.guarantee}, {"task", one.task}, {"state", word(one.state)}, {"done_by", call.person.login.text()}};
  const auto recorded = co_await core_.append(audit::Record::make("subprocessor", fields));
  if (!recorded) co_return api_problem(recorded.error());
  const auto view = subprocessor_view(one);
  if (auto kept = core_.vendor_register.put(std::move(one)); !kept) co_return api_problem(core_.store_refused(kept.error()));
  co_return api_answer(view, status);
}

ApiAnswer ApiRegister::add_subprocessor(ApiCall call) {
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  auto one = subprocessor_from(*body, {}, core_.clock.now());
  if (!one) co_return api_problem(one.error());
  if (core_.vendor_register.subprocessors().contains(one->id)) co_return api_problem(Error{Errc::conflict, "exists already", "sub-processor " + one->id, {}});
  co_return co_await keep(*std::move(one), std::move(call), 201);
}

ApiAnswer ApiRegister::subprocessor(ApiCall call) {
  const auto& known = core_.vendor_register.subprocessors();
  const auto at = known.find(call.request.id);
  co_return at == known.end() ? no_subprocessor(call) : api_answer(subprocessor_view(at->second));
}

ApiAnswer ApiRegister::change_subprocessor(ApiCall call) {
  const auto& known = core_.vendor_register.subprocessors();
  const auto at = known.find(call.request.id);
  if (at == known.end()) co_return no_subprocessor(call);
  if (auto same = still_as_seen(call.request, subprocessor_view(at->second)); !same) co_return api_problem(412, "changed_meanwhile", same.error());
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  auto one = subprocessor_from(*body, at->first, core_.clock.now());
  if (!one) co_return api_problem(one.error());
  if (one->state == at->second.state) one->since = at->second.since;
  co_return co_await keep(*std::move(one), std::move(call), 200);
}

// ---- what the vendor says of itself ----

ApiAnswer ApiRegister::settings(ApiCall) { co_return api_answer(settings_json(core_.vendor_register.settings())); }

ApiAnswer ApiRegister::change_settings(ApiCall call) {
  if (auto same = still_as_seen(call.request, settings_json(core_.vendor_register.settings())); !same) co_return api_problem(412, "changed_meanwhile", same.error());
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  auto next = settings_from(*body);
  if (!next) co_return api_problem(next.error());
  auto fields = settings_json(*next);
  fields["settings_sha256"] = sha256_hex(json::serialize(fields));
  fields["done_by"] = call.person.login.text();
  const auto recorded = co_await core_.append(audit::Record::make("settings", fields));
  if (!recorded) co_return api_problem(recorded.error());
  if (auto kept = core_.vendor_register.put(*std::move(next)); !kept) co_return api_problem(core_.store_refused(kept.error()));
  co_return api_answer(settings_json(core_.vendor_register.settings()));
}

}  // namespace pontlevis::gateway
