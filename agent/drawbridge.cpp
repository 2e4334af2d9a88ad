#include "agent/drawbridge_item.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/crypto/sha256.hpp"
#include "protocol/io/events/events.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {
constexpr auto as_result = net::as_tuple(net::use_awaitable);
constexpr std::size_t most_waiting = 32;               // requests a practice is bothered with at one time
constexpr Millis proof_within = std::chrono::minutes(2);
constexpr Millis longest_wait = std::chrono::hours(24);
constexpr Millis longest_plan = std::chrono::days(62);  // from a planned request to the end of its window
constexpr int longest_session_minutes = 480;           // with every extension

void note_attempt(Journal& journal, std::string_view event, const std::string& detail) {
  journal.keep_soon("security", {{"event", event}, {"subject_kind", "gateway"}, {"channel", "link"}, {"detail", detail}});
}
}  // namespace

Drawbridge::Drawbridge(DrawbridgeParts parts)
    : parts_(std::move(parts)), changed_(parts_.io, net::steady_timer::time_point::max()),
      moved_at_(parts_.session.clock.now()) {
  parts_.watch.send = [this](const Frame& frame) { parts_.link.send(frame); };
  parts_.watch.on_alarm = [this] { on_alarm(); };
  parts_.watch.on_change = [this] { note_change(); };
}

Drawbridge::~Drawbridge() = default;

GatewayLink::Callbacks Drawbridge::callbacks() {
  return {.hello = [this] { return hello(); },
          .on_frame = [this](Frame frame) { return on_frame(std::move(frame)); },
          .on_change = [this](bool up) { on_link(up); }};
}

void Drawbridge::note_change() { changed_.cancel(); }

io::Awaitable<void> Drawbridge::changed() { co_await changed_.async_wait(as_result); }

void Drawbridge::set_phase(Item& item, Phase phase) {
  if (phase == Phase::open || item.phase == Phase::open) moved_at_ = parts_.session.clock.now();
  item.phase = phase;
  if (on_phase) on_phase(item.request.intervention, phase);
  if (phase == Phase::closed) static_cast<void>(parts_.session.store.close_request(item.request.intervention));
  note_change();
}

// ---- the gateway's frames -----------------------------------------------------------------------

frame::Hello Drawbridge::hello() const {
  std::vector<std::string> keys;
  for (const auto& key : parts_.identity.host_keys) keys.push_back(key.public_key().line());
  std::vector<InterventionId> live;
  for (const auto& [id, item] : items_)
    if (item->phase != Phase::closed && item->phase != Phase::ended) live.push_back(id);
  return {protocol_version, PONTLEVIS_VERSION, parts_.identity.practice, parts_.inventory.offered(), std::move(keys), std::move(live),
          parts_.watch.log_key(), parts_.watch.last_checkpoint()};
}

// A link that goes down with a problem was ended by us, for what the gateway sent: noted, and shown to people.
void Drawbridge::on_link(bool up) {
  if (const auto& problem = parts_.link.last_problem(); !up && !problem.empty()) {
    last_attempt_ = "the gateway broke the protocol: " + printable(problem, 300);
    note_attempt(parts_.session.journal, "wrong frame", last_attempt_);
  }
  for (const auto& [id, item] : items_)
    if (item->session) item->session->link_changed(up);
  parts_.watch.link_changed(up);
  note_change();
}

namespace {
constexpr bool a_gateway_may_send(FrameKind kind) {
  for (const auto& rule : conversation)
    if (rule.from == Speaker::gateway && rule.kind == kind) return true;
  return false;
}
}  // namespace

Result<> Drawbridge::on_frame(Frame frame) {
  if (const auto* welcome = std::get_if<frame::Welcome>(&frame)) {
    for (const auto& note : welcome->revocations) PL_CHECK(take_revocation(note));
    return {};
  }
  if (is_about_the_link(kind_of(frame))) return on_link_frame(frame);
  const auto id = intervention_of(frame);
  if (id && a_gateway_may_send(kind_of(frame))) return on_intervention_frame(frame, *id);
  return fail(Errc::bad_frame, "a frame only an agent may send: " + std::string(word(kind_of(frame))));
}

