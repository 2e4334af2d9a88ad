#include "agent/tools/reaper.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "agent/tools/proc_table.hpp"
#include "protocol/crypto/sha256.hpp"

namespace pontlevis::agent {
namespace {

using boost::asio::as_tuple;
using boost::asio::steady_timer;
using boost::asio::use_awaitable;
using std::chrono::steady_clock;

constexpr Millis grace{30};       // between hang-up and SIGKILL
constexpr Millis give_up{5000};   // a process that SIGKILL does not end by then is stuck in the kernel
constexpr Millis look_again{2};

// Brands are 62-bit numbers with these two top bits, so that no sane limit looks like one.
constexpr std::uint64_t brand_bits = 0x4000'0000'0000'0000;
bool is_brand(std::uint64_t limit) noexcept { return limit >> 62 == 1; }

// From the session's id alone: an agent that comes back after a crash finds what the last one started.
std::uint64_t brand_for(const std::string& session) {
  const auto digest = sha256("pontlevis brand " + session);
  std::uint64_t number = 0;
  std::memcpy(&number, digest.bytes.data(), sizeof number);
  return (number & (brand_bits - 1)) | brand_bits;
}

bool is_session_name(const std::string& text) {
  const auto good = [](char c) { return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, good);
}

io::Awaitable<void> pause_for(Millis time) {
  steady_timer timer(co_await boost::asio::this_coro::executor, time);
  co_await timer.async_wait(as_tuple(use_awaitable));
}

struct Session {
  std::uint64_t brand = 0;
  std::string mark;
  std::set<int> roots;      // started by spawn() and not reaped
  bool ending = false;
};

using Living = std::map<Reaper::Identity, ProcEntry>;
Reaper::Identity identity(const ProcEntry& e) { return {e.pid, e.started}; }

}  // namespace

unsigned EndCount::total() const {
  unsigned sum = 0;
  for (const auto& [name, count] : ended) sum += count;
  return sum;
}

// Shared with the Processes, whose on_gone may outlive the Reaper. Same loop.
struct Reaper::Book {
  std::map<std::string, Session> sessions;
  std::set<int> own;        // programs of the agent itself
  std::set<int> abandoned;  // ours to collect: their Process has been destroyed

  bool is_root(int pid) const {
    return own.contains(pid) || std::ranges::any_of(sessions, [pid](const auto& s) { return s.second.roots.contains(pid); });
  }
  bool is_other_brand(std::uint64_t limit, const Session& mine) const {
    return std::ranges::any_of(sessions, [&](const auto& s) { return &s.second != &mine && s.second.brand == limit; });
  }
  void gone(const std::string& session, int pid, bool reaped) {
    own.erase(pid);
    if (!reaped) abandoned.insert(pid);
    if (const auto at = sessions.find(session); at != sessions.end()) at->second.roots.erase(pid);
  }
  Living members(const Session& session) const;

