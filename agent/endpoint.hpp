// The practice's end of one operator's connection: an SSH server inside the agent, fed by the
// relayed stream. It asks the session at every step: whose key, whose password, which tool
// (design §6; requirements A32, A34). One per relay; shared by its SSH connection and the session.
// Lives on the loop.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "agent/session.hpp"
#include "protocol/io/ssh/ssh_connection.hpp"

namespace pontlevis::agent {

class ToolChannel;

// Why additional qualified staff are given nothing but the shared terminal (A36).
constexpr const char* only_looks_on = "additional staff look on, in the shared terminal or on the desktop, and use no tool";

class Endpoint final : public io::SshServerHandler, public std::enable_shared_from_this<Endpoint> {
 public:
  // Null when it could not be started; the session then has an `attempt` about it.
  static std::shared_ptr<Endpoint> start(std::shared_ptr<Session> session, std::unique_ptr<io::ByteStream> relay);
  explicit Endpoint(std::shared_ptr<Session> session);
  ~Endpoint() override;

  void disconnect(const std::string& message, Millis within);  // tells the client why, cuts after `within`
  void cut();                                                   // at once
  std::pair<std::uint64_t, std::uint64_t> traffic() const;      // in and out, while it lasts
  void tell(const std::string& line);                           // into every open terminal

  // ---- for its channels ----
  Session& session() noexcept { return *session_; }
  const KnownOperator& who() const noexcept { return *operator_; }
  // Nothing starts before the connection's record is durable; false when it could not be written.
  io::Awaitable<bool> recorded();
  void add_terminal(std::weak_ptr<io::SshChannel> channel) { terminals_.push_back(std::move(channel)); }
  void refuse(const std::string& what, const std::string& why);  // records the attempt

  // ---- io::SshServerHandler ----
  bool accepts_key(std::string_view user, const io::SshPublicKey& key) override;
  bool waives_second_factor(std::string_view user, const io::SshPublicKey& key) override;
  io::SecondFactorPrompt second_factor_prompt(std::string_view user, const io::SshPublicKey& key) override;
  io::SecondFactor check_second_factor(std::string_view user, const io::SshPublicKey& key, const Secret& answer) override;
  void on_authenticated(std::string_view user, const io::SshPublicKey& key) override;
  void on_auth_failed(std::string_view user, io::SshAuthStep step, io::SshAuthFailure why) override;
  void on_closed(std::string_view why) noexcept override;
  std::unique_ptr<io::SessionChannelHandler> open_session(io::SshChannelPtr channel) override;
  void open_direct_tcpip(const io::DirectTcpip& where, io::DirectTcpipReply reply) override;
  void refused(std::string_view what) override;

 private:
  io::Awaitable<void> carry(std::unique_ptr<io::ByteStream> relay, int fd);
  io::Awaitable<void> let_farewell_pass();
  io::Awaitable<void> write_joined(std::string fingerprint);
  io::Awaitable<void> forward(std::string name, TcpTool tool, io::DirectTcpipReply reply);
  json::object connection_body(std::string_view what, std::string_view why) const;

  std::shared_ptr<Session> session_;
  std::shared_ptr<io::SshConnection> connection_;
  io::ByteStream* relay_ = nullptr;  // while carry() runs
  const KnownOperator* operator_ = nullptr;
  std::string fingerprint_;
  bool joined_ = false;
  bool rejoining_ = false;
  bool noted_ = false;  // something of its sign-in is in the records already
  enum class Written { waiting, yes, no } written_ = Written::waiting;
  boost::asio::steady_timer written_changed_;
  std::list<std::weak_ptr<io::SshChannel>> terminals_;
};

}  // namespace pontlevis::agent
