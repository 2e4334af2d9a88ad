#include "audit/record_line.hpp"

#include <cstring>

#include "audit/disclosure_scan.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t most_fields = 256;

// Which member of a field stands for which state.
struct StateWord {
  FieldState state;
  std::string_view member;
};
constexpr StateWord state_words[] = {{FieldState::closed, "digest"}, {FieldState::no_key, "unreadable"}};

Result<StoredField> parse_field(const json::value& value, std::size_t position) {
  StrictObject in(value, "record field " + std::to_string(position));
  StoredField out;
  out.name = in.text("name", 1, 64);
  const auto cls = class_from(in.text("class", 1, 16));
  if (!cls) in.blame("class", "is not known");
  out.cls = cls.value_or(FieldClass::open);
  if (!in.is_null("expires_on")) out.expires_on = in.text("expires_on", 10, 10);
  if (in.has("disclosure")) {
    out.disclosure = in.text("disclosure", 1, max_disclosure_bytes);
    out.digest = disclosure_digest(out.disclosure);
  } else {
    const auto& word = state_words[in.has("unreadable") ? 1 : 0];
    const auto digest = from_base64url(in.text(word.member, 43, 43));
    if (!digest || digest->size() != 32) in.blame(word.member, "is not a digest");
    else out.digest = Digest::from(*digest);
    out.unread = word.state;
  }
  PL_CHECK(in.finish());
  return out;
}

json::object field_json(const StoredField& f) {
  json::object o{{"name", f.name}, {"class", json::string(class_name(f.cls))}, {"expires_on", nullptr}};
  if (f.expires_on) o["expires_on"] = *f.expires_on;
  if (f.is_open()) o["disclosure"] = f.disclosure;
  else o[f.is_unreadable() ? "unreadable" : "digest"] = to_base64url(f.digest.view());
  return o;
}

// The length is known to the compiler, which then compares words instead of calling memcmp.
template <std::size_t N>
bool skip(std::string_view& rest, const char (&literal)[N]) {
  if (rest.size() < N - 1 || std::memcmp(rest.data(), literal, N - 1) != 0) return false;
  rest.remove_prefix(N - 1);
  return true;
}

// Characters that JSON writes as they are, up to the quote, which is taken too.
std::optional<std::string_view> take_plain(std::string_view& rest) {
  const auto end = plain_run(rest, Plain::ascii);
  if (end == rest.size() || rest[end] != '"') return std::nullopt;
  const auto out = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return out;
}

std::optional<Digest> digest_from(std::string_view text) {
  std::string raw;
  if (text.size() != 43 || !append_base64url(text, raw) || raw.size() != 32) return std::nullopt;
  return Digest::from(raw);
}

}  // namespace

std::string print_record_json(const StoredRecord& record) {
  json::array fields;
  for (const auto& f : record.fields) fields.push_back(field_json(f));
  return json::serialize(json::object{{"index", record.index}, {"entry", to_base64(record.entry)}, {"fields", std::move(fields)}});
}

Result<StoredRecord> parse_record_json(std::string_view text) {
  PL_TRY(object, parse_object(text, max_record_line, "record"));
  StrictObject in(object, "record");
  StoredRecord out;
  out.index = static_cast<LeafIndex>(in.integer("index", 0, static_cast<std::int64_t>(max_tree_size)));
  const auto entry = from_base64(in.text("entry", 48, 48));
  if (!entry) in.blame("entry", "is not base64");
  out.entry = entry.value_or("");
  for (const auto& value : in.array("fields", 0, most_fields)) {
    PL_TRY(field, parse_field(value, out.fields.size()));
    out.fields.push_back(std::move(field));
  }
  PL_CHECK(in.finish());
  if (print_record_json(out) != text) return fail(Errc::bad_input, "is not in canonical form", "record");
  return out;
}

Result<> RecordLineReader::read(std::string_view line, RecordView& out) {
  if (line.size() <= max_record_line && read_plainly(line, out)) return {};
  PL_TRY(parsed, parse_record_json(line));
  parsed_ = std::move(parsed);
  out.show(*parsed_);
  return {};
}

bool RecordLineReader::read_plainly(std::string_view line, RecordView& out) {
  out.fields.clear();
  if (!skip(line, "{\"index\":")) return false;
  const auto comma = line.substr(0, 20).find(',');
  const auto index = comma == line.npos ? std::nullopt : parse_decimal(line.substr(0, comma), max_tree_size);
  if (!index) return false;
  out.index = *index;
  line.remove_prefix(comma);
  if (!skip(line, ",\"entry\":\"")) return false;
  const auto entry = take_plain(line);
  if (!entry || entry->size() != 48 || !read_entry(*entry)) return false;
  out.entry = entry_;
  if (!skip(line, ",\"fields\":[")) return false;
  do {
    if (out.fields.size() == most_fields || !read_field(line, out)) return false;
  } while (skip(line, ","));
  return line == "]}";
}

// 34 bytes: 46 digits and two signs of padding, in the alphabet of base64.
bool RecordLineReader::read_entry(std::string_view text) {
  std::array<char, 46> digits;
  if (!text.ends_with("==")) return false;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (text[i] == '-' || text[i] == '_') return false;
    digits[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
  }
  entry_.clear();
  return append_base64url({digits.data(), digits.size()}, entry_);
}

bool RecordLineReader::read_field(std::string_view& rest, RecordView& out) {
  FieldView field;
  if (!skip(rest, "{\"name\":\"")) return false;
  const auto name = take_plain(rest);
  if (!name || name->empty() || name->size() > 64 || !skip(rest, ",\"class\":\"")) return false;
  field.name = *name;
  const auto word = take_plain(rest);
  const auto cls = word ? class_from(*word) : std::nullopt;
  if (!cls || !skip(rest, ",\"expires_on\":")) return false;
  field.cls = *cls;
  if (!skip(rest, "null")) {
    const auto day = skip(rest, "\"") ? take_plain(rest) : std::nullopt;
    if (!day || day->size() != 10) return false;
    field.expires_on = *day;
  }
  if (skip(rest, ",\"disclosure\":\"")) {
    const auto text = take_plain(rest);
    if (!text || text->empty() || text->size() > max_disclosure_bytes) return false;
    field.disclosure = *text;
    field.state = FieldState::open;
  } else {
    field.state = rest.starts_with(",\"digest\"") ? FieldState::closed : FieldState::no_key;
    if (!skip(rest, ",\"digest\":\"") && !skip(rest, ",\"unreadable\":\"")) return false;
    const auto text = take_plain(rest);
    const auto digest = text ? digest_from(*text) : std::nullopt;
    if (!digest) return false;
    field.digest = *digest;
  }
  out.fields.push_back(field);
  return skip(rest, "}");
}

}  // namespace pontlevis::audit
