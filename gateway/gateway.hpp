// A serving gateway: the parts of one process, built in the order of their arrows and ended in reverse. Owned by
// the `serve` command; everything lives on one io_context thread, beside the log's own writer thread.
#pragma once

#include <boost/asio.hpp>
#include <memory>
#include <optional>

#include "gateway/admin.hpp"
#include "gateway/api/api.hpp"
#include "gateway/memory/memory.hpp"
#include "gateway/routes.hpp"
#include "protocol/io/control/control_server.hpp"
#include "protocol/io/http/http_server.hpp"

namespace pontlevis::gateway {

// How options are read again on SIGHUP.
using ReadOptions = std::function<Result<Options>()>;

class Gateway {
 public:
  Gateway(boost::asio::io_context& io, std::unique_ptr<Core> core, ReadOptions read_options);
  ~Gateway();

  Result<> start();  // listens everywhere and writes ports.json, or says what is in the way
  void reload();     // SIGHUP: options that may change while serving, and the server's certificate
  Awaitable<void> drain(std::string reason);  // SIGTERM: bounded to 10 s

 private:
  Result<io::TlsContext> tls() const;
  Result<> listen();
  Result<> write_ports() const;
  Admin make_admin();
  Awaitable<void> keep_house();

  boost::asio::io_context& io_;
  std::unique_ptr<Core> core_;
  ReadOptions read_options_;
  Hub hub_;
  Desk desk_;
  RelayDesk relays_;
  Front front_;
  Parts parts_;
  std::unique_ptr<io::HttpServer> https_, metrics_;
  Admin admin_;
  Memory memory_;
  Api api_;
  std::optional<io::ControlServer> control_;
  boost::asio::steady_timer house_timer_;
};

}  // namespace pontlevis::gateway
