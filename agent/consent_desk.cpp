#include "agent/consent_desk.hpp"

#include <set>

#include "certs/openssh_key.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

KnownOperator known(const RequestedOperator& asked, const certs::VerifiedCard& card) {
  const auto& f = card.fields();
  std::vector<std::string> fingerprints;
  for (const auto& key : f.keys) fingerprints.push_back(certs::ssh_fingerprint(key));
  return {asked.login, asked.role, asked.mode, f.name, f.employer, f.subprocessor, f.country, f.qualification,
          f.confidentiality.ref, f.action_limit.ref, f.id.text(), sha256_hex(card.note()), std::move(fingerprints)};
}

std::unexpected<Error> about(const Login& login, Error error) {
  return fail(error.code, "the staff card of " + login.text() + " " + error.what, "request", error.hint);
}

// A login proves a person only through the card that names it.
Result<certs::VerifiedCard> open_card(const RequestedOperator& op, const NoteVerifier& staff, Time now,
                                      const certs::RevocationList& revoked) {
  auto card = certs::StaffCard::open(op.card, staff, now, revoked);
  if (!card) return about(op.login, card.error());
  if (card->login() != op.login) return fail(Errc::bad_signature, "the card given for " + op.login.text() + " is another person's");
  if (!card->is_eea())
    return fail(Errc::not_allowed, op.login.text() + " works from " + card->fields().country + ", outside the European Economic Area");
  return card;
}

bool offers(const System& system, const std::string& tool) {
  if (tool == "shell") return system.shell.has_value();
  if (tool == "files") return system.files.has_value();
  if (tool == "desktop") return system.desktop.has_value();
  return tool.starts_with("tcp:") && system.tcp.contains(tool.substr(4));
}

// Two logins must be two people: one person with two cards is no pair (A35).
Result<> are_different_people(const std::vector<KnownOperator>& operators) {
  std::set<std::string> names, keys;
  std::size_t key_count = 0;
  for (const auto& op : operators) {
    names.insert(op.name);
    keys.insert(op.fingerprints.begin(), op.fingerprints.end());
    key_count += op.fingerprints.size();
  }
  if (names.size() != operators.size() || keys.size() != key_count)
    return fail(Errc::not_allowed, "two operators of the request have the same name or the same key");
  return {};
}

json::object person(const Approver& a) {
  return {{"login", a.login.text()}, {"name", a.name}, {"role", word(a.role)}, {"auth", a.auth}};
}

json::object lead_name(const std::vector<KnownOperator>& operators) {
  for (const auto& op : operators)
    if (op.role == OperatorRole::lead) return {{"login", op.login.text()}, {"name", op.name}};
  return {};
}

json::array operator_list(const std::vector<KnownOperator>& operators) {
  json::array out;
  for (const auto& op : operators)
    out.push_back(json::object{{"login", op.login.text()}, {"name", op.name}, {"role", word(op.role)},
                               {"mode", word(op.mode)}, {"qualification", op.qualification}, {"employer", op.employer},
                               {"subprocessor", op.subprocessor ? json::value(*op.subprocessor) : json::value(nullptr)},
                               {"country", op.country}, {"confidentiality", op.confidentiality_ref},
                               {"action_limit", op.action_limit_ref}, {"card_sha256", op.card_sha256},
                               {"keys", texts_json(op.fingerprints)}});
  return out;
}

}  // namespace

Result<PendingRequest> ConsentDesk::receive(const AccessRequest& request) const {
  if (request.practice != identity_.practice) return fail(Errc::not_allowed, "the request is for another practice");
  if (clock_.now() >= request.expires_at) return fail(Errc::expired, "the request had expired when it arrived");
  const System* system = inventory_.find(request.system);
  if (!system) return fail(Errc::not_found, "this practice has no system " + request.system.text());
  for (const auto& tool : request.tools)
    if (!offers(*system, tool)) return fail(Errc::not_found, "the tool " + tool + " is not offered on " + request.system.text());
  std::vector<certs::VerifiedCard> cards;
  std::vector<KnownOperator> operators;
  for (const auto& op : request.operators) {
    PL_TRY(card, open_card(op, identity_.staff, clock_.now(), revoked_));
    operators.push_back(known(op, card));
    cards.push_back(std::move(card));
  }
  PL_CHECK(are_different_people(operators));
  const auto connected = std::count_if(operators.begin(), operators.end(), [](const auto& op) { return op.mode == OperatorMode::connected; });
  if (needs_pair(request) && connected < 2)
    return fail(Errc::not_allowed, "a pair is required, and only one operator would connect");
  return PendingRequest{request, std::move(cards), std::move(operators), *system};
}

