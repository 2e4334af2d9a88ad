#include "protocol/access_request.hpp"

#include <algorithm>
#include <set>

#include "protocol/crypto/sha256.hpp"
#include "protocol/json_values.hpp"
#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis {
namespace {

template <class Enum>
Enum read_word(StrictObject& in, std::string_view name) {
  return static_cast<Enum>(in.choice(name, Spelling<Enum>::words));
}

json::array words_of(const std::vector<AccessType>& types) {
  json::array out;
  for (auto type : types) out.emplace_back(word(type));
  return out;
}

std::optional<std::string> optional_text(StrictObject& in, std::string_view name, std::size_t min, std::size_t max) {
  if (in.is_null(name)) return std::nullopt;
  return in.text(name, min, max, StrictObject::Lines::many);
}

std::vector<AccessType> read_access_types(StrictObject& in) {
  std::vector<AccessType> out;
  for (const auto& text : in.texts("access_types", 1, 4, 16)) {
    const auto& words = Spelling<AccessType>::words;
    const auto at = std::find(words.begin(), words.end(), text);
    if (at == words.end()) return in.blame("access_types", "holds an unknown word"), out;
    out.push_back(static_cast<AccessType>(at - words.begin()));
  }
  if (std::set(out.begin(), out.end()).size() != out.size()) in.blame("access_types", "names a type twice");
  return out;
}

std::vector<std::string> read_tools(StrictObject& in) {
  auto out = in.texts("tools", 1, 16, 72);
  for (const auto& tool : out)
    if (!is_tool_name(tool)) in.blame("tools", "holds an unknown tool", "shell, files, desktop or tcp:<name>");
  if (std::set(out.begin(), out.end()).size() != out.size()) in.blame("tools", "names a tool twice");
  return out;
}

json::object to_json(const RequestedOperator& op) {
  return {{"login", op.login.text()}, {"role", word(op.role)}, {"mode", word(op.mode)}, {"card", op.card}};
}

Result<RequestedOperator> operator_from(const json::value& value, const std::string& where) {
  StrictObject in(value, where);
  auto login = in.id<Login>("login");
  const auto role = read_word<OperatorRole>(in, "role");
  const auto mode = read_word<OperatorMode>(in, "mode");
  auto card = in.text("card", 1, max_statement_bytes, StrictObject::Lines::many);
  PL_CHECK(in.finish());
  return RequestedOperator{*std::move(login), role, mode, std::move(card)};
}

Result<std::vector<RequestedOperator>> read_operators(StrictObject& in) {
  std::vector<RequestedOperator> out;
  std::set<Login> logins;
  int leads = 0;
  for (const auto& value : in.array("operators", 1, 8)) {
    PL_TRY(op, operator_from(value, in.where() + ", operator " + std::to_string(out.size() + 1)));
    leads += op.role == OperatorRole::lead && op.mode == OperatorMode::connected;
    logins.insert(op.login);
    out.push_back(std::move(op));
  }
  if (leads != 1) in.blame("operators", "must have exactly one connected LEAD");
  if (logins.size() != out.size()) in.blame("operators", "names a person twice");
  return out;
}

}  // namespace

bool is_tool_name(std::string_view text) noexcept {
  if (text == "shell" || text == "files" || text == "desktop") return true;
  return text.starts_with("tcp:") && is_name(text.substr(4));
}

json::object to_json(const AccessRequest& r) {
  json::array operators;
  for (const auto& op : r.operators) operators.emplace_back(to_json(op));
  json::object out{{"intervention", r.intervention.text()},
          {"practice", r.practice.text()},
          {"system", r.system.text()},
          {"tools", texts_json(r.tools)},
          {"access_types", words_of(r.access_types)},
          {"data_categories", texts_json(r.data_categories)},
          {"purpose", word(r.purpose)},
          {"reason", r.reason},
          {"planned_tasks", r.planned_tasks},
          {"ticket", r.ticket},
          {"minutes", r.minutes},
          {"criticality", word(r.criticality)},
          {"difficulty", word(r.difficulty)},
          {"emergency", or_null(r.emergency)},
          {"contract", r.contract},
          {"vendor", r.vendor},
          {"operators", std::move(operators)},
          {"requested_at", to_utc(r.requested_at)},
          {"expires_at", to_utc(r.expires_at)}};
  if (r.opens_from) out.emplace("opens_from", to_utc(*r.opens_from));  // only of a planned one
  return out;
}

