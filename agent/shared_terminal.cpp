#include "agent/shared_terminal.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {
constexpr auto as_result = net::as_tuple(net::use_awaitable);
constexpr std::size_t most_input = 64 * 1024;    // typed ahead, of all members together
constexpr std::size_t most_output = 256 * 1024;  // waiting for one member
constexpr std::size_t kept_for_newcomers = 16 * 1024;
const auto never = net::steady_timer::time_point::max();
}  // namespace

struct SharedTerminal::Member {
  Member(Login login, io::SshChannelPtr c, net::any_io_executor executor)
      : who(std::move(login)), channel(std::move(c)), news(executor, never) {}
  Login who;
  io::SshChannelPtr channel;
  unsigned cols = 80, rows = 24;
  std::string output;  // not taken yet
  bool gone = false;
  bool told = false;   // that what they type goes nowhere
  net::steady_timer news;  // cancelled when there is output, or it is let go
};

SharedTerminal::SharedTerminal(SharedTerminalParts parts)
    : parts_(std::move(parts)), input_changed_(parts_.executor, never), output_changed_(parts_.executor, never) {}

SharedTerminal::~SharedTerminal() = default;

Result<std::shared_ptr<SharedTerminal>> SharedTerminal::start(SharedTerminalParts parts, const ShellRequest& first) {
  std::shared_ptr<SharedTerminal> out(new SharedTerminal(std::move(parts)));
  auto& p = out->parts_;
  PL_TRY(shell, ShellRun::start(p.executor, p.reaper, p.session, p.tool, first, p.gate, p.tap.get()));
  out->shell_ = std::move(shell);
  net::co_spawn(p.executor, run(out), net::detached);
  return out;
}

io::Awaitable<void> SharedTerminal::run(std::shared_ptr<SharedTerminal> self) {
  ChannelEnd end;
  end.data = self.get();
  ExitStatus status{255, {}, false};
  end.send_exit = [&status](const ExitStatus& said) { status = said; };
  static_cast<void>(co_await self->shell_->serve(end));
  self->over_ = true;
  const auto members = self->members_;
  for (const auto& member : members) {
    // The last output first: it is on its way when its queue is empty.
    for (int i = 0; i < 50 && !member->output.empty() && !member->gone; ++i) {
      net::steady_timer moment(self->parts_.executor, Millis(20));
      co_await moment.async_wait(as_result);
    }
    if (status.signal.empty()) member->channel->exit_status(status.code);
    else member->channel->exit_signal(status.signal, status.core_dumped);
    self->let_go(member);
  }
  self->parts_.tap.reset();
}

// ---- who is in it -------------------------------------------------------------------------------

void SharedTerminal::join(const Login& who, io::SshChannelPtr channel, unsigned cols, unsigned rows) {
  auto member = std::make_shared<Member>(who, std::move(channel), parts_.executor);
  member->cols = cols, member->rows = rows;
  member->output = tail_;
  members_.push_back(member);
  fit();
  net::co_spawn(parts_.executor, take_input(shared_from_this(), member), net::detached);
  net::co_spawn(parts_.executor, give_output(shared_from_this(), member), net::detached);
}

std::vector<Login> SharedTerminal::members() const {
  std::vector<Login> out;
  for (const auto& member : members_) out.push_back(member->who);
  return out;
}

void SharedTerminal::let_go(const MemberPtr& member) {
  if (std::exchange(member->gone, true)) return;
  member->channel->close();
  member->news.cancel();
  members_.remove(member);
  output_changed_.cancel();
  if (members_.empty()) close();
  else fit();
}

