#include "agent/witness_watch.hpp"

#include "audit/evidence.hpp"
#include "audit/tlog_proof.hpp"
#include "protocol/io/events/events.hpp"
#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

constexpr std::size_t max_successors = 64;  // a log that was lost so often is none
constexpr int asked_often = 3;
constexpr unsigned most_questions = 64;  // after one checkpoint; what is left waits for the next
constexpr Millis shown_within = std::chrono::hours(24);
constexpr Millis checkpoints_within = std::chrono::hours(3);  // on a link that is up; a remark, no alarm

// Who signed what the gateway sent: only the log's own word is evidence.
std::optional<audit::Checkpoint> signed_checkpoint(const audit::AddCheckpointRequest& request, const NoteVerifier& log) {
  auto checkpoint = audit::open_checkpoint(request.checkpoint, log);
  return checkpoint ? std::optional(*std::move(checkpoint)) : std::nullopt;
}

}  // namespace

// ---- opening ------------------------------------------------------------------------------------

Result<std::unique_ptr<WitnessWatch>> WitnessWatch::open(const std::filesystem::path& data, const Identity& identity, Journal& journal, const Clock& clock) {
  PL_TRY(ledger, FactLedger::open(data / "log" / "acknowledged.db"));
  std::unique_ptr<WitnessWatch> out(new WitnessWatch(data, identity, journal, clock, std::move(ledger)));
  PL_CHECK(out->open_witnesses());
  PL_TRY(evidence, out->evidence());
  out->known_evidence_ = evidence.size();
  return out;
}

Result<> WitnessWatch::open_next(const NoteVerifier& log) {
  const auto name = witnesses_.empty() ? std::string("witness.db") : "witness-" + std::to_string(witnesses_.size()) + ".db";
  PL_TRY(cosigner, NoteSigner::parse(identity_.witness_key.text()));
  PL_TRY(witness, audit::Witness::open(data_ / "log" / name, log, std::move(cosigner), clock_));
  witnesses_.push_back(std::move(witness));
  return {};
}

// The chain is verified again at every start: from the log pinned at enrolment, each step by the staff key.
Result<> WitnessWatch::open_witnesses() {
  PL_CHECK(open_next(identity_.log));
  const auto file = data_ / "keys" / "log_successors.json";
  const auto text = io::read_file(file, 8 << 20);
  if (!text && text.error().code == Errc::not_found) return {};
  if (!text) return std::unexpected(text.error());
  PL_TRY(object, parse_object(*text, 8 << 20, file.string(), JsonForm::any));
  StrictObject in(object, file.string());
  for (const auto& value : in.array("taken", 0, max_successors)) {
    StrictObject one(value, file.string());
    const auto at = one.time("at");
    auto note = one.text("note", 1, max_statement_bytes, StrictObject::Lines::many);
    PL_CHECK(one.finish());
    PL_TRY(successor, certs::open_log_successor(note, identity_.staff));
    if (successor.old_log != witnesses_.back()->log()) return fail(Errc::bad_signature, "does not follow the log before it", file.string());
    PL_CHECK(open_next(successor.new_log));
    changes_.push_back({successor.old_log.name(), successor.new_log.name(), successor.cause, at});
    successors_.push_back(std::move(note));
  }
  return in.finish();
}

Result<> WitnessWatch::keep_successors() const {
  json::array taken;
  for (std::size_t i = 0; i < successors_.size(); ++i) taken.push_back(json::object{{"at", to_utc(changes_[i].at)}, {"note", successors_[i]}});
  return io::write_file(data_ / "keys" / "log_successors.json", json::serialize(json::object{{"taken", std::move(taken)}}) + "\n", io::FileMode::owner_only);
}

// ---- checkpoints --------------------------------------------------------------------------------

bool WitnessWatch::alarmed() const {
  return std::any_of(witnesses_.begin(), witnesses_.end(), [](const auto& w) { return w->alarmed(); });
}

std::string WitnessWatch::last_checkpoint() const {
  const auto state = witnesses_.back()->state();
  return state ? state->note : std::string{};
}

void WitnessWatch::take_checkpoint(const frame::Checkpoint& checkpoint) {
  const auto answer = witness().add_checkpoint(checkpoint.add_checkpoint);
  send(frame::Cosignature{answer.status, answer.body});
  weigh(checkpoint.add_checkpoint, answer);
}

void WitnessWatch::weigh(const std::string& add_checkpoint, const audit::WitnessAnswer& answer) {
  auto& watching = witness();
  const auto request = audit::AddCheckpointRequest::parse(add_checkpoint);
  const auto offered = request ? signed_checkpoint(*request, watching.log()) : std::nullopt;
  if (answer.status == 200 && offered) return after_cosigned(offered->size);
  const auto known = watching.state();
  if (offered && known) {
    // What it signed is smaller than what it signed before: an honest log only grows.
    if (offered->size < known->size) static_cast<void>(watching.accuse(audit::EvidenceKind::rolled_back, offered->size, request->checkpoint, {}));
    // It started where this practice stands, and could not show the way.
    else if (answer.status == 422 && request->old_size == known->size && offered->size > known->size && known->size > 0)
      static_cast<void>(watching.accuse(audit::EvidenceKind::no_proof, offered->size, request->checkpoint, {}));
  }
  if (answer.status == 400 || answer.status == 403 || answer.status == 404) note("wrong checkpoint", "witness answer " + std::to_string(answer.status));
  tell_evidence();
}

