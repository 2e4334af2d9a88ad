#include "gateway/timestamps/filter_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr int look_every_ms = 100;  // how late a stop is seen

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int get() const noexcept { return fd_; }
  void close() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

// Two ends of one socket: it carries question and answer, and never raises SIGPIPE.
class Program {
 public:
  explicit Program(std::string name) : name_(std::move(name)) {}
  ~Program() {
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::unexpected<Error> trouble(Errc code, std::string what) const { return fail(code, std::move(what), printable(name_, 120)); }

  Result<> start(const std::vector<std::string>& argv, int ours_and_theirs[2]) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, ours_and_theirs[1], 0);
    ::posix_spawn_file_actions_adddup2(&actions, ours_and_theirs[1], 1);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    const int error = spawn(argv, actions, attributes);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return trouble(Errc::unavailable, "cannot be started: " + std::string(::strerror(error)));
    return {};
  }

  // How it ended; REQUIRES: its output has ended, or it was killed.
  Result<> end(Time::duration within) {
    for (auto waited = Millis(0); waited < within; waited += Millis(20)) {
      int status = 0;
      if (::waitpid(pid_, &status, WNOHANG) == pid_) {
        ::kill(-pid_, SIGKILL);  // what it may have left behind
        pid_ = -1;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
        return trouble(Errc::bad_input, WIFEXITED(status) ? "ended with " + std::to_string(WEXITSTATUS(status)) : "was ended by a signal");
      }
      ::usleep(20'000);
    }
    return trouble(Errc::unavailable, "does not end");
  }

 private:
  int spawn(const std::vector<std::string>& argv, posix_spawn_file_actions_t& actions, posix_spawnattr_t& attributes) {
    std::vector<char*> words;
    for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const char* path = ::getenv("PATH");
    std::string variable = "PATH=" + std::string(path ? path : "/usr/bin:/bin");
    std::array<char*, 2> environment{variable.data(), nullptr};
    return ::posix_spawnp(&pid_, words[0], &actions, &attributes, words.data(), environment.data());
  }

  std::string name_;
  pid_t pid_ = -1;
};

Result<std::string> read_answer(int fd, const Program& program, FilterLimits limits, const std::atomic<bool>& stop) {
  std::string out;
  std::array<char, 4096> room;
  for (auto waited = Millis(0); waited < limits.within;) {
    if (stop) return program.trouble(Errc::unavailable, "was ended: the gateway is stopping");
    pollfd one{fd, POLLIN, 0};
    if (::poll(&one, 1, look_every_ms) == 0) {
      waited += Millis(look_every_ms);
      continue;
    }
    const auto n = ::recv(fd, room.data(), room.size(), 0);
    const bool ended = n == 0 || (n < 0 && errno == ECONNRESET);  // reset: it went without having read the question
    if (ended) return out;
    if (n < 0 && errno != EINTR) return program.trouble(Errc::unavailable, "cannot be read");
    if (n > 0) out.append(room.data(), static_cast<std::size_t>(n));
    if (out.size() > limits.most_answer_bytes) return program.trouble(Errc::bad_input, "answers more than " + std::to_string(limits.most_answer_bytes) + " bytes");
  }
  return program.trouble(Errc::unavailable, "does not answer in time");
}

}  // namespace

Result<std::string> run_filter(const std::vector<std::string>& argv, std::string_view question, FilterLimits limits, const std::atomic<bool>& stop) {
  if (argv.empty()) return fail(Errc::bad_input, "names no program", "command");
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return fail(Errc::unavailable, "no socket is left", argv[0]);
  Descriptor ours(ends[0]), theirs(ends[1]);
  Program program(argv[0]);
  PL_CHECK(program.start(argv, ends));
  theirs.close();
  const auto sent = ::send(ours.get(), question.data(), question.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(question.size()) && errno != EPIPE) return program.trouble(Errc::unavailable, "does not take the question");
  ::shutdown(ours.get(), SHUT_WR);
  PL_TRY(answer, read_answer(ours.get(), program, limits, stop));
  PL_CHECK(program.end(Millis(2000)));
  return answer;
}

}  // namespace pontlevis::gateway
