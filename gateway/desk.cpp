#include "gateway/desk.hpp"

#include <set>

#include "gateway/events.hpp"
#include "gateway/nir.hpp"
#include "gateway/records.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/statement.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

void Desk::tell(const PracticeId& practice, Frame frame) {
  // Not delivered is not lost: a new link hears everything unsaid.
  if (auto sent = links_.send(practice, std::move(frame)); !sent)
    event(Level::debug, "link.not_told", {{"practice", practice.text()}, {"what", sent.error().what}});
}

// ---- request ----

PolicyFacts Desk::policy_facts(const Asked& asked) const {
  const auto* practice = core_.practices.find(asked.practice);
  auto id = *InterventionId::parse(make_uuid(core_.random));
  const auto has_open = [this, asked](const Login& login) {
    for (const auto& [other, iv] : core_.interventions.all_live())
      if (iv.phase < Phase::ended && iv.request.practice == asked.practice && iv.request.system == asked.system &&
          iv.connected_operator(login) && !(iv.waiting() && too_early(iv.request, core_.clock.now())))
        return true;  // a planned one does not count before its time
    return false;
  };
  return {std::move(id), core_.clock.now(), std::chrono::minutes(core_.options.integer("request.lifetime_minutes")),
          core_.options.integer("request.max_minutes"), core_.options.text("vendor.name"), practice,
          links_.up(asked.practice), [this](const Login& login) { return core_.technicians.valid_card(login); }, has_open,
          std::chrono::hours(core_.options.integer("request.notice_hours")),
          [this](const std::string& id) { return core_.vendor_register.authorised(id); }};
}

Awaitable<Desk::AskAnswer> Desk::refuse(Asked asked, PolicyRefusal refusal) {
  if (!refusal.rule.empty()) {
    event("request.refused", {{"practice", asked.practice.text()}, {"rule", refusal.rule}});
    const auto recorded = co_await core_.append(refused_record(asked, refusal));
    if (!recorded) co_return std::unexpected(recorded.error());
  }
  co_return std::unexpected(std::move(refusal));
}

Awaitable<Desk::AskAnswer> Desk::ask(Asked asked) {
  if (auto ready = core_.ready(); !ready) co_return std::unexpected(ready.error());
  if (core_.interventions.all_live().size() >= static_cast<std::size_t>(core_.options.integer("limits.live_interventions")))
    co_return std::unexpected(Error{Errc::unavailable, "too many interventions are not closed", "gateway", "close reports that are due"});
  auto request = decide(asked, policy_facts(asked));
  if (!request) co_return co_await refuse(std::move(asked), std::move(request).error());
  const auto id = request->intervention;
  // A row of phase `none` first, so that no second request slips past the rule while this one is appended.
  Intervention fresh(*std::move(request));
  if (auto added = core_.interventions.add(std::move(fresh)); !added) co_return std::unexpected(core_.store_refused(added.error()));
  const AccessRequest asked_for = core_.interventions.live(id)->request;
  auto recorded = co_await core_.append(request_record(asked_for, *core_.practices.find(asked_for.practice)));
  if (!recorded) {
    static_cast<void>(core_.interventions.drop(id));
    co_return std::unexpected(recorded.error());
  }
  Intervention& iv = *core_.interventions.live(id);
  iv.phase = rule_for(Phase::none, Speaker::gateway, FrameKind::access_request)->next;
  if (auto saved = core_.interventions.save(iv); !saved) co_return std::unexpected(saved.error());
  event("request.made", {{"intervention", id.text()}, {"practice", asked_for.practice.text()}, {"system", asked_for.system.text()}});
  tell(asked_for.practice, frame::Request{asked_for});
  changes_.announce();
  co_return id;
}

// ---- cancel and finish ----

namespace {

std::unexpected<Error> not_now(const Intervention& iv, std::string what, std::string hint) {
  return fail(Errc::conflict, std::move(what), "intervention " + iv.id().text().substr(0, 8), std::move(hint));
}

}  // namespace

Awaitable<Result<>> Desk::close_as_cancelled(InterventionId id, std::string by, std::string cause) {
  Intervention* iv = core_.interventions.live(id);
  if (!iv || iv->phase != Phase::requested) co_return fail(Errc::conflict, "is no longer waiting", "intervention");
  // In memory at once: a consent that crosses this cancellation finds it closed and opens nothing.
  iv->phase = rule_for(Phase::requested, Speaker::gateway, FrameKind::request_cancelled)->next;
  iv->state = State::cancelled;
  iv->why = cause;
  const auto practice = iv->request.practice;
  const auto lead = lead_of(iv->request).login;
  PL_CO_TRY(recorded, co_await core_.append(cancelled_record(*iv, by, core_.clock.now(), cause)));
  PL_CO_CHECK(core_.interventions.save(*core_.interventions.live(id)));
  event("request.cancelled", {{"intervention", id.text()}, {"cause", cause}});
  auto author = Login::parse(by);
  tell(practice, frame::RequestCancelled{id, author ? *author : lead});
  changes_.announce();
  core_.interventions.forget_done();
  co_return Result<>{};
}

