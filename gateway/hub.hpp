// The hub: every agent's link. One link per practice (the newest wins), frames in the order of the
// conversation, and nothing an agent sends is believed without its practice's signature. A broken or
// hostile agent costs its own link. Owned by Gateway; the loop's thread.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "gateway/agent_link.hpp"
#include "gateway/desk.hpp"

namespace pontlevis::gateway {

// What is done at a link about the practice as a witness of the log: the area of witnesses (gateway/witnesses). Without
// it, in tests and tools, proofs are sent and cosignatures kept, and nobody asks for more.
class LinkWitness {
 public:
  virtual ~LinkWitness() = default;
  // After welcome, before anything else is said. An error ends the link.
  virtual Result<> greeted(AgentLink& link, const frame::Hello& hello) = 0;
  virtual void cosigned(AgentLink& link, audit::TreeSize size) = 0;
  virtual void refused(AgentLink& link, audit::TreeSize size, const frame::Cosignature& answer) = 0;
  virtual Result<> asked(AgentLink& link, const frame::FactCheck& question) = 0;
  virtual Result<> alarmed(AgentLink& link, const frame::Alarm& alarm) = 0;
};

class Hub final : public Links {
 public:
  Hub(Core& core, boost::asio::any_io_executor executor) : core_(core), executor_(std::move(executor)) {}
  void use(Desk& desk) { desk_ = &desk; }  // they need each other; call before serving
  void use(LinkWitness& witness) { witness_ = &witness; }

  // Serves one link to its end. `practice` and `serial` are the verified certificate's.
  Awaitable<void> serve(PracticeId practice, std::string serial, std::unique_ptr<io::FrameStream> stream);

  bool up(const PracticeId& practice) const override;
  Result<> send(const PracticeId& practice, Frame frame) override;
  std::optional<std::string> serial_of(const PracticeId& practice) const;  // of the live link
  void broadcast(const frame::Revocation& revocation);
  // Asks for a cosignature of the newest checkpoint, from where that witness stands.
  Result<> send_checkpoint(AgentLink& link);
  void send_checkpoints();  // to every practice that is connected
  void end_link(const PracticeId& practice, std::string what, std::string hint);
  Awaitable<void> drain(std::string reason, Millis at_most);

  boost::asio::any_io_executor executor() const { return executor_; }  // the loop, for the areas of the memory
  std::size_t count() const { return links_.size(); }
  std::uint64_t bad_frames() const { return bad_frames_; }
  void on_relay_refused(std::function<void(const frame::RelayRefused&)> callback) { on_relay_refused_ = std::move(callback); }

 private:
  using LinkPtr = std::shared_ptr<AgentLink>;
  Awaitable<Result<>> greet(LinkPtr link);
  Awaitable<Result<>> take_place(LinkPtr link);
  Awaitable<Result<>> converse(LinkPtr link);
  Awaitable<Result<>> handle(LinkPtr link, Frame frame);
  Awaitable<Result<>> handle_fact(LinkPtr link, frame::Fact fact);
  Result<> handle_cosignature(AgentLink& link, const frame::Cosignature& answer);
  Result<> start_over(AgentLink& link, const std::string& said);
  Result<> handle_relay_refused(const AgentLink& link, const frame::RelayRefused& refused);
  Result<> send_proof(AgentLink& link, const InterventionId& id);
  void tell_unsaid(AgentLink& link, const std::vector<InterventionId>& live_there);
  void blame(AgentLink& link, const Error& error);

  Core& core_;
  boost::asio::any_io_executor executor_;
  Desk* desk_ = nullptr;
  LinkWitness* witness_ = nullptr;
  std::map<PracticeId, LinkPtr> links_;
  std::function<void(const frame::RelayRefused&)> on_relay_refused_;
  std::uint64_t bad_frames_ = 0;
};

}  // namespace pontlevis::gateway