// None of these touches an intervention; what a checkpoint brings to light may close things, never open them.
Result<> Drawbridge::on_link_frame(const Frame& frame) {
  if (const auto* revocation = std::get_if<frame::Revocation>(&frame)) return take_revocation(revocation->note);
  if (const auto* recorded = std::get_if<frame::Recorded>(&frame)) {
    parts_.watch.acknowledged(*recorded);
    parts_.session.journal.recorded(recorded->statement_sha256);
    return {};
  }
  if (const auto* checkpoint = std::get_if<frame::Checkpoint>(&frame)) return parts_.watch.take_checkpoint(*checkpoint), Result<>{};
  if (const auto* proof = std::get_if<frame::FactProof>(&frame)) return parts_.watch.take_fact_proof(*proof);
  if (const auto* successor = std::get_if<frame::LogSuccessor>(&frame)) return parts_.watch.take_successor(successor->note);
  if (std::holds_alternative<frame::Drain>(frame)) return {};
  if (const auto* refused = std::get_if<frame::Refused>(&frame))
    return fail(Errc::not_allowed, "the gateway refused: " + printable(refused->what, 300));
  return fail(Errc::bad_frame, "a frame only an agent may send: " + std::string(word(kind_of(frame))));
}

// ---- the alarm ----------------------------------------------------------------------------------

// Nothing new opens. What is open is held, not cut: the repair under way is the practice's own, and its journal goes
// on recording; a person here reads the alarm and then resumes or stops (docs/decisions/0018).
void Drawbridge::on_alarm() {
  last_attempt_ = "the gateway's log contradicts itself; the evidence is kept";
  for (const auto& [id, item] : items_) {
    if (item->phase == Phase::open && item->session) item->session->pause("rule");
    if (item->phase == Phase::consented && !item->session && !item->deciding)
      net::co_spawn(parts_.io, end_unopened(item, EndCause::policy, last_attempt_), net::detached);
  }
  note_change();
}

Result<> Drawbridge::not_while_alarmed(const char* doing) const {
  if (!parts_.watch.alarmed()) return {};
  return fail(Errc::not_allowed, "the gateway's log contradicts itself; no session opens until this is cleared up", doing, "pontlevis-agent alarm show");
}

Result<> Drawbridge::clear_alarm(const audit::Clearing& clearing) {
  PL_CHECK(parts_.watch.clear(clearing));
  last_attempt_.clear();
  note_change();
  return {};
}

namespace {
// True when the gateway could rightly send this before it heard of what we did meanwhile.
bool is_late(Phase now, FrameKind kind) {
  for (const auto& rule : conversation)
    if (rule.from == Speaker::gateway && rule.kind == kind && rule.phase < now) return true;
  return false;
}
}  // namespace

Result<> Drawbridge::on_intervention_frame(Frame& frame, const InterventionId& id) {
  const auto kind = kind_of(frame);
  const auto found = items_.find(id);
  const Phase phase = found == items_.end() ? Phase::none : found->second->phase;
  if (const auto* asked = std::get_if<frame::Request>(&frame)) return take_request(asked->request);
  if (!rule_for(phase, Speaker::gateway, kind)) {
    // A relay is late only where there was something to relay to: not after a refusal or a lapse.
    const bool never_agreed = found != items_.end() && kind == FrameKind::relay_wanted && !found->second->consented;
    if (found != items_.end() && is_late(phase, kind) && !never_agreed) {
      // The vendor's "never mind" crossed our yes: nothing opened yet, so nothing will.
      if (kind == FrameKind::request_cancelled && phase == Phase::consented && !found->second->session && !found->second->deciding)
        net::co_spawn(parts_.io, end_unopened(found->second, EndCause::policy, "the vendor took the request back"), net::detached);
      if (const auto* late = std::get_if<frame::RelayWanted>(&frame))
        parts_.link.send(frame::RelayRefused{id, late->relay, "the session is not open"});
      return {};
    }
    PL_TRY(known, parts_.session.store.knows(id));
    if (known && kind != FrameKind::proof && kind != FrameKind::relay_wanted) return {};  // closed long ago
    return fail(Errc::bad_frame, "the gateway sent `" + std::string(word(kind)) + "` for an intervention in phase " + std::string(word(phase)));
  }
  const ItemPtr item = found->second;
  if (std::holds_alternative<frame::RequestCancelled>(frame)) {
    item->why_closed = "the vendor took the request back";
    item->timer.cancel();
    set_phase(*item, Phase::closed);
  } else if (const auto* proof = std::get_if<frame::Proof>(&frame)) {
    take_proof(item, *proof);
  } else if (auto* wanted = std::get_if<frame::RelayWanted>(&frame)) {
    net::co_spawn(parts_.io, dial_relay(item, *wanted), net::detached);
  } else if (const auto* finish = std::get_if<frame::Finish>(&frame)) {
    // Anybody may close; only the lead's word is a finished task.
    const bool lead = finish->by == item->in_charge;
    net::co_spawn(parts_.io, item->session->end(lead ? EndCause::done : EndCause::policy, "finished by " + finish->by.text(), finish->by.text()), net::detached);
  } else if (const auto* handover = std::get_if<frame::Handover>(&frame)) {
    return take_handover(item, *handover);
  } else if (auto* given = std::get_if<frame::ReportGiven>(&frame)) {
    net::co_spawn(parts_.io, take_report(item, given->report), net::detached);
  }
  return {};
}