void WitnessWatch::after_cosigned(audit::TreeSize size) {
  cosigned_at_ = clock_.now();
  questions_ = 0;
  const auto& log = witness().log().name();
  // An acknowledgement says that the record is in the log. The log that came after it cannot be smaller.
  if (auto lost = ledger_.at_or_above(log, size); lost && *lost) miss(**lost, "the log ends before it, at " + std::to_string(size));
  if (auto silent = ledger_.unanswered(log, asked_often, clock_.now() - shown_within); silent && *silent)
    miss(**silent, "the gateway was asked to show it for more than a day, and did not");
  ask_for_facts(size);
  on_change();
}

// ---- facts --------------------------------------------------------------------------------------

// Only what this practice really said: an invented acknowledgement is nothing.
void WitnessWatch::acknowledged(const frame::Recorded& recorded) {
  const auto& waiting = journal_.unsent();
  const bool ours = std::any_of(waiting.begin(), waiting.end(), [&](const auto& fact) { return fact.sha256 == recorded.statement_sha256; });
  if (!ours) return;
  const auto kept = ledger_.acknowledged(witness().log().name(), {recorded.statement_sha256, recorded.index, clock_.now()});
  if (!kept) io::event(io::Level::error, "witness.ledger_failed", {{"what", kept.error().what}});
}

void WitnessWatch::ask_for_facts(audit::TreeSize size) {
  if (!asked_.empty() || questions_ >= most_questions || alarmed()) return;
  const auto& log = witness().log().name();
  auto due = ledger_.unproved(log, size, max_facts_checked);
  if (!due || due->empty() || !ledger_.asked(log, *due, clock_.now())) return;
  asked_ = *std::move(due);
  ++questions_;
  frame::FactCheck question;
  for (const auto& fact : asked_) question.indexes.push_back(fact.index);
  send(question);
}

// The record at the place the gateway named is about this very statement.
Result<> WitnessWatch::check_proof(const AcknowledgedFact& fact, const frame::FactProof::One& one) const {
  const auto& watching = *witnesses_.back();
  PL_TRY(proven, audit::verify_inclusion(one.record, one.tlog_proof, watching.log(), &watching));
  if (proven.index != fact.index || text_of(proven.fields, "statement_sha256") != fact.statement_sha256)
    return fail(Errc::bad_signature, "the record at its place is another one", "proof");
  return {};
}

Result<> WitnessWatch::take_fact_proof(const frame::FactProof& proof) {
  if (asked_.empty()) return fail(Errc::bad_frame, "the gateway proves what nobody asked for", "frame fact_proof");
  const auto asked = std::exchange(asked_, {});
  if (alarmed()) return {};
  const auto& log = witness().log().name();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto held = i < proof.proofs.size() ? check_proof(asked[i], proof.proofs[i]) : fail(Errc::bad_signature, "the gateway has no proof of it", "proof");
    if (!held) miss(asked[i], held.error().what);
    else PL_CHECK(ledger_.proved(log, asked[i].statement_sha256));
  }
  if (alarmed()) return {};
  const auto state = witness().state();
  if (state) ask_for_facts(state->size);
  on_change();
  return {};
}

void WitnessWatch::miss(const AcknowledgedFact& fact, const std::string& what) {
  const auto detail = "statement " + fact.statement_sha256 + ", acknowledged on " + to_utc(fact.acknowledged_at) + " as record " + std::to_string(fact.index) + ": " + what;
  const auto accused = witness().accuse(audit::EvidenceKind::missing_record, fact.index, {}, detail.substr(0, 500));
  if (accused) static_cast<void>(ledger_.give_up(witness().log().name(), fact.statement_sha256));
  tell_evidence();
}

void WitnessWatch::link_changed(bool up) {
  asked_.clear();
  questions_ = 0;
  told_ = 0;
  up_since_ = up ? std::optional(clock_.now()) : std::nullopt;
  if (up && alarmed()) tell_evidence();
}

// ---- the alarm ----------------------------------------------------------------------------------

namespace {
constexpr std::size_t told_at_most = 4;  // of the newest, on one link
}

void WitnessWatch::tell_evidence() {
  const auto all = evidence();
  if (!all) return on_alarm();
  const auto first = std::max(told_, all->size() > told_at_most ? all->size() - told_at_most : 0);
  if (up_since_ && alarmed())
    for (auto i = first; i < all->size(); ++i) send(frame::Alarm{std::string(word((*all)[i].kind)), (*all)[i].size, (*all)[i].known, (*all)[i].conflicting});
  told_ = all->size();
  if (all->size() <= known_evidence_) return;
  known_evidence_ = all->size();
  const auto kind = std::string(word(all->back().kind));
  io::event(io::Level::error, "witness.alarm", {{"kind", kind}});
  note("witness alarm", kind + " at " + std::to_string(all->back().size));
  on_alarm();
}

