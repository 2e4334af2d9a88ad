// Moves bytes between an operator's channel and a program until the program has ended and its
// output is delivered, or one side is lost. Private to shell.cpp; all on one loop, all referenced
// objects outlive serve().
#pragma once

#include "agent/tools/channel_end.hpp"
#include "agent/tools/program_end.hpp"

namespace pontlevis::agent {

struct Output {
  io::ByteStream* from;  // the program's stdout or stderr; null = none
  io::ByteStream* to;    // null = read and dropped
  Tap* tap;              // may be null
};

class ToolRun {
 public:
  ToolRun(boost::asio::any_io_executor executor, Process& process, InputGate& gate)
      : process_(process), gate_(gate), end_(std::move(executor), process) {}

  io::Awaitable<Result<ExitStatus>> serve(ChannelEnd channel, Output out, Output err);
  void hang_up() { end_.hang_up(); }

 private:
  io::Awaitable<void> input(io::ByteStream* from);
  io::Awaitable<void> output(Output way);
  io::Awaitable<void> deliver(ChannelEnd channel, Output out, Output err);

  Process& process_;
  InputGate& gate_;
  ProgramEnd end_;
};

}  // namespace pontlevis::agent
