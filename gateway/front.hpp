// The SSH front, where technicians come in: the card's public key, then a one-time code; then commands, and a
// way through to systems whose practice has opened them. It sees names, never a session's content.
// libssh enforces nothing before authentication; SshConnection's ladder and these rules do (findings D).
// Owned by Gateway; the loop's thread.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "gateway/commands/command.hpp"
#include "gateway/relay_desk.hpp"
#include "protocol/io/ssh/ssh_connection.hpp"
#include "protocol/io/ssh/ssh_listener.hpp"

namespace pontlevis::gateway {

class FrontConnection;

class Front {
 public:
  using Connections = std::set<FrontConnection*>;

  Front(Core& core, Desk& desk, Links& links, RelayDesk& relays, boost::asio::any_io_executor executor);

  Result<> listen();
  void stop_accepting();
  void end_person(const Login& login, std::string why);  // their connections end
  void end_all(std::string why);

  std::uint16_t port() const { return listener_ ? listener_->port() : 0; }
  std::size_t connections() const { return connections_->size(); }
  std::uint64_t failures() const { return failures_; }

 private:
  friend class FrontConnection;
  void accept(int fd, std::unique_ptr<io::SshAdmission> place);

  Core& core_;
  Desk& desk_;
  RelayDesk& relays_;
  boost::asio::any_io_executor executor_;
  Counter counter_;
  std::shared_ptr<io::SshServerConfig> config_;
  std::shared_ptr<io::SshListener> listener_;
  // Shared with the connections, which may outlive the front while the process ends.
  std::shared_ptr<Connections> connections_ = std::make_shared<Connections>();
  std::uint64_t failures_ = 0;
};

}  // namespace pontlevis::gateway
