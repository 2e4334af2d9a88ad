#include "protocol/io/tls/lean_stream.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "protocol/io/tls/openssl.hpp"
#include "protocol/io/tls/tls_words.hpp"

namespace pontlevis::io {
namespace asio = boost::asio;
namespace {

using Want = Attempt::Want;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t fair_share = 512 * 1024;  // bytes one stream moves before the others have their turn
constexpr std::size_t bulk_read_ahead = 8 * (SSL3_RT_MAX_PLAIN_LENGTH + 256);

// OpenSSL writes sealed records here instead of into the socket, so that 128 KiB leave in one system
// call instead of eight. Shared by the streams of a thread: every SSL call is followed by send_staged().
thread_local std::string staged;

int stage_write(BIO* bio, const char* data, int n) {
  BIO_clear_retry_flags(bio);
  staged.append(data, static_cast<std::size_t>(n));
  return n;
}
long stage_ctrl(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* staging_method() {
  static const BIO_METHOD* method = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "pontlevis staging");
    BIO_meth_set_write(m, stage_write);
    BIO_meth_set_ctrl(m, stage_ctrl);
    BIO_meth_set_create(m, [](BIO* b) { return BIO_set_init(b, 1), 1; });
    return m;
  }();
  return method;
}

bool is_address(const std::string& host) {
  boost::system::error_code ec;
  static_cast<void>(asio::ip::make_address(host, ec));
  return !ec;
}

Error closed_error() { return Error{Errc::closed, "the connection is closed", {}, {}}; }

// A dead peer is found within about a minute even when nothing is written (half-open connections).
void set_socket_options(LeanStream::Socket& socket) {
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.native_non_blocking(true, ignored);
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const auto set = [&](int option, int value) {
    static_cast<void>(::setsockopt(socket.native_handle(), IPPROTO_TCP, option, &value, sizeof value));
  };
  set(TCP_KEEPIDLE, 30);
  set(TCP_KEEPINTVL, 10);
  set(TCP_KEEPCNT, 3);
  set(TCP_USER_TIMEOUT, 60'000);
}

}  // namespace

struct LeanStream::State::Tls {
  TlsContext context;  // its callbacks need it as long as the SSL lives
  SslPtr ssl;
};

LeanStream::State::State(Socket connected, const TlsContext* context, const std::string& host)
    : socket(std::move(connected)) {
  set_socket_options(socket);
  if (!context) return;
  tls = std::make_unique<Tls>(Tls{*context, SslPtr(SSL_new(context->native()))});
  SSL* ssl = tls->ssl.get();
  SSL_set0_rbio(ssl, BIO_new_socket(socket.native_handle(), BIO_NOCLOSE));
  SSL_set0_wbio(ssl, BIO_new(staging_method()));
  context->is_server() ? SSL_set_accept_state(ssl) : SSL_set_connect_state(ssl);
  if (context->is_server()) return;
  if (is_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl, host.c_str());
    SSL_set1_host(ssl, host.c_str());
  }
}

LeanStream::State::~State() { close(); }

Attempt LeanStream::State::ended(Error why) {
  if (!reason_) reason_ = std::move(why);
  return {Want::nothing, 0, asio::error::connection_aborted};
}

// SSL_get_error's verdict on a call that did not succeed.
Attempt LeanStream::State::after_ssl(int result) {
  const int error = SSL_get_error(tls->ssl.get(), result);
  const Error why = error == SSL_ERROR_SSL || error == SSL_ERROR_SYSCALL ? tls_failure(tls->ssl.get()) : Error{};
  static_cast<void>(send_staged());  // an alert, a key update
  if (error == SSL_ERROR_WANT_READ) return {Want::readable};
  if (error == SSL_ERROR_ZERO_RETURN) return {};
  return ended(why.what.empty() ? closed_error() : why);
}

Attempt LeanStream::State::handshake() {
  if (!open) return {Want::nothing, 0, asio::error::operation_aborted};
  if (unsent_from_ < unsent_.size())
    if (const Attempt a = flush(); a.want != Want::nothing || a.error) return a;
  ERR_clear_error();
  const int result = SSL_do_handshake(tls->ssl.get());
  if (result != 1) {
    const Attempt a = after_ssl(result);
    return a.want == Want::nothing && !a.error ? ended(closed_error()) : a;
  }
  learn_peer();
  return send_staged();
}

void LeanStream::State::learn_peer() {
  const X509Cert certificate(SSL_get1_peer_certificate(tls->ssl.get()));
  if (!certificate || SSL_get_verify_result(tls->ssl.get()) != X509_V_OK || peer) return;
  const X509* c = certificate.get();
  peer = PeerCertificate{common_name_of(c), serial_of(c), digest_of(c), time_of(X509_get0_notAfter(c))};
}

std::size_t LeanStream::State::take_pushback(std::span<char> out) {
  const std::size_t n = std::min(out.size(), pushback.size());
  std::copy_n(pushback.begin(), n, out.begin());
  pushback.erase(0, n);
  if (pushback.empty()) std::string().swap(pushback);
  return n;
}