// ---- step 1: a request arrives ------------------------------------------------------------------

Result<> Drawbridge::take_request(const AccessRequest& request) {
  const auto known = items_.find(request.intervention);
  if (known != items_.end()) {
    if (request_sha256(known->second->request) == request_sha256(request)) return {};  // sent again after a reconnect
    return fail(Errc::bad_frame, "the gateway changed a request after it was sent");
  }
  PL_TRY(used, parts_.session.store.knows(request.intervention));
  if (used) return {};  // an old, closed intervention: its facts are sent again, nothing reopens
  std::size_t waiting = 0;
  for (const auto& [id, item] : items_) waiting += item->phase == Phase::requested;
  if (waiting >= most_waiting) return fail(Errc::unavailable, "too many requests wait here already", "link");
  PL_CHECK(parts_.session.store.keep_request(request));
  auto item = std::make_shared<Item>(request, parts_.io);
  items_.emplace(request.intervention, item);
  net::co_spawn(parts_.io, put_on_desk(item), net::detached);
  return {};
}

io::Awaitable<void> Drawbridge::put_on_desk(ItemPtr item) {
  std::string why;
  if (parts_.watch.alarmed()) why = "the gateway's log contradicts itself; no session opens until this is cleared up";
  auto received = parts_.desk.receive(item->request);
  if (why.empty() && !received) why = received.error().what;
  if (why.empty()) {
    item->pending = *std::move(received);
    io::event("request.waiting", {{"intervention", item->request.intervention.text()}});
    if (on_request) on_request(*item->pending);
    note_change();
    co_return co_await wait_for_lapse(item);
  }
  item->why_closed = why;
  last_attempt_ = why;
  static_cast<void>(co_await parts_.desk.not_asked(item->request, why));
  set_phase(*item, Phase::closed);
}

// Silence until the request's own end is a lapse: never a refusal, never a yes (design §8). A planned one
// calls again when its window begins.
io::Awaitable<void> Drawbridge::wait_for_lapse(ItemPtr item) {
  const auto& request = item->request;
  const auto& clock = parts_.session.clock;
  bool early = too_early(request, clock.now());
  const Millis until = clock.since_boot() + std::min<Millis>(request.expires_at - clock.now(), request.opens_from ? longest_plan : longest_wait);
  while (item->phase == Phase::requested && clock.since_boot() < until) {
    Millis look = std::min<Millis>(until - clock.since_boot(), std::chrono::seconds(5));
    if (early) look = std::min<Millis>(look, *request.opens_from - clock.now() + Millis(1));
    item->timer.expires_after(look);
    co_await item->timer.async_wait(as_result);
    if (early && item->phase == Phase::requested && !(early = too_early(request, clock.now()))) {
      if (on_request) on_request(*item->pending);
      note_change();
    }
  }
  if (item->phase != Phase::requested || item->deciding) co_return;
  item->why_closed = "nobody answered in time";
  set_phase(*item, Phase::closed);
  static_cast<void>(co_await parts_.desk.lapse(request));
}

// ---- step 2: a person decides -------------------------------------------------------------------

