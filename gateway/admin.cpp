#include "gateway/admin.hpp"

#include "certs/totp.hpp"
#include "gateway/commands/all.hpp"
#include "gateway/events.hpp"
#include "gateway/people/account_desk.hpp"
#include "gateway/records.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

using Answer = Result<json::object>;
constexpr auto many = StrictObject::Lines::many;

StrictObject reader(const json::object& request, std::string where) {
  StrictObject in(request, std::move(where));
  static_cast<void>(in.text("verb", 1, 40));
  if (in.has("done_by")) static_cast<void>(in.text("done_by", 1, 64));
  return in;
}

// The administrator at the console; nobody's name at the machine's own prompt.
json::value done_by(const json::object& request) {
  const auto login = text_of(request, "done_by");
  return login.empty() ? json::value(nullptr) : json::value(login);
}

Result<Contract> contract_in(StrictObject& in, std::string_view reference) {
  auto text = in.text(reference, 1, 64);
  const auto from = from_date(in.text("valid_from", 10, 10));
  const auto until = from_date(in.text("valid_until", 10, 10));
  if (!from || !until || *until < *from) in.blame("valid_until", "and valid_from must be dates in order", "2026-01-31");
  PL_CHECK(in.finish());
  return Contract{std::move(text), *from, *until};
}

json::object practice_json(const Practice& p, bool up, Time now) {
  json::array systems;
  for (const auto& s : p.systems) systems.emplace_back(s.id.text());
  return {{"practice", p.id.text()}, {"name", p.name}, {"contract", p.contract.reference},
          {"valid_from", to_date(p.contract.valid_from)}, {"valid_until", to_date(p.contract.valid_until)},
          {"contract_valid", p.contract.valid_at(now)}, {"hosting", p.hosting}, {"enrolled", p.enrolment.has_value()},
          {"connected", up}, {"systems", std::move(systems)}};
}

}  // namespace

Awaitable<Answer> Admin::act(json::object request) {
  const auto verb = text_of(request, "verb");
  if (verb == "practice add") co_return co_await add_practice(std::move(request));
  if (verb == "practice contract") co_return co_await set_contract(std::move(request));
  if (verb == "code add") co_return co_await add_code(std::move(request));
  if (verb == "technician add") co_return co_await add_technician(std::move(request));
  if (verb == "technician revoke") co_return co_await revoke_technician(std::move(request));
  if (verb == "agent revoke") co_return co_await revoke_agent(std::move(request));
  if (verb == "practice list" || verb == "agent list" || verb == "practice show") co_return list_practices(request);
  if (verb == "technician list") co_return list_technicians(request);
  if (verb.starts_with("user ")) co_return co_await act_on_account(core_, live_.ended_account, std::move(request));
  if (verb == "interventions") co_return list_interventions(request);
  if (const auto at = verbs_.find(verb); at != verbs_.end()) co_return co_await at->second(std::move(request));
  co_return fail(Errc::bad_input, "is not a verb of the gateway", "'" + printable(verb, 40) + "'", "pontlevis-gateway --help");
}

// ---- practices ----

Awaitable<Answer> Admin::add_practice(json::object request) {
  auto in = reader(request, "practice add");
  auto id = in.id<PracticeId>("id");
  auto name = in.text("name", 1, 200);
  static constexpr std::array<std::string_view, 2> hostings{"LOCAL", "HDS"};
  const auto hosting = in.choice("hosting", hostings);
  PL_CO_TRY(contract, contract_in(in, "contract"));
  if (core_.practices.find(*id)) co_return fail(Errc::conflict, "exists already", "practice " + id->text());
  const json::object fields{{"practice", id->text()}, {"event", "created"}, {"display_name", name}, {"controller_name", name},
                            {"contract_ref", contract.reference}, {"contract_from", to_date(contract.valid_from)},
                            {"contract_until", to_date(contract.valid_until)}, {"done_by", done_by(request)}};
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("practice", fields)));
  Practice practice{*id, std::move(name), std::move(contract), std::string(hostings[hosting]), {}, {}, {}};
  PL_CO_CHECK(core_.practices.add(std::move(practice)));
  event("practice.added", {{"practice", id->text()}});
  co_return json::object{{"practice", id->text()}, {"log_index", recorded.index}};
}