void WitnessWatch::note(std::string_view event, const std::string& detail) {
  journal_.keep_soon("security", {{"event", event}, {"subject_kind", "gateway"}, {"channel", "link"}, {"detail", detail}});
}

Result<std::vector<audit::Evidence>> WitnessWatch::evidence() const {
  std::vector<audit::Evidence> out;
  for (const auto& witness : witnesses_) {
    PL_TRY(some, witness->evidence());
    out.insert(out.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  return out;
}

// The log the alarm is about, the newest first; without an alarm, the last one that has evidence.
Result<audit::Witness*> WitnessWatch::accused() const {
  for (auto at = witnesses_.rbegin(); at != witnesses_.rend(); ++at)
    if ((*at)->alarmed()) return at->get();
  for (auto at = witnesses_.rbegin(); at != witnesses_.rend(); ++at) {
    PL_TRY(items, (*at)->evidence());
    if (!items.empty()) return at->get();
  }
  return fail(Errc::not_found, "there is no evidence: the gateway's log agrees with what this practice saw", "alarm");
}

Result<json::object> WitnessWatch::evidence_file() const {
  PL_TRY(witness, accused());
  PL_TRY(items, witness->evidence());
  return audit::evidence_file(identity_.practice.text(), witness->log(), witness->verifier(), items, clock_.now());
}

Result<> WitnessWatch::clear(const audit::Clearing& clearing) {
  PL_TRY(witness, accused());
  PL_CHECK(witness->clear(clearing));
  note("witness alarm cleared", clearing.by + ": " + clearing.why);
  on_change();
  return {};
}

// ---- a log that follows another -----------------------------------------------------------------

// Not while the alarm stands: a vendor who was caught does not walk away into a new log.
Result<> WitnessWatch::take_successor(const std::string& text) {
  PL_TRY(successor, certs::open_log_successor(text, identity_.staff));
  if (std::find(successors_.begin(), successors_.end(), text) != successors_.end()) return {};
  if (alarmed()) return note("log successor refused", "the alarm stands; " + successor.new_log.name()), Result<>{};
  if (successor.old_log != witness().log()) return fail(Errc::bad_frame, "follows another log than the one this practice watches", "frame log_successor");
  if (successors_.size() >= max_successors) return fail(Errc::bad_frame, "is one successor too many", "frame log_successor");
  PL_TRY(last, witness().state());
  PL_TRY(unproved, ledger_.count(successor.old_log.name()));
  PL_CHECK(open_next(successor.new_log));
  successors_.push_back(text);
  changes_.push_back({successor.old_log.name(), successor.new_log.name(), successor.cause, clock_.now()});
  if (auto kept = keep_successors(); !kept) {
    successors_.pop_back(), changes_.pop_back(), witnesses_.pop_back();
    return kept;
  }
  asked_.clear();
  note("log successor", successor.new_log.name() + " follows " + successor.old_log.name() + " (" + successor.cause + "): this practice cosigned " +
                            std::to_string(last.size) + " records, the vendor says " + std::to_string(successor.last_size) + ", never shown " + std::to_string(unproved));
  io::event(io::Level::warn, "witness.log_successor", {{"from", successor.old_log.name()}, {"to", successor.new_log.name()}});
  on_change();
  return {};
}

// ---- what people see ----------------------------------------------------------------------------

json::object WitnessWatch::status() const {
  const auto& watching = *witnesses_.back();
  const auto state = watching.state();
  const auto all = evidence();
  auto unproved = ledger_.count(watching.log().name());
  const auto quiet_since = std::max(cosigned_at_.value_or(Time{}), up_since_.value_or(Time{}));
  const bool quiet = up_since_ && clock_.now() - quiet_since > checkpoints_within;
  json::value newest, changed;
  if (all && !all->empty()) newest = json::object{{"kind", word(all->back().kind)}, {"seen", to_utc(all->back().seen)}, {"size", all->back().size}};
  if (!changes_.empty()) changed = json::object{{"from", changes_.back().from}, {"to", changes_.back().to}, {"cause", changes_.back().cause}, {"at", to_utc(changes_.back().at)}};
  return {{"log", watching.log().name()}, {"cosigned", state ? json::value(state->size) : json::value(nullptr)},
          {"cosigned_at", cosigned_at_ ? json::value(to_utc(*cosigned_at_)) : json::value(nullptr)},
          {"not_shown_yet", unproved ? json::value(*unproved) : json::value(nullptr)}, {"quiet", quiet},
          {"evidence", all ? json::value(all->size()) : json::value(nullptr)}, {"newest_evidence", std::move(newest)}, {"log_changed", std::move(changed)}};
}

}  // namespace pontlevis::agent
