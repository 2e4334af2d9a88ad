#include "audit/record.hpp"

#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::string_view body_head = "pontlevis-record-v1\n";
constexpr std::size_t salt_bytes = 16;
constexpr std::string_view closed_mark = "sha256:";
constexpr std::size_t max_fields = 256;
constexpr char entry_version = 0x01;

std::unexpected<Error> bad(std::string what, std::string where = "record") {
  return fail(Errc::bad_input, std::move(what), std::move(where));
}
std::unexpected<Error> wrong(std::string what, LeafIndex index) {
  return fail(Errc::bad_signature, std::move(what), "record " + std::to_string(index));
}

bool is_reserved(std::string_view name) { return name == "type" || name == "time"; }

Result<> put(const RecordSchema& schema, std::vector<json::value>& values, std::string_view name, const json::value& v) {
  const std::string where = "record " + std::string(schema.type);
  if (is_reserved(name)) return bad("field '" + std::string(name) + "' is set by the log itself", where);
  const auto at = schema.position(name);
  if (!at) return fail(Errc::bad_input, "field '" + printable(name, 64) + "' is not in the schema", where, "audit/schema.cpp lists the fields of every type");
  values[*at] = v;
  return {};
}

}  // namespace

Result<Record> Record::make(std::string_view type, const json::object& fields) {
  const auto* schema = find_schema(type);
  if (!schema) return bad("type '" + printable(type, 40) + "' is not in the schema");
  std::vector<json::value> values(schema->size());
  values[0] = json::string(schema->type);
  for (const auto& member : fields) PL_CHECK(put(*schema, values, member.key(), member.value()));
  for (const auto& value : values)
    if (!value.is_null() && json::serialize(value).size() > max_disclosure_bytes / 2)
      return bad("holds a field that is too long", "record " + std::string(type));
  return Record(*schema, std::move(values));
}

Result<Record> Record::of_statement(std::string_view type, const json::object& fields, std::string_view note) {
  json::object all = fields;
  all["statement"] = note;
  all["statement_sha256"] = sha256_hex(note);
  return make(type, all);
}

const json::value& Record::value(std::string_view name) const {
  static const json::value none;
  const auto at = schema_->position(name);
  return at ? values_[*at] : none;
}

std::vector<Field> Record::fields(Time recorded) const {
  std::vector<Field> out;
  out.reserve(values_.size());
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const auto& rule = schema_->field(i);
    out.push_back({std::string(rule.name), values_[i], rule.cls});
    if (rule.name == "time") out.back().value = json::string(to_utc(recorded));
  }
  return out;
}

std::string disclose(const Field& field, Random& random) {
  const json::array parts{json::string(to_base64url(random.bytes(salt_bytes))), json::string(field.name), field.value};
  return to_base64url(json::serialize(parts));
}

Result<OpenedField> open_disclosure(std::string_view disclosure) {
  const auto malformed = [] { return bad("is not a disclosure", "field"); };
  if (disclosure.size() > max_disclosure_bytes) return bad("is too long", "field");
  const auto text = from_base64url(disclosure);
  if (!text || !is_utf8(*text)) return malformed();
  json::parse_options options;
  options.max_depth = 16;
  boost::system::error_code ec;
  auto value = json::parse(*text, ec, {}, options);
  if (ec || !value.is_array() || value.get_array().size() != 3 || json::serialize(value) != *text) return malformed();
  auto& parts = value.get_array();
  if (!parts[0].is_string() || !parts[1].is_string()) return malformed();
  const auto salt = from_base64url(parts[0].get_string());
  if (!salt || salt->size() != salt_bytes) return malformed();
  return OpenedField{std::string(parts[1].get_string()), std::move(parts[2])};
}

Digest disclosure_digest(std::string_view disclosure) { return sha256(disclosure); }

std::string record_body(std::span<const Digest> digests) {
  std::string out(body_head);
  for (const auto& d : digests) out += to_base64url(d.view()) + "\n";
  return out;
}

std::string record_entry(EntryClass cls, std::span<const Digest> digests) {
  return std::string{entry_version, static_cast<char>(cls)} + sha256(record_body(digests)).text();
}