Notice ConsentDesk::notice(const PendingRequest& pending, Language language) const {
  return write_notice(language, pending.request, pending.system.label, pending.operators, parties_);
}

Result<Grant> ConsentDesk::grant(const PendingRequest& pending, const Choice& choice) const {
  const auto& r = pending.request;
  Grant out{{}, r.access_types, choice.minutes.value_or(r.minutes), choice.watch, choice.record};
  if (out.minutes < 1 || out.minutes > r.minutes)
    return fail(Errc::bad_input, "the time must be 1 to " + std::to_string(r.minutes) + " minutes", "approve",
                "you can shorten what was asked for, not lengthen it");
  for (const auto& tool : choice.dropped_tools)
    if (std::find(r.tools.begin(), r.tools.end(), tool) == r.tools.end())
      return fail(Errc::bad_input, "the request does not name the tool " + printable(tool, 40), "approve");
  // Looking only: a shell or a forward cannot be looked at without typing, so they fall away.
  if (choice.view_only) out.access_types = {AccessType::view};
  for (const auto& tool : r.tools) {
    const bool dropped = std::find(choice.dropped_tools.begin(), choice.dropped_tools.end(), tool) != choice.dropped_tools.end();
    if (!dropped && !(choice.view_only && tool != "desktop" && tool != "files")) out.tools.push_back(tool);
  }
  if (out.tools.empty()) return fail(Errc::bad_input, "no tool is left", "approve", "refuse the request instead");
  return out;
}

json::object ConsentDesk::consent_body(const AccessRequest& r, const System& system, const std::vector<KnownOperator>& operators,
                                       const Grant& grant, const Approver& approver, const Notice& notice) const {
  json::array types;
  for (auto type : grant.access_types) types.emplace_back(word(type));
  return {{"request_sha256", request_sha256(r)},
          {"practice", r.practice.text()},
          {"system", system.id.text()},
          {"systems", json::array{json::object{{"id", system.id.text()}, {"label", system.label},
                                               {"hosting_context", system.hosting == Hosting::hds ? "HDS" : "LOCAL"}}}},
          {"tools", texts_json(grant.tools)},
          {"access_types", std::move(types)},
          {"purpose", word(r.purpose)},
          {"reason", r.reason},
          {"planned_tasks", r.planned_tasks},
          {"ticket_ref", r.ticket},
          {"criticality", word(r.criticality)},
          {"pair_required", needs_pair(r)},
          {"data_categories", texts_json(r.data_categories)},
          {"person_in_charge", lead_name(operators)},
          {"minutes", grant.minutes},
          {"watch", word(grant.watch)},
          {"recording", grant.record},
          {"operators", operator_list(operators)},
          {"recording_days", grant.record ? json::value(recording_days) : json::value(nullptr)},
          {"controller", json::object{{"name", parties_.practice_name}}},
          {"processor", json::object{{"name", parties_.vendor_name}, {"address", parties_.vendor_address}, {"dpo", parties_.dpo_contact}}},
          {"recipients", parties_.recipients},
          {"transfers", parties_.transfers},
          {"rights_contact", parties_.rights_contact},
          {"host_keys", texts_json(identity_.host_key_fingerprints())},
          {"notice", json::object{{"version", notice.version}, {"language", language_tag(notice.language)}, {"sha256", notice.sha256()}}},
          {"approver", person(approver)}};
}

namespace {
// How it was said: choose and confirm are the two acts of a yes; a withdrawal is one (T15, B14).
void add_act(json::object& body, const Choice& choice) {
  body.emplace("acts_count", 2);
  body.emplace("expression_method", choice.expression);
  if (choice.asked_at) body.emplace("asked_at", to_utc(*choice.asked_at));
}
}  // namespace

