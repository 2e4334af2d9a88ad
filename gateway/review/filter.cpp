#include "gateway/review/filter.hpp"

#include <algorithm>

#include "audit/local_time.hpp"
#include "gateway/store.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t longest_value = 200;

enum class Form { day, word, yes, mark, any };
struct Member {
  std::string_view name;
  Form form;
  std::optional<WordKind> kind = std::nullopt;
};
// In the order of the contract.
constexpr Member members[] = {
    {"from", Form::day},          {"until", Form::day},
    {"practice", Form::word, WordKind::practice}, {"person", Form::word, WordKind::person},
    {"system", Form::word, WordKind::system},     {"tool", Form::word, WordKind::tool},
    {"criticality", Form::word, WordKind::criticality}, {"state", Form::word, WordKind::state},
    {"outcome", Form::word, WordKind::outcome},   {"end", Form::word, WordKind::end},
    {"nonconformity", Form::word, WordKind::nonconformity},
    {"mark", Form::mark},         {"emergency", Form::yes}, {"not_watched", Form::yes}, {"pair", Form::yes},
    {"text", Form::any},
};
constexpr std::string_view marks[] = {"UNSEEN", "SEEN", "QUESTION", "FINDING"};

std::string fault(const Member& member, std::string_view value) {
  if (value.empty() || value.size() > longest_value || has_control(value) || !is_utf8(value)) return "must have 1 to 200 bytes, without control characters";
  switch (member.form) {
    case Form::day: return paris_midnight(value) ? "" : "is not a day such as 2026-01-31";
    case Form::yes: return value == "true" ? "" : "can only be true";
    case Form::mark: return std::find(std::begin(marks), std::end(marks), value) == std::end(marks) ? "must be UNSEEN, SEEN, QUESTION or FINDING" : "";
    default: return "";
  }
}

bool is_member(std::string_view name) {
  return std::any_of(std::begin(members), std::end(members), [&](const Member& m) { return m.name == name; });
}

// The parameters of an address that are not the list's own.
std::vector<std::string> names_in(std::string_view query) {
  std::vector<std::string> out;
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (!part.empty()) out.emplace_back(part.substr(0, part.find('=')));
  }
  return out;
}

}  // namespace

std::optional<std::int64_t> paris_midnight(std::string_view day) {
  if (!from_date(day)) return std::nullopt;
  const auto at = audit::from_paris_time(std::string(day) + "T00:00");
  return at ? std::optional(stored(*at)) : std::nullopt;
}

std::string day_after(std::string_view day) { return to_date(*from_date(day) + std::chrono::days(1)); }

Result<ReviewFilter> ReviewFilter::checked(const std::map<std::string, std::string>& given) {
  ReviewFilter out;
  for (const auto& member : members) {
    const auto at = given.find(std::string(member.name));
    if (at == given.end()) continue;
    if (auto what = fault(member, at->second); !what.empty()) return fail(Errc::bad_input, std::move(what), std::string(member.name));
    out.members_.emplace(member.name, at->second);
  }
  return out;
}

Result<ReviewFilter> ReviewFilter::from_query(const io::HttpRequest& request) {
  std::map<std::string, std::string> given;
  for (const auto& name : names_in(request.query)) {
    if (name == "limit" || name == "cursor" || name == "language" || name == "format") continue;
    if (!is_member(name)) return fail(Errc::bad_input, "is no filter", printable(name, 40), "docs/review.md lists them");
    const auto value = request.parameter(name);
    if (!value || !given.emplace(name, *value).second) return fail(Errc::bad_input, "stands twice, or cannot be read", printable(name, 40));
  }
  return checked(given);
}

Result<ReviewFilter> ReviewFilter::from_json(const json::object& filter) {
  std::map<std::string, std::string> given;
  for (const auto& member : filter) {
    if (!is_member(member.key())) return fail(Errc::bad_input, "is no filter", printable(member.key(), 40), "docs/review.md lists them");
    if (!member.value().is_string()) return fail(Errc::bad_input, "must be a text", printable(member.key(), 40));
    given.emplace(member.key(), member.value().get_string());
  }
  return checked(given);
}

ReviewQuery ReviewFilter::resolve(const ReviewIndex& index) const {
  ReviewQuery out;
  for (const auto& member : members) {
    const auto value = text_of(members_, member.name);
    if (value.empty()) continue;
    if (member.name == "from") out.from = paris_midnight(value);
    else if (member.name == "until") out.until = paris_midnight(day_after(value));
    else if (member.name == "outcome" && value == "NONE") out.no_outcome = true;
    else if (member.name == "nonconformity" && value == "ANY") out.any_nonconformity = true;
    else if (member.name == "mark") out.mark = static_cast<MarkSought>(std::find(std::begin(marks), std::end(marks), value) - std::begin(marks));
    else if (member.name == "emergency") out.emergency = true;
    else if (member.name == "not_watched") out.not_watched = true;
    else if (member.name == "pair") out.pair = true;
    else if (member.name == "text") out.text = value;
    else if (const auto code = index.code(*member.kind, value)) out.words.push_back(code);
    else out.nothing = true;
  }
  return out;
}

}  // namespace pontlevis::gateway
