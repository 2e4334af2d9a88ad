#include "gateway/records.hpp"

#include "audit/fact_record.hpp"

#include "certs/openssh_key.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

template <class List>
json::array words_of(const List& list) {
  json::array out;
  for (auto item : list) out.emplace_back(word(item));
  return out;
}
json::object participant(const RequestedOperator& op) {
  json::object out{{"login", op.login.text()}, {"role", word(op.role)}, {"mode", word(op.mode)}};
  const auto card = certs::StaffCard::peek(op.card);
  if (!card) return out;
  out["name"] = card->name;
  out["qualification"] = card->qualification;
  out["employer"] = card->employer;
  out["subprocessor"] = or_null(card->subprocessor);
  out["country"] = card->country;
  out["confidentiality_commitment"] = card->confidentiality.ref;
  out["action_limit_commitment"] = card->action_limit.ref;
  return out;
}

json::array participants(const AccessRequest& request) {
  json::array out;
  for (const auto& op : request.operators) out.push_back(participant(op));
  return out;
}

json::object person_in_charge(const AccessRequest& request, const Login& login) {
  for (const auto& op : request.operators)
    if (op.login == login) {
      const auto card = certs::StaffCard::peek(op.card);
      return {{"login", login.text()}, {"name", card ? card->name : std::string()}};
    }
  return {{"login", login.text()}, {"name", ""}};
}

json::array systems_of(const SystemId& id, const Practice* practice) {
  json::object system{{"id", id.text()}};
  if (const auto* offered = practice ? practice->system(id) : nullptr) {
    system["label"] = offered->label;
    system["hosting_context"] = offered->hosting;
  }
  return {std::move(system)};
}

json::object about(const Intervention& iv) {
  return {{"intervention", iv.id().text()}, {"practice", iv.request.practice.text()}};
}

}  // namespace

Result<audit::Record> request_record(const AccessRequest& r, const Practice& practice) {
  json::object fields{
      {"intervention", r.intervention.text()}, {"practice", r.practice.text()}, {"requested_by", lead_of(r).login.text()},
      {"person_in_charge", person_in_charge(r, lead_of(r).login)}, {"participants", participants(r)}, {"purpose", word(r.purpose)},
      {"reason", r.reason}, {"planned_tasks", r.planned_tasks}, {"ticket_ref", r.ticket}, {"contract_ref", r.contract},
      {"criticality", word(r.criticality)}, {"difficulty", word(r.difficulty)},
      {"pair_required", needs_pair(r)}, {"emergency", r.emergency.has_value()},
      {"emergency_justification", or_null(r.emergency)}, {"systems", systems_of(r.system, &practice)},
      {"tools", texts_json(r.tools)}, {"access_types", words_of(r.access_types)},
      {"data_categories", texts_json(r.data_categories)}, {"minutes", r.minutes}, {"channel", "ssh"},
      {"request_sha256", request_sha256(r)}, {"lapse_at", to_utc(r.expires_at)}};
  if (r.opens_from) fields["window_start"] = to_utc(*r.opens_from), fields["window_end"] = to_utc(r.expires_at);
  return audit::Record::make("request", fields);
}

Result<audit::Record> refused_record(const Asked& a, const PolicyRefusal& refusal) {
  json::array people{json::object{{"login", a.lead.text()}, {"role", "LEAD"}}};
  if (a.pair) people.push_back(json::object{{"login", a.pair->text()}, {"role", "PAIR"}});
  for (const auto& login : a.additional) people.push_back(json::object{{"login", login.text()}, {"role", "ADDITIONAL"}});
  for (const auto& login : a.consulted) people.push_back(json::object{{"login", login.text()}, {"role", "ADDITIONAL"}});
  // A text that holds a patient's number is not written down: that is what the rule is for (B33).
  const bool texts_may_stand = refusal.rule != "NIR_IN_TEXT";
  const json::object fields{
      {"practice", a.practice.text()}, {"requested_by", a.lead.text()}, {"participants", std::move(people)},
      {"purpose", word(a.purpose)}, {"reason", texts_may_stand ? json::value(a.reason) : json::value(nullptr)},
      {"planned_tasks", texts_may_stand ? json::value(a.planned_tasks) : json::value(nullptr)},
      {"ticket_ref", texts_may_stand ? json::value(a.ticket) : json::value(nullptr)},
      {"criticality", word(a.criticality)}, {"systems", systems_of(a.system, nullptr)}, {"tools", texts_json(a.tools)},
      {"access_types", words_of(a.access_types)}, {"minutes", a.minutes}, {"channel", "ssh"},
      {"rule", refusal.rule}, {"explanation", refusal.en}};
  return audit::Record::make("request_refused", fields);
}