Result<Drawbridge::ItemPtr> Drawbridge::item(const InterventionId& id, Phase phase, const char* doing) const {
  const auto found = items_.find(id);
  if (found == items_.end()) return fail(Errc::not_found, "there is no intervention " + id.text(), doing, "pontlevis-agent requests");
  if (found->second->phase != phase || found->second->deciding)
    return fail(Errc::conflict, "the intervention is " + std::string(word(found->second->phase)) +
                                    (found->second->why_closed.empty() ? "" : ": " + found->second->why_closed), doing);
  return found->second;
}

io::Awaitable<Result<OpenedDoor>> Drawbridge::approve(InterventionId id, Choice choice, Approver approver) {
  PL_CO_TRY(it, item(id, Phase::requested, "approve"));
  if (!it->pending) co_return fail(Errc::unavailable, "the request is still being checked", "approve");
  PL_CO_CHECK(not_while_alarmed("approve"));
  if (!parts_.link.up())
    co_return fail(Errc::unavailable, "the gateway cannot be reached now", "approve", "the request stays; try again in a moment");
  it->deciding = true;
  const PendingRequest pending = *it->pending;
  auto consented = co_await parts_.desk.consent(pending, std::move(choice), std::move(approver));
  it->deciding = false;
  if (!consented) co_return std::unexpected(std::move(consented).error());
  it->consented = *std::move(consented);
  set_phase(*it, Phase::consented);
  it->timer.expires_after(proof_within);  // also ends the wait for a lapse
  const auto [no_proof] = co_await it->timer.async_wait(as_result);
  if (!no_proof && it->phase == Phase::consented && !it->session)
    co_await end_unopened(it, EndCause::error, "the gateway gave no proof that the consent is in its log");
  while (it->phase == Phase::consented && it->session) co_await it->outcome_known.async_wait(as_result);
  if (it->phase != Phase::open)
    co_return fail(Errc::unavailable, "the access stays closed: " + it->why_closed, "approve");
  co_return OpenedDoor{id, it->consented->grant().minutes, std::exchange(it->shown, {})};
}

io::Awaitable<Result<>> Drawbridge::accept(InterventionId id, Language language, Approver approver) {
  PL_CO_TRY(it, item(id, Phase::requested, "accept"));
  if (!it->pending) co_return fail(Errc::unavailable, "the request is still being checked", "accept");
  if (it->accepted) co_return fail(Errc::conflict, it->accepted->name + " has accepted this date already", "accept");
  it->deciding = true;
  const PendingRequest pending = *it->pending;
  Accepted accepted{approver.login, approver.name, parts_.session.clock.now()};
  const auto written = co_await parts_.desk.accept(pending, language, std::move(approver));
  it->deciding = false;
  if (!written) co_return written;
  it->accepted = std::move(accepted);
  note_change();
  co_return Result<>{};
}

io::Awaitable<Result<>> Drawbridge::refuse(InterventionId id, Approver approver, std::optional<std::string> why) {
  PL_CO_TRY(it, item(id, Phase::requested, "refuse"));
  if (!it->pending) co_return fail(Errc::unavailable, "the request is still being checked", "refuse");
  it->deciding = true;
  const PendingRequest pending = *it->pending;
  const auto written = co_await parts_.desk.refuse(pending, std::move(approver), std::move(why));
  it->deciding = false;
  if (!written) co_return written;
  it->why_closed = "refused";
  set_phase(*it, Phase::closed);
  it->timer.cancel();
  co_return Result<>{};
}

// ---- step 3: no proof, no door ------------------------------------------------------------------

// A proof that nobody waits for changes nothing.
void Drawbridge::take_extension_proof(ItemPtr item, const frame::Proof& proof) {
  if (!item->extension || !item->session) return;
  auto answer = ProofGate::check(*item->extension, proof, parts_.watch.witness());
  parts_.link.send(frame::Cosignature{answer.cosignature.status, answer.cosignature.body});
  parts_.watch.weigh(proof.add_checkpoint, answer.cosignature);
  if (answer.proved) item->session->extend(*answer.proved);
  else {
    item->extension_failed = answer.proved.error();
    last_attempt_ = answer.proved.error().text();
    note_attempt(parts_.session.journal, "wrong proof", last_attempt_);
  }
  item->extension.reset();
  item->outcome_known.cancel();
}

