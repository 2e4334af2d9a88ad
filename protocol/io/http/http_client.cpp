#include "protocol/io/http/http_client.hpp"

#include <boost/asio/connect.hpp>

#include "protocol/io/http/http_wire.hpp"
#include "protocol/io/http/web_socket.hpp"
#include "protocol/text.hpp"

namespace pontlevis::io {
namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr Millis per_address{5'000};  // one dead address of several must not take the whole deadline
using Tcp = asio::ip::tcp;
using StreamPtr = std::unique_ptr<LeanStream>;

std::string authority(const HttpEndpoint& to) {
  const bool v6 = to.host.find(':') != to.host.npos;
  return (v6 ? "[" + to.host + "]" : to.host) + ":" + std::to_string(to.port);
}

Awaitable<bool> connect_one(LeanStream::Socket& socket, Tcp::endpoint to, Millis within) {
  asio::steady_timer timer(socket.get_executor(), within);
  const auto done = co_await (socket.async_connect(to, as_result) || timer.async_wait(as_result));
  co_return done.index() == 0 && !std::get<0>(std::get<0>(done));
}

Awaitable<Result<StreamPtr>> dial(asio::io_context& io, std::string host, unsigned short port, Millis within) {
  asio::ip::basic_resolver<Tcp, LeanStream::executor_type> resolver(io);
  const auto [ec, found] = co_await resolver.async_resolve(host, std::to_string(port), as_result);
  if (ec) co_return fail(Errc::unavailable, "the name of the server is not known", host, "check the name and the DNS");
  const auto share = found.size() > 1 ? std::min(within, per_address) : within;
  for (const auto& entry : found) {
    LeanStream::Socket socket(io);
    if (!co_await connect_one(socket, entry.endpoint(), share)) continue;
    co_return std::make_unique<LeanStream>(std::move(socket));
  }
  co_return fail(Errc::unavailable, "the server does not answer", host + " port " + std::to_string(port),
                 "is it running, and does a firewall let this out?");
}

Awaitable<Result<>> ask_proxy(LeanStream& stream, const std::string& to, const HttpProxy& proxy) {
  HttpHeaders headers;
  if (!proxy.credentials.empty())
    headers.emplace_back("proxy-authorization", "Basic " + to_base64(proxy.credentials.expose()));
  const std::string head = request_head("CONNECT", to, to, headers, std::nullopt);
  PL_CO_CHECK(co_await stream.write_all(head));
  MessageReader reader(stream);
  HttpLimits limits;
  auto answer = co_await reader.read_response(limits, true);
  if (!answer) co_return std::unexpected(answer.error().error);
  if (answer->status == 407)
    co_return fail(Errc::not_allowed, "the proxy wants a user and password", proxy.host, "set proxy credentials");
  if (answer->status / 100 != 2)
    co_return fail(Errc::unavailable, "the proxy answered " + std::to_string(answer->status), proxy.host,
                   "does the proxy allow CONNECT to this host and port?");
  if (!reader.take_rest().empty()) co_return fail(Errc::bad_input, "the proxy spoke out of turn", proxy.host);
  co_return Result<>{};
}

Awaitable<Result<StreamPtr>> reach(asio::io_context& io, HttpEndpoint to, const TlsContext* tls, const HttpProxy* proxy,
                                   Millis within) {
  const std::string dialled = proxy ? proxy->host : to.dial.empty() ? to.host : to.dial;
  auto plain = co_await dial(io, dialled, proxy ? proxy->port : to.port, within);
  if (!plain) co_return plain;
  if (proxy) PL_CO_CHECK(co_await ask_proxy(**plain, authority(to), *proxy));
  if (!tls) co_return plain;
  auto sealed = std::make_unique<LeanStream>((*plain)->release(), *tls, to.host);
  auto shaken = co_await sealed->handshake(within);
  if (!shaken) {
    if (shaken.error().where.empty() || shaken.error().where == "TLS") shaken.error().where = authority(to);
    co_return std::unexpected(std::move(shaken.error()));
  }
  co_return sealed;
}

class Client final : public HttpClient {
 public:
  Client(StreamPtr stream, std::string host)
      : stream_(std::move(stream)), reader_(*stream_), host_(std::move(host)), peer_(stream_->peer()) {
    limits.body_bytes = 1 << 20;
  }

  Awaitable<Result<HttpResponse>> request(std::string method, std::string target, std::string body,
                                          HttpHeaders headers) override {
    const bool carries = !body.empty() || method == "POST" || method == "PUT";
    auto answer = co_await exchange(std::move(method), std::move(target), std::move(body), std::move(headers), carries);
    if (answer && has_token(answer->header("connection"), "close")) stream_->close();
    co_return answer;
  }

  Awaitable<Result<std::unique_ptr<FrameStream>>> open_websocket(std::string target, HttpHeaders headers) override {
    PL_CO_TRY(end, co_await upgrade(std::move(target), std::move(headers), WebSocketKind::text_frames));
    co_return std::move(end.frames);
  }

  Awaitable<Result<std::unique_ptr<ByteStream>>> open_websocket_bytes(std::string target, HttpHeaders headers) override {
    PL_CO_TRY(end, co_await upgrade(std::move(target), std::move(headers), WebSocketKind::binary_bytes));
    co_return std::move(end.bytes);
  }

  Awaitable<Result<std::unique_ptr<ByteStream>>> open_relay(std::string target, HttpHeaders headers) override {
    headers.emplace_back("connection", "upgrade");
    headers.emplace_back("upgrade", "pontlevis-relay/1");
    auto answer = co_await exchange("GET", target, {}, std::move(headers), false);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (answer->status != 101) {
      stream_->close();
      co_return fail(Errc::not_allowed, "the server declined with status " + std::to_string(answer->status), target);
    }
    stream_->unread(reader_.take_rest());
    stream_->prepare_bulk();
    co_return std::make_unique<LeanStream>(std::move(*stream_));
  }

  const std::optional<PeerCertificate>& peer() const noexcept override { return peer_; }
  void close() noexcept override { stream_->close(); }

 private:
  Awaitable<Result<HttpResponse>> exchange(std::string method, std::string target, std::string body,
                                           HttpHeaders headers, bool carries) {
    if (!stream_->is_open()) co_return fail(Errc::closed, "the connection is closed");
    if (breaks_line(method) || breaks_line(target)) co_return fail(Errc::bad_input, "is not an address", target);
    std::string out = request_head(method, target, host_, headers,
                                   carries ? std::optional(body.size()) : std::nullopt);
    out += body;
    Watchdog dog(*stream_);
    dog.arm(limits.header_timeout + limits.body_timeout);
    PL_CO_CHECK(co_await stream_->write_all(out));
    auto answer = co_await reader_.read_response(limits, method == "HEAD");
    if (answer) co_return *std::move(answer);
    stream_->close();
    answer.error().error.where = method + " " + target;
    co_return std::unexpected(std::move(answer.error().error));
  }

  Awaitable<Result<WebSocketEnd>> upgrade(std::string target, HttpHeaders headers, WebSocketKind kind) {
    if (!stream_->is_open()) co_return fail(Errc::closed, "the connection is closed");
    LeanStream stream = std::move(*stream_);
    co_return co_await connect_web_socket(std::move(stream), host_, std::move(target), std::move(headers), limits, kind);
  }

  StreamPtr stream_;
  MessageReader reader_;
  std::string host_;
  std::optional<PeerCertificate> peer_;
};

Awaitable<Result<std::unique_ptr<HttpClient>>> connect_within(asio::io_context& io, HttpEndpoint to,
                                                              std::optional<TlsContext> tls, const HttpProxy* proxy,
                                                              Millis within) {
  const std::string host = authority(to);
  asio::steady_timer timer(io, within);
  auto done = co_await (reach(io, to, tls ? &*tls : nullptr, proxy, within) || timer.async_wait(asio::use_awaitable));
  if (done.index() == 1)
    co_return fail(Errc::unavailable, "the server did not answer in time", host, "is the network slow, or the port right?");
  PL_CO_TRY(stream, std::get<0>(std::move(done)));
  co_return std::make_unique<Client>(std::move(stream), host);
}

}  // namespace

Awaitable<Result<std::unique_ptr<HttpClient>>> HttpClient::connect(asio::io_context& io, HttpEndpoint to,
                                                                   TlsContext tls, const HttpProxy* proxy,
                                                                   Millis within) {
  std::optional<TlsContext> sealed(std::move(tls));
  return connect_within(io, std::move(to), std::move(sealed), proxy, within);
}

Awaitable<Result<std::unique_ptr<HttpClient>>> HttpClient::connect_plain(asio::io_context& io, HttpEndpoint to,
                                                                         Millis within) {
  return connect_within(io, std::move(to), std::nullopt, nullptr, within);
}

}  // namespace pontlevis::io
