#include "agent/tools/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "agent/tools/child.hpp"
#include "agent/tools/confine.hpp"
#include "agent/tools/fd_stream.hpp"

namespace pontlevis::agent {
namespace {

using boost::asio::any_io_executor;
using boost::asio::as_tuple;
using boost::asio::use_awaitable;
using Kind = FdStream::Kind;

constexpr std::array<std::pair<std::string_view, int>, 13> signals{{
    {"HUP", SIGHUP}, {"INT", SIGINT}, {"QUIT", SIGQUIT}, {"KILL", SIGKILL}, {"TERM", SIGTERM},
    {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"ALRM", SIGALRM}, {"PIPE", SIGPIPE}, {"ABRT", SIGABRT},
    {"FPE", SIGFPE}, {"ILL", SIGILL}, {"SEGV", SIGSEGV},
}};

ExitStatus unknown_end() {
  ExitStatus status;
  status.code = 255;
  return status;
}

std::unexpected<Error> os_error(std::string doing, const std::string& where) {
  return fail(Errc::io, "cannot " + doing + ": " + std::strerror(errno), where);
}

// ---- the descriptors of parent and child ----

struct Plumbing {
  Fd in, out, err;                    // ours; `out` is empty where `in` carries both ways
  Fd child_in, child_out, child_err;  // the child's, all >= 16
  Kind kind{};
};

// Above the child's 0..3, so that its dup2 calls cannot close what they still need.
Result<Fd> lift(Fd fd) {
  Fd lifted{::fcntl(fd.get(), F_DUPFD_CLOEXEC, 16)};
  if (!lifted) return os_error("duplicate a descriptor", "tool");
  return lifted;
}

Result<> pipe_for(Fd& reader, Fd& writer) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return os_error("make a pipe", "tool");
  reader = Fd(ends[0]);
  writer = Fd(ends[1]);
  return {};
}

// A program that writes much fills more before it is stopped and woken again. Refused when this user
// has many pipes (pipe-user-pages-soft): the usual 64 KiB do as well, only with more turns.
void widen(const Fd& pipe) { static_cast<void>(::fcntl(pipe.get(), F_SETPIPE_SZ, 256 * 1024)); }

Result<Plumbing> plumb_pipes() {
  Plumbing p;
  p.kind = Kind::pipe;
  Fd in, out, err;
  PL_CHECK(pipe_for(in, p.in));
  PL_CHECK(pipe_for(p.out, out));
  widen(p.out);
  PL_CHECK(pipe_for(p.err, err));
  PL_TRY(lifted_in, lift(std::move(in)));
  PL_TRY(lifted_out, lift(std::move(out)));
  PL_TRY(lifted_err, lift(std::move(err)));
  p.child_in = std::move(lifted_in);
  p.child_out = std::move(lifted_out);
  p.child_err = std::move(lifted_err);
  return p;
}

Result<Plumbing> plumb_socketpair() {
  Plumbing p;
  p.kind = Kind::socket;
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return os_error("make a socketpair", "tool");
  p.in = Fd(ends[0]);
  Fd child{ends[1]}, err;
  PL_CHECK(pipe_for(p.err, err));
  PL_TRY(lifted, lift(std::move(child)));
  PL_TRY(lifted_err, lift(std::move(err)));
  p.child_in = std::move(lifted);
  p.child_err = std::move(lifted_err);
  return p;
}

// The modes of a fresh terminal are sane already; UTF-8 makes the line discipline erase whole
// characters. (The client's encoded modes are not known: libssh 0.10 has no accessor.)
Result<> prepare_terminal(int fd, const PtySize& size) {
  termios modes{};
  if (::tcgetattr(fd, &modes) != 0) return os_error("read the terminal's modes", "tool");
  modes.c_iflag |= IUTF8;
  if (::tcsetattr(fd, TCSANOW, &modes) != 0) return os_error("set the terminal's modes", "tool");
  const winsize window{static_cast<unsigned short>(size.rows), static_cast<unsigned short>(size.cols), 0, 0};
  if (::ioctl(fd, TIOCSWINSZ, &window) != 0) return os_error("size the terminal", "tool");
  return {};
}

Result<Plumbing> plumb_pty(const PtySize& size) {
  Plumbing p;
  p.kind = Kind::pty;
  p.in = Fd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!p.in) return os_error("open a pseudo-terminal", "tool");
  char name[64];
  if (::grantpt(p.in.get()) != 0 || ::unlockpt(p.in.get()) != 0 || ::ptsname_r(p.in.get(), name, sizeof name) != 0)
    return os_error("unlock a pseudo-terminal", "tool");
  Fd child{::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)};
  if (!child) return os_error("open a pseudo-terminal", "tool");
  PL_CHECK(prepare_terminal(child.get(), size));
  PL_TRY(lifted, lift(std::move(child)));
  p.child_in = std::move(lifted);
  return p;
}

Result<Plumbing> plumb(const SpawnOptions& options) {
  switch (options.wiring) {
    case Wiring::pipes: return plumb_pipes();
    case Wiring::socketpair: return plumb_socketpair();
    case Wiring::pty: return plumb_pty(options.pty);
  }
  return fail(Errc::internal, "unknown wiring");
}