Awaitable<Answer> Admin::set_contract(json::object request) {
  auto in = reader(request, "practice contract");
  auto id = in.id<PracticeId>("id");
  PL_CO_TRY(contract, contract_in(in, "reference"));
  const auto* practice = core_.practices.find(*id);
  if (!practice) co_return fail(Errc::not_found, "is not a practice of this gateway", "practice " + id->text());
  const json::object fields{{"practice", id->text()}, {"event", "changed"}, {"display_name", practice->name}, {"controller_name", practice->name},
                            {"contract_ref", contract.reference}, {"contract_from", to_date(contract.valid_from)},
                            {"contract_until", to_date(contract.valid_until)}, {"done_by", done_by(request)}};
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("practice", fields)));
  PL_CO_CHECK(core_.practices.set_contract(*id, std::move(contract)));
  event("practice.changed", {{"practice", id->text()}});
  co_return json::object{{"practice", id->text()}, {"log_index", recorded.index}};
}

Answer Admin::list_practices(const json::object& request) const {
  auto in = reader(request, text_of(request, "verb"));
  std::optional<PracticeId> only;
  if (in.has("id")) only = in.id<PracticeId>("id");
  PL_CHECK(in.finish());
  json::array list;
  for (const auto& [id, practice] : core_.practices.all())
    if (!only || id == *only) list.push_back(practice_json(practice, live_.link_up && live_.link_up(id), core_.clock.now()));
  if (only && list.empty()) return fail(Errc::not_found, "is not a practice of this gateway", "practice " + only->text());
  return json::object{{"practices", std::move(list)}};
}

Awaitable<Answer> Admin::add_code(json::object request) {
  auto in = reader(request, "code add");
  const auto note = in.text("note", 1, 16 * 1024, many);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(permit, certs::open_code_permit(note, core_.trust.staff, core_.clock.now()));
  if (!core_.practices.find(permit.practice))
    co_return fail(Errc::not_found, "is not a practice of this gateway", "practice " + permit.practice.text(), "practice add comes first");
  if (permit.pin != certs::trust_pin(core_.trust, permit.practice))
    co_return fail(Errc::not_allowed, "was made for another gateway", "enrolment code", "make it with this gateway's trust.json");
  const json::object fields{{"practice", permit.practice.text()}, {"kind", "practice"}, {"fingerprint", to_hex(permit.secret_sha256.view())},
                            {"valid_from", to_utc(permit.issued_at)}, {"valid_until", to_utc(permit.expires_at)}, {"enrolled_by", done_by(request)}};
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::of_statement("enrolment", fields, note)));
  PL_CO_CHECK(core_.codes.import(permit, note));
  co_return json::object{{"practice", permit.practice.text()}, {"expires_at", to_utc(permit.expires_at)}, {"log_index", recorded.index}};
}

// ---- technicians ----

Awaitable<Answer> Admin::add_technician(json::object request) {
  auto in = reader(request, "technician add");
  const auto note = in.text("card", 1, 32 * 1024, many);
  std::optional<certs::TotpSecret> totp;
  if (in.has("totp_secret")) {
    PL_CO_TRY(given, certs::TotpSecret::parse(in.text("totp_secret", 16, 128)));
    totp = std::move(given);
  }
  std::optional<Time> trained;
  if (in.has("trained_on") && !(trained = from_date(in.text("trained_on", 10, 10)))) in.blame("trained_on", "is not a date", "2026-01-31");
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(card, certs::StaffCard::open(note, core_.trust.staff, core_.clock.now(), core_.technicians.revocations()));
  const bool known = core_.technicians.knows(card.login());
  const bool made_here = !known && !totp;
  if (made_here) totp = certs::TotpSecret::generate(core_.random);
  PL_CO_TRY(recorded, co_await core_.append(technician_record(known ? "renewed" : "issued", card, text_of(request, "done_by"), trained ? to_date(*trained) : "")));
  json::object answer{{"login", card.login().text()}, {"name", card.fields().name}, {"expires_at", to_utc(card.fields().expires_at)},
                      {"renewed", known}, {"log_index", recorded.index}};
  if (made_here) {  // shown once, to the person who enrols the phone
    answer["totp_secret"] = totp->base32().expose();
    answer["otpauth"] = totp->otpauth_uri("Pontlevis", card.login().text()).expose();
  }
  PL_CO_CHECK(core_.technicians.put(card, std::move(totp)));
  if (trained) PL_CO_CHECK(core_.vendor_register.trained(card.login(), *trained));
  event("technician.added", {{"login", card.login().text()}, {"renewed", known}});
  co_return answer;
}

