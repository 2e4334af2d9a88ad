// Starts the VNC server of one session and keeps it: a small sh script that runs as the same user (behind the
// same prefix) as the server, makes a private folder for it, writes and removes the password file there
// when told to, and ends server and folder when it is told nothing any more: at the session's end, and
// when the agent dies. So the file and the end also work behind sudo, where the agent itself may do neither.
// What it is told comes by its standard input; no secret is in an argument, an environment or a log.
// Owned by a DesktopServer; lives on the session's loop. The Reaper knows it and counts it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/tools/reaper.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::agent {

struct KeeperPlan {
  std::vector<std::string> prefix;  // before everything, such as sudo; may be empty
  std::string folder;               // must not exist; nothing of it stays
  std::vector<std::string> server;  // program and arguments
  std::function<void()> on_end;     // once: the server has ended, or is about to
  std::function<void()> on_gone;    // once: every process of it has gone; may come after the Keeper itself
};

class Keeper {
 public:
  static Result<std::unique_ptr<Keeper>> create(boost::asio::any_io_executor executor, Reaper& reaper, const std::string& session, KeeperPlan plan);
  ~Keeper();

  // A file in the folder, mode 0600. Errors: unavailable.
  io::Awaitable<Result<>> write(std::string name, const Secret& bytes);
  io::Awaitable<Result<>> remove(std::string name);
  io::Awaitable<Result<>> start();  // the server; returns before it listens
  bool ended() const noexcept;
  // Server, folder and keeper end; returns when they have, or were given up after three seconds.
  io::Awaitable<void> end();
  Error why_ended() const;  // REQUIRES: end() has returned. The server's last line, for a person.

 private:
  struct Impl;
  explicit Keeper(std::shared_ptr<Impl> impl);
  io::Awaitable<Result<>> tell(std::string line);
  std::shared_ptr<Impl> impl_;
};

}  // namespace pontlevis::agent
