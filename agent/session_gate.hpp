// The doors every byte towards a tool passes: open, paused or closed for ever, as the session's rules say.
// One door for each person and tool, so that one of them can be held alone. Owned by the session; live on the loop.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/session_state.hpp"
#include "agent/tools/input_gate.hpp"

namespace pontlevis::agent {

class SessionGate final : public InputGate {
 public:
  explicit SessionGate(boost::asio::any_io_executor executor) : changed_(executor, boost::asio::steady_timer::time_point::max()) {}
  GateState state() const noexcept override { return state_; }
  io::Awaitable<GateState> until_decided() override;
  void set(GateState state);  // closed stays closed

 private:
  GateState state_ = GateState::paused;
  boost::asio::steady_timer changed_;  // never expires; cancelled at each change
};

class SessionGates {
 public:
  explicit SessionGates(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  // Nobody: what all operators share, the terminal of a pair. Lives as long as this.
  SessionGate& of(const std::optional<Login>& who, const std::string& tool, const SessionState& rules);
  void set(const SessionState& rules);
  void close();

 private:
  using Key = std::pair<std::optional<Login>, std::string>;
  void set_one(const Key& key, SessionGate& gate, const SessionState& rules) const;
  boost::asio::any_io_executor executor_;
  std::map<Key, std::unique_ptr<SessionGate>> gates_;
  bool closed_ = false;
};

}  // namespace pontlevis::agent