// ---- the program ----

class PosixProcess final : public Process {
 public:
  PosixProcess(any_io_executor executor, int pid, Fd pidfd, Plumbing plumbing, std::function<void(int, bool)> on_gone);
  ~PosixProcess() override;
  int pid() const noexcept override { return pid_; }
  io::ByteStream& in() noexcept override { return in_; }
  io::ByteStream& out() noexcept override { return out_ ? *out_ : in_; }
  io::ByteStream* err() noexcept override { return err_ ? &*err_ : nullptr; }
  void guard_input(InputGate& gate) noexcept override { in_.set_gate(&gate); }
  void end_output_when_empty() override;
  Result<> resize(unsigned cols, unsigned rows) override;
  Result<> signal(std::string_view name) override;
  io::Awaitable<ExitStatus> wait() override;
  void stop_waiting() override;

 private:
  void reap();
  int pid_;
  Kind kind_;
  boost::asio::posix::stream_descriptor pidfd_;
  FdStream in_;
  std::optional<FdStream> out_, err_;
  std::function<void(int, bool)> on_gone_;
  std::optional<ExitStatus> status_;
  bool given_up_ = false;
};

PosixProcess::PosixProcess(any_io_executor executor, int pid, Fd pidfd, Plumbing plumbing,
                           std::function<void(int, bool)> on_gone)
    : pid_(pid), kind_(plumbing.kind), pidfd_(executor, pidfd.release()),
      in_(executor, std::move(plumbing.in), plumbing.kind), on_gone_(std::move(on_gone)) {
  if (plumbing.out) out_.emplace(executor, std::move(plumbing.out), Kind::pipe);
  if (plumbing.err) err_.emplace(executor, std::move(plumbing.err), Kind::pipe);
}

// Who destroys it before its end ends it. If that cannot be seen at once (a program of another
// user, a process stuck in the kernel), the reaper collects it later.
PosixProcess::~PosixProcess() {
  if (!status_) {
    const bool sent = ::syscall(SYS_pidfd_send_signal, pidfd_.native_handle(), SIGKILL, nullptr, 0) == 0;
    pollfd dead{pidfd_.native_handle(), POLLIN, 0};
    if (sent) ::poll(&dead, 1, 50);  // well under a millisecond but for a process stuck in the kernel
    siginfo_t info{};
    const int got = ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.native_handle()), &info, WEXITED | WNOHANG);
    if (on_gone_) on_gone_(pid_, got == 0 && info.si_pid == pid_);
  }
}

void PosixProcess::end_output_when_empty() {
  if (kind_ == Kind::pty) in_.end_when_empty();
}

Result<> PosixProcess::resize(unsigned cols, unsigned rows) {
  if (kind_ != Kind::pty) return fail(Errc::conflict, "has no terminal to resize", "tool");
  if (cols > 10'000 || rows > 10'000) return fail(Errc::bad_input, "is not a terminal size", "tool");
  const winsize window{static_cast<unsigned short>(rows), static_cast<unsigned short>(cols), 0, 0};
  if (::ioctl(in_.native(), TIOCSWINSZ, &window) != 0) return os_error("resize the terminal", "tool");
  return {};
}

Result<> PosixProcess::signal(std::string_view name) {
  const auto number = signal_number(name);
  if (!number) return fail(Errc::bad_input, "is not a signal that can be sent", "tool");
  if (status_) return fail(Errc::closed, "the program has ended", "tool");
  const int foreground = kind_ == Kind::pty ? ::tcgetpgrp(in_.native()) : -1;
  const bool job = foreground > 1 && foreground != pid_;
  const bool ends = *number == SIGHUP || *number == SIGTERM || *number == SIGKILL;
  if (job && ::kill(-foreground, *number) == 0 && !ends) return {};
  if (::kill(-pid_, *number) != 0) return os_error("signal the program", "tool");
  return {};
}

void PosixProcess::reap() {
  siginfo_t info{};
  const int got = ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.native_handle()), &info, WEXITED | WNOHANG);
  if (got == 0 && info.si_pid != pid_) return;  // not yet
  status_ = unknown_end();  // stays so when a stranger has collected it
  if (got != 0) {
    if (on_gone_) on_gone_(pid_, true);
    return;
  }
  status_->code = 0;
  if (info.si_code == CLD_EXITED) {
    status_->code = info.si_status;
  } else {
    status_->signal = signal_name(info.si_status);
    status_->core_dumped = info.si_code == CLD_DUMPED;
  }
  if (on_gone_) on_gone_(pid_, true);
}

io::Awaitable<ExitStatus> PosixProcess::wait() {
  while (!status_ && !given_up_) {
    co_await pidfd_.async_wait(boost::asio::posix::stream_descriptor::wait_read, as_tuple(use_awaitable));
    reap();
  }
  co_return status_ ? *status_ : unknown_end();
}

void PosixProcess::stop_waiting() {
  given_up_ = true;
  boost::system::error_code ignored;
  pidfd_.cancel(ignored);
}

// ---- starting it ----

