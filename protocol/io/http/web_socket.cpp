#include "protocol/io/http/web_socket.hpp"

#include <boost/beast/core/role.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace pontlevis::io {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

// What Beast asks of a stream at the end of its WebSocket; found by argument-dependent lookup.
void teardown(beast::role_type, LeanStream& stream, beast::error_code& ec) {
  stream.close();
  ec = {};
}
template <class Handler>
void async_teardown(beast::role_type, LeanStream& stream, Handler&& handler) {
  stream.close();
  asio::post(stream.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), beast::error_code{}));
}
void beast_close_socket(LeanStream& stream) { stream.close(); }

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t first_room = 128, room = 2048, most_room = 64 * 1024;
using Ws = websocket::stream<LeanStream, false>;  // false: compiled without deflate

// Shared by the seam object and the goodbye that may outlive it.
class Core : public std::enable_shared_from_this<Core> {
 public:
  Core(LeanStream stream, const HttpLimits& limits) : ws(std::move(stream)), max_(limits.frame_bytes) {
    // Half of idle_timeout without a sign: ping. All of it: the connection ends.
    websocket::stream_base::timeout timeouts{limits.header_timeout, limits.idle_frames, true};
    ws.set_option(timeouts);
    ws.read_message_max(max_);
    ws.auto_fragment(false);
  }

  // Waits with a few bytes of room: the buffer of a message exists from its first byte on, not while an agent idles.
  Awaitable<Result<std::string>> read() {
    const auto keep = shared_from_this();
    std::array<char, first_room> first;
    std::string text;
    auto [ec, n] = co_await ws.async_read_some(asio::buffer(first), as_result);
    text.assign(first.data(), n);
    while (!ec && !ws.is_message_done()) {
      const std::size_t had = text.size();
      text.resize(had + std::clamp(ws.read_size_hint(first_room), room, most_room));
      std::tie(ec, n) = co_await ws.async_read_some(asio::buffer(text.data() + had, text.size() - had), as_result);
      text.resize(had + n);
    }
    if (ec) co_return ended(ec);
    const bool good = ws.got_text() == (kind == WebSocketKind::text_frames);
    if (!good) ws.next_layer().close();
    if (!good) co_return fail(Errc::bad_frame, "a message of the wrong kind", "WebSocket");
    co_return text;
  }

  Awaitable<Result<>> write(std::span<const char> bytes) {
    const auto keep = shared_from_this();
    if (closing_) co_return fail(Errc::closed, "the connection is closed");
    ws.binary(kind == WebSocketKind::binary_bytes);
    const auto [ec, n] = co_await ws.async_write(asio::buffer(bytes.data(), bytes.size()), as_result);
    if (ec) co_return ended(ec);
    co_return Result<>{};
  }

  void close() noexcept {
    if (std::exchange(closing_, true)) return;
    if (!ws.is_open()) return ws.next_layer().close();
    auto self = shared_from_this();
    auto limit = std::make_shared<asio::steady_timer>(ws.get_executor(), goodbye);
    limit->async_wait([self, limit](const boost::system::error_code& ec) {
      if (!ec) self->ws.next_layer().close();
    });
    ws.async_close(websocket::close_code::normal, [self, limit](const boost::system::error_code&) {
      limit->cancel();
      self->ws.next_layer().close();
    });
  }

  Ws ws;
  WebSocketKind kind = WebSocketKind::text_frames;

 private:
  std::unexpected<Error> ended(const boost::system::error_code& ec) {
    auto& stream = ws.next_layer();
    const bool was_open = stream.is_open();
    // After an error, a broken rule or a cancellation nothing sound can follow.
    if (!closing_ || ec != asio::error::operation_aborted) stream.close();
    if (closing_) return fail(Errc::closed, "the connection is closed");
    if (ec == websocket::error::closed) return fail(Errc::closed, "the other side said goodbye", "WebSocket");
    if (ec == websocket::error::message_too_big || ec == websocket::error::buffer_overflow)
      return fail(Errc::bad_frame, "a message is longer than " + std::to_string(max_) + " bytes", "WebSocket");
    if (ec == beast::error::timeout) return fail(Errc::closed, "the other side no longer answers", "WebSocket");
    if (ec.category() == websocket::make_error_code(websocket::error::closed).category())
      return fail(Errc::bad_frame, "broke the WebSocket protocol: " + ec.message(), "WebSocket");
    if (was_open && ec == asio::error::operation_aborted) return fail(Errc::closed, "was cancelled", "WebSocket");
    return std::unexpected(stream.error_for(ec));
  }