Result<AccessRequest> access_request_from(const json::object& object, const std::string& where) {
  using enum StrictObject::Lines;
  StrictObject in(object, where);
  auto intervention = in.id<InterventionId>("intervention");
  auto practice = in.id<PracticeId>("practice");
  auto system = in.id<SystemId>("system");
  auto tools = read_tools(in);
  auto access_types = read_access_types(in);
  auto categories = in.texts("data_categories", 1, 16, 100);
  const auto purpose = read_word<Purpose>(in, "purpose");
  auto reason = in.text("reason", 10, 500, many);
  auto tasks = in.text("planned_tasks", 5, 1000, many);
  auto ticket = in.text("ticket", 1, 64);
  const auto minutes = in.integer("minutes", 1, 480);
  const auto criticality = read_word<Criticality>(in, "criticality");
  const auto difficulty = read_word<Difficulty>(in, "difficulty");
  auto emergency = optional_text(in, "emergency", 10, 500);
  auto contract = in.text("contract", 1, 64);
  auto vendor = in.text("vendor", 1, 200);
  PL_TRY(operators, read_operators(in));
  const auto requested_at = in.time("requested_at");
  const auto expires_at = in.time("expires_at");
  std::optional<Time> opens_from;
  if (in.has("opens_from")) opens_from = in.time("opens_from");
  if (opens_from && (*opens_from < requested_at || *opens_from >= expires_at)) in.blame("opens_from", "is not a time before expires_at");
  PL_CHECK(in.finish());
  return AccessRequest{*std::move(intervention), *std::move(practice), *std::move(system), std::move(tools),
                       std::move(access_types), std::move(categories), purpose, std::move(reason),
                       std::move(tasks), std::move(ticket), static_cast<int>(minutes), criticality,
                       difficulty, std::move(emergency), std::move(contract), std::move(vendor),
                       std::move(operators), requested_at, expires_at, opens_from};
}

bool needs_pair(const AccessRequest& request) noexcept {
  return request.difficulty == Difficulty::pair || request.criticality == Criticality::critical;
}

bool acts(const RequestedOperator& op) noexcept { return op.role != OperatorRole::additional && op.mode == OperatorMode::connected; }

std::string request_sha256(const AccessRequest& request) { return sha256_hex(json::serialize(to_json(request))); }

const RequestedOperator& lead_of(const AccessRequest& request) {
  return *std::find_if(request.operators.begin(), request.operators.end(),
                       [](const auto& op) { return op.role == OperatorRole::lead; });
}

json::object to_json(const Report& r) {
  json::array staff;
  for (const auto& person : r.additional_staff)
    staff.push_back(json::object{{"name", person.name}, {"qualification", person.qualification}});
  return {{"intervention", r.intervention.text()},
          {"author", r.author.text()},
          {"tasks_summary", r.tasks_summary},
          {"outcome", word(r.outcome)},
          {"residual_cleanup", word(r.residual_cleanup)},
          {"additional_staff", std::move(staff)},
          {"none_consulted_reason", or_null(r.none_consulted_reason)},
          {"reported_at", to_utc(r.reported_at)}};
}

Result<Report> report_from(const json::object& object, const std::string& where) {
  StrictObject in(object, where);
  auto intervention = in.id<InterventionId>("intervention");
  auto author = in.id<Login>("author");
  auto summary = in.text("tasks_summary", 20, 1000, StrictObject::Lines::many);
  const auto outcome = read_word<Outcome>(in, "outcome");
  const auto cleanup = read_word<Cleanup>(in, "residual_cleanup");
  std::vector<AdditionalStaff> staff;
  for (const auto& value : in.array("additional_staff", 0, 8)) {
    StrictObject person(value, where + ", additional_staff");
    AdditionalStaff read{person.text("name", 3, 200), person.text("qualification", 2, 200)};
    PL_CHECK(person.finish());
    staff.push_back(std::move(read));
  }
  auto none_reason = optional_text(in, "none_consulted_reason", 10, 500);
  const auto reported_at = in.time("reported_at");
  PL_CHECK(in.finish());
  return Report{*std::move(intervention), *std::move(author), std::move(summary), outcome, cleanup,
                std::move(staff), std::move(none_reason), reported_at};
}

}  // namespace pontlevis
