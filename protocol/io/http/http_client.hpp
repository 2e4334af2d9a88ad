// The other end: one connection to one server, used for requests in a row or turned into a WebSocket
// or a relay. The agent's link, enrolment, health checks and tests use it. Lives on its io_context thread;
// one operation at a time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "protocol/io/byte_stream.hpp"
#include "protocol/io/http/http_message.hpp"
#include "protocol/io/tls/tls_context.hpp"

namespace pontlevis::io {

// HTTP CONNECT proxy of the practice. `credentials` is "user:password" or empty.
struct HttpProxy {
  std::string host;
  unsigned short port = 0;
  Secret credentials;
};

struct HttpEndpoint {
  std::string host;  // also the name its certificate must carry
  unsigned short port = 443;
  // Dial this address instead of resolving `host` (tests, split DNS). Empty: resolve.
  std::string dial;
};

class HttpClient {
 public:
  // `within` covers name, proxy, TCP and TLS. `proxy` may be null; it must live until connect() is done.
  static Awaitable<Result<std::unique_ptr<HttpClient>>> connect(boost::asio::io_context& io, HttpEndpoint to,
                                                                TlsContext tls, const HttpProxy* proxy,
                                                                Millis within);
  static Awaitable<Result<std::unique_ptr<HttpClient>>> connect_plain(boost::asio::io_context& io, HttpEndpoint to,
                                                                      Millis within);
  virtual ~HttpClient() = default;

  virtual Awaitable<Result<HttpResponse>> request(std::string method, std::string target, std::string body = {},
                                                  HttpHeaders headers = {}) = 0;
  // These take the connection over: afterwards only the stream they gave may be used.
  virtual Awaitable<Result<std::unique_ptr<FrameStream>>> open_websocket(std::string target,
                                                                         HttpHeaders headers = {}) = 0;
  virtual Awaitable<Result<std::unique_ptr<ByteStream>>> open_websocket_bytes(std::string target,
                                                                              HttpHeaders headers = {}) = 0;
  virtual Awaitable<Result<std::unique_ptr<ByteStream>>> open_relay(std::string target, HttpHeaders headers = {}) = 0;
  virtual const std::optional<PeerCertificate>& peer() const noexcept = 0;
  virtual void close() noexcept = 0;
  HttpLimits limits;  // body_bytes: of answers (1 MiB unless changed); timeouts; frame_bytes
};

}  // namespace pontlevis::io
