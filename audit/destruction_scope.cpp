// What a destruction covers, in words that a stranger can check; and a `destruction` record as that stranger reads it.
#include <algorithm>

#include "audit/destruction.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t max_name = 128;

constexpr std::pair<const char*, std::string DestructionScope::*> named_conditions[] = {
    {"field", &DestructionScope::field}, {"type", &DestructionScope::type},
    {"practice", &DestructionScope::practice}, {"intervention", &DestructionScope::intervention}};

bool is_or_empty(const json::object& record, std::string_view name, const std::string& wanted) {
  return wanted.empty() || text_of(record, name) == wanted;
}

}  // namespace

bool DestructionScope::covers(LeafIndex index, const json::object& record, FieldClass field_class, std::string_view field_name) const {
  if (index < first || last < index) return false;
  if (whole_record) return true;
  if (!is_or_empty(record, "type", type) || !is_or_empty(record, "practice", practice) || !is_or_empty(record, "intervention", intervention)) return false;
  if (!field.empty()) return field_name == field && (!cls || field_class == *cls);
  return cls ? field_class == *cls : field_class != FieldClass::open;
}

json::array scope_json(std::span<const DestructionScope> scope) {
  json::array out;
  for (const auto& one : scope) {
    json::object o{{"first", one.first}, {"last", one.last}};
    if (one.cls) o["class"] = json::string(class_name(*one.cls));
    for (const auto& [name, member] : named_conditions)
      if (!(one.*member).empty()) o[name] = one.*member;
    if (one.whole_record) o["whole_record"] = true;
    out.push_back(std::move(o));
  }
  return out;
}

namespace {

Result<DestructionScope> parse_one(const json::value& value) {
  StrictObject in(value, "scope");
  DestructionScope out;
  out.first = static_cast<LeafIndex>(in.integer("first", 0, static_cast<std::int64_t>(max_tree_size)));
  out.last = static_cast<LeafIndex>(in.integer("last", 0, static_cast<std::int64_t>(max_tree_size)));
  if (in.has("class")) {
    out.cls = class_from(in.text("class", 1, 16));
    if (!out.cls) in.blame("class", "is not known");
  }
  for (const auto& [name, member] : named_conditions)
    if (in.has(name)) out.*member = in.text(name, 1, max_name);
  if (in.has("whole_record")) {
    out.whole_record = in.boolean("whole_record");
    if (!out.whole_record) in.blame("whole_record", "is said only when it is true");
  }
  if (out.last < out.first) in.blame("last", "comes before first");
  const bool conditions = out.cls || std::ranges::any_of(named_conditions, [&](const auto& one) { return !(out.*one.second).empty(); });
  if (out.whole_record && conditions)
    in.blame("whole_record", "has no other condition: what it named is gone with the record");
  PL_CHECK(in.finish());
  return out;
}

std::optional<Time> time_in(const json::object& record, std::string_view name) { return from_utc(text_of(record, name)); }

std::uint64_t found_in(const json::object& record) {
  const auto* remanence = record.if_contains("remanence");
  const auto* found = remanence && remanence->is_object() ? remanence->get_object().if_contains("found") : nullptr;
  return found && found->is_number() ? found->to_number<std::uint64_t>() : 0;
}

}  // namespace

Result<std::vector<DestructionScope>> parse_scope(const json::value& scope) {
  if (!scope.is_array() || scope.get_array().size() > max_scopes) return fail(Errc::bad_input, "is not a list of at most " + std::to_string(max_scopes), "scope");
  std::vector<DestructionScope> out;
  for (const auto& value : scope.get_array()) {
    PL_TRY(one, parse_one(value));
    out.push_back(std::move(one));
  }
  if (json::serialize(scope_json(out)) != json::serialize(scope)) return fail(Errc::bad_input, "is not in canonical form", "scope");
  return out;
}

bool may_come_early(std::string_view reason) noexcept {
  const auto unconditional = std::span(destruction_reasons).subspan(3);
  return std::ranges::find(unconditional, reason) != unconditional.end();
}

Result<DestructionClaim> read_claim(const json::object& record) {
  DestructionClaim out;
  out.certificate_id = text_of(record, "certificate_id");
  out.reason = text_of(record, "reason");
  out.state = text_of(record, "state");
  out.completes = text_of(record, "completes");
  if (std::ranges::find(destruction_reasons, out.reason) == std::end(destruction_reasons))
    return fail(Errc::bad_input, "has the reason '" + printable(out.reason, 40) + "', which is not one", "destruction");
  if (out.state != "PARTIAL" && out.state != "FINAL") return fail(Errc::bad_input, "is neither PARTIAL nor FINAL", "destruction");
  if (const auto* scope = record.if_contains("scope"); scope && !scope->is_null()) {
    PL_TRY(parsed, parse_scope(*scope));
    out.scope = std::move(parsed);
  }
  out.performed_at = time_in(record, "performed_at");
  out.deadline = time_in(record, "deadline");
  out.backup_expiry = time_in(record, "backup_expiry_at");
  out.found = found_in(record);
  if (!out.performed_at) return fail(Errc::bad_input, "does not say when it was done", "destruction");
  return out;
}

Result<std::vector<DestructionScope>> scope_of_intent(std::string_view intent) {
  PL_TRY(object, parse_object(intent, 1 << 20, "intent"));
  const auto* scope = object.if_contains("scope");
  return parse_scope(scope ? *scope : json::value());
}

namespace {

// Runs of neighbours; `whole` records must be named exactly.
std::vector<DestructionScope> runs_of(const std::vector<LeafIndex>& indexes) {
  std::vector<DestructionScope> out;
  for (const auto index : indexes) {
    if (!out.empty() && out.back().last + 1 == index) out.back().last = index;
    else out.push_back({.first = index, .last = index, .cls = {}, .field = {}, .whole_record = true, .type = {}, .practice = {}, .intervention = {}});
  }
  return out;
}

Result<std::vector<LeafIndex>> indexes(const Log& log, sqlite::Sql query, const std::string& of) {
  std::vector<LeafIndex> out;
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query(query, of));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      out.push_back(static_cast<LeafIndex>(rows.integer(0)));
    }
  }));
  return out;
}

}  // namespace

Result<std::vector<DestructionScope>> scope_of(const Log& log, const PracticeId& practice, bool whole) {
  PL_TRY(found, indexes(log, "SELECT idx FROM records WHERE practice = ? AND type <> 'destruction' ORDER BY idx", practice.text()));
  if (found.empty()) return std::vector<DestructionScope>();
  if (whole) return runs_of(found);
  return std::vector{DestructionScope{found.front(), found.back(), {}, {}, false, {}, practice.text(), {}}};
}

Result<std::vector<DestructionScope>> scope_of(const Log& log, const InterventionId& intervention, bool whole) {
  PL_TRY(found, indexes(log, "SELECT idx FROM records WHERE intervention = ? AND type <> 'destruction' ORDER BY idx", intervention.text()));
  if (found.empty()) return std::vector<DestructionScope>();
  if (whole) return runs_of(found);
  return std::vector{DestructionScope{found.front(), found.back(), {}, {}, false, {}, {}, intervention.text()}};
}

}  // namespace pontlevis::audit
