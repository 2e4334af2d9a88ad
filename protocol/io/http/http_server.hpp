// An HTTP/1.1 server on one io_context thread: over mutual TLS for the world, or plain for loopback (metrics,
// health, the practitioner's page). Owned by main(); it must outlive the io_context's run.
//
//   HttpServer server(io, std::move(router), limits, on_fault);
//   PL_CHECK(server.listen("0.0.0.0", 8443, tls));           // or server.listen_plain("127.0.0.1", 7070)
//   … co_await server.drain(5s);
//
// After a restart every agent comes back at once, so handshakes are limited and the newest waiting
// connection is served first: its client is the likeliest to be still there (decision 0006).
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/io/http/http_message.hpp"
#include "protocol/io/http/router.hpp"
#include "protocol/io/tls/tls_context.hpp"

namespace pontlevis::io {

class HttpServer {
 public:
  using OnFault = std::function<void(const std::string& what)>;  // an exception that ended one connection
  HttpServer(boost::asio::io_context& io, Router router, HttpLimits limits = {}, OnFault on_fault = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  Result<> listen(const std::string& address, unsigned short port, TlsContext tls);  // port 0: any free one
  Result<> listen_plain(const std::string& address, unsigned short port);            // loopback addresses only
  unsigned short port() const noexcept;
  void replace_tls(TlsContext tls);  // for connections to come

  struct Counts {
    std::size_t connections = 0, handshakes = 0, waiting = 0;
    std::uint64_t accepted = 0, refused = 0, handshake_failures = 0, requests = 0;
  };
  Counts counts() const noexcept;

  // Closes every connection that was opened with the client certificate of this serial.
  void close_peer(std::string_view serial);
  void stop_accepting();
  // Stops accepting, ends idle connections, gives those at work `within`, then closes what is left.
  // Tell the peers first: what is sent on their streams meanwhile is delivered.
  Awaitable<void> drain(Millis within);

  class Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace pontlevis::io
