// Nothing stays behind: what a session started is found again and ended, also what was
// double-forked, setsid, or started with nohup (design §8 "Nothing stays behind", requirements A04).
// One per agent, owned by main; lives on its loop. It makes the agent the sub-reaper, so orphans of
// its children become its children instead of init's.
//
// A process belongs to a session when any of these holds, the first that speaks decides:
//   brand     a number made of the session's id, as hard RLIMIT_LOCKS (a limit Linux no longer uses):
//             inherited over fork and exec, readable by all, not raised again without privilege; the
//             same after a crash of the agent, so that begin() and end_all() then end what was left
//   ancestry  its parents lead to a process the session started, or to one found by brand or mark
//   mark      PONTLEVIS_SESSION=<id> in its environment
//   alone     it is an orphan we adopted, without brand or mark, in a terminal session of its own,
//             and there is no other live session it could belong to
// The agent, its own programs (own()) and other sessions' processes are never touched.
//
// A hostile tool can shed the first three (drop the limit, clear the environment, double-fork) and
// hide behind a second live session until that one ends too: then `alone` finds it at the last end.
//
// Ending a process of another user needs that user or CAP_KILL. As root all works. Without, a
// program behind sudo is counted in `survivors` unless it ends by the closing of its terminal.
#pragma once

#include <boost/asio.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "agent/tools/process.hpp"
#include "protocol/clock.hpp"

namespace pontlevis::agent {

struct EndCount {
  std::map<std::string, unsigned> ended;      // program name → how many were ended by us
  std::map<std::string, unsigned> survivors;  // those we may not end (EPERM), or stuck in the kernel
  Millis took{0};
  unsigned total() const;
};

class Reaper {
 public:
  // Fails when the system refuses PR_SET_CHILD_SUBREAPER.
  static Result<std::unique_ptr<Reaper>> create(boost::asio::any_io_executor executor);
  ~Reaper();

  // `session` is the intervention's id: 1 to 64 of [A-Za-z0-9-]. begin() before spawn().
  Result<> begin(const std::string& session);
  // Adds PONTLEVIS_SESSION and the brand, and remembers the pid. Errc::closed once end_all has begun.
  Result<std::unique_ptr<Process>> spawn(const std::string& session, SpawnOptions options);
  // Hangs up (SIGHUP, SIGCONT), waits at most 30 ms, then SIGKILL until a look at /proc finds none;
  // gives up after five seconds. Processes that end by themselves in the grace count as ended.
  // The Process objects stay valid: their wait() returns.
  io::Awaitable<EndCount> end_all(std::string session);

  void own(int pid);      // a program of the agent itself, in a session of its own: hands off
  void reap_orphans();    // collects dead adopted children, never one that a Process waits for
  io::Awaitable<void> run();  // reap_orphans at every SIGCHLD, until stop()
  void stop();

  using Identity = std::pair<int, std::uint64_t>;  // a pid and when it started: never reused
  using Seen = std::map<Identity, std::string>;    // and the program's name

 private:
  struct Book;
  explicit Reaper(boost::asio::any_io_executor executor);
  boost::asio::any_io_executor executor_;
  std::shared_ptr<Book> book_;
  boost::asio::signal_set child_ended_;
};

}  // namespace pontlevis::agent