namespace {

const json::value* member_at(const json::object& body, std::string_view path) {
  const auto dot = path.find('.');
  const auto* value = body.if_contains(path.substr(0, dot));
  if (!value || dot == path.npos) return value;
  return value->is_object() ? value->get_object().if_contains(path.substr(dot + 1)) : nullptr;
}

}  // namespace

Result<audit::Record> fact_record(const PracticeId& practice, const TakenFact& fact, const std::string& note) {
  return audit::fact_record(fact.type, fact.body, practice.text(), note);
}

Result<audit::Record> cancelled_record(const Intervention& iv, std::string_view by, Time at, std::string_view cause) {
  json::object fields = about(iv);
  fields["cancelled_by"] = by.empty() ? json::value(nullptr) : json::value(by);
  fields["cancelled_at"] = to_utc(at);
  fields["cause"] = cause;
  return audit::Record::make("cancelled", fields);
}

namespace {

json::array staff_of(const Report& report) {
  json::array out;
  for (const auto& person : report.additional_staff)
    out.push_back(json::object{{"name", person.name}, {"qualification", person.qualification}});
  return out;
}

void put_report(json::object& fields, const Report& report) {
  fields["tasks_summary"] = report.tasks_summary;
  fields["outcome"] = word(report.outcome);
  fields["residual_cleanup"] = word(report.residual_cleanup);
  fields["additional_staff_consulted"] = staff_of(report);
  fields["none_consulted_justification"] = or_null(report.none_consulted_reason);
}

}  // namespace

std::vector<std::string> nonconformities_of(const Intervention& iv) {
  std::vector<std::string> out;
  if (iv.report && iv.report->none_consulted_reason) out.emplace_back("CRITICAL_NONE_CONSULTED");
  return out;
}

Result<audit::Record> report_record(const Intervention& iv, const Report& report, Time sent_at) {
  json::object fields = about(iv);
  fields["author"] = report.author.text();
  fields["author_side"] = "vendor";
  fields["person_in_charge"] = person_in_charge(iv.request, iv.in_charge());
  fields["report_sent_at"] = to_utc(sent_at);
  fields["nonconformities"] = texts_json(nonconformities_of(iv));
  put_report(fields, report);
  return audit::Record::make("report", fields);
}

namespace {

void put_request(json::object& fields, const Intervention& iv, const Practice& practice) {
  const auto& r = iv.request;
  fields["schema_version"] = 1;
  fields["controller_name"] = practice.name;
  fields["contract_ref"] = r.contract;
  fields["ticket_ref"] = r.ticket;
  fields["purpose"] = word(r.purpose);
  fields["reason"] = r.reason;
  fields["planned_tasks"] = r.planned_tasks;
  fields["criticality"] = word(r.criticality);
  fields["difficulty"] = word(r.difficulty);
  fields["pair_required"] = needs_pair(r);
  fields["emergency"] = r.emergency.has_value();
  fields["emergency_justification"] = or_null(r.emergency);
  fields["person_in_charge"] = person_in_charge(r, iv.in_charge());
  fields["systems"] = systems_of(r.system, &practice);
  fields["data_categories"] = texts_json(r.data_categories);
  fields["requested_at"] = to_utc(r.requested_at);
}

void copy(json::object& to, std::string_view name, const json::object& from, std::string_view path) {
  if (const auto* value = member_at(from, path)) to[name] = *value;
}

void put_consent(json::object& fields, const Intervention& iv) {
  if (!iv.consent) return;
  const auto& c = *iv.consent;
  fields["instruction_id"] = iv.consent_sha256;
  fields["consent_record_id"] = iv.consent_sha256;
  copy(fields, "approver", c, "approver");
  copy(fields, "approver_role", c, "approver.role");
  copy(fields, "access_types", c, "access_types");
  copy(fields, "host_key_fingerprint", c, "host_keys");
  copy(fields, "decided_at", c, "at");
  copy(fields, "live_view", c, "watch");
  copy(fields, "recording", c, "recording");
  std::string tools;
  for (const auto& tool : texts_of(c, "tools")) tools += (tools.empty() ? "" : ", ") + tool;
  fields["tool_name"] = tools;
  fields["tool_version"] = "pontlevis " PONTLEVIS_VERSION;
  fields["protocol"] = "SSH";
}

void put_session(json::object& fields, const Intervention& iv) {
  if (iv.session_open) {
    copy(fields, "window_start", *iv.session_open, "started_at");
    copy(fields, "window_end", *iv.session_open, "window_end");
    copy(fields, "secret_events", *iv.session_open, "passwords");
  }
  if (!iv.session_end) return;
  for (auto name : {"started_at", "ended_at", "duration_seconds", "active_seconds", "bytes_in", "bytes_out"})
    copy(fields, name, *iv.session_end, name);
  copy(fields, "end_cause", *iv.session_end, "cause");
  copy(fields, "cut_latency_ms", *iv.session_end, "cut_ms");
}

// Who came and went when, out of the connection facts, added to what the cards say.
json::array people_with_times(const Intervention& iv, const std::vector<TakenFact>& facts) {
  json::array out;
  for (const auto& op : iv.request.operators) {
    json::object person = participant(op);
    json::array joined, left;
    for (const auto& fact : facts) {
      if (fact.type != "connection" || text_of(fact.body, "login") != op.login.text()) continue;
      const auto what = text_of(fact.body, "what");
      if (what == "JOINED" || what == "REJOINED") joined.emplace_back(text_of(fact.body, "at"));
      if (what == "LEFT") left.emplace_back(text_of(fact.body, "at"));
      if (what == "JOINED") person["auth_method"] = text_of(fact.body, "auth");
    }
    person["joined_at"] = std::move(joined);
    person["left_at"] = std::move(left);
    out.push_back(std::move(person));
  }
  return out;
}

void put_events(json::object& fields, const std::vector<TakenFact>& facts) {
  std::int64_t in = 0, out = 0, bytes = 0;
  json::array pauses;
  for (const auto& fact : facts) {
    if (fact.type == "transfer") {
      (text_of(fact.body, "direction") == "IN" ? in : out) += 1;
      bytes += number_of(fact.body, "bytes").value_or(0);
    }
    if (fact.type == "pause" && pauses.size() < 256)
      pauses.push_back(json::object{{"what", text_of(fact.body, "what")}, {"at", text_of(fact.body, "at")}});
    if (fact.type == "connection" && fact.body.contains("algorithms")) copy(fields, "algorithms", fact.body, "algorithms");
  }
  fields["pauses"] = std::move(pauses);
  fields["transfers"] = json::object{{"in", in}, {"out", out}, {"bytes", bytes}};
}

}  // namespace

