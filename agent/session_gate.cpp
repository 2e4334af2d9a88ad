#include "agent/session_gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pontlevis::agent {

io::Awaitable<GateState> SessionGate::until_decided() {
  // Many wait on this one timer: setting its expiry here would wake all the others.
  while (state_ == GateState::paused) co_await changed_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  co_return state_;
}

void SessionGate::set(GateState state) {
  if (state_ == GateState::closed || state_ == state) return;
  state_ = state;
  changed_.cancel();
}

}  // namespace pontlevis::agent
