// Everything the practice knows about its interventions, from request to report, and the acts of its
// people on them. Frames of the gateway come in, facts go out; each intervention walks the table of
// protocol/conversation.hpp and nothing else. Up by default: no request, no session; after a restart
// every intervention that was open is ended (design §2; requirements A32, A33, A37).
// Owned by main; lives on the loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/consent_desk.hpp"
#include "agent/gateway_link.hpp"
#include "agent/proof_gate.hpp"
#include "agent/session.hpp"
#include "agent/witness_watch.hpp"

namespace pontlevis::agent {

struct DrawbridgeParts {
  boost::asio::io_context& io;
  const Identity& identity;
  const Inventory& inventory;
  ConsentDesk& desk;
  WitnessWatch& watch;
  certs::RevocationList& revoked;
  GatewayLink& link;
  SessionParts session;
};

struct OpenedDoor {
  InterventionId intervention;
  int minutes;
  std::vector<ShownPassword> passwords;
};

// The date of a planned intervention suits the practice: who said so, and when.
struct Accepted {
  Login login;
  std::string name;
  Time at{};
};

// An intervention as the page sees it; the pointers live until the loop turns.
struct InterventionView {
  const AccessRequest& request;
  Phase phase;
  const PendingRequest* pending;
  const Consented* consented;
  const Session* session;
  const std::string& why_closed;
  const std::optional<Accepted>& accepted;
  const Login& in_charge;
  bool can_open;  // false while the window of a planned one has not begun
};

class Drawbridge {
 public:
  explicit Drawbridge(DrawbridgeParts parts);
  ~Drawbridge();

  // Before the link starts: what a crash left open is ended, its processes too.
  io::Awaitable<Result<>> recover();
  GatewayLink::Callbacks callbacks();

  // ---- acts of people; `by` names the person in the records ----
  io::Awaitable<Result<OpenedDoor>> approve(InterventionId id, Choice choice, Approver approver);
  // A planned one, before its window begins: the date suits. Opens nothing.
  io::Awaitable<Result<>> accept(InterventionId id, Language language, Approver approver);
  io::Awaitable<Result<>> refuse(InterventionId id, Approver approver, std::optional<std::string> why);
  io::Awaitable<Result<>> stop(InterventionId id, std::string by);  // one act, in every phase
  Result<> pause(const InterventionId& id, std::string by);
  Result<> resume(const InterventionId& id, std::string by);
  Result<> choose_typist(const InterventionId& id, std::optional<Login> who, std::string by);
  Result<> hold_tool(const InterventionId& id, const std::string& tool, bool held, std::string by);
  Result<ShownPassword> new_password(const InterventionId& id, const Login& login);
  Result<std::shared_ptr<LiveView::Watcher>> watch(const InterventionId& id, std::size_t limit = 256 * 1024);
  // More time for an open session, by a consent of its own; returns when its proof has moved the deadline.
  io::Awaitable<Result<>> extend(InterventionId id, int minutes, Choice choice, Approver approver);
  Result<Notice> extension_notice(const InterventionId& id, int minutes, Language language) const;
  int most_more_minutes(const InterventionId& id) const;
  io::Awaitable<void> close_all(std::string why);  // the agent stops

  // ---- what people see ----
  json::array requests() const;   // waiting for a decision
  json::object status() const;
  std::vector<InterventionView> views() const;  // by number
  std::optional<InterventionView> view(const InterventionId& id) const;
  bool down() const;                            // some session exists
  Time since() const noexcept { return moved_at_; }
  const GatewayLink& link() const noexcept { return parts_.link; }
  bool journal_healthy() const { return parts_.session.journal.healthy(); }
  bool alarmed() const { return parts_.watch.alarmed(); }
  const WitnessWatch& witness_watch() const noexcept { return parts_.watch; }
  // An owner has read so much evidence and goes on; recorded with their name and words.
  Result<> clear_alarm(const audit::Clearing& clearing);
  Result<const PendingRequest*> pending(const InterventionId& id) const;
  // The one intervention a person means: a prefix of its number, or nothing when only one fits.
  Result<InterventionId> find(std::string_view prefix, Phase from, Phase to) const;
  io::Awaitable<void> changed();  // completes at the next change of anything above
  std::function<void(const PendingRequest&)> on_request;            // one waits for a decision now
  std::function<void(const InterventionId&, Phase)> on_phase;  // an intervention has moved on
  std::string tried() const { return last_attempt_; }

 private:
  struct Item;
  InterventionView view_of(const Item& item) const;
  using ItemPtr = std::shared_ptr<Item>;
  Result<> on_frame(Frame frame);
  Result<> on_intervention_frame(Frame& frame, const InterventionId& id);
  void on_link(bool up);
  Result<> on_link_frame(const Frame& frame);
  void on_alarm();
  Result<> not_while_alarmed(const char* doing) const;
  frame::Hello hello() const;
  Result<> take_request(const AccessRequest& request);
  io::Awaitable<void> put_on_desk(ItemPtr item);
  io::Awaitable<void> wait_for_lapse(ItemPtr item);
  void take_proof(ItemPtr item, const frame::Proof& proof);
  io::Awaitable<void> open_session(ItemPtr item, std::shared_ptr<Session> session);
  io::Awaitable<void> end_unopened(ItemPtr item, EndCause cause, std::string detail);
  io::Awaitable<void> dial_relay(ItemPtr item, frame::RelayWanted wanted);
  io::Awaitable<void> take_report(ItemPtr item, Report report);
  io::Awaitable<void> record_handover(ItemPtr item, json::object body);
  Result<> take_handover(ItemPtr item, const frame::Handover& handover);
  Result<std::shared_ptr<Session>> open_session_of(const InterventionId& id, const char* doing) const;
  io::Awaitable<Result<>> recover_one(const AccessRequest& request);
  Result<> take_revocation(const std::string& note);
  void take_extension_proof(ItemPtr item, const frame::Proof& proof);
  void set_phase(Item& item, Phase phase);
  void note_change();
  Result<ItemPtr> item(const InterventionId& id, Phase phase, const char* doing) const;
  bool uses_card(const Item& item) const;

  DrawbridgeParts parts_;
  std::map<InterventionId, ItemPtr> items_;
  boost::asio::steady_timer changed_;
  std::string last_attempt_;
  Time moved_at_{};  // when the drawbridge last went up or down
};

}  // namespace pontlevis::agent
