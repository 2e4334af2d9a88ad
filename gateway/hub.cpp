#include "gateway/hub.hpp"

#include "gateway/events.hpp"
#include "gateway/proof.hpp"
#include "gateway/records.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
constexpr Millis hello_within{10'000};
constexpr Millis last_words_within{5'000};
constexpr std::size_t max_sizes_sent = 64;
constexpr unsigned most_starts_over = 3;

std::unexpected<Error> bad(std::string what, std::string where, std::string hint = {}) {
  return fail(Errc::bad_frame, std::move(what), std::move(where), std::move(hint));
}

}  // namespace

// ---- one link from hello to end ----

Awaitable<void> Hub::serve(PracticeId practice, std::string serial, std::unique_ptr<io::FrameStream> stream) {
  auto link = std::make_shared<AgentLink>(executor_, practice, std::move(serial), std::move(stream));
  asio::steady_timer writer_ended(executor_, asio::steady_timer::time_point::max());
  bool writing = true;
  asio::co_spawn(executor_, link->write_all(), [&](std::exception_ptr) {
    writing = false;
    writer_ended.cancel();
  });
  auto ended = co_await greet(link);
  if (ended) ended = co_await converse(link);
  if (!ended) blame(*link, ended.error());
  // The last frame still goes out, but nobody waits for a peer that does not read.
  if (writing) writer_ended.expires_after(last_words_within);
  while (writing) {
    co_await writer_ended.async_wait(asio::as_tuple(asio::use_awaitable));
    if (writing) link->close();
    writer_ended.expires_at(asio::steady_timer::time_point::max());
  }
  if (const auto at = links_.find(practice); at != links_.end() && at->second == link) {
    links_.erase(at);
    event("agent.disconnected", {{"practice", practice.text()}});
    desk_->changes().announce();
  }
  link->has_ended();
}

void Hub::blame(AgentLink& link, const Error& error) {
  if (error.code == Errc::closed || error.code == Errc::io) return link.close();
  if (error.code != Errc::bad_frame && error.code != Errc::expired) {
    event(Level::warn, "agent.link_ended", {{"practice", link.practice().text()}, {"what", error.what}});
    return link.end_with(frame::Drain{"the gateway cannot record at the moment; connect again later"});
  }
  ++bad_frames_;
  event(Level::warn, "agent.bad_frame", {{"practice", link.practice().text()}, {"what", error.text()}});
  core_.append_and_go_on(security_record("bad_frame", "link", {}, {}, error.text().substr(0, 500), link.practice()));
  const auto what = (error.where.empty() ? error.what : error.where + ": " + error.what).substr(0, 500);
  link.end_with(frame::Refused{what, error.hint.substr(0, 500)});
}

Awaitable<Result<>> Hub::greet(LinkPtr link) {
  PL_CO_TRY(first, co_await link->read_within(hello_within));
  auto* hello = std::get_if<frame::Hello>(&first);
  if (!hello) co_return bad("is not the first frame of a link", "frame " + std::string(word(kind_of(first))), "say hello first");
  if (hello->protocol != protocol_version)
    co_return bad("speaks protocol " + std::to_string(hello->protocol), "frame hello", "this gateway speaks protocol 1");
  if (hello->practice != link->practice()) co_return bad("names another practice than its certificate", "frame hello");
  PL_CO_CHECK(co_await take_place(link));
  PL_CO_CHECK(core_.practices.offer(link->practice(), hello->systems, hello->host_keys));
  frame::Welcome welcome{protocol_version, core_.clock.now(), core_.technicians.revocation_notes()};
  PL_CO_CHECK(link->send(std::move(welcome)));
  event("agent.connected", {{"practice", link->practice().text()}, {"version", hello->version}, {"systems", hello->systems.size()}});
  if (witness_) PL_CO_CHECK(witness_->greeted(*link, *hello));
  tell_unsaid(*link, hello->live);
  desk_->changes().announce();
  co_return Result<>{};
}

// One link per practice: the old one ends completely before the new one may speak.
Awaitable<Result<>> Hub::take_place(LinkPtr link) {
  while (true) {
    const auto at = links_.find(link->practice());
    if (at == links_.end()) break;
    const LinkPtr old = at->second;
    old->close();
    co_await old->ended();
    if (link->ending()) co_return fail(Errc::closed, "was replaced by a newer link");
  }
  links_.emplace(link->practice(), link);
  co_return Result<>{};
}

Awaitable<Result<>> Hub::converse(LinkPtr link) {
  for (;;) {
    PL_CO_TRY(next, co_await link->read());
    if (link->ending()) co_return fail(Errc::closed, "the link is ending");
    PL_CO_CHECK(co_await handle(link, std::move(next)));
  }
}

Awaitable<Result<>> Hub::handle(LinkPtr link, Frame next) {
  if (auto* fact = std::get_if<frame::Fact>(&next)) co_return co_await handle_fact(link, std::move(*fact));
  if (auto* answer = std::get_if<frame::Cosignature>(&next)) co_return handle_cosignature(*link, *answer);
  if (auto* question = std::get_if<frame::FactCheck>(&next); question && witness_) co_return witness_->asked(*link, *question);
  if (auto* alarm = std::get_if<frame::Alarm>(&next); alarm && witness_) co_return witness_->alarmed(*link, *alarm);
  if (auto* refused = std::get_if<frame::RelayRefused>(&next)) co_return handle_relay_refused(*link, *refused);
  if (auto* refused = std::get_if<frame::Refused>(&next)) {
    event(Level::warn, "agent.refused_us", {{"practice", link->practice().text()}, {"what", refused->what}});
    co_return fail(Errc::closed, "the agent refused a frame and ended the link");
  }
  co_return bad("is not a frame an agent may send now", "frame " + std::string(word(kind_of(next))));
}

// ---- facts and proofs ----

Awaitable<Result<>> Hub::handle_fact(LinkPtr link, frame::Fact fact) {
  const auto id = fact.intervention;
  const auto kind = fact.kind;
  auto taken = co_await desk_->take_fact(link->practice(), std::move(fact));
  if (!taken) co_return std::unexpected(std::move(taken).error());
  PL_CO_CHECK(link->send(frame::Recorded{taken->sha256, taken->index}));
  if (taken->proof_due) PL_CO_CHECK(send_proof(*link, id));
  // The practice may see at once that the whole session is in the log.
  if (kind == FrameKind::session_end && witness_) PL_CO_CHECK(send_checkpoint(*link));
  co_return Result<>{};
}

Result<> Hub::send_proof(AgentLink& link, const InterventionId& id) {
  const auto* iv = core_.interventions.live(id);
  const auto* practice = core_.practices.find(link.practice());
  if (!iv || !practice || !practice->enrolment || !rule_for(iv->phase, Speaker::gateway, FrameKind::proof)) return {};
  if (link.sizes_sent.size() >= max_sizes_sent) return bad("cosignatures do not come back", "frame cosignature");
  PL_TRY(known, core_.cosignatures.largest(practice->enrolment->witness_key));
  auto proof = prove_consent(core_, *iv, std::max(known, link.assumed_cosigned));
  if (!proof && proof.error().code == Errc::not_found) return {};  // it stands in a log that was closed: nothing opens
  if (!proof) return std::unexpected(std::move(proof).error());
  link.sizes_sent.push_back(proof->size);
  link.assumed_cosigned = proof->size;
  return link.send(std::move(proof->frame));
}

// A witness that does not answer is asked no more until it does: it is behind, not wrong.
Result<> Hub::send_checkpoint(AgentLink& link) {
  const auto* practice = core_.practices.find(link.practice());
  if (!practice || !practice->enrolment || core_.log_closed || link.sizes_sent.size() >= max_sizes_sent) return {};
  PL_TRY(known, core_.cosignatures.largest(practice->enrolment->witness_key));
  const auto from = std::max(known, link.assumed_cosigned);
  const auto note = core_.log->latest_checkpoint();
  PL_TRY(checkpoint, audit::open_checkpoint(note, core_.log->verifier()));
  if (checkpoint.size == 0) return {};
  PL_TRY(body, core_.cosignatures.request_from(from, note));
  link.sizes_sent.push_back(checkpoint.size);
  link.assumed_cosigned = checkpoint.size;
  return link.send(frame::Checkpoint{std::move(body)});
}

void Hub::send_checkpoints() {
  auto links = links_;  // one that is too slow closes itself meanwhile
  for (const auto& [practice, link] : links)
    if (auto sent = send_checkpoint(*link); !sent) event(Level::warn, "witness.not_asked", {{"practice", practice.text()}, {"what", sent.error().what}});
}

// 409 says which size the witness has: what follows starts there.
Result<> Hub::start_over(AgentLink& link, const std::string& said) {
  const auto has = parse_decimal(std::string_view(said).substr(0, said.find('\n')), core_.log->size());
  event(Level::info, "witness.starts_elsewhere", {{"practice", link.practice().text()}, {"known", has.has_value()}});
  link.assumed_cosigned = has.value_or(0);
  if (!has || !witness_ || !link.sizes_sent.empty() || ++link.starts_over > most_starts_over) return {};
  return send_checkpoint(link);
}

Result<> Hub::handle_cosignature(AgentLink& link, const frame::Cosignature& answer) {
  if (link.sizes_sent.empty()) return bad("answers a question nobody asked", "frame cosignature");
  const auto size = link.sizes_sent.front();
  link.sizes_sent.pop_front();
  const auto practice = link.practice().text();
  if (answer.status == 200) {
    core_.cosignatures.add(size, answer.body, [practice](Result<> added) {
      if (!added) event(Level::warn, "witness.cosignature_refused", {{"practice", practice}, {"what", added.error().what}});
    });
    link.cosigned = size;
    link.starts_over = link.questions = 0;
    if (witness_) witness_->cosigned(link, size);
    return {};
  }
  if (answer.status == 409) return start_over(link, answer.body);
  link.assumed_cosigned = 0;
  event(Level::warn, "witness.refused", {{"practice", practice}, {"status", answer.status}});
  core_.append_and_go_on(security_record("witness_refused", "link", {}, {}, "status " + std::to_string(answer.status), link.practice()));
  if (witness_) witness_->refused(link, size, answer);
  return {};
}

Result<> Hub::handle_relay_refused(const AgentLink& link, const frame::RelayRefused& refused) {
  const auto found = core_.interventions.find(refused.intervention);
  const bool ours = found && *found && (*found)->request.practice == link.practice();
  // It may cross the session's end; in any other phase nobody asked for a relay.
  if (!ours || (*found)->phase < Phase::open) return bad("speaks of a relay nobody asked for", "frame relay_refused");
  if (on_relay_refused_) on_relay_refused_(refused);
  return {};
}

void Hub::tell_unsaid(AgentLink& link, const std::vector<InterventionId>& live_there) {
  for (auto& unsaid : desk_->unsaid(link.practice(), live_there)) static_cast<void>(link.send(std::move(unsaid)));
  for (const auto& id : desk_->unproved(link.practice()))
    if (std::find(live_there.begin(), live_there.end(), id) != live_there.end())
      if (auto sent = send_proof(link, id); !sent) event(Level::warn, "proof.not_sent", {{"what", sent.error().what}});
}

// ---- seen from the vendor's side ----

bool Hub::up(const PracticeId& practice) const {
  const auto at = links_.find(practice);
  return at != links_.end() && !at->second->ending();
}

Result<> Hub::send(const PracticeId& practice, Frame frame) {
  const auto at = links_.find(practice);
  if (at == links_.end())
    return fail(Errc::unavailable, "the practice is not connected at the moment", "practice " + practice.text(), "try again when `systems` shows it connected");
  return at->second->send(std::move(frame));
}

std::optional<std::string> Hub::serial_of(const PracticeId& practice) const {
  const auto at = links_.find(practice);
  return at == links_.end() ? std::nullopt : std::optional(at->second->serial());
}

void Hub::broadcast(const frame::Revocation& revocation) {
  auto links = links_;  // a link that is too slow closes itself meanwhile
  for (const auto& [practice, link] : links) static_cast<void>(link->send(revocation));
}

void Hub::end_link(const PracticeId& practice, std::string what, std::string hint) {
  const auto at = links_.find(practice);
  if (at != links_.end()) at->second->end_with(frame::Refused{std::move(what), std::move(hint)});
}

Awaitable<void> Hub::drain(std::string reason, Millis at_most) {
  for (const auto& [practice, link] : links_) link->end_with(frame::Drain{reason});
  const auto until = std::chrono::steady_clock::now() + at_most;
  while (!links_.empty() && std::chrono::steady_clock::now() < until) {
    asio::steady_timer pause(executor_, std::chrono::milliseconds(20));
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  auto left = links_;
  for (const auto& [practice, link] : left) link->close();
}

}  // namespace pontlevis::gateway
