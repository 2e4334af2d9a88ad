#include "gateway/front.hpp"

#include "gateway/events.hpp"
#include "gateway/front_connection.hpp"
#include "protocol/io/system.hpp"

namespace pontlevis::gateway {

Front::Front(Core& core, Desk& desk, Links& links, RelayDesk& relays, boost::asio::any_io_executor executor)
    : core_(core), desk_(desk), relays_(relays), executor_(std::move(executor)),
      counter_{core, desk, links,
               [this] {
                 const auto shown = core_.options.integer("public.ssh_port");
                 return shown != 0 ? static_cast<std::uint16_t>(shown) : port();
               },
               [this] {
                 std::vector<std::string> out;
                 for (const auto& key : config_->host_keys) out.push_back(key.public_key().line());
                 return out;
               }} {}

namespace {

Result<std::shared_ptr<io::SshServerConfig>> load_config(const DataFolder& folder) {
  auto config = std::make_shared<io::SshServerConfig>();
  for (const auto& file : {folder.ssh_ed25519(), folder.ssh_ecdsa()}) {
    PL_TRY(text, io::read_secret_file(file));
    PL_TRY(key, io::SshHostKey::from_private_text(text));
    config->host_keys.push_back(std::move(key));
  }
  PL_CHECK(config->check());
  return config;
}

}  // namespace

Result<> Front::listen() {
  PL_TRY(config, load_config(core_.folder));
  config_ = std::move(config);
  io::SshListenerLimits limits;
  limits.connections = static_cast<std::size_t>(core_.options.integer("limits.ssh_connections"));
  limits.per_source = static_cast<std::size_t>(core_.options.integer("limits.ssh_per_source"));
  PL_TRY(listener, io::SshListener::listen(
                       executor_, core_.options.text("listen.ssh_address"),
                       static_cast<std::uint16_t>(core_.options.integer("listen.ssh_port")), limits, core_.random,
                       [this](int fd, std::unique_ptr<io::SshAdmission> place) { accept(fd, std::move(place)); }));
  listener_ = std::move(listener);
  return {};
}

void Front::accept(int fd, std::unique_ptr<io::SshAdmission> place) {
  auto handler = std::make_shared<FrontConnection>(*this, std::move(place));
  auto connection = io::SshConnection::start(executor_, fd, config_, handler);
  if (!connection) return event(Level::warn, "ssh.not_started", {{"what", connection.error().what}});
  handler->use(*connection);
}

void Front::stop_accepting() {
  if (listener_) listener_->stop();
}

void Front::end_person(const Login& login, std::string why) {
  const auto all = *connections_;  // ending one may take it out of the set
  for (auto* connection : all)
    if (connection->login() == login) connection->end(why);
}

void Front::end_all(std::string why) {
  const auto all = *connections_;
  for (auto* connection : all) connection->end(why);
}

}  // namespace pontlevis::gateway
