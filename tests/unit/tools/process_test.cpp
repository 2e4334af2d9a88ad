#include "agent/tools/process.hpp"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "tests/unit/tools/tools_test.hpp"

namespace pontlevis::agent::testing {
namespace {

using ProcessTest = ToolsTest;

SpawnOptions sh(std::string line, Wiring wiring = Wiring::pipes) {
  SpawnOptions options;
  options.argv = {"/bin/sh", "-c", std::move(line)};
  options.env = {"PATH=/usr/bin:/bin"};
  options.wiring = wiring;
  return options;
}

Awaitable<std::string> read_all(io::ByteStream* stream) {
  std::string all;
  std::vector<char> part(4096);
  for (;;) {
    const auto n = co_await stream->read_some(part);
    if (!n || *n == 0) co_return all;
    all.append(part.data(), *n);
  }
}

struct Seen {
  ExitStatus status;
  std::string out, err;
};

Awaitable<void> watch(Process* process, Seen* seen) {
  using namespace boost::asio::experimental::awaitable_operators;
  process->in().shutdown_write();
  seen->out = co_await read_all(&process->out());
  if (process->err()) seen->err = co_await read_all(process->err());
  seen->status = co_await process->wait();
}

Seen run(boost::asio::io_context& loop, SpawnOptions options) {
  Seen seen;
  auto process = spawn(loop.get_executor(), std::move(options));
  EXPECT_TRUE(process) << process.error().text();
  if (process) on_loop(watch(process->get(), &seen), loop);
  return seen;
}

std::size_t open_descriptors() {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++n;
  return n;
}

TEST_F(ProcessTest, exit_codes_and_signals_are_told_apart) {
  EXPECT_EQ(run(loop, sh("exit 0")).status, (ExitStatus{0, "", false}));
  EXPECT_EQ(run(loop, sh("exit 7")).status, (ExitStatus{7, "", false}));
  EXPECT_EQ(run(loop, sh("exit 255")).status, (ExitStatus{255, "", false}));
  EXPECT_EQ(run(loop, sh("kill -TERM $$")).status.signal, "TERM");
  EXPECT_EQ(run(loop, sh("kill -KILL $$")).status.signal, "KILL");
  EXPECT_EQ(run(loop, sh("kill -RTMIN $$")).status.signal, "SIG34");
}

TEST_F(ProcessTest, stdout_and_stderr_are_apart) {
  const auto seen = run(loop, sh("echo out; echo err >&2"));
  EXPECT_EQ(seen.out, "out\n");
  EXPECT_EQ(seen.err, "err\n");
}

TEST_F(ProcessTest, the_environment_is_exactly_the_given_one) {
  auto options = sh("");
  options.argv = {"env"};
  options.env = {"PATH=/usr/bin:/bin", "LANG=C"};
  EXPECT_EQ(run(loop, options).out, "PATH=/usr/bin:/bin\nLANG=C\n");
}

TEST_F(ProcessTest, a_child_has_no_descriptor_but_three) {
  const int leaky = ::dup(0);  // without close-on-exec, as a careless library would
  // ls itself opens one for the listing.
  EXPECT_EQ(run(loop, sh("ls /proc/self/fd")).out, "0\n1\n2\n3\n");
  ::close(leaky);
}

TEST_F(ProcessTest, a_program_that_is_not_there_is_an_error_and_not_an_exit_code) {
  auto options = sh("");
  options.argv = {"/no/such/program"};
  const auto by_path = spawn(loop.get_executor(), options);
  ASSERT_FALSE(by_path);
  EXPECT_EQ(by_path.error().code, Errc::not_found);
  EXPECT_EQ(by_path.error().text(),
            "/no/such/program: cannot start the program: No such file or directory\n"
            "  hint: check `command` in the inventory: the file, its rights, its first line");
  options.argv = {"no-such-program"};
  EXPECT_EQ(spawn(loop.get_executor(), options).error().code, Errc::not_found);
  options.argv = {"/etc/passwd"};
  EXPECT_EQ(spawn(loop.get_executor(), options).error().what, "cannot start the program: Permission denied");
  options = sh("true");
  options.folder = "/no/such/folder";
  EXPECT_EQ(spawn(loop.get_executor(), options).error().what, "cannot enter the working folder: No such file or directory");
  options.argv = {};
  EXPECT_EQ(spawn(loop.get_executor(), options).error().code, Errc::bad_input);
}

// An agent started with `nohup` or by a careless service manager passes its dispositions on; with
// SIGINT ignored, Ctrl-C was dead in every session.
TEST_F(ProcessTest, an_inherited_ignored_signal_does_not_reach_the_program) {
  const auto before = ::signal(SIGINT, SIG_IGN);
  sigset_t blocked, old;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &old);
  const auto seen = run(loop, sh("grep -E 'Sig(Blk|Ign)' /proc/self/status"));
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
  ::signal(SIGINT, before);
  EXPECT_EQ(seen.out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(ProcessTest, a_hundred_programs_leave_no_descriptor_and_no_zombie) {
  run(loop, sh("true"));
  const auto before = open_descriptors();
  for (int i = 0; i < 100; ++i)
    run(loop, sh("exit 3", i % 3 == 0 ? Wiring::pipes : i % 3 == 1 ? Wiring::socketpair : Wiring::pty));
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was left";
  SpawnOptions broken = sh("");
  broken.argv = {"/no/such/program"};
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(spawn(loop.get_executor(), broken));
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ProcessTest, a_terminal_is_a_terminal_of_its_size_and_utf8) {
  auto options = sh("stty size; stty -a | grep -o ' iutf8'; tty | cut -c1-9; echo $TERM; ps -o tty= -p $$ | cut -c1-3", Wiring::pty);
  options.pty = {"xterm-256color", 101, 33};
  EXPECT_EQ(run(loop, options).out, "33 101\r\n iutf8\r\n/dev/pts/\r\nxterm-256color\r\npts\r\n");
}

TEST_F(ProcessTest, destroying_it_ends_the_program) {
  auto process = spawn(loop.get_executor(), sh("exec sleep 1000"));
  ASSERT_TRUE(process);
  const int pid = (*process)->pid();
  process->reset();
  for (int i = 0; i < 1000 && ::kill(pid, 0) == 0; ++i) {
    ::waitpid(pid, nullptr, WNOHANG);
    ::usleep(1000);
  }
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST_F(ProcessTest, only_the_signals_of_the_rfc_can_be_sent) {
  auto process = spawn(loop.get_executor(), sh("exec sleep 1000"));
  ASSERT_TRUE(process);
  EXPECT_EQ((*process)->signal("STOP").error().code, Errc::bad_input);
  EXPECT_EQ((*process)->signal("9").error().code, Errc::bad_input);
  EXPECT_EQ((*process)->signal("SIGKILL").error().code, Errc::bad_input);
  EXPECT_EQ((*process)->resize(10, 10).error().code, Errc::conflict);
  ASSERT_TRUE((*process)->signal("USR1"));
  Seen seen;
  on_loop(watch(process->get(), &seen), loop);
  EXPECT_EQ(seen.status.signal, "USR1");
  EXPECT_EQ((*process)->signal("USR1").error().code, Errc::closed);
}

}  // namespace
}  // namespace pontlevis::agent::testing