Answer Admin::list_technicians(const json::object& request) const {
  PL_CHECK(reader(request, "technician list").finish());
  json::array list;
  for (const auto& login : core_.technicians.logins()) {
    const auto fields = certs::StaffCard::peek(core_.technicians.card_note(login));
    const auto valid = core_.technicians.valid_card(login);
    json::object row{{"login", login.text()}, {"valid", valid.has_value()}, {"locked", core_.technicians.locked(login)},
                     {"why", valid ? std::string() : valid.error().what}};
    if (fields) {
      row["name"] = fields->name;
      row["employer"] = fields->employer;
      row["country"] = fields->country;
      row["card"] = fields->id.text();
      row["expires_at"] = to_utc(fields->expires_at);
    }
    list.push_back(std::move(row));
  }
  return json::object{{"technicians", std::move(list)}};
}

Awaitable<Answer> Admin::revoke_technician(json::object request) {
  auto in = reader(request, "technician revoke");
  const auto note = in.text("revocation", 1, 16 * 1024, many);
  PL_CO_CHECK(in.finish());
  // First the effect, then the record: a card that must go goes also when the disk is full.
  PL_CO_TRY(revocation, core_.technicians.revoke(note));
  std::optional<Login> person;
  for (const auto& login : core_.technicians.logins()) {
    const auto fields = certs::StaffCard::peek(core_.technicians.card_note(login));
    if (fields && fields->id == revocation.card) person = login;
  }
  if (live_.revoked_card) live_.revoked_card(note, person);
  event("card.revoked", {{"card", revocation.card.text()}});
  PL_CO_TRY(recorded, co_await core_.append(revocation_record(revocation, person ? person->text() : "", note, text_of(request, "done_by"))));
  co_return json::object{{"card", revocation.card.text()}, {"login", person ? person->text() : ""}, {"log_index", recorded.index}};
}

// ---- agents ----

Awaitable<Answer> Admin::revoke_agent(json::object request) {
  auto in = reader(request, "agent revoke");
  auto id = in.id<PracticeId>("id");
  PL_CO_CHECK(in.finish());
  if (!core_.practices.find(*id)) co_return fail(Errc::not_found, "is not a practice of this gateway", "practice " + id->text());
  PL_CO_TRY(serials, core_.certificates.revoke(*id, core_.clock.now()));
  if (live_.revoked_agent) live_.revoked_agent(*id, serials);
  event("agent.revoked", {{"practice", id->text()}, {"certificates", serials.size()}});
  const json::object fields{{"practice", id->text()}, {"kind", "practice"}, {"revoked", true}, {"key_name", "certificate " + id->text()}, {"enrolled_by", done_by(request)}};
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("enrolment", fields)));
  co_return json::object{{"practice", id->text()}, {"certificates_revoked", serials.size()}, {"log_index", recorded.index}};
}

Answer Admin::list_interventions(const json::object& request) const {
  auto in = reader(request, "interventions");
  const auto limit = in.has("limit") ? in.integer("limit", 1, 1000) : 50;
  PL_CHECK(in.finish());
  PL_TRY(recent, core_.interventions.recent(std::nullopt, static_cast<std::size_t>(limit)));
  json::array list;
  for (const auto& iv : recent) list.push_back(intervention_json(iv, {}));
  return json::object{{"interventions", std::move(list)}};
}

}  // namespace pontlevis::gateway
