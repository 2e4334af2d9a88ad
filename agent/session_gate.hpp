// The door every byte towards a tool passes: open, paused or closed for ever, as the session's rules
// say. Owned by the session; lives on the loop.
#pragma once

#include <boost/asio/steady_timer.hpp>

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

}  // namespace pontlevis::agent
