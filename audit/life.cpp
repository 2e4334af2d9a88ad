#include "audit/life.hpp"

#include <algorithm>

#include "audit/disclosure_scan.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr auto patience = std::chrono::hours(24);

// A person in the words of the log: a login, or {login, name}; nothing when destroyed.
std::string person_of(const json::object& said) {
  const auto* who = said.if_contains("operator");
  if (who && who->is_object()) return text_of(who->get_object(), "login");
  return text_of(said, "operator");
}

bool is_true(const json::object& said, std::string_view name) {
  const auto* value = said.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

bool is_above_zero(const json::object& said, std::string_view name) {
  const auto* value = said.if_contains(name);
  return value && ((value->is_int64() && value->get_int64() > 0) || (value->is_double() && value->get_double() > 0));
}

bool is_answer(std::string_view type) {
  constexpr std::string_view answers[] = {"consent", "refusal", "lapse", "not_asked", "cancelled", "request_refused", "session_end", "intervention", "recovery"};
  return std::find(std::begin(answers), std::end(answers), type) != std::end(answers);
}

bool was_done(const json::object& said) { return is_true(said, "outcome") || text_of(said, "outcome") == "done"; }

}  // namespace

void LifeCheck::see(const RecordFacts& record, const Report& finding) {
  if (record.intervention.empty()) return;
  auto& life = lives_[record.intervention];
  const auto type = record.type();
  if (type == "request") see_request(record, life);
  if (is_answer(type)) see_answer(record, life);
  if (type == "consent") see_consent(record, life);
  if (type == "session_open") see_session(record, life, finding);
  if (type == "connection") see_connection(record, life, finding);
  if (type == "transfer" || type == "forward" || type == "session_end") see_work(record, life, finding);
  if (type == "session_end" || type == "recovery") life.ended = true, life.here.clear();
}

void LifeCheck::see_request(const RecordFacts& record, Life& life) {
  life.asked = record.index;
  const auto lapse = scan_utc(text_of(record.said, "lapse_at")), window = scan_utc(text_of(record.said, "window_end"));
  life.answer_by = lapse && window ? std::max(*lapse, *window) : lapse ? lapse : window;
}

void LifeCheck::see_answer(const RecordFacts& record, Life& life) {
  life.asked.reset();
  if (record.type() != "consent") life.agreed.reset();
}

void LifeCheck::see_consent(const RecordFacts& record, Life& life) {
  life.consent = true;
  life.pair = is_true(record.said, "pair_required") || text_of(record.said, "criticality") == "CRITICAL";
  const auto* minutes = record.said.if_contains("minutes");
  const auto window = scan_utc(text_of(record.said, "window_end"));
  const auto end = record.time.value_or(Time{}) + std::chrono::minutes(minutes && minutes->is_int64() ? std::clamp<std::int64_t>(minutes->get_int64(), 0, 1440) : 0);
  life.result_by = window ? std::max(*window, end) : end;
  if (!life.opened || life.ended) life.agreed = record.index;  // else it only extends an open session
}

void LifeCheck::see_session(const RecordFacts& record, Life& life, const Report& finding) {
  if (!life.consent) finding(record.index, "opens a session without a consent before it");
  if (life.opened && !life.ended) finding(record.index, "opens a session while the one before has no end");
  life.agreed.reset();
  life.opened = true;
  life.ended = life.together = false;
  life.here.clear();
  life.opened_at = record.index;
  life.deadline = scan_utc(text_of(record.said, "deadline"));
  ++sessions_;
}

void LifeCheck::see_connection(const RecordFacts& record, Life& life, const Report& finding) {
  const auto what = text_of(record.said, "event");
  if (what != "JOINED" && what != "REJOINED" && what != "LEFT") return;
  if (!life.opened && what != "LEFT") finding(record.index, "is of a session that was never opened");
  auto who = person_of(record.said);
  if (who.empty()) who = text_of(record.said, "role");  // the name is destroyed after its years, the role stays
  if (what == "LEFT") life.here.erase(who);
  else life.here.insert(who);
  life.together = life.together || life.here.size() >= 2;
}

// An end without a start says that the session was never opened; it is an end all the same.
void LifeCheck::see_work(const RecordFacts& record, const Life& life, const Report& finding) {
  const bool end = record.type() == "session_end";
  if (end && text_of(record.said, "started_at").empty()) return;
  if (!life.opened) return finding(record.index, "is of a session that was never opened");
  const bool worked = end ? is_above_zero(record.said, "active_seconds") : was_done(record.said);
  if (life.pair && !life.together && worked) finding(record.index, "is of work that needs two people, and the second was never connected");
}

void LifeCheck::finish(Time now, const Report& finding, const Report& remark) const {
  for (const auto& [id, life] : lives_) {
    const auto judge = [&](LeafIndex at, const std::optional<Time>& by, const char* late, const char* young) {
      const bool overdue = !by || *by + patience < now;
      (overdue ? finding : remark)(at, overdue ? late : young);
    };
    if (life.opened && !life.ended) judge(life.opened_at, life.deadline, "opens a session that has neither an end nor a recovery", "opens a session that has no end yet");
    if (life.agreed) judge(*life.agreed, life.result_by, "is a consent that has neither a session nor an end nor a recovery", "is a consent that has no session yet");
    if (life.asked && life.answer_by) judge(*life.asked, life.answer_by, "is a request that has neither an answer nor a lapse", "is a request that has no answer yet");
  }
}

}  // namespace pontlevis::audit
