#include "gateway/retention/same_words.hpp"

#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t shortest = 4;

void collect(const json::value& value, std::vector<std::string>& out) {
  if (value.is_string() && value.get_string().size() >= shortest) out.emplace_back(value.get_string());
  if (value.is_array())
    for (const auto& item : value.get_array()) collect(item, out);
  if (value.is_object())
    for (const auto& member : value.get_object()) collect(member.value(), out);
}

// As it stands in the JSON of a signed note.
std::string escaped(const std::string& text) {
  auto out = json::serialize(json::value(text));
  return out.substr(1, out.size() - 2);
}

bool holds(const json::value& value, const std::vector<std::string>& values) {
  std::vector<std::string> texts;
  collect(value, texts);
  for (const auto& text : texts)
    for (const auto& wanted : values)
      if (text.find(wanted) != text.npos || text.find(escaped(wanted)) != text.npos) return true;
  return false;
}

// The other fields of one record that say it too. Names and addresses are no words: they go by themselves.
Result<> add_fields(const audit::StoredRecord& record, SameWords& out) {
  PL_TRY(opened, record.open());
  for (const auto& field : record.fields) {
    if (!field.is_open() || (field.cls != audit::FieldClass::text && field.cls != audit::FieldClass::statement)) continue;
    const QuarantinedField one{record.index, field.name};
    const auto* value = opened.if_contains(field.name);
    if (value && one != out.fields.front() && holds(*value, out.values)) out.fields.push_back(one);
  }
  return {};
}

}  // namespace

Result<SameWords> same_words(const audit::Log& log, LeafIndex index, const std::string& name) {
  PL_TRY(record, log.record(index));
  const auto at = std::find_if(record.fields.begin(), record.fields.end(), [&](const auto& f) { return f.name == name; });
  const auto where = "record " + std::to_string(index) + ", field " + printable(name, 60);
  if (at == record.fields.end()) return fail(Errc::not_found, "does not exist", where);
  if (at->cls == audit::FieldClass::open) return fail(Errc::not_allowed, "names nobody and stays", where, "fields of class person, ip, text or statement can be destroyed");
  if (!at->is_open()) return fail(Errc::not_found, "is closed already", where);
  PL_TRY(opened, record.open());
  SameWords out{{{index, name}}, {}, {}, {}};
  if (auto id = InterventionId::parse(text_of(opened, "intervention"))) out.intervention = *std::move(id);
  if (auto id = PracticeId::parse(text_of(opened, "practice"))) out.practice = *std::move(id);
  if (at->cls != audit::FieldClass::text) return out;
  collect(opened.at(name), out.values);
  if (out.values.empty()) return out;
  if (!out.intervention) {
    PL_CHECK(add_fields(record, out));
    return out;
  }
  PL_TRY(records, log.find(*out.intervention));
  for (const auto& other : records) PL_CHECK(add_fields(other, out));
  return out;
}

}  // namespace pontlevis::gateway