// The smallest of all: nobody misses a line that another one sees.
void SharedTerminal::fit() {
  unsigned cols = 10'000, rows = 10'000;
  for (const auto& member : members_)
    if (member->cols > 0 && member->rows > 0) cols = std::min(cols, member->cols), rows = std::min(rows, member->rows);
  if (members_.empty() || cols == 10'000 || (cols == cols_ && rows == rows_)) return;
  cols_ = cols, rows_ = rows;
  if (shell_ && !over_) static_cast<void>(shell_->resize(cols, rows));
}

void SharedTerminal::resize(const io::SshChannel& channel, unsigned cols, unsigned rows) {
  for (const auto& member : members_)
    if (member->channel.get() == &channel) member->cols = cols, member->rows = rows;
  fit();
}

Result<> SharedTerminal::signal(std::string_view name) { return shell_->signal(name); }

// ---- what they type -----------------------------------------------------------------------------

io::Awaitable<void> SharedTerminal::take_input(std::shared_ptr<SharedTerminal> self, MemberPtr member) {
  std::array<char, 4096> buffer;
  while (!member->gone && !self->over_) {
    const auto n = co_await member->channel->read_some(buffer);
    if (!n || *n == 0) break;
    if (!self->parts_.may_act(member->who)) {
      self->say_once(*member);
      continue;
    }
    member->told = false;
    while (!self->over_ && self->input_.size() + *n > most_input) co_await self->output_changed_.async_wait(as_result);
    self->input_.append(buffer.data(), *n);
    self->input_changed_.cancel();
  }
  self->let_go(member);
}

void SharedTerminal::say_once(Member& member) {
  if (std::exchange(member.told, true)) return;
  member.output.append("\r\n[pontlevis] You look on: what you type goes nowhere.\r\n");
  member.news.cancel();
}

io::Awaitable<Result<std::size_t>> SharedTerminal::read_some(std::span<char> out) {
  while (input_.empty() && !over_) co_await input_changed_.async_wait(as_result);
  if (input_.empty()) co_return std::size_t{0};
  const auto n = std::min(out.size(), input_.size());
  std::memcpy(out.data(), input_.data(), n);
  input_.erase(0, n);
  output_changed_.cancel();
  co_return n;
}

void SharedTerminal::close() noexcept {
  if (std::exchange(over_, true)) return;
  input_changed_.cancel();
  output_changed_.cancel();
  if (shell_) shell_->hang_up();
}

// ---- what they see ------------------------------------------------------------------------------

SharedTerminal::MemberPtr SharedTerminal::slowest() const {
  for (const auto& member : members_)
    if (member->output.size() >= most_output) return member;
  return nullptr;
}

// Waits for the slowest, but not for one who takes nothing at all.
io::Awaitable<Result<>> SharedTerminal::write_all(std::span<const char> bytes) {
  const std::string_view text(bytes.data(), bytes.size());
  tail_.append(text);
  if (tail_.size() > 2 * kept_for_newcomers) tail_.erase(0, tail_.size() - kept_for_newcomers);
  for (const auto& member : members_) {
    member->output.append(text);
    member->news.cancel();
  }
  while (const auto slow = slowest()) {
    const auto before = slow->output.size();
    net::steady_timer patience(parts_.executor, parts_.stalled_after);
    patience.async_wait([weak = weak_from_this()](const boost::system::error_code& ec) {
      if (const auto self = weak.lock(); self && !ec) self->output_changed_.cancel();
    });
    while (!slow->gone && slow->output.size() >= std::min(before, most_output) && patience.expiry() > net::steady_timer::clock_type::now())
      co_await output_changed_.async_wait(as_result);
    if (!slow->gone && slow->output.size() >= before) let_go(slow);
  }
  co_return Result<>{};
}

io::Awaitable<void> SharedTerminal::give_output(std::shared_ptr<SharedTerminal> self, MemberPtr member) {
  while (!member->gone) {
    if (member->output.empty()) {
      co_await member->news.async_wait(as_result);
      continue;
    }
    const std::string part = member->output.substr(0, 32 * 1024);
    const auto sent = co_await member->channel->write_all(part);
    if (!sent) break;
    member->output.erase(0, part.size());
    self->output_changed_.cancel();
  }
  self->let_go(member);
}

}  // namespace pontlevis::agent
