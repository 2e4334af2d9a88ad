// Walks every state the session's rules can reach with two and with three people, by every event in every
// order, and compares each with what the charter says of the same story, told by the test alone
// (requirements A35, A36, A37, A38). Then does it again with each rule removed in turn: a walk that still
// finds nothing wrong would prove nothing. States are told apart by what can be seen, with times relative to now.
#include <gtest/gtest.h>

#include <cstdio>
#include <deque>
#include <functional>
#include <set>
#include <string>

#include "agent/session_state.hpp"

namespace pontlevis::agent {
namespace {

const Login& login(int i) {
  static const std::vector<Login> people{*Login::parse("p0"), *Login::parse("p1"), *Login::parse("p2"), *Login::parse("p3")};
  return people[static_cast<std::size_t>(i)];
}
const std::string files = "files", shell = "shell";

enum class Act { join, goodbye, drop, pause, resume, viewer, no_viewer, typist, any_typist, hold, release, stop, tick };

struct Scene {
  int people = 2;
  bool needs_pair = false;
  Watch watch = Watch::watched;
  bool third_looks_on = false;  // the third is additional staff
  bool choices = false;         // who types, and one tool held
  int length = 7;               // from opening to the deadline, on a small clock
  bool is_operator(int i) const { return i < people && !(third_looks_on && i == 2); }
};

SessionRules rules_of(const Scene& scene) {
  SessionRules rules;
  for (int i = 0; i < scene.people; ++i) (scene.is_operator(i) ? rules.operators : rules.onlookers).insert(login(i));
  rules.needs_pair = scene.needs_pair;
  rules.watch = scene.watch;
  rules.length = Millis(scene.length);
  rules.pair_grace = Millis(2);
  rules.viewer_grace = Millis(1);
  rules.rejoin_grace = Millis(1);
  return rules;
}

// One rule taken away, from outside: what the machine is told, or what it answers.
struct Mutant {
  std::string name;
  std::function<void(SessionRules&)> rules = [](SessionRules&) {};
  std::optional<Act> deaf_to = std::nullopt;
  bool hears_drop_as_goodbye = false, hears_goodbye_as_drop = false, revives = false, flows_when_ended = false;
};

// The machine under test, as a mutant would have it.
struct Machine {
  Machine(const Scene& scene, const Mutant& mutant) : m(&mutant), state(with(scene, mutant), Millis(0)), before_end(state) {}
  static SessionRules with(const Scene& scene, const Mutant& mutant) {
    auto rules = rules_of(scene);
    mutant.rules(rules);
    return rules;
  }
  void hear(Act act, int who, Millis now) {
    if (m->deaf_to == act) return;
    if (m->revives && act == Act::join && state.ended()) state = before_end;
    if (!state.ended()) before_end = state;
    using enum SessionState::Leave;
    switch (act) {
      case Act::join: state.join(login(who), now); break;
      case Act::goodbye: state.leave(login(who), m->hears_goodbye_as_drop ? dropped : said_goodbye, now); break;
      case Act::drop: state.leave(login(who), m->hears_drop_as_goodbye ? said_goodbye : dropped, now); break;
      case Act::pause: state.pause(now); break;
      case Act::resume: state.resume(now); break;
      case Act::viewer: state.viewer(true, now); break;
      case Act::no_viewer: state.viewer(false, now); break;
      case Act::typist: state.choose_typist(login(who), now); break;
      case Act::any_typist: state.choose_typist(std::nullopt, now); break;
      case Act::hold: state.hold_tool(files, true, now); break;
      case Act::release: state.hold_tool(files, false, now); break;
      case Act::stop: state.end(EndCause::withdrawn, now); break;
      case Act::tick: state.tick(now); break;
    }
  }
  bool flows(int who, const std::string& tool) const {
    return (m->flows_when_ended && state.ended()) ? state.connected().contains(login(who)) : state.flows(login(who), tool);
  }
  const Mutant* m;
  SessionState state, before_end;
};

// The same story as the charter tells it, from the events alone.
struct Story {
  Millis now{0};
  std::set<int> here;
  std::map<int, Millis> dropped;
  bool paused = false, held = false, watching = false;
  Millis watched_until{0};
  std::optional<int> typist;
  std::optional<Millis> broken_at;
  std::optional<EndCause> ended;