Result<EntryClass> parse_entry(std::string_view entry) {
  if (entry.size() != 34 || entry[0] != entry_version || entry[1] < 1 || entry[1] > 4)
    return bad("is not an entry of version 1", "entry");
  return static_cast<EntryClass>(entry[1]);
}

Result<json::object> StoredRecord::open() const {
  json::object out;
  for (const auto& field : fields) {
    if (field.state() == FieldState::altered) return wrong("field '" + printable(field.name, 64) + "' does not open: it was changed where it lies", index);
    if (!field.is_open()) continue;
    auto opened = open_disclosure(field.disclosure);
    if (!opened) return wrong("field '" + printable(field.name, 64) + "' is not a disclosure", index);
    out[opened->name] = std::move(opened->value);
  }
  return out;
}

std::string StoredRecord::type() const {
  if (fields.empty() || !fields[0].is_open()) return {};
  const auto opened = open_disclosure(fields[0].disclosure);
  return opened && opened->name == "type" && opened->value.is_string() ? std::string(opened->value.get_string()) : "";
}

namespace {

Result<> check_field(const StoredRecord& record, const StoredField& field, const FieldRule& rule) {
  const auto name = "field '" + std::string(rule.name) + "' ";
  if (field.name != rule.name || field.cls != rule.cls) return wrong(name + "does not stand in its place", record.index);
  if (field.state() == FieldState::altered) return wrong(name + "does not open: it was changed where it lies", record.index);
  if (field.state() == FieldState::no_key) return wrong(name + "does not open: its key is missing", record.index);
  if (!field.is_open()) return {};
  if (disclosure_digest(field.disclosure) != field.digest) return wrong(name + "does not match its digest", record.index);
  const auto opened = open_disclosure(field.disclosure);
  if (!opened || opened->name != rule.name) return wrong(name + "is not a disclosure of that field", record.index);
  return {};
}

// Known by its type while that is open; a record whose type is closed keeps its digests only.
Result<> check_fields(const StoredRecord& record, EntryClass cls) {
  const auto* schema = find_schema(record.type(), record.fields.size());
  if (!schema) {
    for (const auto& f : record.fields)
      if (f.is_open() || f.is_unreadable()) return wrong("has a type that is not in the schema", record.index);
    return {};
  }
  if (schema->entry_class != cls) return wrong("has an entry of another class than its type", record.index);
  if (schema->size() != record.fields.size()) return wrong("has a wrong number of fields", record.index);
  PL_TRY(open, record.open());
  const auto* time_text = open.if_contains("time");
  const auto time = time_text && time_text->is_string() ? from_utc(time_text->get_string()) : std::nullopt;
  if (time_text && !time) return wrong("has a time that is not one", record.index);
  for (std::size_t i = 0; i < schema->size(); ++i) {
    const auto& field = record.fields[i];
    PL_CHECK(check_field(record, field, schema->field(i)));
    if (time && field.expires_on != schema->expires_on(field.cls, *time))
      return wrong("field '" + field.name + "' has a wrong last day", record.index);
  }
  return {};
}

}  // namespace

Result<> check_record(const StoredRecord& record) {
  const auto cls = parse_entry(record.entry);
  if (!cls) return wrong("has a malformed entry", record.index);
  if (record.is_gone()) return wrong("has nothing left but its entry", record.index);
  std::vector<Digest> digests;
  for (const auto& field : record.fields) digests.push_back(field.is_open() ? disclosure_digest(field.disclosure) : field.digest);
  if (record_entry(*cls, digests) != record.entry) return wrong("does not match its entry", record.index);
  return check_fields(record, *cls);
}

std::string print_disclosures(const StoredRecord& record) {
  std::string out;
  for (const auto& f : record.fields)
    out += (f.is_open() ? f.disclosure : std::string(closed_mark) + to_base64url(f.digest.view())) + "\n";
  return out;
}

Result<std::vector<std::string>> parse_disclosures(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == text.npos || end == 0) return bad("is not a list of disclosures, one a line", "disclosures");
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (out.size() > max_fields || out.back().size() > max_disclosure_bytes) return bad("is too long", "disclosures");
  }
  return out;
}

}  // namespace pontlevis::audit
