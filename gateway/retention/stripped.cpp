#include "gateway/retention/stripped.hpp"

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

// As long as the shortest text that the store accepts in their place.
constexpr std::string_view erased = "(effacé à son terme)";

bool may_stay(std::string_view name) {
  constexpr std::array<std::string_view, 8> words{"cause", "watch", "purpose", "tools", "access_types", "what", "recording", "opened"};
  return std::find(words.begin(), words.end(), name) != words.end();
}

// Numbers, times and words of fixed lists.
json::object nameless(const json::object& body) {
  json::object out;
  for (const auto& member : body) {
    const auto& value = member.value();
    const bool time = value.is_string() && from_utc(value.get_string());
    if (value.is_number() || value.is_bool() || time || may_stay(member.key())) out[member.key()] = value;
  }
  return out;
}

std::optional<json::object> nameless(const std::optional<json::object>& body) {
  return body ? std::optional(nameless(*body)) : std::nullopt;
}

void strip_request(AccessRequest& r) {
  r.reason = r.planned_tasks = erased;
  r.data_categories = {std::string(erased)};
  if (r.emergency) r.emergency = erased;
  int number = 0;
  for (auto& op : r.operators) {
    op.login = *Login::parse("efface-" + std::to_string(++number));
    op.card = erased;
  }
}

}  // namespace

Intervention stripped(const Intervention& iv) {
  Intervention out = iv;
  strip_request(out.request);
  out.consent = nameless(iv.consent);
  out.session_open = nameless(iv.session_open);
  out.session_end = nameless(iv.session_end);
  out.handed_to.reset();
  out.why.clear();
  if (!out.report) return out;
  out.report->author = out.request.operators.front().login;
  out.report->tasks_summary = erased;
  out.report->additional_staff.clear();
  if (out.report->none_consulted_reason) out.report->none_consulted_reason = erased;
  return out;
}

}  // namespace pontlevis::gateway
