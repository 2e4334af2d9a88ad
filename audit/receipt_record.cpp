#include "audit/receipt_record.hpp"

#include <algorithm>
#include <set>

#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::string_view not_stated = "NOT_STATED";  // where the standard wants a word and nobody said one
constexpr std::string_view dpv_schema = "https://w3id.org/dpv/schema/dpv-27560#";

json::array texts(std::initializer_list<std::string_view> words) {
  json::array out;
  for (auto word : words) out.emplace_back(word);
  return out;
}

// What the statement says, or the word for silence.
json::value said_or_not(const json::object& body, std::string_view path) {
  const auto* value = value_at(body, path);
  const bool silent = !value || value->is_null() || (value->is_string() && value->get_string().empty());
  return silent ? json::value(not_stated) : *value;
}
json::value or_null(const json::object& body, std::string_view path) {
  const auto* value = value_at(body, path);
  return value ? *value : json::value(nullptr);
}
// The statement's own word first: what was given beside it only fills a silence.
json::value said_or_given(const json::object& body, std::string_view path, const std::string& given) {
  const auto said = said_or_not(body, path);
  return said == json::value(not_stated) && !given.empty() ? json::value(given) : said;
}

const json::array& operators_of(const json::object& body) {
  static const json::array none;
  const auto* list = value_at(body, "operators");
  return list && list->is_array() ? list->get_array() : none;
}

json::array distinct(const json::array& list, std::string_view member) {
  std::set<std::string> seen;
  for (const auto& item : list)
    if (item.is_object())
      if (auto text = text_at(item.get_object(), member); !text.empty()) seen.insert(std::move(text));
  json::array out;
  for (const auto& text : seen) out.emplace_back(text);
  return out;
}

// Those who come: by name, without keys and card numbers.
json::array people(const json::object& body) {
  json::array out;
  for (const auto& item : operators_of(body)) {
    if (!item.is_object()) continue;
    json::object person;
    for (auto name : {"login", "name", "role", "mode", "qualification", "employer", "subprocessor", "country"})
      person.emplace(name, or_null(item.get_object(), name));
    out.push_back(std::move(person));
  }
  return out;
}

std::string days_period(const json::object& body) {
  const auto* days = value_at(body, "recording_days");
  return days && days->is_int64() ? "P" + std::to_string(days->get_int64()) + "D" : std::string();
}

json::object retention(const Said& decision) {
  json::object out{{"record", decision.type == "consent" ? "P5Y" : "P1Y"}, {"ip_addresses", "P150D"}, {"one_time_password", "PT0S"}};
  const auto recording = days_period(decision.body);
  out.emplace("recording", recording.empty() ? json::value(nullptr) : json::value(recording));
  return out;
}

json::object processing(const Said& decision, const ReceiptParties& parties) {
  const auto& b = decision.body;
  json::object out{{"notice_ref", said_or_not(b, "notice.version")},
                   {"notice_hash", said_or_not(b, "notice.sha256")},
                   {"language", said_or_not(b, "notice.language")},
                   {"purpose", said_or_not(b, "purpose")},
                   {"legal_basis", texts({"CONTRACT", "LEGITIMATE_INTEREST", "EXPLICIT_CONSENT"})},
                   {"instruction_type", texts({"INSTRUCTION_ART28", "EXPLICIT_CONSENT"})},
                   {"pii_types", said_or_not(b, "data_categories")},
                   {"special_category", "HEALTH"},
                   {"storage_location", "AT_THE_PRACTICE"},
                   {"retention_period", retention(decision)},
                   {"processing_location", distinct(operators_of(b), "country")},
                   {"geographic_restriction", "EEA"},
                   {"jurisdiction", "FR"},
                   {"recipients", said_or_given(b, "recipients", parties.recipients)},
                   {"transfers", said_or_given(b, "transfers", parties.transfers)},
                   {"withdrawal_method", {{"means", "LOCAL_PAGE"}, {"acts_count", 1}, {"reason_asked", false}}},
                   {"rights", texts({"ACCESS", "RECTIFICATION", "ERASURE", "RESTRICTION", "OBJECTION", "PORTABILITY", "AFTER_DEATH", "WITHDRAWAL"})},
                   {"rights_contact", said_or_given(b, "rights_contact", parties.rights_contact)},
                   {"authority", "CNIL, www.cnil.fr"}};
  for (auto name : {"reason", "planned_tasks", "ticket_ref", "criticality", "pair_required", "person_in_charge", "systems", "tools",
                    "access_types", "minutes", "watch", "recording", "host_keys"})
    out.emplace(name, or_null(b, name));
  out.emplace("operators", people(b));
  return out;
}