Awaitable<Result<>> Desk::cancel(InterventionId id, Login by) {
  const Intervention* iv = core_.interventions.live(id);
  if (!iv || !iv->names(by)) co_return fail(Errc::not_found, "no live intervention of yours has this number", id.text().substr(0, 8));
  if (iv->phase == Phase::open) co_return not_now(*iv, "is open already", "`finish` asks the practice to end it");
  if (iv->phase != Phase::requested) co_return not_now(*iv, "has been decided already", "`status` shows where it stands");
  co_return co_await close_as_cancelled(id, by.text(), "BY_TECHNICIAN");
}

Awaitable<Result<>> Desk::finish(InterventionId id, Login by) {
  const Intervention* iv = core_.interventions.live(id);
  if (!iv || !iv->connected_operator(by)) co_return fail(Errc::not_found, "no live intervention of yours has this number", id.text().substr(0, 8));
  if (!rule_for(iv->phase, Speaker::gateway, FrameKind::finish)) {
    if (iv->phase == Phase::requested) co_return not_now(*iv, "is not open yet", "`cancel` takes the request back");
    co_return not_now(*iv, "is not open", "`status` shows where it stands");
  }
  event("session.finish_asked", {{"intervention", id.text()}});
  co_return links_.send(iv->request.practice, frame::Finish{id, by});
}

Awaitable<Result<>> Desk::hand_over(InterventionId id, Login by, Login to) {
  const Intervention* iv = core_.interventions.live(id);
  if (!iv || !iv->names(by)) co_return fail(Errc::not_found, "no live intervention of yours has this number", id.text().substr(0, 8));
  if (iv->in_charge() != by) co_return fail(Errc::not_allowed, "is handed over by its person in charge, " + iv->in_charge().text(), "handover");
  if (!iv->may_take_over(to) || to == by)
    co_return fail(Errc::not_allowed, to.text() + " is not the other operator of this intervention", "handover", "only who connects and acts can be in charge");
  if (!rule_for(iv->phase, Speaker::gateway, FrameKind::handover) || iv->report) co_return not_now(*iv, "cannot be handed over now", "`status` shows where it stands");
  event("session.handover_asked", {{"intervention", id.text()}});
  co_return links_.send(iv->request.practice, frame::Handover{id, by, to});
}

// ---- report ----

namespace {

// Who was named as additional qualified staff when asking stands in the report unless the author says otherwise.
std::vector<AdditionalStaff> staff_of(const AccessRequest& request) {
  std::vector<AdditionalStaff> out;
  for (const auto& op : request.operators) {
    if (op.role != OperatorRole::additional) continue;
    if (auto card = certs::StaffCard::peek(op.card)) out.push_back({card->name, card->qualification});
  }
  return out;
}

Result<> report_may_come(const Intervention* iv, const Report& report) {
  if (!iv || !iv->names(report.author))
    return fail(Errc::not_found, "no intervention of yours that waits for a report has this number", report.intervention.text().substr(0, 8));
  if (iv->in_charge() != report.author)
    return fail(Errc::not_allowed, "is reported by its person in charge, " + iv->in_charge().text(), "report");
  if (iv->report) return not_now(*iv, "has its report already", "`status` shows it");
  if (!iv->report_due()) return not_now(*iv, iv->phase < Phase::ended ? "has not ended" : "needs no report", "`status` shows where it stands");
  for (const auto& text : {report.tasks_summary, report.none_consulted_reason.value_or("")})
    if (holds_nir(text)) return fail(Errc::not_allowed, "holds a French social-security number", "report", "describe the work without naming a patient");
  if (iv->request.criticality == Criticality::critical && report.additional_staff.empty() && !report.none_consulted_reason)
    return fail(Errc::bad_input, "a CRITICAL intervention names the qualified people consulted", "report",
                "--consulted \"Name, qualification\", or --none-consulted \"why\" (counts as a non-conformity)");
  return {};
}

}  // namespace

