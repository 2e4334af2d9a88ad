// The pump of one libssh session. The rules, each with the test that holds it (tests/unit/ssh):
//  1. O_NONBLOCK before libssh sees the fd; Asio waits on a dup(), since libssh closes its own when it
//     likes (a_client_killed_at_any_moment_leaves_nothing).
//  2. libssh has no server or message callbacks here, only its message queue: a message is handled at
//     the top of the pump, so handlers may call anything, and an answer may come later
//     (a_forward_waits_for_its_answer). ssh_message_get() polls once and reads at most 4 KiB.
//  3. Channel callbacks are set before the peer can know the channel, and only move bytes or set
//     flags (data_and_eof_sent_before_the_reader_comes_are_not_lost).
//  4. A write polls inside: what it read is found by the next pump (a_request_read_inside_a_write_is_handled).
//  5. Nothing is freed while libssh is on the stack: ends are posted; a channel goes only when both
//     sides closed it and the queue is empty (twelve_channels_come_and_go).
//  6. The wait for writing is armed only while libssh holds bytes that the socket did not take.
//  7. Before authentication: a budget of packets and bytes, a grace time, and no silence: libssh never
//     answers a bad signature (a_flood_of_bad_signatures_ends_at_the_budget, silence_ends_soon).
//     After it, no silence either: ssh_keep_alive.cpp.
//  8. ssh_channel_close may say AGAIN and not have sent the CLOSE (a_close_behind_full_buffers_arrives);
//     a peer's packets of ten bytes would make a write loop for ever (packets_of_ten_bytes_do_not_hang_the_loop).
#include "protocol/io/ssh/ssh_connection.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/io/ssh/ssh_connection_impl.hpp"
#include "protocol/text.hpp"

namespace pontlevis::io {
namespace {

constexpr int polls_in_a_turn = 64;                // 256 KiB, then other work of the loop
constexpr std::uint64_t longest_output = 1 << 20;  // answers that a peer does not read
constexpr std::int64_t most_swallowed = 4;         // unanswerable packets before authentication
constexpr auto longest_silence = std::chrono::seconds(3);

Result<int> watchable_copy(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
    return fail(Errc::io, "the SSH socket cannot be made non-blocking");
  const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0)
    return fail(Errc::io, "no file descriptor is left for an SSH connection", {}, "raise LimitNOFILE");
  return copy;
}

}  // namespace

std::string screen_text(std::string_view text) {
  text = text.substr(0, 1000);
  while (!text.empty() && !is_utf8(text)) text.remove_suffix(1);
  std::string out(text);
  for (auto& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return out;
}

Result<std::shared_ptr<SshConnection>> SshConnection::start(boost::asio::any_io_executor executor, int fd,
                                                            std::shared_ptr<const SshServerConfig> config,
                                                            std::shared_ptr<SshServerHandler> handler) {
  const auto copy = watchable_copy(fd);
  if (!copy) {
    ::close(fd);
    return std::unexpected(copy.error());
  }
  auto session = make_session(*config, fd);
  if (!session) {
    ::close(*copy);
    ::close(fd);
    return std::unexpected(session.error());
  }
  auto self = std::make_shared<SshConnectionImpl>(std::move(executor), std::move(config), std::move(handler),
                                                  std::move(*session), *copy);
  self->begin();
  return self;
}

SshConnectionImpl::SshConnectionImpl(boost::asio::any_io_executor executor,
                                     std::shared_ptr<const SshServerConfig> config,
                                     std::shared_ptr<SshServerHandler> handler, LibsshSession session,
                                     int watch_fd)
    : executor_(std::move(executor)),
      config_(std::move(config)),
      handler_(std::move(handler)),
      ladder_(*handler_, config_->limits),
      session_(std::move(session)),
      socket_(executor_, watch_fd),
      grace_(executor_),
      linger_(executor_),
      silence_(executor_),
      alive_(executor_) {}

SshConnectionImpl::~SshConnectionImpl() {
  for (auto& pending : pending_opens_) pending->forget();
  for (auto& [raw, core] : channels_) core->abandon();
}

// Sends our version line and key exchange, then waits. The first pump comes in a later turn.
void SshConnectionImpl::begin() {
  ssh_set_counters(session_.get(), &wire_, &packets_);
  static_cast<void>(ssh_handle_key_exchange(session_.get()));  // AGAIN; an error shows in the pump
  grace_.expires_after(config_->limits.grace);
  grace_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || self->authenticated()) return;
    self->guard([&self] { self->disconnect("The time to sign in is over. Connect again."); });
  });
  pump_later();
}

// ---- the pump -----------------------------------------------------------------------------------

void SshConnectionImpl::pump_later() {
  if (std::exchange(pump_posted_, true)) return;
  boost::asio::post(executor_, [self = shared_from_this()] {
    self->pump_posted_ = false;
    self->pump();
  });
}

void SshConnectionImpl::guard(const std::function<void()>& work) noexcept {
  try {
    work();
  } catch (const std::exception&) {
    start_ending("internal error");
  } catch (...) {
    start_ending("internal error");
  }
}