Result<audit::Record> intervention_record(const Intervention& iv, const std::vector<TakenFact>& facts, const Practice& practice, std::string_view crm_sync_state) {
  json::object fields = about(iv);
  put_request(fields, iv, practice);
  put_consent(fields, iv);
  put_session(fields, iv);
  put_events(fields, facts);
  fields["participants"] = people_with_times(iv, facts);
  if (iv.report) {
    put_report(fields, *iv.report);
    fields["report_sent_at"] = to_utc(iv.report->reported_at);
  }
  fields["nonconformities"] = texts_json(nonconformities_of(iv));
  fields["crm_sync_state"] = crm_sync_state;
  fields["state"] = "CLOSED";
  return audit::Record::make("intervention", fields);
}

Result<audit::Record> security_record(std::string_view event, std::string_view channel, const std::string& subject,
                                      const std::string& source, const std::string& detail,
                                      const std::optional<PracticeId>& practice,
                                      const std::optional<InterventionId>& intervention) {
  json::object fields{{"event", event}, {"channel", channel}, {"subject_kind", channel == "link" ? "agent" : "vendor"}};
  if (!subject.empty()) fields["subject"] = subject;
  if (!source.empty()) fields["source_ip"] = source;
  if (!detail.empty()) fields["detail"] = detail;
  if (practice) fields["practice"] = practice->text();
  if (intervention) fields["intervention"] = intervention->text();
  return audit::Record::make("security", fields);
}

Result<audit::Record> technician_record(std::string_view event, const certs::VerifiedCard& card, const std::string& by, const std::string& trained_on) {
  const auto& c = card.fields();
  json::array keys;
  for (const auto& key : c.keys) keys.emplace_back(certs::ssh_fingerprint(key));
  json::object fields{
      {"event", event}, {"login", c.login.text()}, {"display_name", c.name}, {"employer", c.employer},
      {"subprocessor_ref", or_null(c.subprocessor)}, {"country", c.country}, {"qualification", c.qualification},
      {"role", "technician"}, {"card_sha256", sha256_hex(card.note())}, {"key_fingerprints", std::move(keys)},
      {"confidentiality_commitment_ref", c.confidentiality.ref},
      {"confidentiality_commitment_date", to_date(c.confidentiality.signed_on)},
      {"action_limit_commitment_ref", c.action_limit.ref},
      {"action_limit_commitment_date", to_date(c.action_limit.signed_on)}, {"valid_until", to_utc(c.expires_at)}};
  if (!by.empty()) fields["done_by"] = by;
  if (!trained_on.empty()) fields["trained_on"] = trained_on;
  return audit::Record::of_statement("technician", fields, card.note());
}

Result<audit::Record> revocation_record(const certs::Revocation& revocation, const std::string& login, const std::string& note, const std::string& by) {
  json::object fields{{"event", "revoked"}, {"reason", revocation.reason}};
  if (!login.empty()) fields["login"] = login;
  if (!by.empty()) fields["done_by"] = by;
  return audit::Record::of_statement("technician", fields, note);
}

}  // namespace pontlevis::gateway
