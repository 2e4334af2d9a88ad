// The rules of an open session as a pure machine: no I/O, no clock of its own, every event carries
// the time since boot. The session drives it; the model test walks it. It decides four things:
// may input flow now, whose and for which tool, has the session ended and why, and when to look again.
// design §8 (clock, pair, watching, pause, stop); requirements A03, A35, A36, A37, A38.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "protocol/clock.hpp"
#include "protocol/ids.hpp"
#include "protocol/words.hpp"

namespace pontlevis::agent {

struct SessionRules {
  std::set<Login> operators;     // who may connect and act: the consent's LEAD and PAIR
  std::set<Login> onlookers = {};  // additional staff who may connect, and only look (A36)
  bool needs_pair = false;       // PAIR or CRITICAL: input only with two different people
  Watch watch = Watch::watched;
  Millis length{};               // from opening to the deadline
  Millis pair_grace = std::chrono::minutes(2);
  Millis viewer_grace = std::chrono::seconds(15);
  Millis rejoin_grace = std::chrono::seconds(60);
};

// Why input does not flow; shown to everybody in the session.
enum class Hold { none, paused, nobody_watches, pair_incomplete, ended };

class SessionState {
 public:
  SessionState(SessionRules rules, Millis opened_at);

  // ---- events ----
  // False when this person may not connect now (not of the consent, already connected, ended).
  bool join(const Login& who, Millis now);
  enum class Leave { said_goodbye, dropped };
  void leave(const Login& who, Leave how, Millis now);
  void pause(Millis now);
  void resume(Millis now);
  void viewer(bool present, Millis now);
  void choose_typist(std::optional<Login> who, Millis now);    // nobody chosen: every operator may act
  void hold_tool(std::string tool, bool held, Millis now);     // one tool alone
  void extend(Millis more, Millis now);  // a consent of its own, proved; nothing when it has ended
  void end(EndCause cause, Millis now);  // the first cause stays
  void tick(Millis now);                 // applies every rule whose time has come

  // ---- answers ----
  Hold hold() const noexcept { return hold_; }
  bool input_flows() const noexcept { return hold_ == Hold::none; }
  bool may_act(const Login& who) const;                        // as far as the choice of who types goes
  bool shows(const std::string& tool) const;                   // what the tool says reaches the operators
  bool flows(const Login& who, const std::string& tool) const { return shows(tool) && may_act(who) && connected_.contains(who); }
  std::optional<EndCause> ended() const noexcept { return cause_; }
  bool may_rejoin(const Login& who, Millis now) const;   // without a new password
  Millis deadline() const noexcept { return opened_at_ + rules_.length; }
  Millis next_change() const;                            // when tick() may change something
  Millis active() const noexcept { return active_; }     // connected, and input flowing (A41)
  const std::set<Login>& connected() const noexcept { return connected_; }
  bool needs_pair() const noexcept { return rules_.needs_pair; }
  bool is_operator(const Login& who) const { return rules_.operators.contains(who); }
  bool has_onlookers() const noexcept { return !rules_.onlookers.empty(); }
  const std::optional<Login>& typist() const noexcept { return typist_; }
  const std::set<std::string>& held_tools() const noexcept { return held_tools_; }

 private:
  void account(Millis now);
  void settle(Millis now);
  bool viewer_missing(Millis now) const;
  std::size_t operators_here() const;
  bool pair_incomplete() const { return rules_.needs_pair && operators_here() < 2; }
  bool somebody_came() const;

  SessionRules rules_;
  Millis opened_at_;
  Millis accounted_to_;
  Millis active_{0};
  bool paused_ = false;
  bool viewer_present_ = false;
  Millis viewer_left_at_;
  std::optional<Login> typist_;
  std::set<std::string> held_tools_;
  std::set<Login> connected_;
  std::map<Login, Millis> dropped_at_;
  std::optional<Millis> pair_broken_at_;
  std::optional<EndCause> cause_;
  Hold hold_ = Hold::none;
};

}  // namespace pontlevis::agent
