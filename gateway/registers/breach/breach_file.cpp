#include "gateway/registers/breach/breach_file.hpp"

#include "gateway/registers/common/deadlines.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto many = StrictObject::Lines::many;
constexpr std::size_t most_bytes = 4 * 1024 * 1024, most_lines = 32, most_notices = 8000;

template <class Word>
Word choice(StrictObject& in, std::string_view name) {
  return static_cast<Word>(in.choice(name, Spelling<Word>::words));
}

json::value time_json(const std::optional<Time>& at) { return at ? json::value(to_utc(*at)) : json::value(nullptr); }
json::value number_json(const std::optional<std::int64_t>& n) { return n ? json::value(*n) : json::value(nullptr); }

std::optional<Time> time_from(StrictObject& in, std::string_view name) { return in.is_null(name) ? std::nullopt : std::optional(in.time(name)); }
std::optional<std::int64_t> number_from(StrictObject& in, std::string_view name) { return in.is_null(name) ? std::nullopt : std::optional(in.integer(name, 0, 1'000'000'000)); }

std::vector<BreachType> types_from(StrictObject& in) {
  std::vector<BreachType> out;
  const auto& words = Spelling<BreachType>::words;
  for (const auto& text : in.texts("breach_types", 0, 3, 20)) {
    const auto at = std::find(words.begin(), words.end(), text);
    if (at == words.end()) {
      in.blame("breach_types", "holds a word that is none of them", "CONFIDENTIALITE, INTEGRITE, DISPONIBILITE");
      return out;
    }
    out.push_back(static_cast<BreachType>(at - words.begin()));
  }
  return out;
}

// May be empty: not assessed yet.
Severity severity_from(StrictObject& in) {
  const auto text = in.text("severity", 0, 10);
  const auto& words = Spelling<Severity>::words;
  const auto at = std::find(words.begin(), words.end(), text);
  if (at != words.end()) return static_cast<Severity>(at - words.begin());
  in.blame("severity", "is none of its words", "LOW, MEDIUM, HIGH, SEVERE, or empty");
  return Severity::unknown;
}

void read_words(StrictObject& in, BreachWords& out) {
  out.occurred_from = time_from(in, "occurred_from");
  out.occurred_to = time_from(in, "occurred_to");
  if (out.occurred_from && out.occurred_to && *out.occurred_to < *out.occurred_from) in.blame("occurred_to", "is before occurred_from");
  out.types = types_from(in);
  out.cause = in.text("cause", 0, 500, many);
  out.description = in.text("description", 0, 8000, many);
  out.data_categories = in.texts("data_categories", 0, most_lines, 200);
  out.special_categories = in.boolean("special_categories");
  out.subjects_categories = in.texts("subjects_categories", 0, most_lines, 200);
  out.subjects_count = number_from(in, "subjects_count_approx");
  out.records_count = number_from(in, "records_count_approx");
  out.consequences = in.text("likely_consequences", 0, 4000, many);
  out.severity = severity_from(in);
  out.measures_taken = in.texts("measures_taken", 0, most_lines, 500);
  out.measures_planned = in.texts("measures_planned", 0, most_lines, 500);
  out.advice = in.text("advice_to_controller", 0, 4000, many);
  out.unintelligible = in.boolean("data_unintelligible");
  out.subjects_informed = in.text("subjects_informed", 0, 1000, many);
  out.other_authorities = in.texts("other_authorities", 0, most_lines, 200);
  out.authority_not_notified = in.text("authority_not_notified", 0, 1000, many);
}

json::array notices_json(const std::vector<BreachNotice>& notices) {
  json::array out;
  for (const auto& n : notices)
    out.push_back(json::object{{"recipient", n.recipient}, {"kind", word(n.kind)}, {"sent_at", to_utc(n.sent_at)}, {"delay_reason", n.delay_reason}, {"delivered", n.delivered}, {"sha256", n.sha256}});
  return out;
}

Result<std::vector<BreachNotice>> notices_from(const json::array& notices) {
  std::vector<BreachNotice> out;
  for (const auto& notice : notices) {
    StrictObject in(notice, "store, breach, notice");
    out.push_back({in.text("recipient", 1, 64), choice<NoticeKind>(in, "kind"), in.time("sent_at"), in.text("delay_reason", 0, 1000, many), in.text("delivered", 0, 500), in.text("sha256", 64, 64)});
    PL_CHECK(in.finish());
  }
  return out;
}

json::array evidence_json(const std::vector<BreachEvidence>& evidence) {
  json::array out;
  for (const auto& e : evidence) out.push_back(json::object{{"what", e.what}, {"index", e.index ? json::value(*e.index) : json::value(nullptr)}});
  return out;
}

Result<std::vector<BreachEvidence>> evidence_from(const json::array& evidence) {
  std::vector<BreachEvidence> out;
  for (const auto& one : evidence) {
    StrictObject in(one, "store, breach, evidence");
    BreachEvidence e{in.text("what", 1, 2000, many), std::nullopt};
    if (!in.is_null("index")) e.index = static_cast<std::uint64_t>(in.integer("index", 0, INT64_MAX));
    PL_CHECK(in.finish());
    out.push_back(std::move(e));
  }
  return out;
}

// All of the affected practices were told for the first time; nobody is affected: the authority or the CSIRT was.
std::optional<Time> practices_told(const BreachFile& f) {
  std::optional<Time> last;
  const auto told = [&](const std::string& recipient) {
    const auto* notice = f.last_notice(recipient, NoticeKind::initial);
    if (notice) last = std::max(last.value_or(notice->sent_at), notice->sent_at);
    return notice != nullptr;
  };
  if (f.practices.empty()) {
    if (told(std::string(to_csirt)) || told(std::string(to_cnil))) return last;
    return std::nullopt;
  }
  for (const auto& practice : f.practices)
    if (!told(practice)) return std::nullopt;
  return last;
}

std::optional<Time> authority_told(const BreachFile& f) {
  if (const auto* notice = f.last_notice(std::string(to_cnil), NoticeKind::initial)) return notice->sent_at;
  if (f.words.authority_not_notified.empty()) return std::nullopt;
  for (const auto& step : f.steps)
    if (step.what == "NOT_NOTIFIED") return step.at;
  return f.aware_at;
}

}  // namespace

const BreachNotice* BreachFile::last_notice(const std::string& recipient, std::optional<NoticeKind> kind) const {
  for (auto at = notices.rbegin(); at != notices.rend(); ++at)
    if (at->recipient == recipient && (!kind || at->kind == *kind)) return &*at;
  return nullptr;
}

std::vector<BreachClock> clocks_of(const BreachFile& f) {
  if (!f.aware_at || f.state == BreachState::dismissed) return {};
  const auto from = *f.aware_at;
  return {{"H24", from + std::chrono::hours(24), practices_told(f)}, {"H72", from + std::chrono::hours(72), authority_told(f)}, {"MONTH", month_after(from), f.closed_at}};
}

Result<BreachWords> breach_words(const json::object& words) {
  StrictObject in(words, "breach file");
  BreachWords out;
  read_words(in, out);
  PL_CHECK(in.finish());
  return out;
}

json::object words_json(const BreachWords& w) {
  json::array types;
  for (const auto type : w.types) types.emplace_back(word(type));
  return {{"occurred_from", time_json(w.occurred_from)}, {"occurred_to", time_json(w.occurred_to)}, {"breach_types", std::move(types)}, {"cause", w.cause},
          {"description", w.description}, {"data_categories", texts_json(w.data_categories)}, {"special_categories", w.special_categories},
          {"subjects_categories", texts_json(w.subjects_categories)}, {"subjects_count_approx", number_json(w.subjects_count)},
          {"records_count_approx", number_json(w.records_count)}, {"likely_consequences", w.consequences}, {"severity", word(w.severity)},
          {"measures_taken", texts_json(w.measures_taken)}, {"measures_planned", texts_json(w.measures_planned)}, {"advice_to_controller", w.advice},
          {"data_unintelligible", w.unintelligible}, {"subjects_informed", w.subjects_informed}, {"other_authorities", texts_json(w.other_authorities)},
          {"authority_not_notified", w.authority_not_notified}};
}

std::string breach_text(const BreachFile& f) {
  auto out = words_json(f.words);
  out["id"] = f.id;
  out["state"] = word(f.state);
  out["opened_by"] = f.opened_by;
  out["trigger"] = f.trigger;
  out["detected_at"] = to_utc(f.detected_at);
  out["aware_at"] = time_json(f.aware_at);
  out["closed_at"] = time_json(f.closed_at);
  out["evidence"] = evidence_json(f.evidence);
  out["interventions"] = texts_json(f.interventions);
  json::array practices;
  for (const auto& p : f.practices) practices.emplace_back(p);
  out["practices"] = std::move(practices);
  out["notices"] = notices_json(f.notices);
  out["steps"] = steps_json(f.steps);
  out["lessons"] = f.lessons;
  out["dismiss_reason"] = f.dismiss_reason;
  return json::serialize(out);
}

Result<BreachFile> breach_from(std::string_view text) {
  PL_TRY(object, parse_object(text, most_bytes, "store, breach"));
  StrictObject in(object, "store, breach");
  BreachFile out;
  read_words(in, out.words);
  out.id = in.text("id", 36, 36);
  out.state = choice<BreachState>(in, "state");
  out.opened_by = in.text("opened_by", 0, 64);
  out.trigger = in.text("trigger", 1, 40);
  out.detected_at = in.time("detected_at");
  out.aware_at = time_from(in, "aware_at");
  out.closed_at = time_from(in, "closed_at");
  PL_TRY(evidence, evidence_from(in.array("evidence", 0, 200)));
  out.evidence = std::move(evidence);
  out.interventions = in.texts("interventions", 0, 20'000, 36);
  for (auto& practice : in.texts("practices", 0, 20'000, 63)) out.practices.insert(std::move(practice));
  PL_TRY(notices, notices_from(in.array("notices", 0, most_notices)));
  out.notices = std::move(notices);
  PL_TRY(steps, steps_from(in.array("steps", 0, most_notices * 3), "store, breach, step"));
  out.steps = std::move(steps);
  out.lessons = in.text("lessons", 0, 4000, many);
  out.dismiss_reason = in.text("dismiss_reason", 0, 1000, many);
  PL_CHECK(in.finish());
  return out;
}

}  // namespace pontlevis::gateway