std::string_view path_of(const std::vector<std::string>& env) {
  for (std::string_view entry : env)
    if (entry.starts_with("PATH=")) return entry.substr(5);
  return default_path;
}

Result<std::string> find_program(const SpawnOptions& options) {
  const std::string& name = options.argv.front();
  if (name.find('/') != std::string::npos) return name;
  for (std::string_view rest = path_of(options.env); !rest.empty();) {
    const auto colon = std::min(rest.find(':'), rest.size());
    const std::string full = std::string(rest.substr(0, colon)) + "/" + name;
    if (full.front() == '/' && ::access(full.c_str(), X_OK) == 0) return full;
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return fail(Errc::not_found, "no such program in PATH", name, "install it, or give its whole path in the inventory");
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::unexpected<Error> explain(const ChildFailure& failure, const SpawnOptions& options) {
  const std::string why = std::strerror(failure.error);
  switch (failure.step) {
    case ChildStep::exec:
      return fail(failure.error == ENOENT ? Errc::not_found : Errc::io, "cannot start the program: " + why,
                  options.argv.front(), "check `command` in the inventory: the file, its rights, its first line");
    case ChildStep::folder:
      return fail(Errc::not_found, "cannot enter the working folder: " + why, options.folder,
                  "check `folder` in the inventory");
    case ChildStep::terminal: return fail(Errc::io, "cannot take the terminal: " + why, options.argv.front());
    case ChildStep::lock: return fail(Errc::io, "cannot lock it into its folder: " + why, options.writes_below);
    case ChildStep::session:
    case ChildStep::descriptors: break;
  }
  return fail(Errc::io, "cannot prepare the program: " + why, options.argv.front());
}

// Signals stay blocked over the fork: a handler of ours must not run in the child.
int fork_quietly(const ChildPlan& plan) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const int pid = ::fork();
  if (pid == 0) become(plan);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return pid;
}

Result<> await_exec(Fd report, int pid, const SpawnOptions& options) {
  ChildFailure failure{};
  ssize_t n = 0;
  do n = ::read(report.get(), &failure, sizeof failure);
  while (n < 0 && errno == EINTR);
  if (n == 0) return {};  // closed by execve
  ::waitpid(pid, nullptr, 0);
  return explain(failure, options);
}

Result<> check(const SpawnOptions& options) {
  if (options.argv.empty() || options.argv.front().empty()) return fail(Errc::bad_input, "names no program", "tool");
  for (const auto* texts : {&options.argv, &options.env})
    for (const auto& text : *texts)
      if (text.find('\0') != std::string::npos) return fail(Errc::bad_input, "holds a zero byte", "tool");
  return {};
}

// Returns the pid of a child that runs the program.
Result<int> start(const SpawnOptions& options, const Plumbing& plumbing) {
  PL_TRY(path, find_program(options));
  auto argv = options.argv;
  if (!options.shown_name.empty()) argv.front() = options.shown_name;
  auto env = options.env;
  if (options.wiring == Wiring::pty) env.push_back("TERM=" + options.pty.term);
  auto argv_pointers = pointers(argv);
  auto env_pointers = pointers(env);
  Fd reader, writer;
  PL_CHECK(pipe_for(reader, writer));
  PL_TRY(report, lift(std::move(writer)));
  Fd lock;
  if (!options.writes_below.empty()) {
    PL_TRY(made, writes_below(options.writes_below));
    lock = std::move(made);
  }
  const int in = plumbing.child_in.get();
  const int out = plumbing.child_out ? plumbing.child_out.get() : in;
  const int err = plumbing.child_err ? plumbing.child_err.get() : out;
  const ChildPlan plan{path.c_str(), argv_pointers.data(), env_pointers.data(), options.folder.c_str(), in, out, err,
                       options.wiring == Wiring::pty, report.get(), options.brand, lock.get()};
  const int pid = fork_quietly(plan);
  if (pid < 0) return os_error("start another process", options.argv.front());
  report.reset();
  PL_CHECK(await_exec(std::move(reader), pid, options));
  return pid;
}

void ignore_sigpipe() {
  static const auto once = ::signal(SIGPIPE, SIG_IGN);
  static_cast<void>(once);
}

}  // namespace

Result<std::unique_ptr<Process>> spawn(any_io_executor executor, SpawnOptions options) {
  ignore_sigpipe();
  PL_CHECK(check(options));
  PL_TRY(plumbing, plumb(options));
  PL_TRY(pid, start(options, plumbing));
  Fd pidfd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  if (!pidfd) {
    const auto error = os_error("watch the program", options.argv.front());
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return error;
  }
  return std::make_unique<PosixProcess>(std::move(executor), pid, std::move(pidfd), std::move(plumbing),
                                        std::move(options.on_gone));
}

std::string signal_name(int number) {
  for (const auto& [name, value] : signals)
    if (value == number) return std::string(name);
  return "SIG" + std::to_string(number);
}

std::optional<int> signal_number(std::string_view name) {
  for (const auto& [known, value] : signals)
    if (known == name) return value;
  return std::nullopt;
}

}  // namespace pontlevis::agent
