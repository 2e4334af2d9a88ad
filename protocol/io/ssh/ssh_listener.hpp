// Accepts TCP for an SSH server and bears floods: caps on all connections, on unauthenticated ones
// per source and overall, and OpenSSH's MaxStartups random early drop. It knows nothing of SSH: the
// factory makes the connection. Lives on one io_context thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "protocol/random.hpp"
#include "protocol/result.hpp"

namespace pontlevis::io {

struct SshListenerLimits {
  std::size_t connections = 512;     // at one time, authenticated or not
  std::size_t unauthenticated = 64;  // all are refused from here
  std::size_t early_drop_from = 16;  // from here one in … is refused, rising to all
  std::size_t per_source = 8;        // unauthenticated of one address (IPv6: one /64)
};

// The place of one connection in the caps. Give it to the handler: destroying it frees the place.
class SshAdmission {
 public:
  SshAdmission(const SshAdmission&) = delete;
  SshAdmission& operator=(const SshAdmission&) = delete;
  virtual ~SshAdmission() = default;
  virtual void authenticated() = 0;                // frees the unauthenticated place; idempotent
  virtual const std::string& address() const = 0;  // of class TECH (requirements A21): handle as such

 protected:
  SshAdmission() = default;
};

class SshListener {
 public:
  // The fd is connected, non-blocking and the factory's to close.
  using Factory = std::function<void(int fd, std::unique_ptr<SshAdmission> place)>;

  // `address` is an IP literal; port 0 takes a free one. `random` outlives the listener.
  static Result<std::shared_ptr<SshListener>> listen(boost::asio::any_io_executor executor,
                                                     const std::string& address, std::uint16_t port,
                                                     SshListenerLimits limits, Random& random,
                                                     Factory factory);
  virtual ~SshListener() = default;
  virtual std::uint16_t port() const = 0;
  virtual std::size_t connections() const = 0;
  virtual std::size_t unauthenticated() const = 0;
  virtual std::uint64_t dropped() const = 0;
  virtual void stop() = 0;  // no more accepts; connections go on
};

}  // namespace pontlevis::io
