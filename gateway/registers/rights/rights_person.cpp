#include "gateway/registers/rights/rights_person.hpp"

#include <algorithm>

#include "protocol/json_values.hpp"

namespace pontlevis::gateway {
namespace {

// "  Docteur   EXEMPLE " and "docteur exemple" are one name.
std::string folded(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == ' ' || c == '\t') {
      if (!out.empty() && out.back() != ' ') out += ' ';
      continue;
    }
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

// Fields in which a person stands as one of several: naming them there does not make the record's texts theirs.
constexpr std::string_view lists[] = {"participants", "operators", "additional_staff_consulted", "controllers"};
bool is_list(std::string_view name) { return std::find(std::begin(lists), std::end(lists), name) != std::end(lists); }

// What a record says of the one person it is about, without naming them.
constexpr std::string_view of_subject[] = {"key_fingerprints", "national_id", "display_name", "key_fingerprint"};
bool goes_with_subject(std::string_view name) { return std::find(std::begin(of_subject), std::end(of_subject), name) != std::end(of_subject); }

}  // namespace

PersonSought::PersonSought(std::string login, std::string name) : login_(std::move(login)), name_(std::move(name)), folded_(folded(name_)) {}

bool PersonSought::is(const json::value& value) const {
  if (value.is_string()) {
    const std::string_view text = value.get_string();
    return (!login_.empty() && text == login_) || (!folded_.empty() && folded(text) == folded_);
  }
  if (!value.is_object()) return false;
  const auto& person = value.get_object();
  if (!login_.empty() && text_of(person, "login") == login_) return true;
  return !folded_.empty() && (folded(text_of(person, "name")) == folded_ || folded(text_of(person, "display_name")) == folded_);
}

std::optional<json::value> PersonSought::part_of(const json::value& value) const {
  if (is(value)) return value;
  if (!value.is_array()) return std::nullopt;
  json::array parts;
  for (const auto& one : value.get_array())
    if (is(one)) parts.push_back(one);
  if (parts.empty()) return std::nullopt;
  return parts;
}

Result<std::optional<FoundRecord>> about_person(const audit::StoredRecord& record, const PersonSought& person) {
  std::optional<FoundRecord> found;
  bool acts = false;
  std::vector<FoundField> beside;
  json::object common;
  for (const auto& field : record.fields) {
    if (!field.is_open()) continue;
    PL_TRY(opened, audit::open_disclosure(field.disclosure));
    if (opened.value.is_null()) continue;
    if (field.cls == audit::FieldClass::open) {
      common[opened.name] = opened.value;
    } else if (auto part = field.cls == audit::FieldClass::person ? person.part_of(opened.value) : std::nullopt) {
      if (!found) found.emplace();
      acts |= !is_list(field.name);
      found->fields.push_back({field.name, field.cls, *std::move(part)});
    } else if (field.cls == audit::FieldClass::ip || field.cls == audit::FieldClass::text || goes_with_subject(field.name)) {
      beside.push_back({field.name, field.cls, std::move(opened.value)});
    }
  }
  if (!found) return found;
  found->index = record.index;
  found->type = text_of(common, "type"), found->time = text_of(common, "time");
  found->intervention = text_of(common, "intervention"), found->practice = text_of(common, "practice");
  if (acts) std::ranges::move(beside, std::back_inserter(found->fields));
  return found;
}

}  // namespace pontlevis::gateway