void SshConnectionImpl::pump() noexcept {
  if (ended_ || pumping_) return;
  pumping_ = true;
  guard([this] { pump_or_throw(); });
  pumping_ = false;
}

void SshConnectionImpl::pump_or_throw() {
  more_to_read_ = false;
  const int polls = output_is_too_long() ? 1 : polls_in_a_turn;
  for (int i = 0; i < polls && !ending_; ++i) {
    const auto before = wire_.in_bytes;
    LibsshMessage message(ssh_message_get(session_.get()));
    const bool had_message = message != nullptr;
    const bool idle = !had_message && wire_.in_bytes == before;
    if (had_message) handle(std::move(message));
    keep_account(had_message);
    more_to_read_ = !idle && i + 1 == polls;
    if (idle) break;
  }
  settle();
}

void SshConnectionImpl::handle(LibsshMessage message) {
  const auto raw = message.get();
  switch (ssh_message_type(raw)) {
    case SSH_REQUEST_SERVICE: return service_request(raw);
    case SSH_REQUEST_AUTH: return auth_request(raw);
    case SSH_REQUEST_CHANNEL_OPEN: return channel_open(std::move(message));
    case SSH_REQUEST_CHANNEL: return channel_request(raw);
    case SSH_REQUEST_GLOBAL: return global_request(raw);
    default: return refuse(raw, "unknown message");
  }
}

// Before authentication every packet costs: floods of "none", SSH_MSG_IGNORE and so on end here.
void SshConnectionImpl::keep_account(bool had_message) {
  if (ending_ || authenticated()) return;
  const auto& limits = config_->limits;
  if (packets_.in_packets > limits.packets_before_auth || wire_.in_bytes > limits.bytes_before_auth)
    return start_ending("too much was sent before signing in");
  if (!userauth_begun_) return;
  if (had_message)
    ++messages_in_userauth_;
  else
    count_swallowed();
}

// A packet that libssh swallowed without a message: most often a signature that does not verify or a
// key type it does not know, and the client waits for an answer that will never come. GSSAPI is the
// other case: libssh answers it by itself (always no, here) and leaks a little each time, so few are borne.
void SshConnectionImpl::count_swallowed() {
  // Signed: requests sent together with the service request count as messages only.
  const auto swallowed =
      static_cast<std::int64_t>(packets_.in_packets - packets_at_userauth_) - messages_in_userauth_;
  if (swallowed <= swallowed_) return;
  swallowed_ = swallowed;
  if (swallowed > most_swallowed) return start_ending("too much was sent before signing in");
  if (ladder_.key_passed()) return;  // a person is thinking about the code
  silence_.expires_after(longest_silence);
  silence_.async_wait(
      [self = shared_from_this(), seen = packets_.in_packets](const boost::system::error_code& error) {
        if (error || self->authenticated() || self->packets_.in_packets != seen) return;
        self->guard([&self] {
          self->disconnect("This key or its signature cannot be used here. Use an Ed25519 or ECDSA key.");
        });
      });
}

std::size_t SshConnectionImpl::channel_count() const noexcept {
  const auto live =
      std::ranges::count_if(channels_, [](const auto& entry) { return !entry.second->will_go(); });
  return static_cast<std::size_t>(live) + pending_opens_.size();
}

bool SshConnectionImpl::output_waits() const {
  return (ssh_get_status(session_.get()) & SSH_WRITE_PENDING) != 0;
}

// A peer that asks and never reads the answers: after 1 MiB of them it is read only as fast as it reads.
bool SshConnectionImpl::output_is_too_long() const {
  return output_waits() && packets_.out_bytes - out_when_empty_ > longest_output;
}

void SshConnectionImpl::after_call(std::uint64_t bytes_read_before) {
  if (!session_) return;
  if (wire_.in_bytes != bytes_read_before || session_has_failed()) pump_later();
  if (!pumping_) arm_waits();
}

void SshConnectionImpl::settle() {
  const auto before = wire_.in_bytes;
  for (auto entry = channels_.begin(); entry != channels_.end();) {
    const auto core = entry->second;
    core->settle();
    if (core->flow_control_broken()) start_ending("the client ignores flow control");
    entry = core->finished() ? channels_.erase(entry) : std::next(entry);
  }
  // A CLOSE sent just now polled inside: what it read (a client's next command, most often) is in libssh's
  // queue, and no byte on the socket will say so.
  if (wire_.in_bytes != before) pump_later();
  if (!ending_ && session_has_failed()) start_ending(failure_text());
  if (ending_) return finish_ending();
  arm_waits();
}

void SshConnectionImpl::arm_waits() {
  if (ended_ || !session_) return;
  const bool waits = output_waits();
  if (!waits) out_when_empty_ = packets_.out_bytes;
  if (waits && !std::exchange(write_armed_, true))
    socket_.async_wait(socket_.wait_write,
                       [self = shared_from_this()](const boost::system::error_code& error) {
                         self->write_armed_ = false;
                         if (!error) self->pump();
                       });
  if (more_to_read_) return pump_later();
  if (read_armed_ || ending_ || output_is_too_long()) return;
  read_armed_ = true;
  socket_.async_wait(socket_.wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
    self->read_armed_ = false;
    if (!error) self->pump();
  });
}