Result<Notice> Drawbridge::extension_notice(const InterventionId& id, int minutes, Language language) const {
  PL_TRY(it, item(id, Phase::open, "extend"));
  if (!it->session || !it->consented || !it->pending) return fail(Errc::conflict, "no session is open", "extend");
  return parts_.desk.extension_notice(*it->consented, it->pending->system, minutes, language);
}

int Drawbridge::most_more_minutes(const InterventionId& id) const {
  const auto found = items_.find(id);
  return found == items_.end() || !found->second->session ? 0 : std::max(0, longest_session_minutes - found->second->session->granted_minutes());
}

io::Awaitable<Result<>> Drawbridge::extend(InterventionId id, int minutes, Choice choice, Approver approver) {
  PL_CO_TRY(it, item(id, Phase::open, "extend"));
  if (!it->session || !it->consented || !it->pending) co_return fail(Errc::conflict, "no session is open", "extend");
  if (it->extension) co_return fail(Errc::conflict, "an extension is being written down", "extend");
  PL_CO_CHECK(not_while_alarmed("extend"));
  if (minutes < 1 || minutes > most_more_minutes(id))
    co_return fail(Errc::bad_input, "a session lasts at most " + std::to_string(longest_session_minutes) + " minutes in all", "extend", "ask for a new intervention");
  if (!parts_.link.up()) co_return fail(Errc::unavailable, "the gateway cannot be reached now", "extend", "the session goes on until its deadline");
  it->deciding = true;
  const Consented first = *it->consented;
  const System system = it->pending->system;
  auto consented = co_await parts_.desk.extend(first, system, minutes, std::move(choice), std::move(approver));
  it->deciding = false;
  if (!consented) co_return std::unexpected(std::move(consented).error());
  it->extension_failed.reset();
  it->extension = *std::move(consented);
  net::steady_timer longest(parts_.io, proof_within);
  longest.async_wait([it](const boost::system::error_code& ec) {
    if (!ec) it->outcome_known.cancel();
  });
  while (it->extension && it->session && longest.expiry() > net::steady_timer::clock_type::now()) co_await it->outcome_known.async_wait(as_result);
  if (it->extension_failed) co_return std::unexpected(*it->extension_failed);
  if (std::exchange(it->extension, std::nullopt))
    co_return fail(Errc::unavailable, "the gateway gave no proof that the consent is in its log; the time stays as it was", "extend");
  co_return Result<>{};
}

void Drawbridge::take_proof(ItemPtr item, const frame::Proof& proof) {
  if (item->phase == Phase::open) return take_extension_proof(item, proof);
  if (!item->consented || item->session || item->deciding) return;
  auto answer = ProofGate::check(*item->consented, proof, parts_.watch.witness());
  parts_.link.send(frame::Cosignature{answer.cosignature.status, answer.cosignature.body});
  item->deciding = true;  // whatever the checkpoint brings to light, this one is ended here
  parts_.watch.weigh(proof.add_checkpoint, answer.cosignature);
  item->deciding = false;
  if (auto calm = not_while_alarmed("proof"); answer.proved && !calm) answer.proved = std::unexpected(std::move(calm).error());
  if (!answer.proved) {
    last_attempt_ = answer.proved.error().text();
    note_attempt(parts_.session.journal, "wrong proof", last_attempt_);
    net::co_spawn(parts_.io, end_unopened(item, EndCause::policy, answer.proved.error().what), net::detached);
    return;
  }
  static_cast<void>(parts_.session.store.keep_proof(item->request.intervention, proof));
  item->session = std::make_shared<Session>(parts_.session, *std::move(answer.proved), item->pending->system);
  net::co_spawn(parts_.io, open_session(item, item->session), net::detached);
  item->timer.cancel();
}

namespace {
// What was tried at the session's door is told beside what the gateway tried; `told` counts what was.
void tell_attempt(const Session& session, std::uint64_t& told, std::string& last) {
  const auto attempts = session.status().at("attempts").to_number<std::uint64_t>();
  if (attempts == told) return;
  const json::object details = session.details();
  const auto& lines = details.at("activity").as_array();
  if (lines.empty() || lines.back().at("type").as_string() != "attempt") return;
  told = attempts;
  last = printable(std::string_view(lines.back().at("what").as_string())) + ": " + printable(std::string_view(lines.back().at("why").as_string()));
}
}  // namespace