json::object party(json::value id, json::value name, json::value address, json::value contact, std::string_view role, std::string_view type) {
  return {{"party_id", std::move(id)},           {"party_name", std::move(name)}, {"party_address", std::move(address)},
          {"party_contact", std::move(contact)}, {"party_role", role},            {"party_type", type}};
}

void add_parties(json::object& record, const Said& decision, const ReceiptParties& given) {
  const auto& b = decision.body;
  auto name = said_or_given(b, "controller.name", given.controller_name);
  if (name == json::value(not_stated)) name = json::value(decision.practice);
  record.emplace("controllers", json::array{party(json::value(decision.practice), std::move(name), said_or_not(b, "controller.address"),
                                                  said_or_not(b, "controller.contact"), "CONTROLLER", "HEALTH_PRACTICE")});
  record.emplace("processor", party(json::value("processor"), said_or_given(b, "processor.name", given.processor_name),
                                    said_or_given(b, "processor.address", given.processor_address),
                                    said_or_given(b, "processor.dpo", given.processor_contact), "PROCESSOR", "SOFTWARE_VENDOR"));
  json::array subprocessors;
  for (const auto& sub : distinct(operators_of(b), "subprocessor"))
    subprocessors.push_back(party(sub, sub, json::value(not_stated), json::value(not_stated), "SUBPROCESSOR", "SOFTWARE_VENDOR"));
  record.emplace("subprocessors", std::move(subprocessors));
}

// ---- events ----

json::object event(std::string_view state, json::value time, json::value entity, const Said& said, const NoteVerifier& key) {
  return {{"event_time", std::move(time)},
          {"event_state", state},
          {"event_type", "EXPLICIT"},
          {"validity", "VALID"},
          {"entity_id", std::move(entity)},
          {"expression_method", said_or_not(said.body, "expression_method")},
          {"acts_count", or_null(said.body, "acts_count")},
          {"displayed_text_hash", or_null(said.body, "notice.sha256")},
          {"approver_auth", or_null(said.body, "approver.auth")},
          {"statement_sha256", sha256_hex(said.note)},
          {"key_id", key.name()}};
}

std::string who(const Said& said) {
  const auto login = text_at(said.body, "approver.login");
  return login.empty() ? std::string(not_stated) : said.practice + "/" + login;
}

void add_decision(json::array& events, const Said& said, const NoteVerifier& key) {
  if (const auto asked = text_at(said.body, "asked_at"); !asked.empty()) {
    auto shown = event("REQUESTED", json::value(asked), json::value("processor"), said, key);
    shown["acts_count"] = nullptr;
    shown["approver_auth"] = nullptr;
    events.push_back(std::move(shown));
  }
  const std::string_view state = said.type == "consent" ? "GIVEN" : said.type == "refusal" ? "REFUSED" : "EXPIRED";
  auto out = event(state, said_or_not(said.body, "at"), said.type == "lapse" ? json::value(not_stated) : json::value(who(said)), said, key);
  if (const auto* minutes = value_at(said.body, "minutes"); state == "GIVEN" && minutes && minutes->is_int64())
    out["validity"] = "PT" + std::to_string(minutes->get_int64()) + "M";
  if (const auto* extends = value_at(said.body, "extends"); extends && !extends->is_null()) out.emplace("extends", *extends);
  if (said.type == "lapse") out.emplace("end_cause", "NO_ANSWER");
  events.push_back(std::move(out));
}

