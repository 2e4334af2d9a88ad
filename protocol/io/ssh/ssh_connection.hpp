// One SSH connection on an already connected socket: the gateway's front and the practice's end of a
// session are both made of it (design §6). Lives on one io_context thread, which must be the only one
// that runs `executor`; no other thread, no lock. It keeps itself alive until on_closed().
// libssh is used as findings-ssh prescribes; ssh_connection.cpp opens with the rules and their tests.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/io/ssh/ssh_config.hpp"
#include "protocol/io/ssh/ssh_handler.hpp"

namespace pontlevis::io {

struct SshAlgorithms {  // empty until the key exchange is done
  std::string kex, cipher_in, cipher_out, mac_in, mac_out;
};

struct SshTraffic {  // bytes on the wire
  std::uint64_t in = 0, out = 0;
};

class SshConnection {
 public:
  // Takes the fd whatever happens (TCP, or one end of a socketpair). On an error on_closed() is not
  // called. The first handler call comes from a later turn of the loop.
  static Result<std::shared_ptr<SshConnection>> start(boost::asio::any_io_executor executor, int fd,
                                                      std::shared_ptr<const SshServerConfig> config,
                                                      std::shared_ptr<SshServerHandler> handler);
  virtual ~SshConnection() = default;

  // Tells the client why, then ends: open channels end with Errc::closed, then on_closed(message).
  // Idempotent; the first message stays.
  virtual void disconnect(std::string message) = 0;
  // A line for the client's person, outside every channel: before authentication a banner, after it
  // an SSH debug message marked "always display" (shown by ssh -v only: also write to open ptys).
  virtual void notice(std::string_view text) = 0;

  virtual bool authenticated() const noexcept = 0;
  virtual bool closed() const noexcept = 0;
  virtual const std::string& user() const noexcept = 0;  // a claim until authenticated()
  virtual SshAlgorithms algorithms() const = 0;
  virtual SshTraffic traffic() const noexcept = 0;
  virtual std::string client_software() const = 0;  // "SSH-2.0-OpenSSH_9.2…", printable, ≤ 255
  virtual std::size_t channel_count() const noexcept = 0;
};

}  // namespace pontlevis::io
