#include "audit/record_check.hpp"

#include <algorithm>
#include <cstring>

#include "audit/disclosure_scan.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

// What the checks after this one ask of a record, by type.
struct Wanted {
  std::string_view type;
  std::initializer_list<std::string_view> fields;
};
const Wanted wanted_fields[] = {
    {"request", {"lapse_at", "window_end"}},
    {"consent", {"pair_required", "criticality", "window_end", "minutes", "extends"}},
    {"session_open", {"deadline"}},
    {"connection", {"event", "operator", "role", "connection_id"}},
    {"transfer", {"outcome"}},
    {"forward", {"outcome"}},
    {"session_end", {"started_at", "active_seconds"}},
    {"hold", {"hold_id", "event", "scope", "review_on"}},
    {"rights_request", {"request_id", "request_type"}},
    {"contract_end", {"event"}},
    {"spontaneous_data", {"case_id", "event", "record_index"}},
    {"annual_review", {"year", "event"}},
    {"timestamp", {"checkpoint_size", "checkpoint_sha256", "stamped_at", "token_sha256"}},
    {"enrolment", {"kind", "key_name", "verifier_key", "revoked"}},
    {"destruction", {}},  // all of it
};

bool is_wanted(std::string_view type, std::string_view field) {
  for (const auto& w : wanted_fields)
    if (w.type == type) return w.fields.size() == 0 || std::find(w.fields.begin(), w.fields.end(), field) != w.fields.end();
  return false;
}

constexpr char base64url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::size_t digest_line = 44;  // 43 characters and LF: a line of the body

void put_digest_line(const Digest& digest, char* to) {
  const auto* b = digest.bytes.data();
  for (std::size_t i = 0; i < 30; i += 3) {
    const unsigned bits = static_cast<unsigned>(b[i]) << 16 | static_cast<unsigned>(b[i + 1]) << 8 | b[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) *to++ = base64url_digits[bits >> shift & 63];
  }
  const unsigned bits = static_cast<unsigned>(b[30]) << 16 | static_cast<unsigned>(b[31]) << 8;
  for (int shift = 18; shift >= 6; shift -= 6) *to++ = base64url_digits[bits >> shift & 63];
  *to = '\n';
}

void fault(RecordFacts& out, std::string what) {
  if (out.fault.empty()) out.fault = std::move(what);
}

std::string field_name(std::string_view name) { return "field '" + printable(name, 64) + "' "; }

}  // namespace

void RecordView::show(const StoredRecord& record) {
  index = record.index;
  entry = record.entry;
  fields.resize(record.fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& f = record.fields[i];
    fields[i] = {f.name, f.cls, f.state(), f.expires_on ? std::string_view(*f.expires_on) : std::string_view(), f.disclosure, f.digest};
  }
}

void RecordChecker::check(const RecordView& record, const Digest& leaf, RecordFacts& out) {
  out = {};
  out.index = record.index;
  out.here = true;
  const auto cls = parse_entry(record.entry);
  if (!cls || leaf_hash(record.entry) != leaf) return fault(out, "is not the record whose entry is in the tree");
  out.cls = *cls;
  out.gone = record.fields.empty();
  if (out.gone) return;
  if (!digest_fields(record, out)) return;
  const Digest made = sha256(body_);
  if (record.entry.substr(2) != made.view()) return fault(out, "does not match its entry");
  if (!read_type(record, out)) return;
  for (std::size_t i = 0; i < record.fields.size(); ++i) check_field(record.fields[i], i, out);
  if (out.time) check_days(record, out);
}

// The last day of each field is what the schema says of its class and the record's time.
void RecordChecker::check_days(const RecordView& record, RecordFacts& out) {
  const unsigned kept = out.schema->keep_days;
  if (days_.size() > 4096) days_.clear();
  const std::string& days = last_day(kept, *out.time);
  const std::string& address_days = last_day(std::min(kept, ip_days_live), *out.time);
  for (const auto& field : record.fields) {
    const std::string_view want = field.cls == FieldClass::open ? std::string_view() : field.cls == FieldClass::ip ? address_days : days;
    if (field.expires_on != want) fault(out, field_name(field.name) + "has a wrong last day");
  }
}

