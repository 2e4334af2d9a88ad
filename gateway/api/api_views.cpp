#include "gateway/api/api_views.hpp"

#include <set>

#include "certs/openssh_key.hpp"
#include "gateway/people/accounts.hpp"
#include "gateway/records.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

json::object key_view(const std::string& line) { return {{"line", line}, {"fingerprint", certs::ssh_fingerprint(line)}}; }

json::array key_views(const std::vector<std::string>& lines) {
  json::array out;
  for (const auto& line : lines) out.push_back(key_view(line));
  return out;
}

// The lines of the practice that are keys, without their comments.
std::vector<std::string> sound_keys(const std::vector<std::string>& lines) {
  std::vector<std::string> out;
  for (const auto& line : lines)
    if (auto key = certs::ssh_key_from_file_text(line)) out.push_back(*std::move(key));
  return out;
}

json::value text_or_null(const json::object* body, std::string_view name) {
  const auto text = body ? text_of(*body, name) : std::string();
  return text.empty() ? json::value(nullptr) : json::value(text);
}

const json::object* body_of(const std::optional<json::object>& body) { return body ? &*body : nullptr; }

json::array people_view(const AccessRequest& request) {
  json::array out;
  for (const auto& op : request.operators) {
    json::object person{{"login", op.login.text()}, {"name", op.login.text()}, {"role", word(op.role)}, {"mode", word(op.mode)},
                        {"qualification", ""}, {"employer", ""}, {"country", ""}};
    if (const auto card = certs::StaffCard::peek(op.card)) {
      person["name"] = card->name;
      person["qualification"] = card->qualification;
      person["employer"] = card->employer;
      person["country"] = card->country;
    }
    out.push_back(std::move(person));
  }
  return out;
}

template <class Word>
json::array words_view(const std::vector<Word>& words) {
  json::array out;
  for (auto w : words) out.emplace_back(word(w));
  return out;
}

// Whose connection stands: who joined and has not left.
json::array connected_view(const Intervention& iv, const std::vector<TakenFact>& facts) {
  json::array out;
  if (!iv.is_open()) return out;
  std::set<std::string> here;
  for (const auto& fact : facts) {
    if (fact.type != "connection") continue;
    const auto what = text_of(fact.body, "what");
    if (what == "JOINED" || what == "REJOINED") here.insert(text_of(fact.body, "login"));
    if (what == "LEFT") here.erase(text_of(fact.body, "login"));
  }
  for (const auto& login : here) out.emplace_back(login);
  return out;
}

json::array to_do_view(const Intervention& iv, const Person& viewer) {
  json::array out;
  if (!iv.names(viewer.login)) return out;
  if (iv.waiting()) out.emplace_back("wait");
  if (iv.is_open() && iv.connected_operator(viewer.login)) out.emplace_back("connect");
  if (iv.report_due() && iv.in_charge() == viewer.login) {
    out.emplace_back("report");
    if (iv.request.criticality == Criticality::critical) out.emplace_back("name_additional_staff");
  }
  return out;
}

json::value report_view(const std::optional<Report>& report) {
  if (!report) return nullptr;
  json::array consulted;
  for (const auto& person : report->additional_staff) consulted.push_back(json::object{{"name", person.name}, {"qualification", person.qualification}});
  return json::object{{"tasks", report->tasks_summary}, {"outcome", word(report->outcome)}, {"cleanup", word(report->residual_cleanup)},
                      {"consulted", std::move(consulted)}, {"none_consulted", or_null(report->none_consulted_reason)}};
}

json::value window_view(const AccessRequest& request) {
  if (!request.opens_from) return nullptr;
  return json::object{{"from", to_utc(*request.opens_from)}, {"until", to_utc(request.expires_at)}};
}

// The end of the window as the practice opened it, moved by each extension it signed.
json::value end_view(const Intervention& iv) {
  if (!iv.session_open) return nullptr;
  const auto first = from_utc(text_of(*iv.session_open, "window_end"));
  if (!first) return nullptr;
  return json::value(to_utc(*first + std::chrono::minutes(iv.extended_minutes)));
}

// As the consent names it; before that, as the practice offers it now.
std::string system_label(const Intervention& iv, const Practice* practice) {
  const auto* systems = iv.consent ? iv.consent->if_contains("systems") : nullptr;
  if (systems && systems->is_array() && !systems->get_array().empty() && systems->get_array()[0].is_object())
    if (auto label = text_of(systems->get_array()[0].get_object(), "label"); !label.empty()) return label;
  const auto* offered = practice ? practice->system(iv.request.system) : nullptr;
  return offered ? offered->label : iv.request.system.text();
}

// What the customer-relations system knows of it (gateway/outward/crm.cpp keeps the table); null: it was told nothing.
json::value crm_view(const Core& core, const InterventionId& id) {
  auto rows = core.store->query("SELECT state, crm_ref FROM crm WHERE intervention = ?", id.text());
  if (!rows || !rows->next().value_or(false)) return nullptr;
  const auto reference = rows->text(1);
  return json::object{{"state", rows->text(0)}, {"reference", reference.empty() ? json::value(nullptr) : json::value(reference)}};
}

void add_what_was_asked(json::object& out, const AccessRequest& r) {
  out["tools"] = texts_json(r.tools);
  out["access_types"] = words_view(r.access_types);
  out["data_categories"] = texts_json(r.data_categories);
  out["purpose"] = word(r.purpose);
  out["reason"] = r.reason;
  out["planned_tasks"] = r.planned_tasks;
  out["ticket"] = r.ticket;
  out["minutes"] = r.minutes;
  out["criticality"] = word(r.criticality);
  out["pair"] = needs_pair(r);
  out["emergency"] = or_null(r.emergency);
  out["planned"] = window_view(r);
  out["operators"] = people_view(r);
  out["requested_at"] = to_utc(r.requested_at);
  out["expires_at"] = to_utc(r.expires_at);
}