  int operators_here(const Scene& s) const { return static_cast<int>(std::count_if(here.begin(), here.end(), [&](int i) { return s.is_operator(i); })); }
  bool incomplete(const Scene& s) const { return s.needs_pair && operators_here(s) < 2; }
  void settle(const Scene& s) {
    const bool came = operators_here(s) > 0 || std::any_of(dropped.begin(), dropped.end(), [&](const auto& d) { return s.is_operator(d.first); });
    if (!incomplete(s)) broken_at.reset();
    else if (!broken_at && came) broken_at = now;
  }
  void clock(const Scene& s) {
    if (ended) return;
    if (now >= Millis(s.length)) ended = EndCause::timeout;
    else if (broken_at && now >= *broken_at + Millis(2)) ended = EndCause::policy;
    settle(s);
  }
  void tell(const Scene& s, Act act, int who) {
    clock(s);
    if (act == Act::join && !ended && who < s.people) here.insert(who), dropped.erase(who);
    if (act == Act::goodbye) here.erase(who);
    if (act == Act::drop && here.erase(who) > 0) dropped.insert_or_assign(who, now);
    if (act == Act::pause || act == Act::resume) paused = act == Act::pause;
    if (act == Act::no_viewer && watching) watched_until = now;
    if (act == Act::viewer || act == Act::no_viewer) watching = act == Act::viewer;
    if (act == Act::typist && s.is_operator(who)) typist = who;
    if (act == Act::any_typist) typist.reset();
    if (act == Act::hold || act == Act::release) held = act == Act::hold;
    if (act == Act::stop && !ended) ended = EndCause::withdrawn;
    if (!ended) settle(s);
  }
  bool unseen(const Scene& s) const { return s.watch == Watch::watched && !watching && now >= watched_until + Millis(1); }
  bool flows(const Scene& s, int who, const std::string& tool) const {
    return !ended && !paused && !incomplete(s) && !unseen(s) && here.contains(who) && s.is_operator(who) &&
           (!typist || *typist == who) && !(held && tool == files);
  }
  bool may_rejoin(const Scene& s, int who) const {
    const auto at = dropped.find(who);
    return !ended && at != dropped.end() && now < at->second + Millis(1) && now < Millis(s.length);
  }
};

struct Walk {
  Machine machine;
  Story story;
};

std::string fingerprint(const Walk& w, const Scene& scene) {
  const auto& s = w.machine.state;
  const auto in = [&](Millis at) { return std::to_string((at - w.story.now).count()) + "/"; };
  std::string people;
  for (int i = 0; i < scene.people; ++i)
    people += s.connected().contains(login(i)) ? "c" : s.may_rejoin(login(i), w.story.now) ? "r" : w.story.dropped.contains(i) ? "d" : ".";
  if (s.ended() && w.story.ended) return word(*s.ended()).data() + people;  // nothing else counts any more
  std::string out = std::to_string(static_cast<int>(s.hold())) + "/" + in(s.deadline()) + in(s.next_change()) +
                    (s.ended() ? std::to_string(static_cast<int>(*s.ended())) : "-") + (w.story.paused ? "p" : "") + (w.story.held ? "h" : "") +
                    (w.story.watching ? "w" : in(w.story.watched_until)) + (w.story.typist ? std::to_string(*w.story.typist) : "*");
  if (w.story.broken_at) out += in(*w.story.broken_at);
  return out + people;
}

// What the machine answers, against the story; empty when they agree.
std::string difference(const Walk& w, const Scene& scene) {
  const auto& s = w.machine.state;
  if (s.ended() != w.story.ended) return "alive or ended, or ended for another cause";
  for (int i = 0; i <= scene.people; ++i) {  // one more: a stranger
    if (s.connected().contains(login(i)) != w.story.here.contains(i)) return "who is connected";
    if (s.may_rejoin(login(i), w.story.now) != w.story.may_rejoin(scene, i)) return "who may come back without a password";
    for (const auto& tool : {shell, files})
      if (w.machine.flows(i, tool) != w.story.flows(scene, i, tool)) return "input of p" + std::to_string(i) + " to " + tool;
  }
  if (!s.ended() && s.next_change() <= Millis(0)) return "no time to look again";
  return {};
}

struct Outcome {
  std::size_t states = 0;
  std::string fault;  // the first difference found
};

Outcome walk_all(const Scene& scene, const Mutant& mutant) {
  Outcome out;
  std::set<std::string> seen;
  std::deque<Walk> todo{{Machine(scene, mutant), Story{}}};
  const auto visit = [&](const Walk& from, Act act, int who) {
    Walk next = from;
    if (act == Act::tick) next.story.now += Millis(1);
    next.machine.hear(act, who, next.story.now);
    next.story.tell(scene, act, who);
    if (out.fault.empty()) out.fault = difference(next, scene);
    if (seen.insert(fingerprint(next, scene)).second) todo.push_back(std::move(next));
  };
  while (!todo.empty() && out.fault.empty()) {
    const Walk at = todo.front();
    todo.pop_front();
    for (int i = 0; i <= scene.people; ++i) {
      for (const Act act : {Act::join, Act::goodbye, Act::drop}) visit(at, act, i);
      if (scene.choices) visit(at, Act::typist, i);
    }
    for (const Act act : {Act::pause, Act::resume, Act::stop}) visit(at, act, 0);
    if (scene.watch == Watch::watched)
      for (const Act act : {Act::viewer, Act::no_viewer}) visit(at, act, 0);
    if (scene.choices)
      for (const Act act : {Act::any_typist, Act::hold, Act::release}) visit(at, act, 0);
    if (at.story.now < Millis(scene.length + 2)) visit(at, Act::tick, 0);
  }
  out.states = seen.size();
  return out;
}

std::vector<Scene> scenes() {
  std::vector<Scene> out;
  for (const bool needs_pair : {false, true})
    for (const Watch watch : {Watch::watched, Watch::not_watched}) {
      out.push_back({2, needs_pair, watch, false, false, 7});
      out.push_back({2, needs_pair, watch, false, true, 3});
      out.push_back({3, needs_pair, watch, true, false, 4});
    }
  out.push_back({3, true, Watch::not_watched, true, true, 3});
  out.push_back({3, true, Watch::not_watched, false, false, 4});
  return out;
}

TEST(SessionModel, no_interleaving_breaks_a_rule) {
  const Mutant none{"none"};
  std::size_t all = 0;
  for (const auto& scene : scenes()) {
    const auto walked = walk_all(scene, none);
    std::printf("%d people%s, %s, %s%s: %zu states\n", scene.people, scene.third_looks_on ? " (one looks on)" : "",
                scene.needs_pair ? "pair" : "alone", word(scene.watch).data(), scene.choices ? ", with choices" : "", walked.states);
    EXPECT_EQ(walked.fault, "");
    EXPECT_GT(walked.states, 200u);
    all += walked.states;
  }
  std::printf("%zu states in all\n", all);
}

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> list{
      {"input with one of a pair", [](auto& r) { r.needs_pair = false; }},
      {"a broken pair waits for ever", [](auto& r) { r.pair_grace = Millis(1000); }},
      {"additional staff count as operators", [](auto& r) { r.operators.merge(r.onlookers); }},
      {"a stranger may join", [](auto& r) { r.operators.insert(login(static_cast<int>(r.operators.size() + r.onlookers.size()))); }},
      {"nobody needs to watch", [](auto& r) { r.watch = Watch::not_watched; }},
      {"watching may stop for longer", [](auto& r) { r.viewer_grace = Millis(3); }},
      {"no deadline", [](auto& r) { r.length = Millis(1000); }},
      {"an expired right to come back stays alive", [](auto& r) { r.rejoin_grace = Millis(1000); }},
      {"a pause does nothing", [](auto&) {}, Act::pause},
      {"a pause never ends", [](auto&) {}, Act::resume},
      {"a page that is gone still watches", [](auto&) {}, Act::no_viewer},
      {"the choice of who types does nothing", [](auto&) {}, Act::typist},
      {"the choice of who types stays for ever", [](auto&) {}, Act::any_typist},
      {"a held tool goes on", [](auto&) {}, Act::hold},
      {"a held tool never goes on", [](auto&) {}, Act::release},
      {"stop does nothing", [](auto&) {}, Act::stop},
      {"who left still counts", [](auto&) {}, Act::goodbye},
      {"who was cut off still counts", [](auto&) {}, Act::drop},
      {"a lost connection is a goodbye", [](auto&) {}, std::nullopt, true},
      {"a goodbye leaves a right to come back", [](auto&) {}, std::nullopt, false, true},
      {"an ended session comes back", [](auto&) {}, std::nullopt, false, false, true},
      {"input after the end", [](auto&) {}, std::nullopt, false, false, false, true},
  };
  return list;
}

TEST(SessionModel, without_any_one_rule_the_walk_finds_it) {
  for (const auto& mutant : mutants()) {
    std::string fault;
    for (const auto& scene : scenes())
      if (fault.empty()) fault = walk_all(scene, mutant).fault;
    std::printf("%-45s %s\n", mutant.name.c_str(), fault.c_str());
    EXPECT_NE(fault, "") << "nobody would notice: " << mutant.name;
  }
}

}  // namespace
}  // namespace pontlevis::agent
