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
  // What a person types into a paused terminal is dropped, so that nothing happens by itself when it goes on;
  // what a program sends waits.
  enum class WhenPaused { waits, dropped };
  ToolRun(boost::asio::any_io_executor executor, Process& process, InputGate& gate, WhenPaused when_paused = WhenPaused::waits)
      : process_(process), gate_(gate), when_paused_(when_paused), end_(std::move(executor), process) {}

  io::Awaitable<Result<ExitStatus>> serve(ChannelEnd channel, Output out, Output err);
  void hang_up() { end_.hang_up(); }

 private:
  io::Awaitable<void> input(io::ByteStream* from);
  io::Awaitable<void> output(Output way);
  io::Awaitable<void> deliver(ChannelEnd channel, Output out, Output err);

  Process& process_;
  InputGate& gate_;
  WhenPaused when_paused_;
  ProgramEnd end_;
};

}  // namespace pontlevis::agent
