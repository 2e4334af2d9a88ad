// Moves bytes between an operator's channel and a program until the program has ended and its
// output is delivered, or one side is lost. Private to shell.cpp; all on one loop, all referenced
// objects outlive serve().
#pragma once

#include "agent/tools/channel_end.hpp"
#include "agent/tools/wakeup.hpp"

namespace pontlevis::agent {

struct Output {
  io::ByteStream* from;  // the program's stdout or stderr; null = none
  io::ByteStream* to;    // null = read and dropped
  Tap* tap;              // may be null
};

// The state that the four coroutines of one run share.
class ToolRun {
 public:
  ToolRun(boost::asio::any_io_executor executor, Process& process, InputGate& gate)
      : process_(process), gate_(gate), late_(std::move(executor)) {}

  io::Awaitable<Result<ExitStatus>> serve(ChannelEnd end, Output out, Output err);
  // The operator or the session is gone: SIGHUP now, SIGKILL after two seconds, and serve() returns
  // at the latest a second after that. Any number of times.
  void hang_up();

 private:
  io::Awaitable<void> input(io::ByteStream* from);
  io::Awaitable<void> output(Output way);
  io::Awaitable<void> exit();
  io::Awaitable<void> kill_if_late();
  io::Awaitable<void> deliver(ChannelEnd end, Output out, Output err);

  Process& process_;
  InputGate& gate_;
  boost::asio::steady_timer late_;
  std::optional<ExitStatus> status_;
  bool lost_ = false;
};

}  // namespace pontlevis::agent