// The body made again; counts what is open and what is not.
bool RecordChecker::digest_fields(const RecordView& record, RecordFacts& out) {
  if (record.fields.size() > max_record_fields) return fault(out, "has too many fields"), false;
  constexpr std::string_view head = "pontlevis-record-v1\n";
  body_.resize(head.size() + digest_line * record.fields.size());
  std::memcpy(body_.data(), head.data(), head.size());
  char* line = body_.data() + head.size();
  for (const auto& field : record.fields) {
    put_digest_line(field.state == FieldState::open ? sha256(field.disclosure) : field.digest, line);
    line += digest_line;
    note_days(field, out);
    if (field.state == FieldState::altered) fault(out, field_name(field.name) + "was altered: its key does not open it");
    if (field.state == FieldState::no_key) fault(out, field_name(field.name) + "is there and its key is gone, without a destruction");
  }
  return out.unreadable == 0;
}

void RecordChecker::note_days(const FieldView& field, RecordFacts& out) {
  if (field.state == FieldState::altered || field.state == FieldState::no_key) ++out.unreadable;
  if (field.state == FieldState::closed) out.closed.push_back({std::string(field.name), field.cls, std::string(field.expires_on)});
  if (field.state != FieldState::open) return;
  ++out.open;
  if (!out.overdue && !field.expires_on.empty() && field.expires_on < today_) out.overdue = {std::string(field.name), field.cls, std::string(field.expires_on)};
}

// Known by its type while that is open; a record whose type is closed keeps its digests only.
bool RecordChecker::read_type(const RecordView& record, RecordFacts& out) {
  ScannedDisclosure type;
  const auto& first = record.fields[0];
  const bool named = first.state == FieldState::open && scan_disclosure(first.disclosure, text_, type) && type.name == "type";
  const auto word = named ? plain_text(type.value) : std::nullopt;
  plan_ = word ? &plan_of(*word, record.fields.size()) : nullptr;
  out.schema = plan_ ? plan_->schema : nullptr;
  if (!out.schema && out.open > 0) fault(out, "has a type that is not in the schema");
  if (!out.schema) return false;
  if (out.schema->entry_class != out.cls) return fault(out, "has an entry of another class than its type"), false;
  if (out.schema->size() != record.fields.size()) return fault(out, "has a wrong number of fields"), false;
  return true;
}

// Some fifty types and a million records: each name is looked for once.
const RecordChecker::Plan& RecordChecker::plan_of(std::string_view type, std::size_t fields) {
  const std::pair key{std::string(type), fields};
  if (const auto it = plans_.find(key); it != plans_.end()) return it->second;
  if (plans_.size() > 1024) plans_.clear();
  Plan plan{find_schema(type, fields), {}};
  for (std::size_t i = 0; plan.schema && i < plan.schema->size(); ++i) plan.wanted[i] = is_wanted(type, plan.schema->field(i).name);
  return plans_.emplace(key, plan).first->second;
}

void RecordChecker::check_field(const FieldView& field, std::size_t position, RecordFacts& out) {
  const auto& rule = out.schema->field(position);
  if (field.name != rule.name || field.cls != rule.cls) return fault(out, field_name(rule.name) + "does not stand in its place");
  if (field.state != FieldState::open) return;
  ScannedDisclosure scanned;
  if (!scan_disclosure(field.disclosure, text_, scanned)) return fault(out, field_name(rule.name) + "is not a disclosure");
  if (scanned.name != rule.name) return fault(out, field_name(rule.name) + "is not a disclosure of that field");
  if (position < common_fields().size() || plan_->wanted[position]) note_value(rule, position, scanned.value, out);
}

void RecordChecker::note_value(const FieldRule& rule, std::size_t position, std::string_view value, RecordFacts& out) {
  const auto text = plain_text(value);
  if (rule.name == "time") {
    out.time = text ? scan_utc(*text) : std::nullopt;
    if (!out.time) fault(out, "has a time that is not one");
  }
  if (rule.name == "intervention" && text) out.intervention = *text;
  if (rule.name == "practice" && text) out.practice = *text;
  if (!plan_->wanted[position] || value == "null") return;
  boost::system::error_code ec;
  auto parsed = json::parse(value, ec);
  if (!ec) out.said.emplace(rule.name, std::move(parsed));
}

// The same few days are asked for again and again.
const std::string& RecordChecker::last_day(unsigned keep_days, Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::pair key{static_cast<std::int64_t>(day.time_since_epoch().count()), keep_days};
  if (const auto it = days_.find(key); it != days_.end()) return it->second;
  return days_.emplace(key, to_date(day + std::chrono::days(keep_days))).first->second;
}

}  // namespace pontlevis::audit
