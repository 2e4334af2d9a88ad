// How the run of a tool comes to its end: the program exits, or it is told to (SIGHUP, two seconds
// later SIGKILL, one second later it is left to the reaper). Private to the runs; same loop.
#pragma once

#include <boost/asio.hpp>

#include "agent/tools/process.hpp"

namespace pontlevis::agent {

class ProgramEnd {
 public:
  ProgramEnd(boost::asio::any_io_executor executor, Process& process) : process_(process), late_(std::move(executor)) {}

  io::Awaitable<void> watch();  // until the program has ended or was given up; call once
  void hang_up();               // any number of times; its streams are closed
  bool lost() const noexcept { return lost_; }
  bool ended() const noexcept { return status_.has_value(); }
  const ExitStatus& status() const { return *status_; }  // REQUIRES: watch() has returned

 private:
  io::Awaitable<void> exit();
  io::Awaitable<void> kill_if_late();
  Process& process_;
  boost::asio::steady_timer late_;
  std::optional<ExitStatus> status_;
  bool lost_ = false;
};

}  // namespace pontlevis::agent
