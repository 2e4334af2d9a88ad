#include "audit/fact_record.hpp"

namespace pontlevis::audit {
namespace {

// Where the wire's short words and the record's field names differ. "a.b" is member b of object a.
struct Renaming {
  std::string_view type, member, field;
};
constexpr Renaming renamings[] = {
    {"consent", "approver.role", "approver_role"},
    {"consent", "approver.auth", "approver_auth"},
    {"consent", "notice.version", "notice_ref"},
    {"consent", "notice.language", "language"},
    {"consent", "notice.sha256", "notice_sha256"},
    {"consent", "operators", "participants"},
    {"consent", "host_keys", "host_key_fingerprint"},
    {"consent", "watch", "live_view"},
    {"consent", "at", "decided_at"},
    {"refusal", "approver.role", "approver_role"},
    {"refusal", "approver.auth", "approver_auth"},
    {"refusal", "why", "comment"},
    {"refusal", "at", "decided_at"},
    {"lapse", "at", "lapsed_at"},
    {"not_asked", "why", "cause"},
    {"not_asked", "at", "given_up_at"},
    {"session_open", "started_at", "opened_at"},
    {"session_open", "window_end", "deadline"},
    {"session_open", "leaf_index", "consent_index"},
    {"session_open", "tree_size", "checkpoint_size"},
    {"session_open", "passwords", "secret_events"},
    {"connection", "what", "event"},
    {"connection", "login", "operator"},
    {"connection", "key", "key_fingerprint"},
    {"connection", "auth", "auth_method"},
    {"connection", "why", "cause"},
    {"transfer", "login", "operator"},
    {"transfer", "bytes", "size"},
    {"transfer", "complete", "outcome"},
    {"forward", "login", "operator"},
    {"attempt", "login", "operator"},
    {"attempt", "what", "detail"},
    {"attempt", "why", "rule"},
    {"attempt", "at", "attempted_at"},
    {"password", "login", "operator"},
    {"password", "what", "event"},
    {"typist", "login", "operator"},
    {"handover", "to", "person_in_charge"},
    {"acceptance", "approver.role", "approver_role"},
    {"acceptance", "approver.auth", "approver_auth"},
    {"acceptance", "at", "decided_at"},
    {"pause", "what", "event"},
    {"pause", "why", "cause"},
    {"recording", "what", "event"},
    {"recording", "why", "cause"},
    {"comment", "at", "commented_at"},
    {"withdrawal", "by", "withdrawn_by"},
    {"withdrawal", "at", "withdrawn_at"},
    {"session_end", "cause", "end_cause"},
    {"session_end", "detail", "end_detail"},
    {"session_end", "cut_ms", "cut_latency_ms"},
};

const json::value* member_at(const json::object& body, std::string_view path) {
  const auto dot = path.find('.');
  const auto* value = body.if_contains(path.substr(0, dot));
  if (dot == path.npos || !value) return value;
  return value->is_object() ? value->get_object().if_contains(path.substr(dot + 1)) : nullptr;
}

bool is_renamed(std::string_view type, std::string_view member) {
  for (const auto& r : renamings)
    if (r.type == type && r.member == member) return true;
  return false;
}

}  // namespace

Result<Record> fact_record(std::string_view type, const json::object& body, std::string_view practice,
                           std::string_view note) {
  const auto* schema = find_schema(type);
  if (!schema) return fail(Errc::bad_input, "is not a known type of record");
  json::object fields{{"practice", practice}};
  for (const auto& r : renamings)
    if (r.type == type)
      if (const auto* value = member_at(body, r.member)) fields.emplace(r.field, *value);
  for (const auto& member : body) {
    const std::string_view name = member.key();
    const bool set_by_log = name == "type" || name == "time" || name == "practice";
    if (!set_by_log && !is_renamed(type, name) && schema->position(name)) fields.emplace(name, member.value());
  }
  return Record::of_statement(type, fields, note);
}

}  // namespace pontlevis::audit
