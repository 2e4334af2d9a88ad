#include "gateway/witnesses/witnesses.hpp"

#include "gateway/events.hpp"
#include "gateway/log_link.hpp"
#include "gateway/records.hpp"
#include "gateway/witnesses/fact_proofs.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr unsigned most_questions = 128;  // about facts, between two checkpoints
constexpr unsigned most_alarms = 16;      // on one link
constexpr std::size_t remembered_alarms = 200;

std::unexpected<Error> bad(std::string what, std::string where) { return fail(Errc::bad_frame, std::move(what), std::move(where)); }

bool is_ours(const Core& core, const std::string& note) { return !note.empty() && audit::open_checkpoint(note, core.log->verifier()).has_value(); }

std::string key_of(const std::string& cause, audit::TreeSize size, const std::string& conflicting) {
  return cause + " " + std::to_string(size) + " " + sha256_hex(conflicting);
}

}  // namespace

// ---- the area -----------------------------------------------------------------------------------

Result<> Witnesses::open() {
  PL_CHECK(verification_.make_table());
  PL_TRY(state, LogState::read(core_.folder));
  state_ = std::move(state);
  if (state_.restored && !state_.behind && enrolled() == 0) PL_CHECK(go_on("no practice is enrolled"));
  core_.log_closed = state_.why_closed(core_.folder);
  if (core_.log_closed) event(Level::error, "log.closed", {{"what", core_.log_closed->what}});
  for (const auto& record : last_of("witness_alarm", remembered_alarms)) {
    const auto* size = record.if_contains("size");
    const auto key = key_of(text_of(record, "cause"), size && size->is_int64() ? size->to_number<audit::TreeSize>() : 0, text_of(record, "conflicting"));
    alarms_[text_of(record, "witness")].insert(key);
  }
  return {};
}

Result<> Witnesses::start(Hub& hub) {
  hub_ = &hub;
  hub.use(*this);
  last_round_ = core_.clock.since_boot();
  verification_.listen();
  return {};
}

Awaitable<void> Witnesses::keep_house() {
  co_await verification_.look();
  const Millis every = std::chrono::minutes(core_.options.integer("witness.checkpoint_minutes"));
  const auto now = core_.clock.since_boot();
  if (!hub_ || core_.log_closed || (last_round_ && now - *last_round_ < every)) co_return;
  last_round_ = now;
  round_size_ = core_.log->size();
  hub_->send_checkpoints();
}

std::string Witnesses::witness_of(const PracticeId& practice) const {
  const auto* found = core_.practices.find(practice);
  return found && found->enrolment ? found->enrolment->witness_key.name() : std::string{};
}

std::size_t Witnesses::enrolled() const {
  std::size_t out = 0;
  for (const auto& [id, practice] : core_.practices.all()) out += practice.enrolment.has_value();
  return out;
}

// ---- a new link ---------------------------------------------------------------------------------

Result<> Witnesses::greeted(AgentLink& link, const frame::Hello& hello) {
  const auto witness = witness_of(link.practice());
  if (witness.empty()) return {};
  seen_[witness] = core_.clock.now();
  if (!hello.log.empty() && hello.log != core_.log->verifier().text()) PL_CHECK(lead_to_this_log(link, hello));
  else if (!hello.checkpoint.empty()) PL_CHECK(take_checkpoint(link, hello.checkpoint));
  PL_CHECK(has_answered(witness));
  if (core_.log_closed) return {};  // nothing to cosign, and what else is asked for is refused where it is asked
  return hub_->send_checkpoint(link);
}

// The practice watches a log that was closed: it is shown the staff key's word, one step after another.
Result<> Witnesses::lead_to_this_log(AgentLink& link, const frame::Hello& hello) {
  PL_TRY(notes, successors_since(core_.folder, core_.trust.staff, hello.log));
  if (notes.empty()) {
    event(Level::error, "witness.another_log", {{"practice", link.practice().text()}});
    core_.append_and_go_on(security_record("witness_watches_another_log", "link", {}, {}, hello.log, link.practice()));
    return {};
  }
  for (auto& note : notes) PL_CHECK(link.send(frame::LogSuccessor{std::move(note)}));
  return {};
}

// What it cosigned, under our own signature: part of our log, or we have lost our past.
Result<> Witnesses::take_checkpoint(AgentLink& link, const std::string& note) {
  auto found = compare(*core_.log, witness_of(link.practice()), note);
  if (!found) {
    if (found.error().code == Errc::io) return std::unexpected(std::move(found).error());
    event(Level::warn, "witness.strange_checkpoint", {{"practice", link.practice().text()}, {"what", found.error().what}});
    core_.append_and_go_on(security_record("witness_checkpoint_not_ours", "link", {}, {}, found.error().what, link.practice()));
    return {};
  }
  if (*found) return close_log(**std::move(found), link.practice());
  const auto shown = audit::peek_checkpoint(note);
  if (shown) link.assumed_cosigned = std::max(link.assumed_cosigned, shown->size);
  return {};
}