Awaitable<Result<>> Desk::report(Report report) {
  Intervention* iv = core_.interventions.live(report.intervention);
  if (iv && report.additional_staff.empty() && !report.none_consulted_reason) report.additional_staff = staff_of(iv->request);
  PL_CO_CHECK(report_may_come(iv, report));
  PL_CO_TRY(checked, report_from(to_json(report), "report"));
  PL_CO_CHECK(core_.ready());
  iv->report = checked;  // before the append: a second report meanwhile is refused
  auto recorded = co_await core_.append(report_record(*iv, checked, core_.clock.now()));
  if (!recorded) {
    iv->report.reset();
    co_return std::unexpected(recorded.error());
  }
  iv->phase = rule_for(Phase::ended, Speaker::gateway, FrameKind::report)->next;
  PL_CO_CHECK(core_.interventions.save(*iv));
  event("report.given", {{"intervention", report.intervention.text()}});
  tell(iv->request.practice, frame::ReportGiven{checked});
  co_return co_await settle(report.intervention);
}

// ---- facts ----

namespace {

// A copy of many small files is many facts; beyond this an agent is broken. The end is always taken.
constexpr std::size_t max_facts = 50'000;

std::unexpected<Error> bad_frame(std::string what, const frame::Fact& fact) {
  return fail(Errc::bad_frame, std::move(what), "frame " + std::string(word(fact.kind)));
}

// The agent may have spoken before it heard that the request was taken back: its words are kept as
// facts and change nothing.
bool crossed_cancellation(const Intervention& iv, FrameKind kind) {
  return iv.state == State::cancelled && (rule_for(Phase::requested, Speaker::agent, kind) ||
                                          kind == FrameKind::event || kind == FrameKind::session_end);
}

template <class T>
bool subset(const std::vector<T>& some, const std::vector<T>& all) {
  return std::all_of(some.begin(), some.end(), [&](const auto& x) { return std::find(all.begin(), all.end(), x) != all.end(); });
}

// A consent may lower what was asked, never raise it (A09).
Result<> consent_fits(const json::object& body, const Intervention& iv, const frame::Fact& fact) {
  const AccessRequest& request = iv.request;
  if (text_of(body, "request_sha256") != request_sha256(request)) return bad_frame("consents to another request", fact);
  if (text_of(body, "practice") != request.practice.text() || text_of(body, "system") != request.system.text())
    return bad_frame("names another practice or system", fact);
  if (!subset(texts_of(body, "tools"), request.tools)) return bad_frame("grants a tool that was not asked for", fact);
  const auto minutes = number_of(body, "minutes").value_or(0);
  if (iv.phase == Phase::open) {  // more time: it names the consent it extends
    if (text_of(body, "extends") != iv.consent_sha256) return bad_frame("extends another consent", fact);
    if (minutes < 1 || minutes > 480) return bad_frame("extends by no time or by too much", fact);
    return {};
  }
  if (body.contains("extends")) return bad_frame("extends a session that is not open", fact);
  if (minutes < 1 || minutes > request.minutes) return bad_frame("grants more time than was asked for", fact);
  return {};
}

}  // namespace

namespace {
// The first consent is proved until the session opens; one that extends an open session, while it is open.
bool awaits_proof(const Intervention& iv, const std::string& sha256) {
  return iv.phase == Phase::consented || (iv.phase == Phase::open && sha256 != iv.consent_sha256);
}
}  // namespace

Result<TakenFact> Desk::check_fact(const PracticeId& practice, const frame::Fact& fact, std::string sha256) {
  const auto* known = core_.practices.find(practice);
  const auto* iv = core_.interventions.live(fact.intervention);
  if (!known || !known->enrolment || !iv || iv->request.practice != practice)
    return bad_frame("speaks of an intervention that is not this practice's", fact);
  if (!rule_for(iv->phase, Speaker::agent, fact.kind) && !crossed_cancellation(*iv, fact.kind))
    return bad_frame("does not belong to phase " + std::string(word(iv->phase)), fact);
  PL_TRY(facts, core_.interventions.count_facts(fact.intervention));
  if (fact.kind == FrameKind::event && facts >= max_facts) return bad_frame("is one event too many for one intervention", fact);
  auto peeked = peek_statement(fact.note);
  if (!peeked) return bad_frame("carries no statement: " + peeked.error().what, fact);
  if (!statement_fits(fact.kind, peeked->type)) return bad_frame("carries a statement of another type", fact);
  auto body = open_statement(fact.note, peeked->type, known->enrolment->practice_key);
  if (!body) return bad_frame("is not signed by the practice's key", fact);
  if (text_of(*body, "intervention") != fact.intervention.text()) return bad_frame("is about another intervention", fact);
  if (!from_utc(text_of(*body, "at"))) return bad_frame("carries no time", fact);
  if (fact.kind == FrameKind::consent) PL_CHECK(consent_fits(*body, *iv, fact));
  return TakenFact{fact.kind, peeked->type, *std::move(body), std::move(sha256)};
}

