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

void SessionGates::set_one(const Key& key, SessionGate& gate, const SessionState& rules) const {
  const auto& [who, tool] = key;
  const bool flows = who ? rules.flows(*who, tool) : rules.shows(tool);
  gate.set(closed_ ? GateState::closed : flows ? GateState::open : GateState::paused);
}

SessionGate& SessionGates::of(const std::optional<Login>& who, const std::string& tool, const SessionState& rules) {
  auto [at, is_new] = gates_.try_emplace(Key(who, tool));
  if (is_new) at->second = std::make_unique<SessionGate>(executor_);
  set_one(at->first, *at->second, rules);
  return *at->second;
}

void SessionGates::set(const SessionState& rules) {
  for (const auto& [key, gate] : gates_) set_one(key, *gate, rules);
}

void SessionGates::close() {
  closed_ = true;
  for (const auto& [key, gate] : gates_) gate->set(GateState::closed);
}

}  // namespace pontlevis::agent
