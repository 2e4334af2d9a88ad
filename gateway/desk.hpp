// The desk where interventions are kept: what technicians ask and what agents state both come here, in one
// order: checked, appended to the log, stored, and only then told to anyone. Owned by Gateway; the
// loop's thread. No function here leads to an open session: only an agent's own statement does
// (requirements A32, A33; protocol/conversation.hpp proves it over the table).
#pragma once

#include <functional>
#include <variant>

#include "gateway/changes.hpp"
#include "gateway/core.hpp"
#include "gateway/request_policy.hpp"
#include "protocol/frame.hpp"

namespace pontlevis::gateway {

// The way to the agents; the hub implements it, tests have a double.
class Links {
 public:
  virtual ~Links() = default;
  virtual bool up(const PracticeId& practice) const = 0;
  virtual Result<> send(const PracticeId& practice, Frame frame) = 0;  // Errc::unavailable: not connected, or too slow
};

struct FactAnswer {
  std::string sha256;
  std::uint64_t index = 0;
  bool proof_due = false;  // a consent: its proof goes out next
};

class Desk {
 public:
  Desk(Core& core, Links& links, boost::asio::any_io_executor executor)
      : core_(core), links_(links), changes_(std::move(executor)) {}

  // ---- the vendor's side ----
  using AskAnswer = std::expected<InterventionId, std::variant<PolicyRefusal, Error>>;
  Awaitable<AskAnswer> ask(Asked asked);
  Awaitable<Result<>> cancel(InterventionId id, Login by);
  Awaitable<Result<>> finish(InterventionId id, Login by);
  // Asks the practice to note another person in charge; its signed fact makes it so (A40).
  Awaitable<Result<>> hand_over(InterventionId id, Login by, Login to);
  Awaitable<Result<>> report(Report report);

  // ---- the practice's side ----
  // Errc::bad_frame: the agent broke the conversation or signed what does not fit; its link ends.
  Awaitable<Result<FactAnswer>> take_fact(PracticeId practice, frame::Fact fact);
  // What a new link must hear again: requests not answered, reports not received.
  std::vector<Frame> unsaid(const PracticeId& practice, const std::vector<InterventionId>& live_there) const;
  // Consents whose proof may not have arrived.
  std::vector<InterventionId> unproved(const PracticeId& practice) const;

  // Requests whose practice stays away an hour past their end are closed as cancelled.
  Awaitable<void> sweep();
  // Finishes what a crash left between two steps. Call once, when serving begins.
  Awaitable<void> settle_all();

  Changes& changes() { return changes_; }
  void on_session_end(std::function<void(const InterventionId&)> callback) { on_session_end_ = std::move(callback); }

 private:
  PolicyFacts policy_facts(const Asked& asked) const;
  Awaitable<AskAnswer> refuse(Asked asked, PolicyRefusal refusal);
  Awaitable<Result<>> close_as_cancelled(InterventionId id, std::string by, std::string cause);
  Result<TakenFact> check_fact(const PracticeId& practice, const frame::Fact& fact, std::string sha256);
  Awaitable<Result<>> settle(InterventionId id);
  void tell(const PracticeId& practice, Frame frame);

  Core& core_;
  Links& links_;
  Changes changes_;
  std::function<void(const InterventionId&)> on_session_end_;
};

}  // namespace pontlevis::gateway
