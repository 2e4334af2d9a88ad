#include "audit/life.hpp"

#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr auto patience = std::chrono::hours(24);

}  // namespace

void LifeCheck::see(LeafIndex index, const json::object& record, const Report& finding) {
  const auto time = text_of(record, "time");
  if (!from_utc(time)) finding(index, "has no time");
  if (time < last_) finding(index, "is dated before the record in front of it");  // one form: text order is time order
  if (first_.empty()) first_ = time;
  last_ = std::max(last_, time);
  if (const auto id = text_of(record, "intervention"); !id.empty())
    see_intervention(index, lives_[id], text_of(record, "type"), record, finding);
}

void LifeCheck::see_intervention(LeafIndex index, Life& life, const std::string& type, const json::object& record, const Report& finding) {
  if (type == "consent") life.consent = true;
  if (type == "session_open") {
    if (!life.consent) finding(index, "opens a session without a consent before it");
    if (life.opened && !life.ended) finding(index, "opens a session while the one before has no end");
    life.opened = true;
    life.ended = false;
    life.opened_at = index;
    life.deadline = from_utc(text_of(record, "deadline"));
    ++sessions_;
  }
  // An end without a start says that the session was never opened; it is an end all the same.
  const bool never_started = type == "session_end" && text_of(record, "started_at").empty();
  const bool inside = type == "transfer" || type == "forward" || type == "session_end" || (type == "connection" && text_of(record, "event") == "JOINED");
  if (inside && !never_started && !life.opened) finding(index, "is of a session that was never opened");
  if (type == "session_end" || type == "recovery") life.ended = true;
}

void LifeCheck::finish(const Report& finding, const Report& remark) const {
  const auto now = from_utc(last_).value_or(Time{});
  for (const auto& [id, life] : lives_) {
    if (!life.opened || life.ended) continue;
    const bool overdue = !life.deadline || *life.deadline + patience < now;
    (overdue ? finding : remark)(life.opened_at, overdue ? "opens a session that has neither an end nor a recovery" : "opens a session that has no end yet");
  }
}

}  // namespace pontlevis::audit
