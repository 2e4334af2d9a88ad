// One program started for a tool: on pipes, on a socketpair or on a pseudo-terminal. The seam
// behind which another operating system goes (design §6).
// Owned by the tool's run; lives on its io_context thread. Promises: the child starts with every
// signal at its default, an empty mask, a session and process group of its own, exactly the given
// environment and no descriptor but 0, 1 and 2; a program that cannot be started is an Error that
// says why, never a child that exits 127. The destructor ends a program that still runs.
// Prefer Reaper::spawn: it marks what it starts, so that nothing stays behind.
#pragma once

#include <boost/asio.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/tools/input_gate.hpp"
#include "protocol/io/byte_stream.hpp"
#include "protocol/result.hpp"

namespace pontlevis::agent {

// How a program ended, in the words of RFC 4254 §6.10: a code, or a signal's name without "SIG".
struct ExitStatus {
  int code = 0;
  std::string signal;  // empty = it exited by itself, with `code`
  bool core_dumped = false;
  bool operator==(const ExitStatus&) const = default;
};

struct PtySize {
  std::string term = "xterm";
  unsigned cols = 80;
  unsigned rows = 24;
};

enum class Wiring {
  pipes,       // stdin, stdout and stderr apart
  socketpair,  // stdin and stdout are one socket, stderr a pipe (sftp-server)
  pty,         // all three are the terminal
};

struct SpawnOptions {
  std::vector<std::string> argv;  // argv[0] is a path, or a name looked up in env's PATH
  std::string shown_name;         // what the program sees as argv[0]; empty = argv[0] ("-bash")
  std::vector<std::string> env;   // NAME=value, the whole environment; TERM is added with a pty
  std::string folder = "/";       // working directory
  std::string writes_below;       // it may change files below this folder only (confine.hpp); empty = anywhere
  Wiring wiring = Wiring::pipes;
  PtySize pty;                    // with Wiring::pty
  std::uint64_t brand = 0;        // the session's mark, set by Reaper::spawn; 0 = none
  // Called once: with true when the child has been reaped, with false when the Process was
  // destroyed before that and somebody else must reap it. Set by Reaper::spawn.
  std::function<void(int pid, bool reaped)> on_gone;
};

class Process {
 public:
  virtual ~Process() = default;
  virtual int pid() const noexcept = 0;
  virtual io::ByteStream& in() noexcept = 0;   // towards the program
  virtual io::ByteStream& out() noexcept = 0;  // from it; the same stream as in() but on pipes
  virtual io::ByteStream* err() noexcept = 0;  // null with a pty
  // Every byte towards the program passes the gate. REQUIRES: the gate outlives the Process.
  virtual void guard_input(InputGate& gate) noexcept = 0;
  // After wait(): what the program left in the terminal is still read, then out() ends, even if a
  // background process keeps the terminal. Without a pty, out() ends when all its writers have.
  virtual void end_output_when_empty() = 0;
  virtual Result<> resize(unsigned cols, unsigned rows) = 0;  // Errc::conflict without a pty
  // `name` as in RFC 4254 §6.9: HUP INT QUIT KILL TERM USR1 USR2 ALRM PIPE ABRT FPE ILL SEGV.
  // Goes to the program's process group. With a pty and a job in front: to that job, and to both
  // for HUP, TERM and KILL.
  virtual Result<> signal(std::string_view name) = 0;
  // How it ended. One waiter at a time; once ended, returns at once.
  virtual io::Awaitable<ExitStatus> wait() = 0;
  // Makes a pending wait() return code 255 at once: for a program we may not end.
  virtual void stop_waiting() = 0;
};

// Plain start, without a session: for programs of the agent itself (see Reaper::own).
// Blocks until execve has succeeded or failed: well under a millisecond on a local disk.
Result<std::unique_ptr<Process>> spawn(boost::asio::any_io_executor executor, SpawnOptions options);

std::string signal_name(int number);                         // "INT"; "SIG40" for the unnamed
std::optional<int> signal_number(std::string_view name);     // only the names of RFC 4254
constexpr std::string_view default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace pontlevis::agent