// A withdrawal is one act, and its effect is the end of the session (T15, B14).
void add_withdrawal(json::array& events, const Said& said, const Said* end, const NoteVerifier& key) {
  auto out = event("WITHDRAWN", said_or_not(said.body, "at"), said_or_not(said.body, "by"), said, key);
  if (out.at("acts_count").is_null()) out["acts_count"] = 1;
  out.emplace("effect_confirmed_at", end ? said_or_not(end->body, "at") : json::value(nullptr));
  out.emplace("cut_latency_ms", end ? or_null(end->body, "cut_ms") : json::value(nullptr));
  out.emplace("propagation", json::array{"AGENT"});
  events.push_back(std::move(out));
}

void add_end(json::array& events, const Said& said, bool withdrawn, const NoteVerifier& key) {
  const auto cause = text_at(said.body, "cause");
  if (cause == "WITHDRAWN" && withdrawn) return;
  const std::string_view state = cause == "WITHDRAWN" ? "WITHDRAWN" : cause == "TIMEOUT" ? "EXPIRED" : "TERMINATED";
  auto out = event(state, said_or_not(said.body, "ended_at"), json::value("AUTOMATON"), said, key);
  out.emplace("end_cause", cause.empty() ? json::value(not_stated) : json::value(cause));
  events.push_back(std::move(out));
}

json::array events_of(std::span<const Said> said, const NoteVerifier& key) {
  const auto find = [&](std::string_view type) -> const Said* {
    const auto at = std::ranges::find(said, type, &Said::type);
    return at == said.end() ? nullptr : &*at;
  };
  const auto* end = find("session_end");
  const bool withdrawn = find("withdrawal") != nullptr;
  json::array out;
  for (const auto& one : said) {
    if (one.type == "withdrawal") add_withdrawal(out, one, end, key);
    else if (one.type == "session_end") add_end(out, one, withdrawn, key);
    else add_decision(out, one, key);
  }
  return out;
}

bool is_decision(const Said& said) { return said.type == "consent" || said.type == "refusal" || said.type == "lapse"; }

}  // namespace

const json::value* value_at(const json::object& object, std::string_view path) {
  const auto dot = path.find('.');
  const auto* value = object.if_contains(path.substr(0, dot));
  if (dot == path.npos || !value) return value;
  return value->is_object() ? value_at(value->get_object(), path.substr(dot + 1)) : nullptr;
}

