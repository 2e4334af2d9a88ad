#include "protocol/io/http/http_server.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>

#include "protocol/io/http/admission.hpp"
#include "protocol/io/http/http_wire.hpp"
#include "protocol/io/http/web_socket.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::io {
namespace asio = boost::asio;
namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
// A client that stops in the middle of its handshake keeps its connection till the timeout, its slot only so long.
constexpr Millis slot_time{2'000};
constexpr Millis linger{2'000};       // for the peer to read an answer that ends the connection
constexpr Millis out_of_files{100};   // pause of the accept loop when the system has no descriptor left
constexpr Millis last_wait{5'000};
constexpr std::size_t max_waiting = 16'384;
constexpr int defer_accept_seconds = 10;  // the kernel shows us a client once it has spoken
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, LeanStream::executor_type>;

struct Remote {
  std::string address;
  unsigned short port = 0;
};

Remote remote_of(const LeanStream::Socket& socket) {
  boost::system::error_code ec;
  const auto endpoint = socket.remote_endpoint(ec);
  if (ec) return {};
  const auto address = endpoint.address();
  const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  return {mapped ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string() : address.to_string(), endpoint.port()};
}

const UpgradeGate& gate_of(const Router::Route& route) {
  if (const auto* frames = std::get_if<Router::WebSocketRoute>(&route)) return frames->gate;
  if (const auto* bytes = std::get_if<Router::WebSocketBytesRoute>(&route)) return bytes->gate;
  return std::get<Router::RelayRoute>(route).gate;
}

// A connection that stays keeps of its request only what a handler may still want: not the upgrade's own headers.
HttpRequest lasting(HttpRequest& request) {
  std::erase_if(request.headers, [](const auto& h) {
    return h.first.starts_with("sec-websocket-") || h.first == "upgrade" || h.first == "connection";
  });
  request.headers.shrink_to_fit();
  return std::move(request);
}

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<HttpServer::Impl> {
 public:
  Impl(asio::io_context& io, Router router, HttpLimits limits, OnFault on_fault)
      : io_(io), acceptor_(io), changed_(io), router_(std::move(router)), limits_(limits), on_fault_(std::move(on_fault)) {}

  Result<> listen(const std::string& address, unsigned short port, std::optional<TlsContext> tls);
  unsigned short port() const noexcept;
  void replace_tls(TlsContext tls) { tls_ = std::move(tls); }
  Counts counts() const noexcept;
  void close_peer(std::string_view serial);
  void close_all();
  void stop_accepting();
  Awaitable<void> drain(Millis within);

 private:
  // What the server knows of a connection that lives, so that it can be ended from outside.
  struct Live {
    std::function<void()> close;
    std::string serial;
    bool idle = true;  // between two requests
  };
  struct Session {
    LeanStream stream;
    Remote remote;
    Live* live;
  };
  // How a conversation ends: with nothing, or with a request to speak another protocol from here on.
  struct Upgrade {
    HttpRequest request;
    const Router::Route* route;
  };
  using UpgradePtr = std::unique_ptr<Upgrade>;
  // What follows one request: the next one, the end, or another protocol.
  enum class Next { request, end, upgrade };

  Awaitable<void> accept_loop(std::shared_ptr<Impl> self);
  bool accept_more();
  void take(LeanStream::Socket socket);
  void start(LeanStream::Socket socket, std::shared_ptr<Admission::Slot> slot);
  Awaitable<void> serve(std::shared_ptr<Impl> self, LeanStream stream, std::shared_ptr<Admission::Slot> slot,
                        Remote remote);
  Awaitable<bool> shake(LeanStream& stream, std::shared_ptr<Admission::Slot> slot);
  Awaitable<UpgradePtr> converse(Session& session);
  Awaitable<Next> one_request(Session& session, MessageReader& reader, Watchdog& dog, UpgradePtr& upgrade);
  Awaitable<Next> answer(Session& session, HttpRequest request, const HttpHandler& handler, Watchdog& dog);
  Awaitable<void> refuse(Session& session, const WireFault& fault, Watchdog& dog);
  Awaitable<void> finish(LeanStream& stream, Watchdog& dog);
  Awaitable<Next> reply(Session& session, const HttpResponse& response, const HttpRequest* request, Watchdog& dog);

  Awaitable<void> run(LeanStream stream, UpgradePtr upgrade, const Router::WebSocketRoute& route);
  Awaitable<void> run(LeanStream stream, UpgradePtr upgrade, const Router::WebSocketBytesRoute& route);
  Awaitable<void> run(LeanStream stream, UpgradePtr upgrade, const Router::RelayRoute& route);
  Awaitable<void> run(LeanStream stream, UpgradePtr upgrade);
  Sealed sealed() const { return tls_ ? Sealed::yes : Sealed::no; }

  asio::io_context& io_;
  Acceptor acceptor_;
  asio::steady_timer changed_;  // cancelled when a connection ends, for drain()
  Router router_;
  HttpLimits limits_;
  OnFault on_fault_;
  std::optional<TlsContext> tls_;
  std::shared_ptr<Admission> admission_;
  std::map<std::uint64_t, Live> live_;
  std::uint64_t next_ = 0;
  bool draining_ = false;
  Counts counts_;
};

// ---- listening ----------------------------------------------------------------------------------

Result<> HttpServer::Impl::listen(const std::string& address, unsigned short port, std::optional<TlsContext> tls) {
  boost::system::error_code ec;
  const auto ip = asio::ip::make_address(address, ec);
  if (ec) return fail(Errc::bad_input, "is not an IP address to listen on", address, "0.0.0.0, :: or 127.0.0.1");
  if (!tls && !ip.is_loopback())
    return fail(Errc::not_allowed, "plain HTTP is for loopback only", address, "use 127.0.0.1 or ::1");
  const asio::ip::tcp::endpoint here(ip, port);
  acceptor_.open(here.protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_.bind(here, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (!ec) acceptor_.non_blocking(true, ec);
  const std::string place = address + ":" + std::to_string(port);
  if (ec == asio::error::address_in_use) return fail(Errc::conflict, "another program listens there", place, "choose another port");
  if (ec) return fail(Errc::io, "cannot listen: " + ec.message(), place);
  static_cast<void>(::setsockopt(acceptor_.native_handle(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer_accept_seconds,
                                 sizeof defer_accept_seconds));
  tls_ = std::move(tls);
  // A plain connection needs no handshake and gets its slot back at once.
  admission_ = std::make_shared<Admission>(
      limits_.handshakes, max_waiting,
      [this](LeanStream::Socket socket, std::shared_ptr<Admission::Slot> slot) { start(std::move(socket), std::move(slot)); });
  asio::co_spawn(io_, accept_loop(shared_from_this()), asio::detached);
  return {};
}

unsigned short HttpServer::Impl::port() const noexcept {
  boost::system::error_code ec;
  return acceptor_.local_endpoint(ec).port();
}

Awaitable<void> HttpServer::Impl::accept_loop(std::shared_ptr<Impl> self) {
  while (acceptor_.is_open()) {
    const auto [ec] = co_await acceptor_.async_wait(Acceptor::wait_read, as_result);
    if (ec || !acceptor_.is_open()) co_return;
    if (accept_more()) continue;
    asio::steady_timer pause(io_, out_of_files);
    co_await pause.async_wait(as_result);
  }
}

// Everybody who is at the door, so that "newest first" can choose among all of them. False: no descriptor left.
bool HttpServer::Impl::accept_more() {
  for (;;) {
    LeanStream::Socket socket(io_);
    boost::system::error_code ec;
    acceptor_.accept(socket, ec);
    if (ec == asio::error::would_block || ec == asio::error::try_again) return true;
    if (ec == asio::error::connection_aborted || ec == asio::error::interrupted) continue;
    if (ec) return false;
    take(std::move(socket));
  }
}

void HttpServer::Impl::take(LeanStream::Socket socket) {
  ++counts_.accepted;
  if (live_.size() >= limits_.connections) ++counts_.refused;
  else admission_->add(std::move(socket));
}

void HttpServer::Impl::start(LeanStream::Socket socket, std::shared_ptr<Admission::Slot> slot) {
  Remote from = remote_of(socket);
  LeanStream stream = tls_ ? LeanStream(std::move(socket), *tls_) : LeanStream(std::move(socket));
  auto fault = [on_fault = on_fault_](std::exception_ptr error) {
    if (!error) return;
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      if (on_fault) on_fault(e.what());
    }
  };
  asio::co_spawn(io_, serve(shared_from_this(), std::move(stream), std::move(slot), std::move(from)), std::move(fault));
}

// ---- one connection -----------------------------------------------------------------------------

Awaitable<void> HttpServer::Impl::serve(std::shared_ptr<Impl> self, LeanStream stream,
                                        std::shared_ptr<Admission::Slot> slot, Remote remote) {
  const auto place = live_.try_emplace(++next_, Live{stream.closer(), {}, true}).first;
  struct Leave {
    Impl& impl;
    std::map<std::uint64_t, Live>::iterator place;
    ~Leave() {
      impl.live_.erase(place);
      impl.changed_.cancel();
    }
  } leave{*self, place};
  const bool secure = co_await shake(stream, std::move(slot));
  if (!secure) co_return;
  if (stream.peer()) place->second.serial = stream.peer()->serial;
  Session session{std::move(stream), std::move(remote), &place->second};
  auto upgrade = co_await converse(session);
  if (upgrade) co_await run(std::move(session.stream), std::move(upgrade));
}

Awaitable<bool> HttpServer::Impl::shake(LeanStream& stream, std::shared_ptr<Admission::Slot> slot) {
  if (!tls_) co_return true;
  asio::steady_timer patience(io_, slot_time);
  patience.async_wait([slot](const boost::system::error_code& ec) {
    if (!ec) slot->release();
  });
  const auto done = co_await stream.handshake(limits_.handshake_timeout);
  slot->release();
  if (!done) ++counts_.handshake_failures;
  co_return done.has_value();
}

// Its frames are gone before another protocol begins: an idle agent should cost no HTTP memory.
Awaitable<HttpServer::Impl::UpgradePtr> HttpServer::Impl::converse(Session& session) {
  MessageReader reader(session.stream);
  Watchdog dog(session.stream);
  dog.arm(limits_.header_timeout);
  UpgradePtr upgrade;
  for (;;) {
    const Next next = co_await one_request(session, reader, dog, upgrade);
    if (next == Next::upgrade) session.stream.unread(reader.take_rest());
    if (next != Next::request || draining_) co_return upgrade;
    session.live->idle = true;
    dog.arm(limits_.keep_alive);
  }
}

Awaitable<HttpServer::Impl::Next> HttpServer::Impl::one_request(Session& session, MessageReader& reader, Watchdog& dog,
                                                                UpgradePtr& upgrade) {
  const auto begun = co_await reader.wait();
  if (!begun || !*begun) co_return Next::end;
  session.live->idle = false;
  dog.arm(limits_.header_timeout);
  std::function<void()> on_header = [&dog, this] { dog.arm(limits_.body_timeout); };
  auto request = co_await reader.read_request(limits_, std::move(on_header));
  if (!request) {
    co_await refuse(session, request.error(), dog);
    co_return Next::end;
  }
  dog.disarm();
  ++counts_.requests;
  request->peer = session.stream.peer();
  request->remote_address = session.remote.address;
  request->remote_port = session.remote.port;
  auto found = router_.find(*request);
  std::optional<HttpResponse> refusal;
  if (auto* no = std::get_if<HttpResponse>(&found)) refusal = std::move(*no);
  const auto* route = refusal ? nullptr : std::get<const Router::Route*>(found);
  if (const auto* plain = route ? std::get_if<Router::PlainRoute>(route) : nullptr)
    co_return co_await answer(session, *std::move(request), plain->handler, dog);
  if (route) refusal = co_await gate_of(*route)(*request);
  if (refusal) co_return co_await reply(session, *refusal, &*request, dog);
  upgrade = std::make_unique<Upgrade>(*std::move(request), route);
  co_return Next::upgrade;
}

Awaitable<HttpServer::Impl::Next> HttpServer::Impl::answer(Session& session, HttpRequest request, const HttpHandler& handler, Watchdog& dog) {
  HttpRequest asked = request;
  wipe_bytes(asked.body);  // reply() looks at the method and headers only; what the handler got, it wipes itself
  HttpResponse response = co_await handler(std::move(request));
  const Next next = co_await reply(session, response, &asked, dog);
  if (response.secret) wipe_bytes(response.body);
  co_return next;
}

Awaitable<HttpServer::Impl::Next> HttpServer::Impl::reply(Session& session, const HttpResponse& response, const HttpRequest* request,
                                        Watchdog& dog) {
  const bool keep = request && keeps_alive(*request) && !draining_;
  dog.arm(limits_.write_timeout);
  const auto written = co_await write_response(session.stream, response, request && request->method == "HEAD", sealed(),
                                               keep ? After::keep : After::close);
  dog.disarm();
  if (!written) co_return Next::end;
  if (!keep) co_await finish(session.stream, dog);
  co_return keep ? Next::request : Next::end;
}

Awaitable<void> HttpServer::Impl::refuse(Session& session, const WireFault& fault, Watchdog& dog) {
  if (fault.status == 0) co_return;
  const HttpResponse response = router_.refusal(fault.target, fault.status, fault.error);
  co_await reply(session, response, nullptr, dog);
}

// Closing at once, with bytes of the peer unread, would make the kernel reset the connection and our answer with it.
Awaitable<void> HttpServer::Impl::finish(LeanStream& stream, Watchdog& dog) {
  stream.shutdown_write();
  dog.arm(linger);
  std::array<char, 4096> unread;
  for (int i = 0; i < 256; ++i) {
    const auto n = co_await stream.read_some(unread);
    if (!n || *n == 0) co_return;
  }
}

// ---- changing the protocol ----------------------------------------------------------------------

Awaitable<void> HttpServer::Impl::run(LeanStream stream, UpgradePtr upgrade) {
  const auto& route = *upgrade->route;
  if (const auto* frames = std::get_if<Router::WebSocketRoute>(&route)) return run(std::move(stream), std::move(upgrade), *frames);
  if (const auto* bytes = std::get_if<Router::WebSocketBytesRoute>(&route)) return run(std::move(stream), std::move(upgrade), *bytes);
  return run(std::move(stream), std::move(upgrade), std::get<Router::RelayRoute>(route));
}

Awaitable<void> HttpServer::Impl::run(LeanStream stream, UpgradePtr upgrade, const Router::WebSocketRoute& route) {
  auto end = co_await accept_web_socket(std::move(stream), upgrade->request, limits_, WebSocketKind::text_frames);
  if (!end) co_return;
  auto work = route.handler(lasting(upgrade->request), std::move(end->frames));
  upgrade.reset();
  co_await std::move(work);
}

Awaitable<void> HttpServer::Impl::run(LeanStream stream, UpgradePtr upgrade, const Router::WebSocketBytesRoute& route) {
  auto end = co_await accept_web_socket(std::move(stream), upgrade->request, limits_, WebSocketKind::binary_bytes);
  if (!end) co_return;
  auto work = route.handler(lasting(upgrade->request), std::move(end->bytes));
  upgrade.reset();
  co_await std::move(work);
}

Awaitable<void> HttpServer::Impl::run(LeanStream stream, UpgradePtr upgrade, const Router::RelayRoute& route) {
  constexpr std::string_view go = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: pontlevis-relay/1\r\n\r\n";
  const auto written = co_await stream.write_all({go.data(), go.size()});
  if (!written) co_return;
  stream.prepare_bulk();
  auto bytes = std::make_unique<LeanStream>(std::move(stream));
  auto work = route.handler(lasting(upgrade->request), std::move(bytes));
  upgrade.reset();
  co_await std::move(work);
}

// ---- ending -------------------------------------------------------------------------------------

HttpServer::Counts HttpServer::Impl::counts() const noexcept {
  Counts out = counts_;
  out.connections = live_.size();
  if (!admission_) return out;
  out.handshakes = admission_->under_way();
  out.waiting = admission_->waiting();
  out.refused += admission_->dropped();
  return out;
}

void HttpServer::Impl::close_peer(std::string_view serial) {
  for (auto& [number, live] : live_)
    if (live.serial == serial) live.close();
}

void HttpServer::Impl::close_all() {
  for (auto& [number, live] : live_) live.close();
}

void HttpServer::Impl::stop_accepting() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  if (admission_) admission_->clear();
}

Awaitable<void> HttpServer::Impl::drain(Millis within) {
  const auto self = shared_from_this();
  draining_ = true;
  stop_accepting();
  for (auto& [number, live] : live_)
    if (live.idle) live.close();
  for (const Millis patience : {within, last_wait}) {
    const auto until = asio::steady_timer::clock_type::now() + patience;
    while (!live_.empty() && asio::steady_timer::clock_type::now() < until) {
      changed_.expires_at(until);
      co_await changed_.async_wait(as_result);
    }
    close_all();
  }
}

HttpServer::HttpServer(asio::io_context& io, Router router, HttpLimits limits, OnFault on_fault)
    : impl_(std::make_shared<Impl>(io, std::move(router), limits, std::move(on_fault))) {}

HttpServer::~HttpServer() {
  impl_->stop_accepting();
  impl_->close_all();
}

Result<> HttpServer::listen(const std::string& address, unsigned short port, TlsContext tls) {
  return impl_->listen(address, port, std::move(tls));
}
Result<> HttpServer::listen_plain(const std::string& address, unsigned short port) {
  return impl_->listen(address, port, std::nullopt);
}
unsigned short HttpServer::port() const noexcept { return impl_->port(); }
void HttpServer::replace_tls(TlsContext tls) { impl_->replace_tls(std::move(tls)); }
HttpServer::Counts HttpServer::counts() const noexcept { return impl_->counts(); }
void HttpServer::close_peer(std::string_view serial) { impl_->close_peer(serial); }
void HttpServer::stop_accepting() { impl_->stop_accepting(); }
Awaitable<void> HttpServer::drain(Millis within) { return impl_->drain(within); }

}  // namespace pontlevis::io
