#include "gateway/outward/crm_message.hpp"

#include "certs/staff_card.hpp"
#include "gateway/records.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

std::string name_of(const AccessRequest& request, const Login& login) {
  for (const auto& op : request.operators)
    if (op.login == login)
      if (const auto card = certs::StaffCard::peek(op.card)) return card->name;
  return login.text();
}

json::array systems_of(const Intervention& iv, const Practice* practice) {
  const auto* offered = practice ? practice->system(iv.request.system) : nullptr;
  return {json::object{{"id", iv.request.system.text()}, {"label", offered ? offered->label : iv.request.system.text()}}};
}

// What was granted is what counts; before a consent, what was asked.
json::array tools_of(const Intervention& iv) {
  return iv.consent ? texts_json(texts_of(*iv.consent, "tools")) : texts_json(iv.request.tools);
}

json::array staff_of(const Intervention& iv) {
  json::array out;
  if (!iv.report) return out;
  for (const auto& person : iv.report->additional_staff) out.push_back(json::object{{"name", person.name}, {"qualification", person.qualification}});
  return out;
}

json::value member(const std::optional<json::object>& body, std::string_view name) {
  const auto* value = body ? body->if_contains(name) : nullptr;
  return value ? *value : json::value(nullptr);
}

json::value comment_value(const std::optional<PracticeComment>& comment) {
  if (!comment) return nullptr;
  return json::object{{"at", comment->at}, {"contested", comment->contested}};
}

json::object named(const Intervention& iv) {
  return {{"intervention", iv.id().text()}, {"practice", iv.request.practice.text()}, {"contract", iv.request.contract}, {"ticket", iv.request.ticket}};
}

}  // namespace

std::optional<PracticeComment> last_comment(const std::vector<TakenFact>& facts) {
  std::optional<PracticeComment> out;
  for (const auto& fact : facts) {
    if (fact.type != "comment") continue;
    const auto* contested = fact.body.if_contains("contested");
    out = PracticeComment{text_of(fact.body, "at"), contested && contested->is_bool() && contested->get_bool()};
  }
  return out;
}

json::object crm_content(const Intervention& iv, const Practice* practice, const std::optional<PracticeComment>& comment,
                         const std::vector<std::string>& withheld) {
  auto out = named(iv);
  out["practice_name"] = practice ? json::value(practice->name) : json::value(nullptr);
  out["purpose"] = word(iv.request.purpose);
  out["criticality"] = word(iv.request.criticality);
  out["person_in_charge"] = name_of(iv.request, iv.in_charge());
  out["requested_at"] = to_utc(iv.request.requested_at);
  for (auto name : {"started_at", "ended_at", "duration_seconds", "active_seconds"}) out[name] = member(iv.session_end, name);
  out["end_cause"] = member(iv.session_end, "cause");
  out["systems"] = systems_of(iv, practice);
  out["tools"] = tools_of(iv);
  out["tasks_summary"] = iv.report ? json::value(iv.report->tasks_summary) : json::value(nullptr);
  out["outcome"] = iv.report ? json::value(word(iv.report->outcome)) : json::value(nullptr);
  out["additional_staff"] = staff_of(iv);
  out["nonconformities"] = texts_json(nonconformities_of(iv));
  out["practice_comment"] = comment_value(comment);
  for (const auto& name : withheld)
    if (out.contains(name)) out[name] = nullptr;
  out["destroyed"] = texts_json(withheld);
  return out;
}

std::string_view crm_member_of(std::string_view field) {
  constexpr std::pair<std::string_view, std::string_view> filled[] = {
      {"tasks_summary", "tasks_summary"}, {"person_in_charge", "person_in_charge"}, {"additional_staff_consulted", "additional_staff"},
      {"controller_name", "practice_name"}, {"participants", "person_in_charge"}};
  for (const auto& [from, to] : filled)
    if (from == field) return to;
  return {};
}

std::string crm_body(std::string_view what, Time at, std::int64_t version, json::object data) {
  data["version"] = version;
  const json::object body{{"type", "intervention." + std::string(what)}, {"timestamp", to_utc(at)}, {"schema", crm_schema}, {"data", std::move(data)}};
  return json::serialize(body);
}

json::object crm_refusal(const Intervention& iv, std::string_view decided_at) {
  auto out = named(iv);
  out["decided_at"] = decided_at;
  return out;
}

json::object crm_withdrawal(const Intervention& iv) {
  auto out = named(iv);
  out["withdrawn_at"] = member(iv.session_end, "ended_at");
  return out;
}

json::object crm_deletion(const std::string& intervention, const std::string& practice, const std::string& crm_ref, const std::string& certificate) {
  return {{"intervention", intervention}, {"practice", practice}, {"crm_ref", crm_ref.empty() ? json::value(nullptr) : json::value(crm_ref)},
          {"certificate", certificate.empty() ? json::value(nullptr) : json::value(certificate)}};
}

}  // namespace pontlevis::gateway