std::string text_at(const json::object& object, std::string_view path) {
  const auto* value = value_at(object, path);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<json::object> record_from(std::span<const Said> said, const ReceiptParties& parties, const NoteVerifier& key) {
  const auto decision = std::ranges::find_if(said, is_decision);
  if (decision == said.end())
    return fail(Errc::not_found, "nothing was decided about this intervention yet", "receipt", "there is a receipt once somebody says yes or no");
  json::object out{{"@type", "dpv:ConsentRecord"},
                   {"dct:conformsTo", std::string(dpv_schema) + "record-eu-gdpr"},
                   {"schema_version", "ISO/IEC TS 27560:2023"},
                   {"record_id", "urn:pontlevis:consent:" + sha256_hex(decision->note)},
                   {"principal_id", who(*decision)},
                   {"principal", {{"name", said_or_not(decision->body, "approver.name")}, {"role", said_or_not(decision->body, "approver.role")}}},
                   {"intervention_id", said_or_not(decision->body, "intervention")},
                   {"practice_id", decision->practice},
                   {"request_hash", said_or_not(decision->body, "request_sha256")},
                   {"processing", processing(*decision, parties)}};
  add_parties(out, *decision, parties);
  out.emplace("events", events_of(said, key));
  return out;
}

ReceiptParties parties_in(const json::object& record) {
  const auto given = [&](const json::object& object, std::string_view path) {
    auto text = text_at(object, path);
    return text == not_stated ? std::string() : text;
  };
  ReceiptParties out{{}, given(record, "processor.party_name"), given(record, "processor.party_address"), given(record, "processor.party_contact"),
                     given(record, "processing.recipients"), given(record, "processing.transfers"), given(record, "processing.rights_contact")};
  const auto* controllers = value_at(record, "controllers");
  if (controllers && controllers->is_array() && controllers->get_array().size() == 1 && controllers->get_array()[0].is_object())
    out.controller_name = given(controllers->get_array()[0].get_object(), "party_name");
  return out;
}

// Our names for the terms of DPV and Dublin Core; it is complete in itself and nothing is fetched to read it.
json::object receipt_frame() {
  json::object context{{"dpv", "https://w3id.org/dpv#"}, {"dct", "http://purl.org/dc/terms/"}, {"@vocab", "https://w3id.org/dpv/schema/dpv-27560#"}};
  constexpr std::pair<std::string_view, std::string_view> terms[] = {
      {"receipt_id", "dct:identifier"}, {"record_id", "dct:identifier"}, {"created_at", "dct:created"}, {"record", "dpv:hasRecordOfActivity"},
      {"principal_id", "dpv:hasDataSubject"}, {"processing", "dpv:hasProcess"}, {"notice_ref", "dpv:hasNotice"}, {"language", "dct:language"},
      {"purpose", "dpv:hasPurpose"}, {"legal_basis", "dpv:hasLegalBasis"}, {"pii_types", "dpv:hasPersonalData"},
      {"storage_location", "dpv:hasStorageCondition"}, {"retention_period", "dpv:hasDuration"}, {"processing_location", "dpv:hasLocation"},
      {"jurisdiction", "dpv:hasJurisdiction"}, {"recipients", "dpv:hasRecipient"}, {"withdrawal_method", "dpv:hasWithdrawalMethod"},
      {"rights", "dpv:hasRight"}, {"authority", "dpv:hasAuthority"}, {"controllers", "dpv:hasDataController"}, {"processor", "dpv:hasDataProcessor"},
      {"subprocessors", "dpv:hasDataSubProcessor"}, {"party_name", "dpv:hasName"}, {"party_address", "dpv:hasAddress"},
      {"party_contact", "dpv:hasContact"}, {"events", "dpv:hasConsentStatus"}, {"event_time", "dct:date"}, {"entity_id", "dpv:isIndicatedBy"},
      {"expression_method", "dpv:hasIndicationMethod"}};
  for (const auto& [name, term] : terms) context.emplace(name, term);
  constexpr std::pair<std::string_view, std::string_view> states[] = {
      {"REQUESTED", "dpv:ConsentRequested"}, {"GIVEN", "dpv:ConsentGiven"},     {"REFUSED", "dpv:ConsentRefused"},
      {"WITHDRAWN", "dpv:ConsentWithdrawn"}, {"EXPIRED", "dpv:ConsentExpired"}, {"TERMINATED", "dpv:ConsentTerminated"}};
  json::object words;
  for (const auto& [state, term] : states) words.emplace(state, term);
  context.emplace("event_state", json::object{{"@id", "dpv:hasStatus"}, {"@type", "@vocab"}, {"@context", std::move(words)}});
  return {{"@context", std::move(context)},
          {"@type", "dpv:ConsentReceipt"},
          {"dct:conformsTo", std::string(dpv_schema) + "receipt-eu-gdpr"},
          {"schema_version", "ISO/IEC TS 27560:2023, pontlevis-receipt/1"}};
}

std::string receipt_id(std::span<const Said> said, std::string_view created_at) {
  std::string lines(created_at);
  for (const auto& one : said) lines += "\n" + sha256_hex(one.note);
  return "urn:pontlevis:receipt:" + sha256_hex(lines);
}

}  // namespace pontlevis::audit
