// The `shell` tool: the command the practice configured, on a terminal or for one command line
// (what ssh, scp -O, rsync and git ask for). One ShellRun is one SSH session channel; the session
// owns it and it lives on the session's loop. Bytes are moved by coroutines, at most 32 KiB are
// held a way; every byte in passes the gate; the exit status follows the last byte of output.
// No privileged code: other rights come from the command itself (`sudo -u maintenance -i`).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/tools/channel_end.hpp"
#include "agent/tools/reaper.hpp"

namespace pontlevis::agent {

// What the practice configured ([system.shell] of the inventory).
struct ShellTool {
  std::vector<std::string> command;  // interactive; empty = the login shell of the agent's user
  std::vector<std::string> exec;     // + one argument, the command line; empty = command + "-c"
  std::string folder;                // working directory; empty = the user's home
  std::vector<std::string> environment{"LANG", "LC_*", "TERM"};  // names an operator may set
  std::map<std::string, std::string> env{};  // what every program gets from the practice
  std::vector<std::string> commands{};       // only these command lines, without a terminal; empty = any, and a shell
};

// Why the practice's list does not let this be run (none = an interactive shell): a sentence for the operator
// that names what can be run. Empty = it may. Byte for byte: what is nearly the same is something else.
// Requirements A02, A14.
std::string not_listed(const ShellTool& tool, const std::optional<std::string>& command_line);

// What the operator's client asked for.
struct ShellRequest {
  std::optional<PtySize> pty;
  std::optional<std::string> command_line;   // none = interactive
  std::map<std::string, std::string> env;    // from "env" requests; others than allowed are dropped
};

class ShellRun {
 public:
  // The gate and tap (may be null) outlive the run.
  static Result<std::unique_ptr<ShellRun>> start(boost::asio::any_io_executor executor, Reaper& reaper,
                                                 const std::string& session, const ShellTool& tool,
                                                 const ShellRequest& request, InputGate& gate, Tap* tap);
  ~ShellRun();
  // Moves bytes until the program has ended and its output is delivered, or the operator or the
  // gate closed. In the latter case the program gets SIGHUP, after 2 s SIGKILL. Call once.
  io::Awaitable<Result<ExitStatus>> serve(ChannelEnd end);
  Result<> resize(unsigned cols, unsigned rows);
  Result<> signal(std::string_view name);
  // The operator's channel is gone, or the session ends: call it when the channel closes after its
  // EOF, which serve() alone cannot see while the program is silent.
  void hang_up();

 private:
  struct Impl;
  explicit ShellRun(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pontlevis::agent