io::Awaitable<void> Drawbridge::open_session(ItemPtr item, std::shared_ptr<Session> session) {
  session->on_ended = [this, weak = std::weak_ptr(item)] {
    if (auto it = weak.lock()) {
      it->session.reset();
      if (it->why_closed.empty()) it->why_closed = "the session has ended";
      set_phase(*it, Phase::ended);
      it->outcome_known.cancel();
    }
  };
  session->on_change = [this, weak = std::weak_ptr(session), told = std::uint64_t{0}]() mutable {
    if (const auto open = weak.lock()) tell_attempt(*open, told, last_attempt_);
    note_change();
  };
  auto shown = co_await session->open();
  if (shown) {
    item->shown = *std::move(shown);
    set_phase(*item, Phase::open);
  } else {
    item->why_closed = shown.error().what;
    co_await session->end(EndCause::error, shown.error().what, "rule");
  }
  item->outcome_known.cancel();
}

io::Awaitable<void> Drawbridge::end_unopened(ItemPtr item, EndCause cause, std::string detail) {
  item->why_closed = detail;
  item->deciding = true;
  const auto now = to_utc(parts_.session.clock.now());
  json::object body{{"cause", word(cause)}, {"detail", detail}, {"opened", false}, {"started_at", nullptr},
                    {"ended_at", now}, {"duration_seconds", 0}, {"active_seconds", 0}, {"cut_ms", 0},
                    {"processes_ended", json::array{}}, {"processes_left", json::array{}}, {"connections", 0},
                    {"bytes_in", 0}, {"bytes_out", 0}};
  const auto written = co_await parts_.session.journal.record("session_end", item->request.intervention, std::move(body));
  if (!written) io::event(io::Level::error, "session.end_not_recorded", {{"intervention", item->request.intervention.text()}});
  item->deciding = false;
  set_phase(*item, Phase::ended);
  item->timer.cancel();
}

// ---- step 4: the session ------------------------------------------------------------------------

io::Awaitable<void> Drawbridge::dial_relay(ItemPtr item, frame::RelayWanted wanted) {
  auto session = item->session;
  std::string why = session && !session->ended() ? "" : "the session is not open";
  if (why.empty()) {
    auto relay = co_await parts_.link.dial_relay(wanted.relay);
    if (relay) co_return session->serve(*std::move(relay));
    why = "the practice could not dial back: " + relay.error().what;
  }
  parts_.link.send(frame::RelayRefused{wanted.intervention, wanted.relay, why.substr(0, 300)});
}

io::Awaitable<Result<>> Drawbridge::stop(InterventionId id, std::string by) {
  const auto found = items_.find(id);
  if (found == items_.end()) co_return fail(Errc::not_found, "there is no intervention " + id.text(), "stop");
  const ItemPtr it = found->second;
  if (it->session) {
    const auto session = it->session;
    co_await session->end(EndCause::withdrawn, "stopped by the practice", by);
  } else if (it->phase == Phase::consented && !it->deciding) {
    co_await end_unopened(it, EndCause::withdrawn, "stopped by the practice");
  } else if (it->phase == Phase::requested) {
    co_return fail(Errc::conflict, "nothing is open yet", "stop", "refuse the request instead");
  } else {
    co_return fail(Errc::conflict, "the intervention has ended already", "stop");
  }
  co_return Result<>{};
}

Result<std::shared_ptr<Session>> Drawbridge::open_session_of(const InterventionId& id, const char* doing) const {
  PL_TRY(it, item(id, Phase::open, doing));
  if (!it->session) return fail(Errc::conflict, "no session is open", doing);
  return it->session;
}

Result<> Drawbridge::pause(const InterventionId& id, std::string by) {
  PL_TRY(session, open_session_of(id, "pause"));
  session->pause(std::move(by));
  return {};
}

Result<> Drawbridge::resume(const InterventionId& id, std::string by) {
  PL_TRY(session, open_session_of(id, "resume"));
  session->resume(std::move(by));
  return {};
}

Result<> Drawbridge::choose_typist(const InterventionId& id, std::optional<Login> who, std::string by) {
  PL_TRY(session, open_session_of(id, "typist"));
  return session->choose_typist(std::move(who), std::move(by));
}

Result<> Drawbridge::hold_tool(const InterventionId& id, const std::string& tool, bool held, std::string by) {
  PL_TRY(session, open_session_of(id, "pause"));
  return session->hold_tool(tool, held, std::move(by));
}

