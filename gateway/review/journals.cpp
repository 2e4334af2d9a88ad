#include "gateway/review/journals.hpp"

#include <algorithm>
#include <set>

#include "audit/fact_record.hpp"
#include "protocol/json_values.hpp"
#include "protocol/statement.hpp"

namespace pontlevis::gateway {
namespace {

// Facts that only the practice can state; the rest of a life is the gateway's own word.
constexpr std::string_view signed_types[] = {"consent",  "refusal", "lapse",      "not_asked", "session_open", "connection", "transfer",        "forward",
                                             "attempt",  "pause",   "password",   "typist",    "handover",     "acceptance", "report_received", "withdrawal",
                                             "session_end", "comment", "recording", "recovery"};
bool is_signed(std::string_view type) { return std::find(std::begin(signed_types), std::end(signed_types), type) != std::end(signed_types); }

const json::value* said(const json::object& body, std::string_view path) {
  const auto dot = path.find('.');
  const auto* value = body.if_contains(path.substr(0, dot));
  if (!value || dot == path.npos) return value;
  return value->is_object() ? value->get_object().if_contains(path.substr(dot + 1)) : nullptr;
}

// What the closed row of the main courante says, and the statement it must have it from.
struct Taken {
  std::string_view field, type, member;
};
constexpr Taken taken[] = {
    {"approver", "consent", "approver"},          {"approver_role", "consent", "approver.role"}, {"access_types", "consent", "access_types"},
    {"host_key_fingerprint", "consent", "host_keys"}, {"decided_at", "consent", "at"},           {"live_view", "consent", "watch"},
    {"recording", "consent", "recording"},        {"started_at", "session_end", "started_at"},   {"ended_at", "session_end", "ended_at"},
    {"duration_seconds", "session_end", "duration_seconds"}, {"active_seconds", "session_end", "active_seconds"},
    {"bytes_in", "session_end", "bytes_in"},      {"bytes_out", "session_end", "bytes_out"},     {"end_cause", "session_end", "cause"},
    {"cut_latency_ms", "session_end", "cut_ms"},
};

class Comparison {
 public:
  explicit Comparison(const std::vector<NoteVerifier>& keys) : keys_(keys) {}

  void see(const audit::StoredRecord& record) {
    const auto opened = record.open();
    if (!opened) return differ(DifferenceKind::value, record.type(), "", nullptr, json::value(opened.error().what), record.index);
    const auto type = text_of(*opened, "type");
    if (type == "intervention") closing_.emplace_back(record.index, *opened);
    if (is_signed(type)) see_statement(record, *opened, type);
  }

  JournalsCompared finish() {
    for (const auto& [index, row] : closing_) check_row(index, row);
    find_missing();
    return std::move(out_);
  }

 private:
  void differ(DifferenceKind what, std::string fact, std::string field, json::value practice, json::value gateway, std::optional<std::uint64_t> index) {
    out_.differences.push_back({what, std::move(fact), std::move(field), std::move(practice), std::move(gateway), index});
  }

  void see_statement(const audit::StoredRecord& record, const json::object& opened, const std::string& type) {
    const auto place = std::find_if(record.fields.begin(), record.fields.end(), [](const auto& f) { return f.name == "statement"; });
    if (place == record.fields.end() || !place->is_open()) return void(++out_.closed);
    const auto note = text_of(opened, "statement");
    if (note.empty()) return differ(DifferenceKind::not_signed, type, "", nullptr, nullptr, record.index);
    const auto body = verified(note, type);
    if (!body) return differ(DifferenceKind::bad_signature, type, "statement", nullptr, json::value(body.error().what), record.index);
    ++out_.facts;
    compare_fields(record, opened, type, *body, note);
    see_sequence(record.index, type, *body);
    if (type == "consent") bodies_.try_emplace(type, *body);  // a later one extends it
    else bodies_.insert_or_assign(type, *body);
  }

  Result<json::object> verified(const std::string& note, const std::string& type) const {
    Result<json::object> last = fail(Errc::bad_signature, "no key of the practice is known here");
    for (const auto& key : keys_)
      if (last = open_statement(note, type, key); last) return last;
    return last;
  }

  // The record is made again from what was signed, and must be what stands in the log.
  void compare_fields(const audit::StoredRecord& record, const json::object& opened, const std::string& type, const json::object& body, const std::string& note) {
    const auto again = audit::fact_record(type, body, text_of(opened, "practice"), note);
    if (!again) return differ(DifferenceKind::value, type, "", json::value(again.error().what), nullptr, record.index);
    for (const auto& field : record.fields) {
      if (!field.is_open() || field.name == "time" || field.name == "type") continue;
      const auto* here = opened.if_contains(field.name);
      const auto& there = again->value(field.name);
      if (here && *here != there) differ(DifferenceKind::value, type, field.name, there, *here, record.index);
    }
    if (const auto id = text_of(opened, "intervention"); text_of(body, "intervention") != id)
      differ(DifferenceKind::value, type, "intervention", json::value(text_of(body, "intervention")), json::value(id), record.index);
  }

  void see_sequence(std::uint64_t index, const std::string& type, const json::object& body) {
    const auto* value = body.if_contains("sequence");
    if (!value || !value->is_int64()) return;
    const auto number = value->get_int64();
    if (out_.last_sequence && number <= *out_.last_sequence) differ(DifferenceKind::order, type, "sequence", number, *out_.last_sequence, index);
    sequences_.insert(number);
    out_.last_sequence = std::max(number, out_.last_sequence.value_or(number));
  }

  void find_missing() {
    if (sequences_.empty()) return;
    for (auto expected = *sequences_.begin(); expected < *sequences_.rbegin() && out_.missing.size() < 1000; ++expected)
      if (!sequences_.contains(expected)) out_.missing.push_back(expected);
  }

  void check_row(std::uint64_t index, const json::object& row) {
    for (const auto& one : taken) {
      const auto at = bodies_.find(std::string(one.type));
      const auto* here = row.if_contains(one.field);
      if (!here || here->is_null()) continue;
      const auto* there = at == bodies_.end() ? nullptr : said(at->second, one.member);
      if (there && *there != *here) differ(DifferenceKind::value, "intervention", std::string(one.field), *there, *here, index);
      if (!there && out_.closed == 0) differ(DifferenceKind::missing_here, std::string(one.type), std::string(one.field), nullptr, *here, index);
    }
  }

  const std::vector<NoteVerifier>& keys_;
  JournalsCompared out_;
  std::map<std::string, json::object> bodies_;  // the last of each type, but the first consent
  std::vector<std::pair<std::uint64_t, json::object>> closing_;
  std::set<std::int64_t> sequences_;
};

}  // namespace

JournalsCompared compare_journals(const std::vector<audit::StoredRecord>& records, const std::vector<NoteVerifier>& keys) {
  Comparison comparison(keys);
  for (const auto& record : records) comparison.see(record);
  return comparison.finish();
}

json::object to_json(const JournalsCompared& c) {
  json::array missing, differences;
  for (auto number : c.missing) missing.emplace_back(number);
  for (const auto& d : c.differences)
    differences.push_back(json::object{{"what", word(d.what)}, {"fact", d.fact}, {"field", d.field}, {"practice", d.practice}, {"gateway", d.gateway},
                                       {"index", d.index ? json::value(*d.index) : json::value(nullptr)}});
  return {{"agree", c.agree()}, {"facts", c.facts}, {"closed", c.closed}, {"last_sequence", c.last_sequence ? json::value(*c.last_sequence) : json::value(nullptr)},
          {"missing", std::move(missing)}, {"differences", std::move(differences)}};
}

}  // namespace pontlevis::gateway
