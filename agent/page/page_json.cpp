#include "agent/page/page_json.hpp"

#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

json::array words_json(const std::vector<AccessType>& types) {
  json::array out;
  for (auto type : types) out.emplace_back(word(type));
  return out;
}

json::array operators_json(const PendingRequest* pending) {
  json::array out;
  if (!pending) return out;
  for (const auto& op : pending->operators)
    out.push_back(json::object{{"login", op.login.text()}, {"name", op.name}, {"role", word(op.role)}, {"mode", word(op.mode)},
                               {"qualification", op.qualification}, {"employer", op.employer},
                               {"subprocessor", or_null(op.subprocessor)}, {"country", op.country}});
  return out;
}

json::object system_json(const InterventionView& view) {
  const bool hds = view.pending && view.pending->system.hosting == Hosting::hds;
  return {{"id", view.request.system.text()}, {"label", view.pending ? view.pending->system.label : view.request.system.text()},
          {"hosting", hds ? "HDS" : "LOCAL"}};
}

json::value planned_json(const AccessRequest& r) {
  if (!r.opens_from) return nullptr;
  return json::object{{"from", to_utc(*r.opens_from)}, {"until", to_utc(r.expires_at)}};
}

json::value accepted_json(const std::optional<Accepted>& accepted) {
  if (!accepted) return nullptr;
  return json::object{{"at", to_utc(accepted->at)}, {"by", json::object{{"login", accepted->login.text()}, {"name", accepted->name}}}};
}

const json::value& member(const json::object& object, std::string_view name) {
  static const json::value none;
  const auto* found = object.if_contains(name);
  return found ? *found : none;
}

}  // namespace

json::object person_json(const Approver& person) {
  return {{"login", person.login.text()}, {"name", person.name}, {"role", word(person.role)}};
}

json::object request_json(const InterventionView& view) {
  const auto& r = view.request;
  return {{"intervention", r.intervention.text()},
          {"phase", word(view.phase)},
          {"requested_at", to_utc(r.requested_at)},
          {"expires_at", to_utc(r.expires_at)},
          {"purpose", word(r.purpose)},
          {"reason", r.reason},
          {"planned_tasks", r.planned_tasks},
          {"ticket", r.ticket},
          {"minutes", r.minutes},
          {"criticality", word(r.criticality)},
          {"pair", needs_pair(r)},
          {"emergency", or_null(r.emergency)},
          {"planned", planned_json(r)},
          {"accepted", accepted_json(view.accepted)},
          {"can_open", view.can_open},
          {"in_charge", view.in_charge.text()},
          {"data_categories", texts_json(r.data_categories)},
          {"system", system_json(view)},
          {"tools", texts_json(r.tools)},
          {"access_types", words_json(r.access_types)},
          {"operators", operators_json(view.pending)}};
}

json::object session_json(const InterventionView& view) {
  json::object out = request_json(view);
  if (view.consented) {
    const auto& grant = view.consented->grant();
    const auto& approver = view.consented->approver();
    out["tools"] = texts_json(grant.tools);
    out["access_types"] = words_json(grant.access_types);
    out["approver"] = json::object{{"login", approver.login.text()}, {"name", approver.name}};
    out["watch"] = word(grant.watch);
    out["recording"] = grant.record;
    out["granted_minutes"] = view.session ? view.session->granted_minutes() : grant.minutes;
  }
  if (!view.session) return out;
  for (const auto& part : {view.session->status(), view.session->details()})
    for (const auto& m : part) out[m.key()] = m.value();
  return out;
}

json::object locked_session_json(const InterventionView& view) {
  json::object out{{"intervention", view.request.intervention.text()}, {"phase", word(view.phase)}};
  if (!view.session) return out;
  const auto status = view.session->status();
  out["seconds_left"] = status.at("seconds_left");
  out["hold"] = status.at("hold");
  return out;
}

json::object line_json(const AccessRequest& r, const std::string& state, const std::string& system_label, const std::string& lead_name,
                       const std::string& employer, const audit::Fiche& fiche) {
  bool reported = false;
  for (const auto& [index, record] : fiche.records) reported = reported || member(record, "type") == "report";
  const auto& tools = member(fiche.merged, "tools");
  return {{"intervention", r.intervention.text()},
          {"state", state},
          {"requested_at", to_utc(r.requested_at)},
          {"started_at", member(fiche.merged, "started_at")},
          {"ended_at", member(fiche.merged, "ended_at")},
          {"duration_seconds", member(fiche.merged, "duration_seconds")},
          {"person_in_charge", lead_name},
          {"employer", employer},
          {"system", system_label},
          {"tools", tools.is_array() ? tools : json::value(texts_json(r.tools))},
          {"ticket", r.ticket},
          {"criticality", word(r.criticality)},
          {"reason", r.reason},
          {"end_cause", member(fiche.merged, "end_cause")},
          {"reported", reported},
          {"recording", member(fiche.merged, "recording").is_bool() && member(fiche.merged, "recording").get_bool()},
          {"tasks_summary", member(fiche.merged, "tasks_summary")}};
}

json::object shown_json(const ShownPassword& shown) {
  return {{"login", shown.login.text()}, {"name", shown.name}, {"password", shown.text.expose()}, {"unused_after", to_utc(shown.unused_after)}};
}

}  // namespace pontlevis::agent
