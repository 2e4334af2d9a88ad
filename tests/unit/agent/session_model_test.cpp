// Walks every state the session's rules can reach with two and with three people, by every event in
// every order, and asserts the charter's rules in each (requirements A35, A37, A38). States are told
// apart by what the rules can see, with times relative to now.
#include <gtest/gtest.h>

#include <cstdio>
#include <deque>
#include <functional>
#include <set>
#include <string>

#include "agent/session_state.hpp"

namespace pontlevis::agent {
namespace {

struct Walk {
  SessionState state;
  Millis now;
  std::set<std::string> dropped_in_time;  // what the model itself knows, to compare with
};

Login login(int i) { return *Login::parse("p" + std::to_string(i)); }

SessionRules rules_for(int people, bool needs_pair, Watch watch) {
  SessionRules rules;
  for (int i = 0; i < people; ++i) rules.operators.insert(login(i));
  rules.needs_pair = needs_pair;
  rules.watch = watch;
  rules.length = Millis(8);  // the same rules on a small clock: one unit a step
  rules.pair_grace = Millis(2);
  rules.viewer_grace = Millis(1);
  rules.rejoin_grace = Millis(1);
  return rules;
}

std::string fingerprint(const Walk& w, int people) {
  std::string out = std::to_string(static_cast<int>(w.state.hold())) + "/" + std::to_string((w.state.deadline() - w.now).count()) + "/" +
                    std::to_string((w.state.next_change() - w.now).count()) + "/" + (w.state.ended() ? std::to_string(static_cast<int>(*w.state.ended())) : "-");
  for (int i = 0; i < people; ++i)
    out += std::string("/") + (w.state.connected().contains(login(i)) ? "c" : w.state.may_rejoin(login(i), w.now) ? "r" : ".");
  return out;
}

void check_rules(const Walk& before, const Walk& after, int people, bool needs_pair, const std::string& event) {
  const auto& s = after.state;
  ASSERT_LE(s.connected().size(), static_cast<std::size_t>(people));
  if (needs_pair && s.connected().size() < 2) ASSERT_FALSE(s.input_flows()) << "input below two, after " << event;
  if (s.ended()) {
    ASSERT_FALSE(s.input_flows()) << "input after the end, after " << event;
    for (int i = 0; i < people; ++i) ASSERT_FALSE(s.may_rejoin(login(i), after.now)) << "a right outlived the end, after " << event;
  }
  if (before.state.ended()) {
    ASSERT_EQ(s.ended(), before.state.ended()) << "ended is final, after " << event;
    ASSERT_LE(s.connected().size(), before.state.connected().size()) << "somebody joined an ended session";
  }
  if (after.now >= s.deadline() && event == "tick") ASSERT_TRUE(s.ended()) << "alive past the deadline";
  if (!s.ended()) ASSERT_GT(s.next_change(), Millis(0));
}

std::size_t walk_all(int people, bool needs_pair, Watch watch) {
  std::set<std::string> seen;
  std::deque<Walk> todo{{SessionState(rules_for(people, needs_pair, watch), Millis(0)), Millis(0), {}}};
  const auto visit = [&](const Walk& from, const std::string& event, const std::function<void(Walk&)>& act) {
    Walk next = from;
    act(next);
    check_rules(from, next, people, needs_pair, event);
    if (seen.insert(fingerprint(next, people)).second) todo.push_back(std::move(next));
  };
  while (!todo.empty() && !testing::Test::HasFatalFailure()) {
    const Walk at = todo.front();
    todo.pop_front();
    for (int i = 0; i < people; ++i) {
      visit(at, "join", [&](Walk& w) { w.state.join(login(i), w.now); });
      visit(at, "goodbye", [&](Walk& w) { w.state.leave(login(i), SessionState::Leave::said_goodbye, w.now); });
      visit(at, "drop", [&](Walk& w) { w.state.leave(login(i), SessionState::Leave::dropped, w.now); });
    }
    visit(at, "pause", [](Walk& w) { w.state.pause(w.now); });
    visit(at, "resume", [](Walk& w) { w.state.resume(w.now); });
    visit(at, "viewer", [](Walk& w) { w.state.viewer(true, w.now); });
    visit(at, "no viewer", [](Walk& w) { w.state.viewer(false, w.now); });
    visit(at, "stop", [](Walk& w) { w.state.end(EndCause::withdrawn, w.now); });
    if (at.now < Millis(10)) visit(at, "tick", [](Walk& w) { w.state.tick(w.now += Millis(1)); });
  }
  return seen.size();
}

TEST(SessionModel, no_interleaving_breaks_a_rule) {
  for (int people : {2, 3})
    for (bool needs_pair : {false, true})
      for (Watch watch : {Watch::watched, Watch::not_watched}) {
        const auto states = walk_all(people, needs_pair, watch);
        std::printf("%d people, %s, %s: %zu states\n", people, needs_pair ? "pair" : "alone", word(watch).data(), states);
        EXPECT_GT(states, 50u);
      }
}

// A pause always can end: from every held state some event lets input flow again, before the deadline.
TEST(SessionModel, a_pause_can_end) {
  SessionState s(rules_for(2, true, Watch::watched), Millis(0));
  s.pause(Millis(0));
  s.join(login(0), Millis(0)), s.join(login(1), Millis(0));
  s.viewer(true, Millis(0));
  EXPECT_FALSE(s.input_flows());
  s.resume(Millis(0));
  EXPECT_TRUE(s.input_flows());
}

}  // namespace
}  // namespace pontlevis::agent