// A consent may lower what was asked: what was granted is what counts from then on.
void add_what_was_granted(json::object& out, const Intervention& iv) {
  const auto* consent = body_of(iv.consent);
  const auto minutes = consent ? number_of(*consent, "minutes") : std::nullopt;
  out["granted_minutes"] = minutes ? json::value(*minutes + iv.extended_minutes) : json::value(nullptr);
  out["watch"] = text_or_null(consent, "watch");
  const auto* recording = consent ? consent->if_contains("recording") : nullptr;
  out["recording"] = recording && recording->is_bool() ? *recording : json::value(nullptr);
  if (!consent) return;
  out["tools"] = texts_json(texts_of(*consent, "tools"));
  out["access_types"] = texts_json(texts_of(*consent, "access_types"));
}

void add_what_happened(json::object& out, const Intervention& iv) {
  out["opened_at"] = text_or_null(body_of(iv.session_open), "started_at");
  out["ends_at"] = end_view(iv);
  out["ended_at"] = text_or_null(body_of(iv.session_end), "ended_at");
  out["end_cause"] = text_or_null(body_of(iv.session_end), "cause");
  out["why"] = iv.why;
  out["report"] = report_view(iv.report);
  out["reported_at"] = iv.report ? json::value(to_utc(iv.report->reported_at)) : json::value(nullptr);
  out["nonconformities"] = texts_json(nonconformities_of(iv));
}

}  // namespace

std::vector<std::string> consented_host_keys(const Intervention& iv, const Practice& practice) {
  std::vector<std::string> out;
  if (!iv.consent) return out;
  const auto named = texts_of(*iv.consent, "host_keys");
  for (auto& key : sound_keys(practice.host_keys))
    if (std::find(named.begin(), named.end(), certs::ssh_fingerprint(key)) != named.end()) out.push_back(std::move(key));
  return out;
}

json::object practice_view(const Core& core, const Practice& p, bool link_up) {
  json::array systems;
  for (const auto& s : p.systems)
    systems.push_back(json::object{{"id", s.id.text()}, {"label", s.label}, {"hosting", s.hosting}, {"tools", texts_json(s.tools)}});
  const auto keys = sound_keys(p.host_keys);
  return {{"id", p.id.text()}, {"name", p.name}, {"link", link_up ? "UP" : "DOWN"}, {"hosting", p.hosting},
          {"contract", json::object{{"reference", p.contract.reference}, {"valid_from", to_date(p.contract.valid_from)},
                                    {"valid_until", to_date(p.contract.valid_until)}, {"valid", p.contract.valid_at(core.clock.now())}}},
          {"enrolled_at", p.enrolment ? json::value(to_utc(p.enrolment->at)) : json::value(nullptr)},
          {"systems", std::move(systems)}, {"host_keys", key_views(keys)}};
}

json::object intervention_view(const Core& core, const Links& links, const Intervention& iv, const std::vector<TakenFact>& facts,
                               const Person& viewer) {
  const auto& r = iv.request;
  const auto* practice = core.practices.find(r.practice);
  json::object out{{"id", iv.id().text()}, {"state", word(iv.state)}, {"practice", r.practice.text()},
                   {"practice_name", practice ? practice->name : r.practice.text()}, {"system", r.system.text()}, {"system_label", system_label(iv, practice)}};
  add_what_was_asked(out, r);
  add_what_was_granted(out, iv);
  add_what_happened(out, iv);
  out["in_charge"] = iv.in_charge().text();
  out["mine"] = iv.names(viewer.login);
  out["link"] = links.up(r.practice) ? "UP" : "DOWN";
  out["to_do"] = to_do_view(iv, viewer);
  out["host_keys"] = practice ? key_views(consented_host_keys(iv, *practice)) : json::array();
  out["connected"] = connected_view(iv, facts);
  out["crm"] = crm_view(core, iv.id());
  return out;
}

json::object card_view(const Core& core, const std::string& note) {
  const auto card = certs::StaffCard::peek(note);
  if (!card) return {};
  const auto commitment = [](const certs::Commitment& c) { return json::object{{"reference", c.ref}, {"date", to_date(c.signed_on)}}; };
  const auto valid = core.technicians.valid_card(card->login);
  return {{"login", card->login.text()}, {"name", card->name}, {"employer", card->employer}, {"subprocessor", or_null(card->subprocessor)},
          {"country", card->country}, {"qualification", card->qualification}, {"issued_at", to_utc(card->issued_at)}, {"expires_at", to_utc(card->expires_at)},
          {"confidentiality", commitment(card->confidentiality)}, {"action_limit", commitment(card->action_limit)},
          {"keys", key_views(card->keys)}, {"valid", valid.has_value()}, {"why", valid ? std::string() : valid.error().what}};
}

json::object technician_view(const Core& core, const Login& login) {
  auto out = card_view(core, core.technicians.card_note(login));
  const auto trained = core.vendor_register.trained_on(login);
  out["trained_on"] = trained ? json::value(to_date(*trained)) : json::value(nullptr);
  out["locked"] = core.technicians.locked(login);
  const auto account = Accounts(*core.store).find(login);
  out["account"] = account && account->has_value();
  return out;
}

json::object subprocessor_view(const Subprocessor& s) {
  return {{"id", s.id}, {"name", s.name}, {"country", s.country}, {"guarantee", s.guarantee}, {"task", s.task}, {"state", word(s.state)}, {"since", to_utc(s.since)}};
}

}  // namespace pontlevis::gateway
