// The VNC server of one session, on loopback, with a password that only the agent knows (design §8; requirements
// A02; decision 0011). It is started for the first client and shared by the others, such as the second of a
// pair; it ends when the last one has gone (a display made for the session waits a minute for somebody to
// come back), and in any case with the session, by the Reaper. The password file is there only while the
// server reads it: at its start and during each client's log-in.
// Kept alive by its clients; the session only knows where it is. Lives on the session's loop.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

#include "agent/tools/desktop/desktop_stream.hpp"
#include "agent/tools/desktop/desktop_tool.hpp"
#include "agent/tools/desktop/keeper.hpp"
#include "agent/tools/wakeup.hpp"
#include "protocol/random.hpp"

namespace pontlevis::agent {

struct DesktopParts {
  boost::asio::any_io_executor executor;
  Reaper& reaper;
  Random& random;
  std::string session;
  DesktopTool tool;
  DesktopRight right;
  // Whose process owns the socket with these ports of loopback: another user's program that took the
  // port first must not get an operator's keys.
  std::function<std::optional<uid_t>(unsigned short own_port, unsigned short other_port)> user_of;
  Millis ready_within = std::chrono::seconds(15);
  Millis linger = std::chrono::seconds(60);  // of a display made for the session
};

class DesktopServer : public std::enable_shared_from_this<DesktopServer> {
 public:
  // Nothing runs yet.
  static std::shared_ptr<DesktopServer> create(DesktopParts parts);
  ~DesktopServer();

  // A connection of its own for one more client. Errors, without any address: unavailable (the program is
  // missing, ended, or does not listen in time), not_allowed (it asks for no password), closed.
  io::Awaitable<Result<std::unique_ptr<DesktopStream>>> open();
  bool running() const noexcept { return keeper_ && !keeper_->ended(); }

 private:
  using Stream = Result<std::unique_ptr<DesktopStream>>;
  explicit DesktopServer(DesktopParts parts);
  Result<> begin();
  io::Awaitable<Stream> open_in_turn();
  io::Awaitable<Stream> start();
  io::Awaitable<Result<>> show_password();
  io::Awaitable<Stream> enter();
  io::Awaitable<Result<Fd>> connect(std::chrono::steady_clock::time_point until);
  io::Awaitable<Stream> log_in(std::chrono::steady_clock::time_point until);
  bool is_ours(unsigned short own_port) const;
  void show_program();
  void client_left();
  static io::Awaitable<void> retire(std::shared_ptr<DesktopServer> self);

  DesktopParts parts_;
  DesktopPlace place_;
  Secret password_;
  std::unique_ptr<Keeper> keeper_;
  Wakeup turn_;
  boost::asio::steady_timer linger_;
  bool busy_ = false;  // a client is being let in
  unsigned clients_ = 0, retirements_ = 0;
};

}  // namespace pontlevis::agent
