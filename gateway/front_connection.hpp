// One technician's connection: the answers to SshConnection's questions. Kept alive by its SshConnection.
#pragma once

#include "gateway/front.hpp"

namespace pontlevis::gateway {

class FrontConnection final : public io::SshServerHandler, public std::enable_shared_from_this<FrontConnection> {
 public:
  FrontConnection(Front& front, std::unique_ptr<io::SshAdmission> place);
  ~FrontConnection() override;
  void use(std::weak_ptr<io::SshConnection> connection) { connection_ = std::move(connection); }
  void end(std::string why);
  const std::optional<Login>& login() const { return login_; }

  bool accepts_key(std::string_view user, const io::SshPublicKey& key) override;
  io::SecondFactorPrompt second_factor_prompt(std::string_view user, const io::SshPublicKey& key) override;
  io::SecondFactor check_second_factor(std::string_view user, const io::SshPublicKey& key, const Secret& answer) override;
  void on_authenticated(std::string_view user, const io::SshPublicKey& key) override;
  void on_auth_failed(std::string_view user, io::SshAuthStep step, io::SshAuthFailure why) override;
  void on_closed(std::string_view why) noexcept override;
  std::unique_ptr<io::SessionChannelHandler> open_session(io::SshChannelPtr channel) override;
  void open_direct_tcpip(const io::DirectTcpip& where, io::DirectTcpipReply reply) override;
  void refused(std::string_view what) override;

 private:
  void record(std::string_view event, std::string_view user, std::string_view detail);
  std::string address() const { return place_ ? place_->address() : std::string(); }
  Front& front_;
  std::shared_ptr<Front::Connections> registry_;
  std::unique_ptr<io::SshAdmission> place_;
  std::weak_ptr<io::SshConnection> connection_;
  std::optional<Login> login_;
  int records_ = 0;  // one connection cannot fill the log
};

// Where `host`:`port` leads for this person now: the intervention, or the sentence that says why not and what to do.
std::expected<RelayWanted, std::string> way_through(const Core& core, const Links& links, const Login& login,
                                                    std::string_view host, std::uint16_t port);

}  // namespace pontlevis::gateway