 private:
  bool speaks_for(const ProcEntry& entry, const Session& session) const;
};

// Brand first, then mark, then "alone"; ancestry is members()' part.
bool Reaper::Book::speaks_for(const ProcEntry& entry, const Session& session) const {
  const std::uint64_t limit = brand_of(entry.pid);
  if (limit == session.brand) return true;
  if (is_other_brand(limit, session)) return false;
  if (carries_mark(entry.pid, session.mark)) return true;
  return sessions.size() == 1 && entry.parent == ::getpid() && entry.terminal_session != ::getsid(0) &&
         !abandoned.contains(entry.pid);
}

// Everything of the session that is not dead yet.
Living Reaper::Book::members(const Session& session) const {
  const int self = ::getpid();
  std::map<int, bool> mine;  // pid → decided
  auto table = all_processes();
  std::erase_if(table, [&](const ProcEntry& e) { return e.pid == self || e.pid == 1; });
  for (const auto& e : table) {
    const bool root = session.roots.contains(e.pid);
    mine[e.pid] = root || (!is_root(e.pid) && speaks_for(e, session));
  }
  // A parent's membership reaches its children; two rounds without news are one too many.
  for (bool news = true; news;) {
    news = false;
    for (const auto& e : table) {
      const auto parent = mine.find(e.parent);
      if (mine[e.pid] || is_root(e.pid) || parent == mine.end() || !parent->second) continue;
      if (is_other_brand(brand_of(e.pid), session)) continue;
      news = mine[e.pid] = true;
    }
  }
  Living out;
  for (auto& e : table)
    if (mine[e.pid] && !e.dead) out.emplace(identity(e), e);
  return out;
}

Result<std::unique_ptr<Reaper>> Reaper::create(boost::asio::any_io_executor executor) {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
    return fail(Errc::io, std::string("cannot become the sub-reaper: ") + std::strerror(errno), "tools",
                "Linux 3.4 or later is needed");
  return std::unique_ptr<Reaper>(new Reaper(std::move(executor)));
}

Reaper::Reaper(boost::asio::any_io_executor executor)
    : executor_(executor), book_(std::make_shared<Book>()), child_ended_(executor) {}
Reaper::~Reaper() = default;

Result<> Reaper::begin(const std::string& session) {
  if (!is_session_name(session)) return fail(Errc::bad_input, "is not a session's id", "tools");
  if (book_->sessions.contains(session)) return fail(Errc::conflict, "the session exists already", "tools");
  Session fresh;
  fresh.brand = brand_for(session);
  fresh.mark = "PONTLEVIS_SESSION=" + session;
  book_->sessions.emplace(session, std::move(fresh));
  return {};
}

Result<std::unique_ptr<Process>> Reaper::spawn(const std::string& session, SpawnOptions options) {
  const auto at = book_->sessions.find(session);
  if (at == book_->sessions.end() || at->second.ending)
    return fail(Errc::closed, "the session is over: nothing more is started in it", "tools");
  std::erase_if(options.env, [](const std::string& e) { return e.starts_with("PONTLEVIS_SESSION="); });
  options.env.push_back(at->second.mark);
  options.brand = at->second.brand;
  options.on_gone = [book = book_, session](int pid, bool reaped) { book->gone(session, pid, reaped); };
  PL_TRY(process, agent::spawn(executor_, std::move(options)));
  at->second.roots.insert(process->pid());
  return process;
}

namespace {

// SIGHUP and SIGCONT to each, then a short time to end by itself (a shell writes its history).
io::Awaitable<void> hang_up(Reaper::Seen* seen, const Living* living) {
  std::vector<Fd> waiting;
  for (const auto& [id, entry] : *living) {
    (*seen)[id] = entry.name;
    Fd pidfd = open_process(entry);
    if (pidfd && send_signal(pidfd, SIGHUP) == Sent::yes) send_signal(pidfd, SIGCONT);
    if (pidfd) waiting.push_back(std::move(pidfd));
  }
  const auto until = steady_clock::now() + grace;
  while (!waiting.empty() && steady_clock::now() < until) {
    co_await pause_for(look_again);
    std::erase_if(waiting, [](const Fd& fd) {
      pollfd look{fd.get(), POLLIN, 0};
      return ::poll(&look, 1, 0) == 1;
    });
  }
}

// Says whether another round can change anything.
bool kill_round(const Living& living, Reaper::Seen& seen) {
  bool hope = false;
  for (const auto& [id, entry] : living) {
    seen[id] = entry.name;
    const Fd pidfd = open_process(entry);
    hope = !pidfd || send_signal(pidfd, SIGKILL) != Sent::not_permitted || hope;
  }
  return hope;
}

// A hostile orphan without brand is nobody's to collect later.
void collect(const Reaper::Identity& id) {
  const auto entry = process_entry(id.first);
  if (entry && entry->dead && entry->started == id.second && entry->parent == ::getpid())
    ::waitpid(id.first, nullptr, WNOHANG);
}

EndCount count_of(Reaper::Seen seen, const Living& left) {
  EndCount count;
  for (const auto& [id, entry] : left) {
    ++count.survivors[entry.name];
    seen.erase(id);
  }
  for (const auto& [id, name] : seen) ++count.ended[name];
  return count;
}

}  // namespace

// Looks again until there is nobody: a process can fork between a look and its SIGKILL.
io::Awaitable<EndCount> Reaper::end_all(std::string session) {
  const auto begun = steady_clock::now();
  const auto at = book_->sessions.find(session);
  if (at == book_->sessions.end() || at->second.ending) co_return EndCount();
  at->second.ending = true;
  Seen seen;
  Living left = book_->members(at->second);
  co_await hang_up(&seen, &left);
  left = book_->members(at->second);
  while (!left.empty() && steady_clock::now() < begun + give_up) {
    const bool hope = kill_round(left, seen);
    co_await pause_for(look_again);
    left = book_->members(at->second);
    if (!hope) break;
  }
  for (const auto& [id, name] : seen)
    if (!book_->is_root(id.first)) collect(id);
  EndCount count = count_of(std::move(seen), left);
  for (int pid : at->second.roots) book_->own.insert(pid);  // their Process still waits for them
  book_->sessions.erase(at);
  reap_orphans();
  count.took = std::chrono::duration_cast<Millis>(steady_clock::now() - begun);
  co_return count;
}

void Reaper::own(int pid) { book_->own.insert(pid); }

// Only what carries a brand of ours or was abandoned by its Process: the status of any other child
// of this program belongs to somebody else.
void Reaper::reap_orphans() {
  const int self = ::getpid();
  std::erase_if(book_->own, [self](int pid) {
    const auto entry = process_entry(pid);
    return !entry || entry->parent != self;
  });
  for (const auto& e : all_processes()) {
    if (!e.dead || e.parent != self || book_->is_root(e.pid)) continue;
    if (book_->abandoned.contains(e.pid) || is_brand(brand_of(e.pid))) ::waitpid(e.pid, nullptr, WNOHANG);
  }
  std::erase_if(book_->abandoned, [self](int pid) {
    const auto entry = process_entry(pid);
    return !entry || entry->parent != self;
  });
}

io::Awaitable<void> Reaper::run() {
  boost::system::error_code error;
  child_ended_.add(SIGCHLD, error);
  while (!error) {
    reap_orphans();
    co_await child_ended_.async_wait(boost::asio::redirect_error(use_awaitable, error));
  }
}

void Reaper::stop() {
  boost::system::error_code ignored;
  child_ended_.clear(ignored);
  child_ended_.cancel(ignored);
}

}  // namespace pontlevis::agent
