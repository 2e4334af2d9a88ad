#include "agent/session_state.hpp"

#include <algorithm>

namespace pontlevis::agent {

SessionState::SessionState(SessionRules rules, Millis opened_at)
    : rules_(std::move(rules)), opened_at_(opened_at), accounted_to_(opened_at), viewer_left_at_(opened_at) {
  settle(opened_at);
}

bool SessionState::join(const Login& who, Millis now) {
  tick(now);
  const bool known = rules_.operators.contains(who) || rules_.onlookers.contains(who);
  if (cause_ || !known || connected_.contains(who)) return false;
  connected_.insert(who);
  dropped_at_.erase(who);
  settle(now);
  return true;
}

void SessionState::leave(const Login& who, Leave how, Millis now) {
  tick(now);
  if (connected_.erase(who) == 0) return;
  if (how == Leave::dropped) dropped_at_.insert_or_assign(who, now);
  settle(now);
}

void SessionState::pause(Millis now) {
  tick(now);
  paused_ = true;
  settle(now);
}

void SessionState::resume(Millis now) {
  tick(now);
  paused_ = false;
  settle(now);
}

void SessionState::viewer(bool present, Millis now) {
  tick(now);
  if (viewer_present_ && !present) viewer_left_at_ = now;
  viewer_present_ = present;
  settle(now);
}

void SessionState::choose_typist(std::optional<Login> who, Millis now) {
  tick(now);
  if (!who || is_operator(*who)) typist_ = std::move(who);
}

void SessionState::hold_tool(std::string tool, bool held, Millis now) {
  tick(now);
  if (held) held_tools_.insert(std::move(tool));
  else held_tools_.erase(tool);
}

bool SessionState::may_act(const Login& who) const { return is_operator(who) && (!typist_ || *typist_ == who); }

bool SessionState::shows(const std::string& tool) const { return input_flows() && !held_tools_.contains(tool); }

void SessionState::extend(Millis more, Millis now) {
  tick(now);
  if (!cause_) rules_.length += more;
  settle(now);
}

void SessionState::end(EndCause cause, Millis now) {
  account(now);
  if (!cause_) cause_ = cause;
  settle(now);
}

void SessionState::tick(Millis now) {
  account(now);
  if (cause_) return;
  if (now >= deadline()) cause_ = EndCause::timeout;
  else if (pair_broken_at_ && now >= *pair_broken_at_ + rules_.pair_grace) cause_ = EndCause::policy;
  settle(now);
}

// Active time: an operator connected and input flowing, up to the deadline.
void SessionState::account(Millis now) {
  const Millis until = std::min(now, deadline());
  if (until > accounted_to_ && hold_ == Hold::none && operators_here() > 0) active_ += until - accounted_to_;
  accounted_to_ = std::max(accounted_to_, until);
}

bool SessionState::viewer_missing(Millis now) const {
  return rules_.watch == Watch::watched && !viewer_present_ && now >= viewer_left_at_ + rules_.viewer_grace;
}

// Additional staff never make up a pair: they look on.
std::size_t SessionState::operators_here() const {
  return static_cast<std::size_t>(std::count_if(connected_.begin(), connected_.end(), [this](const auto& who) { return is_operator(who); }));
}

bool SessionState::somebody_came() const {
  return operators_here() > 0 || std::any_of(dropped_at_.begin(), dropped_at_.end(), [this](const auto& entry) { return is_operator(entry.first); });
}

// Derives hold_ and the pair's clock from the facts. The clock starts when one person waits alone,
// or when a complete pair has lost one: never while nobody has come yet.
void SessionState::settle(Millis now) {
  if (!pair_incomplete()) pair_broken_at_.reset();
  else if (!pair_broken_at_ && somebody_came()) pair_broken_at_ = now;
  hold_ = cause_              ? Hold::ended
          : paused_           ? Hold::paused
          : pair_incomplete() ? Hold::pair_incomplete
          : viewer_missing(now) ? Hold::nobody_watches
                                : Hold::none;
}

bool SessionState::may_rejoin(const Login& who, Millis now) const {
  const auto dropped = dropped_at_.find(who);
  return !cause_ && dropped != dropped_at_.end() && now < dropped->second + rules_.rejoin_grace && now < deadline();
}

Millis SessionState::next_change() const {
  Millis next = deadline();
  if (pair_broken_at_) next = std::min(next, *pair_broken_at_ + rules_.pair_grace);
  const bool will_miss = rules_.watch == Watch::watched && !viewer_present_ && hold_ != Hold::nobody_watches;
  if (will_miss && viewer_left_at_ + rules_.viewer_grace > accounted_to_)
    next = std::min(next, viewer_left_at_ + rules_.viewer_grace);
  return next;
}

}  // namespace pontlevis::agent