  std::size_t max_;
  bool closing_ = false;
};
using CorePtr = std::shared_ptr<Core>;

class WebSocketFrames final : public FrameStream {
 public:
  explicit WebSocketFrames(CorePtr core) : core_(std::move(core)) {}
  ~WebSocketFrames() override { core_->close(); }
  Awaitable<Result<std::string>> read_frame() override { return core_->read(); }
  Awaitable<Result<>> write_frame(std::string text) override {
    co_return co_await core_->write(text);
  }
  void close() noexcept override { core_->close(); }

 private:
  CorePtr core_;
};

// A browser cannot have plain TLS bytes: it sends them in binary messages, whose borders mean nothing.
// An empty message is "no more from us".
class WebSocketBytes final : public ByteStream {
 public:
  explicit WebSocketBytes(CorePtr core) : core_(std::move(core)) {}
  ~WebSocketBytes() override { core_->close(); }

  Awaitable<Result<std::size_t>> read_some(std::span<char> out) override {
    if (at_ == message_.size() && !ended_) {
      auto message = co_await core_->read();
      if (!message && message.error().what == said_goodbye) ended_ = true;
      else if (!message) co_return std::unexpected(std::move(message.error()));
      else message_ = *std::move(message);
      at_ = 0;
      ended_ = ended_ || message_.empty();
    }
    if (ended_) co_return 0;
    const std::size_t n = std::min(out.size(), message_.size() - at_);
    std::copy_n(message_.begin() + static_cast<std::ptrdiff_t>(at_), n, out.begin());
    at_ += n;
    co_return n;
  }
  Awaitable<Result<>> write_all(std::span<const char> bytes) override {
    if (bytes.empty()) co_return Result<>{};
    co_return co_await core_->write(bytes);
  }
  void shutdown_write() override { core_->close(); }
  void close() noexcept override { core_->close(); }

 private:
  static constexpr std::string_view said_goodbye = "the other side said goodbye";
  CorePtr core_;
  std::string message_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

WebSocketEnd end_of(CorePtr core, WebSocketKind kind) {
  core->kind = kind;
  WebSocketEnd out;
  if (kind == WebSocketKind::text_frames) out.frames = std::make_unique<WebSocketFrames>(std::move(core));
  else out.bytes = std::make_unique<WebSocketBytes>(std::move(core));
  return out;
}

beast::http::request<beast::http::empty_body> upgrade_request(const HttpRequest& request) {
  beast::http::request<beast::http::empty_body> out{beast::http::verb::get, request.target, 11};
  for (const auto& [name, value] : request.headers) out.insert(name, value);
  return out;
}

}  // namespace

Awaitable<Result<WebSocketEnd>> accept_web_socket(LeanStream stream, const HttpRequest& request,
                                                  const HttpLimits& limits, WebSocketKind kind) {
  auto core = std::make_shared<Core>(std::move(stream), limits);
  const auto asked = upgrade_request(request);
  const auto [ec] = co_await core->ws.async_accept(asked, as_result);
  if (ec) co_return fail(Errc::bad_input, "the WebSocket handshake failed: " + ec.message());
  co_return end_of(std::move(core), kind);
}

Awaitable<Result<WebSocketEnd>> connect_web_socket(LeanStream stream, std::string host, std::string target,
                                                   HttpHeaders headers, HttpLimits limits, WebSocketKind kind) {
  auto core = std::make_shared<Core>(std::move(stream), limits);
  core->ws.set_option(websocket::stream_base::decorator([headers](websocket::request_type& request) {
    for (const auto& [name, value] : headers) request.insert(name, value);
  }));
  websocket::response_type answer;
  const auto [ec] = co_await core->ws.async_handshake(answer, host, target, as_result);
  if (ec == websocket::error::upgrade_declined)
    co_return fail(Errc::not_allowed, "the server declined with status " + std::to_string(answer.result_int()),
                   "WebSocket " + target);
  if (ec) co_return std::unexpected(core->ws.next_layer().error_for(ec));
  co_return end_of(std::move(core), kind);
}

}  // namespace pontlevis::io