Attempt LeanStream::State::read(std::span<char> out) {
  if (!open) return {Want::nothing, 0, asio::error::operation_aborted};
  if (!pushback.empty()) return {Want::nothing, take_pushback(out)};
  if (reason_) return {Want::nothing, 0, asio::error::connection_aborted};
  return tls ? read_sealed(out) : read_plain(out);
}

Attempt LeanStream::State::read_plain(std::span<char> out) {
  ssize_t n;
  do n = ::recv(socket.native_handle(), out.data(), out.size(), MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  if (n >= 0) return {Want::nothing, static_cast<std::size_t>(n)};
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {Want::readable};
  return ended(Error{Errc::closed, "the connection was cut", {}, {}});
}

Attempt LeanStream::State::read_sealed(std::span<char> out) {
  std::size_t total = 0;
  SSL* ssl = tls->ssl.get();
  while (total < out.size()) {
    std::size_t n = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(ssl, out.data() + total, out.size() - total, &n);
    if (result != 1) {
      const Attempt a = after_ssl(result);
      if (total > 0) break;  // the next read meets the end or the error again
      return a;
    }
    total += n;
    if (SSL_has_pending(ssl) == 0) break;  // read-ahead has emptied the socket: asking again would say EAGAIN
  }
  if (!staged.empty()) static_cast<void>(send_staged());
  return {Want::nothing, total};
}

Attempt LeanStream::State::write(std::span<const char> bytes) {
  if (!open) return {Want::nothing, 0, asio::error::operation_aborted};
  if (reason_) return {Want::nothing, 0, asio::error::connection_aborted};
  if (bytes.empty()) return {};
  return tls ? seal(bytes) : send({bytes.data(), bytes.size()});
}

Attempt LeanStream::State::seal(std::span<const char> bytes) {
  ERR_clear_error();
  std::size_t n = 0;
  const int result = SSL_write_ex(tls->ssl.get(), bytes.data(), bytes.size(), &n);
  if (result == 1) return send_staged();
  const Attempt a = after_ssl(result);
  return a.error ? a : ended(closed_error());  // staging never blocks
}

Attempt LeanStream::State::send_staged() {
  const Attempt a = send(staged);
  staged.clear();
  return a;
}

// Keeps the order: what is still unsent goes first.
Attempt LeanStream::State::send(std::string_view bytes) {
  if (unsent_from_ < unsent_.size()) {
    unsent_.append(bytes);
    return flush();
  }
  ssize_t n = 0;
  while (!bytes.empty() && (n = ::send(socket.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL)) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  if (bytes.empty()) return {};
  if (errno != EAGAIN && errno != EWOULDBLOCK) return ended(Error{Errc::closed, "the connection was cut", {}, {}});
  unsent_.assign(bytes);
  unsent_from_ = 0;
  return {Want::writable};
}

Attempt LeanStream::State::flush() {
  if (!open) return {Want::nothing, 0, asio::error::operation_aborted};
  while (unsent_from_ < unsent_.size()) {
    const auto n = ::send(socket.native_handle(), unsent_.data() + unsent_from_, unsent_.size() - unsent_from_,
                          MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {Want::writable};
    if (n < 0) return ended(Error{Errc::closed, "the connection was cut", {}, {}});
    unsent_from_ += static_cast<std::size_t>(n);
  }
  std::string().swap(unsent_);  // an idle connection keeps no buffer
  unsent_from_ = 0;
  return {};
}

void LeanStream::State::shutdown_write() {
  if (!open || reason_) return;
  if (!tls) {
    boost::system::error_code ignored;
    socket.shutdown(Socket::shutdown_send, ignored);
    return;
  }
  if (!SSL_is_init_finished(tls->ssl.get()) || (SSL_get_shutdown(tls->ssl.get()) & SSL_SENT_SHUTDOWN)) return;
  ERR_clear_error();
  static_cast<void>(SSL_shutdown(tls->ssl.get()));
  if (send_staged().want != Want::writable) return;
  // The kernel is full: the alert leaves when there is room, whatever the owner does meanwhile.
  socket.async_wait(Socket::wait_write, [self = shared_from_this()](const boost::system::error_code& ec) {
    if (!ec && self->open) static_cast<void>(self->flush());
  });
}

void LeanStream::State::close() noexcept {
  if (!open) return;
  // close_notify only after everything before it has left: else the peer must see that it was cut.
  if (tls && !reason_ && unsent_.empty() && SSL_is_init_finished(tls->ssl.get()) &&
      !(SSL_get_shutdown(tls->ssl.get()) & SSL_SENT_SHUTDOWN)) {
    ERR_clear_error();
    static_cast<void>(SSL_shutdown(tls->ssl.get()));
    static_cast<void>(send_staged());
  }
  open = false;
  boost::system::error_code ignored;
  socket.close(ignored);
}

void LeanStream::State::end(Error why) noexcept {
  if (!open) return;
  if (!reason_) reason_ = std::move(why);
  close();
}

Error LeanStream::State::error_for(const boost::system::error_code& ec) const {
  if (reason_) return *reason_;
  if (!open || ec == asio::error::operation_aborted) return closed_error();
  if (ec == asio::error::eof) return Error{Errc::closed, "the other side ended the connection", {}, {}};
  return Error{Errc::closed, "the connection ended: " + ec.message(), {}, {}};
}

LeanStream::LeanStream(Socket socket) : state_(std::make_shared<State>(std::move(socket), nullptr, std::string{})) {}
LeanStream::LeanStream(Socket socket, const TlsContext& tls, const std::string& host)
    : state_(std::make_shared<State>(std::move(socket), &tls, host)) {}
LeanStream::~LeanStream() { close(); }

const std::optional<PeerCertificate>& LeanStream::peer() const noexcept { return state_->peer; }
bool LeanStream::is_open() const noexcept { return state_ && state_->open; }
void LeanStream::shutdown_write() { state_->shutdown_write(); }
void LeanStream::close() noexcept {
  if (state_) state_->close();
}
void LeanStream::unread(std::string bytes) { state_->pushback = std::move(bytes) + state_->pushback; }
LeanStream::executor_type LeanStream::get_executor() noexcept { return state_->socket.get_executor(); }
Error LeanStream::error_for(const boost::system::error_code& ec) const { return state_->error_for(ec); }

void LeanStream::prepare_bulk() {
  if (state_->tls) SSL_set_default_read_buffer_len(state_->tls->ssl.get(), bulk_read_ahead);
}

LeanStream::Socket LeanStream::release() {
  state_->open = false;
  return std::move(state_->socket);
}

std::function<void()> LeanStream::closer() const {
  return [weak = std::weak_ptr<State>(state_)] {
    if (const auto state = weak.lock()) state->close();
  };
}

namespace {

using StatePtr = std::shared_ptr<LeanStream::State>;

Awaitable<boost::system::error_code> wait_for(StatePtr state, Want want) {
  state->since_wait = 0;
  const auto what = want == Want::readable ? LeanStream::Socket::wait_read : LeanStream::Socket::wait_write;
  const auto [ec] = co_await state->socket.async_wait(what, as_result);
  if (!state->open) co_return asio::error::operation_aborted;
  co_return ec;
}

// A stream whose both ends are always ready would never let the loop do anything else.
Awaitable<void> give_way(StatePtr state) {
  state->since_wait = 0;
  co_await asio::post(state->socket.get_executor(), as_result);
}

Awaitable<Result<>> shake(StatePtr state) {
  for (;;) {
    const Attempt a = state->handshake();
    if (a.error) co_return std::unexpected(state->error_for(a.error));
    if (a.want == Want::nothing) co_return Result<>{};
    if (const auto ec = co_await wait_for(state, a.want)) co_return std::unexpected(state->error_for(ec));
  }
}

}  // namespace

Awaitable<Result<>> LeanStream::handshake(Millis within) {
  const auto state = state_;
  asio::steady_timer deadline(state->socket.get_executor(), within);
  state->shaking = true;
  deadline.async_wait([state](const boost::system::error_code& ec) {
    if (!ec && state->shaking)
      state->end(Error{Errc::unavailable, "the TLS handshake took too long", {}, "is the network slow, or the port right?"});
  });
  auto done = co_await shake(state);
  state->shaking = false;
  if (!done) state->close();
  co_return done;
}

Awaitable<Result<std::size_t>> LeanStream::read_some(std::span<char> out) {
  const auto state = state_;
  // Before the read: a cancellation that meets us here has taken no byte yet.
  if (state->since_wait >= fair_share) co_await give_way(state);
  for (;;) {
    const Attempt a = state->read(out);
    if (a.error) co_return std::unexpected(state->error_for(a.error));
    state->since_wait += a.bytes;
    if (a.want == Want::nothing) co_return a.bytes;
    if (const auto ec = co_await wait_for(state, a.want)) co_return std::unexpected(state->error_for(ec));
  }
}

namespace {
// Half of a write has left: nothing sound can follow it. Whatever ends the write early ends the stream:
// an error, a cancellation that shows as an exception at any co_await, the end of the loop.
struct WholeOrClosed {
  LeanStream::State& state;
  bool whole = false;
  ~WholeOrClosed() {
    if (!whole) state.end(closed_error());  // without close_notify: the peer must not take it for an end
  }
};
}  // namespace

Awaitable<Result<>> LeanStream::write_all(std::span<const char> bytes) {
  const auto state = state_;
  WholeOrClosed guard{*state};
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), State::max_write));
    Attempt a = state->write(part);
    while (a.want == Want::writable) {
      if (const auto ec = co_await wait_for(state, a.want)) co_return std::unexpected(state->error_for(ec));
      a = state->flush();
    }
    if (a.error) co_return std::unexpected(state->error_for(a.error));
    state->since_wait += part.size();
    if (state->since_wait >= fair_share) co_await give_way(state);
    bytes = bytes.subspan(part.size());
  }
  guard.whole = true;
  co_return Result<>{};
}

}  // namespace pontlevis::io
