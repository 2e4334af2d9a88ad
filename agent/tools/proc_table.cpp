#include "agent/tools/proc_table.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>

#include "protocol/c_handle.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

using Folder = CHandle<DIR, closedir>;

// An unreadable file is an empty one: the process has gone, or is not ours to look at.
std::string read_proc(int pid, const char* file, std::size_t max) {
  const Fd fd{::open(("/proc/" + std::to_string(pid) + "/" + file).c_str(), O_RDONLY | O_CLOEXEC)};
  std::string out(fd ? max : 0, '\0');
  std::size_t used = 0;
  while (used < out.size()) {
    const auto n = ::read(fd.get(), out.data() + used, out.size() - used);
    if (n <= 0) break;
    used += static_cast<std::size_t>(n);
  }
  out.resize(used);
  return out;
}

template <class Number>
Number number_at(std::string_view text, std::size_t field) {
  for (; field > 0; --field) text.remove_prefix(std::min(text.find(' '), text.size() - 1) + 1);
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// proc(5) /proc/PID/stat: the name stands in parentheses and may hold any byte, also ')'.
std::optional<ProcEntry> parse_stat(int pid, std::string_view stat) {
  const auto open = stat.find('('), close = stat.rfind(')');
  if (open == stat.npos || close == stat.npos || close < open || stat.size() < close + 4) return std::nullopt;
  const std::string_view rest = stat.substr(close + 2);  // field 3, the state
  ProcEntry entry;
  entry.pid = pid;
  entry.name = printable(stat.substr(open + 1, close - open - 1), 15);
  entry.dead = rest.front() == 'Z' || rest.front() == 'X';
  entry.parent = number_at<int>(rest, 1);
  entry.terminal_session = number_at<int>(rest, 3);
  entry.started = number_at<std::uint64_t>(rest, 19);
  return entry;
}

}  // namespace

std::optional<ProcEntry> process_entry(int pid) { return parse_stat(pid, read_proc(pid, "stat", 1024)); }

std::vector<ProcEntry> all_processes() {
  std::vector<ProcEntry> out;
  const Folder folder{::opendir("/proc")};
  if (!folder) return out;
  while (const dirent* item = ::readdir(folder.get())) {
    const auto pid = parse_decimal(item->d_name, 1U << 30);
    if (!pid || *pid == 0) continue;
    if (auto entry = process_entry(static_cast<int>(*pid))) out.push_back(*std::move(entry));
  }
  return out;
}

std::uint64_t brand_of(int pid) {
  const std::string limits = read_proc(pid, "limits", 4096);
  std::string_view rest = limits;
  const auto at = rest.find("Max file locks");
  if (at == rest.npos) return 0;
  rest.remove_prefix(at + 14);
  for (int column = 0; column < 2; ++column) {  // the soft limit, then the hard one
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (column == 0) rest.remove_prefix(std::min(rest.find(' '), rest.size()));
  }
  return parse_decimal(rest.substr(0, rest.find(' ')), UINT64_MAX).value_or(0);
}

bool carries_mark(int pid, const std::string& mark) {
  const std::string environment = '\0' + read_proc(pid, "environ", 128 * 1024) + '\0';
  return environment.find('\0' + mark + '\0') != environment.npos;
}

std::uint64_t ticks_since_boot() {
  static const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  timespec t{};
  ::clock_gettime(CLOCK_BOOTTIME, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * per_second +
         static_cast<std::uint64_t>(t.tv_nsec) * per_second / 1'000'000'000;
}

Fd open_process(const ProcEntry& entry) {
  Fd pidfd{static_cast<int>(::syscall(SYS_pidfd_open, entry.pid, 0))};
  if (!pidfd) return pidfd;
  // The pidfd is opened first: if the pid still names our process now, the pidfd does too.
  const auto now = process_entry(entry.pid);
  return now && now->started == entry.started ? std::move(pidfd) : Fd{};
}

Sent send_signal(const Fd& pidfd, int number) {
  if (::syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0) == 0) return Sent::yes;
  return errno == EPERM ? Sent::not_permitted : Sent::gone;
}

}  // namespace pontlevis::agent
