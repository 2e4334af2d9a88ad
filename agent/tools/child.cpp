#include "agent/tools/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "agent/tools/confine.hpp"

namespace pontlevis::agent {
namespace {

[[noreturn]] void give_up(const ChildPlan& plan, ChildStep step) noexcept {
  const ChildFailure failure{step, errno};
  [[maybe_unused]] const auto n = ::write(plan.report, &failure, sizeof failure);
  ::_exit(127);
}

// An inherited SIG_IGN for SIGINT would survive execve and make Ctrl-C dead in the session.
void default_signals() noexcept {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &action, nullptr);
}

void unblock_signals() noexcept {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Best effort: inside another session's limit the higher number may be refused, then the other
// ways of Reaper find the process.
void brand(std::uint64_t number) noexcept {
  if (number == 0) return;
  const rlimit limit{number, number};
  ::setrlimit(RLIMIT_LOCKS, &limit);
}

bool take_descriptors(const ChildPlan& plan) noexcept {
  if (::dup2(plan.in, 0) < 0 || ::dup2(plan.out, 1) < 0 || ::dup2(plan.err, 2) < 0) return false;
  if (::dup3(plan.report, 3, O_CLOEXEC) < 0) return false;
  return ::close_range(4, ~0U, 0) == 0;
}

}  // namespace

void become(const ChildPlan& given) noexcept {
  ChildPlan plan = given;
  default_signals();
  brand(plan.brand);
  if (::setsid() < 0) give_up(plan, ChildStep::session);
  if (plan.terminal && ::ioctl(plan.in, TIOCSCTTY, 0) != 0) give_up(plan, ChildStep::terminal);
  if (plan.lock >= 0 && !put_on(plan.lock)) give_up(plan, ChildStep::lock);
  if (!take_descriptors(plan)) give_up(plan, ChildStep::descriptors);
  plan.report = 3;
  if (::chdir(plan.folder) != 0) give_up(plan, ChildStep::folder);
  ::umask(022);
  unblock_signals();
  ::execve(plan.path, plan.argv, plan.envp);
  give_up(plan, ChildStep::exec);
}

}  // namespace pontlevis::agent
