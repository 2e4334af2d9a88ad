// "Something changed": coroutines of one loop wait, one notifies. A notify with no one waiting is
// lost, so look at the condition first:  while (!ready) co_await wakeup.wait();
// Lives on one io_context thread; destroy after the waiters have returned.
#pragma once

#include <boost/asio.hpp>

#include "agent/tools/input_gate.hpp"

namespace pontlevis::agent {

class Wakeup {
 public:
  explicit Wakeup(boost::asio::any_io_executor executor)
      : timer_(std::move(executor), boost::asio::steady_timer::time_point::max()) {}

  io::Awaitable<void> wait() {
    co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  void notify() { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
};

// The gate of a session: set() from its rules. Same thread.
class SwitchedGate final : public InputGate {
 public:
  explicit SwitchedGate(boost::asio::any_io_executor executor, GateState state = GateState::open)
      : changed_(std::move(executor)), state_(state) {}

  GateState state() const noexcept override { return state_; }
  io::Awaitable<GateState> until_decided() override {
    while (state_ == GateState::paused) co_await changed_.wait();
    co_return state_;
  }
  // `closed` is final: a later set() changes nothing.
  void set(GateState state) {
    if (state_ != GateState::closed) state_ = state;
    changed_.notify();
  }

 private:
  Wakeup changed_;
  GateState state_;
};

}  // namespace pontlevis::agent