// For ever: what a restart must not forget is written first. Nothing is appended, not even this.
Result<> Witnesses::close_log(Behind behind, const PracticeId& practice) {
  const json::object facts{{"cause", behind.cause}, {"witness", behind.witness}, {"practice", practice.text()}, {"size", behind.size}, {"own_size", behind.own_size}};
  if (!state_.behind || state_.behind->size < behind.size) {
    state_.behind = std::move(behind);
    PL_CHECK(state_.write(core_.folder));
  }
  const bool news = !core_.log_closed || !is_known_alarm("", "closed");
  core_.log_closed = state_.why_closed(core_.folder);
  event(Level::error, "log.behind", {{"practice", practice.text()}, {"what", core_.log_closed->what}});
  if (news) core_.signals.trouble("log_behind", facts);
  return std::unexpected(*core_.log_closed);
}

Result<> Witnesses::has_answered(const std::string& witness) {
  if (!state_.restored || state_.behind || !state_.asked.insert(witness).second) return {};
  if (state_.asked.size() * 2 > enrolled()) return go_on("most practices were asked, and none has seen more");
  core_.log_closed = state_.why_closed(core_.folder);
  return state_.write(core_.folder);
}

Result<> Witnesses::go_on(const std::string& why) {
  const auto detail = "restored at " + std::to_string(state_.restored_size) + " records; " + why;
  state_ = LogState{};
  PL_CHECK(state_.write(core_.folder));
  core_.log_closed.reset();
  event(Level::warn, "log.goes_on", {{"why", why}});
  core_.append_and_go_on(security_record("log_goes_on", "gateway", {}, {}, detail));
  return {};
}

// ---- their answers ------------------------------------------------------------------------------

void Witnesses::cosigned(AgentLink& link, audit::TreeSize) {
  const auto witness = witness_of(link.practice());
  seen_[witness] = core_.clock.now();
  alarms_.erase(witness);
}

// 403, 404, 422: it will not sign what we signed. A practice's agent says in a frame of its own why; others do not.
void Witnesses::refused(AgentLink& link, audit::TreeSize size, const frame::Cosignature& answer) {
  const auto witness = witness_of(link.practice());
  if (answer.status != 403 && answer.status != 404 && answer.status != 422) return;
  if (alarms_.contains(witness)) return;
  const auto note = core_.log->checkpoint_at(size);
  record_alarm(link, {"NO_PROOF", size, {}, note.value_or("")});
}

Result<> Witnesses::asked(AgentLink& link, const frame::FactCheck& question) {
  if (link.cosigned == 0) return bad("asks before it has cosigned a checkpoint", "frame fact_check");
  if (++link.questions > most_questions) return bad("asks too often", "frame fact_check");
  PL_TRY(proofs, prove_facts(*core_.log, link.practice(), link.cosigned, question.indexes));
  return link.send(frame::FactProof{std::move(proofs)});
}

Result<> Witnesses::alarmed(AgentLink& link, const frame::Alarm& alarm) {
  if (++link.alarms > most_alarms) return bad("raises the alarm too often", "frame alarm");
  record_alarm(link, alarm);
  // What it shows under our own signature counts as what hello shows.
  for (const auto& note : {alarm.known, alarm.conflicting})
    if (is_ours(core_, note) && !core_.log_closed) PL_CHECK(take_checkpoint(link, note));
  return {};
}

bool Witnesses::is_known_alarm(const std::string& witness, const std::string& what) { return !alarms_[witness].insert(what).second; }

// Only notes of our own signature are kept with it: what a practice merely says is its word, not a checkpoint.
void Witnesses::record_alarm(const AgentLink& link, const frame::Alarm& alarm) {
  const auto witness = witness_of(link.practice());
  if (is_known_alarm(witness, key_of(alarm.cause, alarm.size, alarm.conflicting))) return;
  json::object fields{{"witness", witness}, {"cause", alarm.cause}, {"size", alarm.size}};
  if (is_ours(core_, alarm.known)) fields["known"] = alarm.known;
  if (is_ours(core_, alarm.conflicting)) fields["conflicting"] = alarm.conflicting;
  event(Level::error, "witness.alarm", {{"practice", link.practice().text()}, {"cause", alarm.cause}, {"size", alarm.size}});
  core_.append_and_go_on(audit::Record::make("witness_alarm", fields));
  core_.signals.trouble("witness_alarm", {{"witness", witness}, {"practice", link.practice().text()}, {"cause", alarm.cause}, {"size", alarm.size}});
}

}  // namespace pontlevis::gateway