Result<ShownPassword> Drawbridge::new_password(const InterventionId& id, const Login& login) {
  PL_TRY(session, open_session_of(id, "code"));
  return session->new_password(login);
}

Result<std::shared_ptr<LiveView::Watcher>> Drawbridge::watch(const InterventionId& id, std::size_t limit) {
  PL_TRY(session, open_session_of(id, "watch"));
  return session->watch(limit);
}

io::Awaitable<void> Drawbridge::close_all(std::string why) {
  std::vector<std::shared_ptr<Session>> open;
  for (const auto& [id, item] : items_)
    if (item->session) open.push_back(item->session);
  for (const auto& session : open) co_await session->end(EndCause::error, why, "rule");
}

// ---- who is in charge ---------------------------------------------------------------------------

io::Awaitable<void> Drawbridge::record_handover(ItemPtr item, json::object body) {
  const auto recorded = co_await parts_.session.journal.record("handover", item->request.intervention, std::move(body));
  if (!recorded) io::event(io::Level::error, "handover.not_recorded", {{"intervention", item->request.intervention.text()}});
}

// Only the one in charge hands over, and only to the other operator of the consent (A40).
Result<> Drawbridge::take_handover(ItemPtr item, const frame::Handover& handover) {
  const auto& people = item->request.operators;
  const auto to = std::find_if(people.begin(), people.end(), [&](const auto& op) { return op.login == handover.to && acts(op); });
  if (handover.by != item->in_charge || to == people.end())
    return fail(Errc::bad_frame, "the gateway hands over from " + handover.by.text() + " to " + handover.to.text() + ", who may not");
  if (handover.to == item->in_charge) return {};
  item->in_charge = handover.to;
  if (item->session) item->session->say(handover.to.text() + " is in charge from now on.");
  json::object body{{"by", handover.by.text()}, {"to", handover.to.text()}};
  if (item->session) item->session->record_soon("handover", std::move(body));  // also among what its page shows
  else net::co_spawn(parts_.io, record_handover(item, std::move(body)), net::detached);
  note_change();
  return {};
}

// ---- step 6: the report -------------------------------------------------------------------------

io::Awaitable<void> Drawbridge::take_report(ItemPtr item, Report report) {
  if (item->deciding) co_return;
  item->deciding = true;
  json::array staff;
  for (const auto& person : report.additional_staff)
    staff.push_back(json::object{{"name", person.name}, {"qualification", person.qualification}});
  const std::string sha256 = sha256_hex(json::serialize(to_json(report)));
  json::object fields{{"intervention", report.intervention.text()}, {"author", report.author.text()},
                      {"author_side", "vendor"}, {"tasks_summary", report.tasks_summary}, {"outcome", word(report.outcome)},
                      {"additional_staff_consulted", std::move(staff)}, {"residual_cleanup", word(report.residual_cleanup)},
                      {"none_consulted_justification", report.none_consulted_reason ? json::value(*report.none_consulted_reason) : json::value(nullptr)},
                      {"report_sent_at", to_utc(report.reported_at)}};
  const auto kept = co_await parts_.session.journal.keep("report", std::move(fields));
  json::object received{{"report_sha256", sha256}};
  if (kept) static_cast<void>(co_await parts_.session.journal.record("report_received", item->request.intervention, std::move(received)));
  item->deciding = false;
  if (kept) set_phase(*item, Phase::closed);
}

// ---- revocations --------------------------------------------------------------------------------

bool Drawbridge::uses_card(const Item& item) const {
  if (!item.pending) return false;
  for (const auto& card : item.pending->cards)
    if (parts_.revoked.find(card.id())) return true;
  return false;
}

Result<> Drawbridge::take_revocation(const std::string& note) {
  PL_TRY(is_new, parts_.revoked.add(note, parts_.identity.staff));
  if (!is_new) return {};
  PL_CHECK(parts_.session.store.keep_revocations(parts_.revoked.text()));
  for (const auto& [id, item] : items_)
    if (item->session && uses_card(*item))
      net::co_spawn(parts_.io, item->session->end(EndCause::policy, "a staff card of this session was revoked", "rule"), net::detached);
  return {};
}

}  // namespace pontlevis::agent