Awaitable<Result<FactAnswer>> Desk::take_fact(PracticeId practice, frame::Fact fact) {
  FactAnswer answer{sha256_hex(fact.note)};
  PL_CO_TRY(known, core_.interventions.index_of_fact(answer.sha256));
  if (known) {
    const auto* iv = core_.interventions.live(fact.intervention);
    answer.index = *known;
    answer.proof_due = fact.kind == FrameKind::consent && iv && awaits_proof(*iv, answer.sha256);
    co_return answer;
  }
  PL_CO_CHECK(core_.interventions.revive(fact.intervention));
  PL_CO_TRY(taken, check_fact(practice, fact, answer.sha256));
  PL_CO_TRY(appended, co_await core_.append(fact_record(practice, taken, fact.note)));
  answer.index = taken.index = appended.index;
  Intervention& iv = *core_.interventions.live(fact.intervention);
  if (iv.state != State::cancelled) apply(iv, taken);
  PL_CO_CHECK(core_.interventions.save_with_fact(iv, taken));
  answer.proof_due = fact.kind == FrameKind::consent && awaits_proof(iv, answer.sha256);
  event("fact.taken", {{"intervention", fact.intervention.text()}, {"type", taken.type}, {"state", word(iv.state)}});
  if (fact.kind == FrameKind::session_end && on_session_end_) on_session_end_(fact.intervention);
  PL_CO_CHECK(co_await settle(fact.intervention));
  co_return answer;
}

// ---- the row is closed when everything is known ----

Awaitable<Result<>> Desk::settle(InterventionId id) {
  Intervention* iv = core_.interventions.live(id);
  const bool whole = iv && iv->session_end && iv->state == State::ended && (iv->report || !iv->ran());
  if (whole) {
    PL_CO_TRY(facts, core_.interventions.facts_of(id));
    iv->state = State::closed;
    const auto crm = core_.options.text("webhook.url").empty() ? "NONE" : "PENDING";
    PL_CO_TRY(recorded, co_await core_.append(intervention_record(*iv, facts, *core_.practices.find(iv->request.practice), crm)));
    iv = core_.interventions.live(id);
    iv->phase = Phase::closed;
    PL_CO_CHECK(core_.interventions.save(*iv));
    event("intervention.closed", {{"intervention", id.text()}});
  }
  changes_.announce();
  core_.interventions.forget_done();
  co_return Result<>{};
}

Awaitable<void> Desk::settle_all() {
  std::vector<InterventionId> live;
  for (const auto& [id, iv] : core_.interventions.all_live()) live.push_back(id);
  for (const auto& id : live)
    if (auto settled = co_await settle(id); !settled) event(Level::error, "recovery.failed", {{"what", settled.error().what}});
}

Awaitable<void> Desk::sweep() {
  const auto away_since = core_.clock.now() - std::chrono::hours(1);
  std::vector<InterventionId> gone;
  for (const auto& [id, iv] : core_.interventions.all_live())
    if (iv.waiting() && iv.request.expires_at < away_since && !links_.up(iv.request.practice)) gone.push_back(id);
  for (const auto& id : gone)
    if (auto closed = co_await close_as_cancelled(id, "", "PRACTICE_AWAY"); !closed)
      event(Level::warn, "request.sweep_failed", {{"what", closed.error().what}});
}

std::vector<Frame> Desk::unsaid(const PracticeId& practice, const std::vector<InterventionId>& live_there) const {
  const std::set<InterventionId> there(live_there.begin(), live_there.end());
  std::vector<Frame> out;
  for (const auto& [id, iv] : core_.interventions.all_live()) {
    if (iv.request.practice != practice) continue;
    // An expired request is not asked again: the agent's own lapse, or the sweep, closes it.
    if (iv.waiting() && !there.contains(id) && iv.request.expires_at > core_.clock.now()) out.push_back(frame::Request{iv.request});
    if (iv.report && !iv.report_received) out.push_back(frame::ReportGiven{*iv.report});
  }
  return out;
}

std::vector<InterventionId> Desk::unproved(const PracticeId& practice) const {
  std::vector<InterventionId> out;
  for (const auto& [id, iv] : core_.interventions.all_live())
    if (iv.request.practice == practice && iv.phase == Phase::consented) out.push_back(id);
  return out;
}

}  // namespace pontlevis::gateway
