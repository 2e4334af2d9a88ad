// One terminal for a pair (design §8; requirements A35): the first operator's shell starts it, the others'
// shells join it. All see the same output; what any of them types goes to the one program, through the
// session's gate. Its size is the smallest of theirs. A member who takes nothing for a while is let go, so
// that one cut network never holds the other up; the program ends when the last member has gone.
// Owned by the session while somebody is in it; lives on the loop.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "agent/tools/shell.hpp"
#include "protocol/clock.hpp"
#include "protocol/ids.hpp"
#include "protocol/io/ssh/ssh_channel.hpp"

namespace pontlevis::agent {

struct SharedTerminalParts {
  boost::asio::any_io_executor executor;
  Reaper& reaper;
  std::string session;
  const ShellTool& tool;
  InputGate& gate;
  std::shared_ptr<Tap> tap;
  std::function<bool(const Login&)> may_act;       // what the others type is dropped: never kept for later
  Millis stalled_after = std::chrono::seconds(5);  // no byte taken for so long: the member is let go
};

class SharedTerminal final : public io::ByteStream, public std::enable_shared_from_this<SharedTerminal> {
 public:
  static Result<std::shared_ptr<SharedTerminal>> start(SharedTerminalParts parts, const ShellRequest& first);
  ~SharedTerminal() override;

  // The channel is this terminal's from now on: read, written, given the exit status and closed by it.
  void join(const Login& who, io::SshChannelPtr channel, unsigned cols, unsigned rows);
  void resize(const io::SshChannel& channel, unsigned cols, unsigned rows);
  Result<> signal(std::string_view name);
  bool alive() const noexcept { return !over_; }
  std::vector<Login> members() const;

  // ---- io::ByteStream: the program's side ----
  io::Awaitable<Result<std::size_t>> read_some(std::span<char> out) override;
  io::Awaitable<Result<>> write_all(std::span<const char> bytes) override;
  void shutdown_write() override {}
  void close() noexcept override;

 private:
  struct Member;
  using MemberPtr = std::shared_ptr<Member>;
  explicit SharedTerminal(SharedTerminalParts parts);
  static io::Awaitable<void> run(std::shared_ptr<SharedTerminal> self);
  static io::Awaitable<void> take_input(std::shared_ptr<SharedTerminal> self, MemberPtr member);
  static io::Awaitable<void> give_output(std::shared_ptr<SharedTerminal> self, MemberPtr member);
  void let_go(const MemberPtr& member);
  void say_once(Member& member);
  void fit();
  MemberPtr slowest() const;

  SharedTerminalParts parts_;
  std::unique_ptr<ShellRun> shell_;
  std::list<MemberPtr> members_;
  std::string input_;   // typed and not read yet
  std::string tail_;    // the last output, for who joins late
  boost::asio::steady_timer input_changed_, output_changed_;
  unsigned cols_ = 0, rows_ = 0;
  bool over_ = false;
};

}  // namespace pontlevis::agent