Notice ConsentDesk::extension_notice(const Consented& first, const System& system, int minutes, Language language) const {
  return write_extension_notice(language, first.request(), system.label, first.operators(), minutes, parties_);
}

io::Awaitable<Result<Consented>> ConsentDesk::extend(Consented first, System system, int minutes, Choice choice, Approver approver) {
  if (approver.role == ApproverRole::observer)
    co_return fail(Errc::not_allowed, "an observer may watch and stop, never approve", "extend");
  const Notice shown = extension_notice(first, system, minutes, choice.language);
  Grant grant = first.grant();
  grant.minutes = minutes;
  auto body = consent_body(first.request(), system, first.operators(), grant, approver, shown);
  body.emplace("extends", first.sha256());
  add_act(body, choice);
  PL_CO_TRY(note, co_await journal_.record("consent", first.request().intervention, std::move(body)));
  co_return Consented(first.request(), first.operators(), std::move(grant), std::move(approver), std::move(note));
}

io::Awaitable<Result<Consented>> ConsentDesk::consent(PendingRequest pending, Choice choice, Approver approver) {
  if (approver.role == ApproverRole::observer)
    co_return fail(Errc::not_allowed, "an observer may watch and stop, never approve", "approve");
  if (too_early(pending.request, clock_.now()))
    co_return fail(Errc::conflict, "the window has not begun: it opens from " + to_utc(*pending.request.opens_from), "approve",
                   "accept the date in advance, and open it then");
  if (clock_.now() >= pending.request.expires_at) co_return fail(Errc::expired, "the request has expired", "approve", "ask the technician for a new one");
  for (const auto& card : pending.cards)
    if (auto valid = card.still_valid(clock_.now(), revoked_); !valid) co_return about(card.login(), valid.error());
  PL_CO_TRY(granted, grant(pending, choice));
  const Notice shown = notice(pending, choice.language);
  auto body = consent_body(pending.request, pending.system, pending.operators, granted, approver, shown);
  add_act(body, choice);
  PL_CO_TRY(note, co_await journal_.record("consent", pending.request.intervention, std::move(body)));
  co_return Consented(std::move(pending.request), std::move(pending.operators), std::move(granted), std::move(approver), std::move(note));
}

io::Awaitable<Result<>> ConsentDesk::accept(PendingRequest pending, Language language, Approver approver) {
  if (approver.role == ApproverRole::observer)
    co_return fail(Errc::not_allowed, "an observer may watch and stop, never approve", "accept");
  const auto& r = pending.request;
  if (!too_early(r, clock_.now()))
    co_return fail(Errc::conflict, r.opens_from ? "the window has begun" : "this request is for now", "accept", "approve opens it, refuse closes it");
  json::object body{{"request_sha256", request_sha256(r)}, {"window_start", to_utc(*r.opens_from)}, {"window_end", to_utc(r.expires_at)},
                    {"approver", person(approver)}, {"notice_sha256", notice(pending, language).sha256()}, {"language", language_tag(language)}};
  PL_CO_CHECK(co_await journal_.record("acceptance", r.intervention, std::move(body)));
  co_return Result<>{};
}

io::Awaitable<Result<>> ConsentDesk::refuse(PendingRequest pending, Approver approver, std::optional<std::string> why) {
  json::object body{{"request_sha256", request_sha256(pending.request)}, {"approver", person(approver)},
                    {"why", why ? json::value(*why) : json::value(nullptr)}};
  PL_CO_CHECK(co_await journal_.record("refusal", pending.request.intervention, std::move(body)));
  co_return Result<>{};
}

io::Awaitable<Result<>> ConsentDesk::lapse(AccessRequest request) {
  json::object body{{"request_sha256", request_sha256(request)}};
  PL_CO_CHECK(co_await journal_.record("lapse", request.intervention, std::move(body)));
  co_return Result<>{};
}

io::Awaitable<Result<>> ConsentDesk::not_asked(AccessRequest request, std::string why) {
  json::object body{{"request_sha256", request_sha256(request)}, {"why", why}};
  PL_CO_CHECK(co_await journal_.record("not_asked", request.intervention, std::move(body)));
  co_return Result<>{};
}

}  // namespace pontlevis::agent