bool SshConnectionImpl::session_has_failed() const {
  return (ssh_get_status(session_.get()) & (SSH_CLOSED | SSH_CLOSED_ERROR)) != 0;
}

// Only our own words leave: libssh's text may quote the peer.
std::string SshConnectionImpl::failure_text() const {
  const std::string_view text = ssh_get_error(session_.get());
  const bool gone = text.starts_with("Socket error") || text.starts_with("Received SSH_MSG_DISCONNECT") ||
                    text.starts_with("Remote host closed") || text.starts_with("Writing packet");
  return gone ? "closed by the client" : "protocol error";
}

// ---- the end ------------------------------------------------------------------------------------

void SshConnectionImpl::start_ending(std::string why) {
  if (std::exchange(ending_, true)) return;
  why_ = std::move(why);
  pump_later();
}

void SshConnectionImpl::disconnect(std::string message) {
  if (ending_ || !session_) return;
  if (!authenticated()) notice(message);
  start_ending(std::move(message));
}

// The last bytes (a farewell, an exit status) get `linger` to leave; then the socket is closed.
void SshConnectionImpl::finish_ending() {
  if (!session_has_failed() && output_waits()) static_cast<void>(ssh_blocking_flush(session_.get(), 0));
  // libssh writes at once only after a poll has found the socket writable: without it, the disconnect
  // message would be closed in with its buffer. What this poll reads is of no more interest.
  if (!session_has_failed() && !output_waits()) LibsshMessage(ssh_message_get(session_.get()));
  if (session_has_failed() || !output_waits()) return end();
  arm_waits();
  if (std::exchange(lingering_, true)) return;
  linger_.expires_after(config_->limits.linger);
  linger_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->end();
  });
}

void SshConnectionImpl::end() noexcept {
  if (std::exchange(ended_, true)) return;
  const auto self = shared_from_this();
  ending_ = true;
  grace_.cancel();
  linger_.cancel();
  silence_.cancel();
  alive_.cancel();
  for (auto& pending : std::exchange(pending_opens_, {})) pending->forget();
  for (auto& [raw, core] : std::exchange(channels_, {})) core->detach();
  guard([this] { leave(); });
  const auto handler = std::move(handler_);  // it may own us: the circle ends here
  handler->on_closed(why_);
}

// To close a socket with unread bytes in it would reset the connection, and the client would lose our
// farewell: so we stop writing, and throw away what still comes, for `linger` at most.
void SshConnectionImpl::leave() {
  const bool peer_is_there = !session_has_failed();
  if (peer_is_there) {
    const auto text = screen_text(farewell_.empty() ? why_ : farewell_);
    static_cast<void>(ssh_session_set_disconnect_message(session_.get(), text.c_str()));
    ssh_disconnect(session_.get());
  }
  session_.reset();
  socket_.cancel();
  if (!peer_is_there || ::shutdown(socket_.native_handle(), SHUT_WR) != 0) return socket_.close();
  linger_.expires_after(config_->limits.linger);
  linger_.async_wait([self = shared_from_this()](const boost::system::error_code&) { self->close_socket(); });
  drain();
}

void SshConnectionImpl::close_socket() noexcept {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void SshConnectionImpl::drain() {
  socket_.async_wait(socket_.wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
    if (error) return;
    char unread[16 * 1024];
    const auto size = ::read(self->socket_.native_handle(), unread, sizeof unread);
    if (size > 0 || (size < 0 && errno == EAGAIN)) return self->drain();
    self->close_socket();
    self->linger_.cancel();
  });
}

// ---- what callers see ---------------------------------------------------------------------------

void SshConnectionImpl::say_debug(std::string_view text) {
  if (!session_ || ending_ || session_has_failed()) return;
  const auto before = wire_.in_bytes;
  static_cast<void>(ssh_send_debug(session_.get(), screen_text(text).c_str(), 1));
  after_call(before);
}

void SshConnectionImpl::notice(std::string_view text) {
  if (!session_ || ending_ || session_has_failed()) return;
  if (authenticated()) return say_debug(text);
  if (!userauth_begun_) return;  // nothing of SSH could carry it yet
  const LibsshString line(ssh_string_from_char((screen_text(text) + "\r\n").c_str()));
  if (line) static_cast<void>(ssh_send_issue_banner(session_.get(), line.get()));
}

SshAlgorithms SshConnectionImpl::algorithms() const {
  const auto text = [this](const char* (*get)(ssh_session)) -> std::string {
    const char* name = session_ ? get(session_.get()) : nullptr;
    return name ? name : "";
  };
  return {text(ssh_get_kex_algo), text(ssh_get_cipher_in), text(ssh_get_cipher_out), text(ssh_get_hmac_in),
          text(ssh_get_hmac_out)};
}

std::string SshConnectionImpl::client_software() const {
  const char* text = session_ ? ssh_get_clientbanner(session_.get()) : nullptr;
  return text ? printable(text, 255) : "";
}

}  // namespace pontlevis::io
