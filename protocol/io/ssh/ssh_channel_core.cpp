#include "protocol/io/ssh/ssh_channel_core.hpp"

#include <cstring>

#include "protocol/io/ssh/ssh_connection_impl.hpp"

namespace pontlevis::io {
namespace {

constexpr std::uint64_t widen_every = 1 << 20;
constexpr std::size_t turn = 256 * 1024;  // then other work of the loop comes first

// A peer that sends beyond every window we ever gave ignores flow control: it would fill the memory.
constexpr std::uint32_t most_unread = SshChannelCore::wide_window + (1u << 20);

// libssh copies into it up to `wide_window` bytes. One per thread; untouched pages cost nothing.
char* scratch() {
  static thread_local const std::unique_ptr<char[]> bytes(new char[SshChannelCore::wide_window]);
  return bytes.get();
}

// The head of libssh 0.10's ssh_channel_struct. There is no accessor for the peer's largest packet,
// and 0.10 sends "that minus 10" bytes at a time: a peer that says 10 makes ssh_channel_write loop
// for ever (CVE-2026-59843 was fixed for 0 alone). The other fields prove that the layout is right.
struct ChannelHead {
  void* session;
  std::uint32_t local_channel, local_window;
  int local_eof;
  std::uint32_t local_maxpacket, remote_channel, remote_window;
  int remote_eof;
  std::uint32_t remote_maxpacket;
};
constexpr std::uint32_t first_local_window = 32000, local_packet = 35000;  // of messages.c

Error channel_closed() { return {Errc::closed, "the SSH channel is closed", {}, {}}; }

}  // namespace

SshChannelCore::SshChannelCore(SshConnectionImpl& connection, ssh_channel raw, std::uint32_t number)
    : connection_(&connection),
      raw_(raw),
      number_(number),
      readable_(connection.executor()),
      writable_(connection.executor()),
      stderr_writable_(connection.executor()) {}

SshChannelCore::~SshChannelCore() { wipe_bytes(inbox_); }

bool SshChannelCore::watch() {
  callbacks_.userdata = this;
  callbacks_.channel_data_function = on_data;
  callbacks_.channel_eof_function = on_eof;
  callbacks_.channel_close_function = on_close;
  callbacks_.channel_signal_function = on_signal;
  ssh_callbacks_init(&callbacks_);
  return ssh_set_channel_callbacks(raw_, &callbacks_) == SSH_OK;
}

bool SshChannelCore::peer_packets_too_small() const {
  ChannelHead head{};
  std::memcpy(&head, static_cast<const void*>(raw_), sizeof head);
  const bool layout_is_known =
      head.session == ssh_channel_get_session(raw_) && head.local_window == first_local_window &&
      head.local_maxpacket == local_packet && head.remote_window == ssh_channel_window_size(raw_);
  return layout_is_known && head.remote_maxpacket < smallest_packet;
}

// ---- libssh's callbacks: C frames are above, so nothing is thrown and nothing is freed -----------

int SshChannelCore::on_data(ssh_session, ssh_channel, void* data, std::uint32_t size, int is_stderr,
                            void* self) {
  if (is_stderr != 0) return static_cast<int>(size);  // a server has no use for it
  auto& core = *static_cast<SshChannelCore*>(self);
  const auto room = inbox_limit - std::min(inbox_limit, core.unread());
  const auto taken = std::min<std::size_t>(size, room);
  core.libssh_keeps_some_ = taken < size;
  if (size > most_unread) core.flow_control_broken_ = true;
  try {
    core.keep(static_cast<const char*>(data), taken);
  } catch (...) {
    core.libssh_keeps_some_ = true;
    return 0;
  }
  core.readable_.notify();
  return static_cast<int>(taken);
}

void SshChannelCore::on_eof(ssh_session, ssh_channel, void* self) {
  auto& core = *static_cast<SshChannelCore*>(self);
  core.peer_eof_ = true;
  core.readable_.notify();
}

void SshChannelCore::on_close(ssh_session, ssh_channel, void* self) {
  auto& core = *static_cast<SshChannelCore*>(self);
  core.peer_eof_ = core.peer_closed_ = true;
  core.readable_.notify();
}

void SshChannelCore::on_signal(ssh_session, ssh_channel, const char* name, void* self) {
  auto& core = *static_cast<SshChannelCore*>(self);
  try {
    if (core.signals_.size() < 16)
      core.signals_.emplace_back(name ? std::string_view(name).substr(0, 32) : "");
  } catch (...) {
    return;  // a signal that cannot be kept is a signal not received
  }
}

// ---- reading ----------------------------------------------------------------------------------

void SshChannelCore::keep(const char* data, std::size_t size) {
  if (inbox_head_ == inbox_.size() || inbox_head_ >= inbox_limit / 2) {
    inbox_.erase(inbox_.begin(), inbox_.begin() + static_cast<std::ptrdiff_t>(inbox_head_));
    inbox_head_ = 0;
  }
  inbox_.insert(inbox_.end(), data, data + size);
  bytes_in_ += size;
}

// A callback that took less than all is not called again before more comes: fetch the rest here.
void SshChannelCore::refill() {
  libssh_keeps_some_ = false;
  if (!raw_) return;
  const auto before = connection_->bytes_read();
  const int size = ssh_channel_read_timeout(raw_, scratch(), inbox_limit, 0, 0);
  if (size > 0) keep(scratch(), static_cast<std::size_t>(size));
  libssh_keeps_some_ = size == static_cast<int>(inbox_limit);
  connection_->after_call(before);
  connection_->pump_later();  // the peer's close may have waited for this
}

// libssh alone never gives more than 1.28 MB, which halves a WAN upload: asking to read 4 MiB is the
// only public way to a wider window. Only while the reader keeps up, so a stalled one stays bounded.
void SshChannelCore::widen_window() {
  if (!raw_ || peer_eof_ || libssh_keeps_some_ || unread() > 0 || bytes_in_ - widened_at_ < widen_every)
    return;
  widened_at_ = bytes_in_;
  const auto before = connection_->bytes_read();
  const int size = ssh_channel_read_timeout(raw_, scratch(), wide_window, 0, 0);
  if (size > 0) keep(scratch(), static_cast<std::size_t>(size));
  connection_->after_call(before);
}

SshChannelCore::Took SshChannelCore::take(std::span<char> out, std::size_t& size) {
  if (close_asked_) return Took::closed;
  if (unread() == 0 && libssh_keeps_some_) refill();
  size = std::min(out.size(), unread());
  if (size > 0) {
    std::memcpy(out.data(), inbox_.data() + inbox_head_, size);
    inbox_head_ += size;
    widen_window();
    return Took::something;
  }
  if (peer_eof_) return Took::end;
  return raw_ ? Took::nothing : Took::closed;
}

Awaitable<Result<std::size_t>> SshChannelCore::read_some(std::shared_ptr<SshChannelCore> self,
                                                         std::span<char> out) {
  if (out.empty()) co_return fail(Errc::internal, "a read with no room");
  for (;;) {
    std::size_t size = 0;
    switch (self->take(out, size)) {
      case Took::something: co_return size;
      case Took::end: co_return std::size_t{0};
      case Took::closed: co_return std::unexpected(channel_closed());
      case Took::nothing: break;
    }
    co_await self->readable_.wait();
  }
}

// ---- writing ----------------------------------------------------------------------------------

bool SshChannelCore::may_send() const noexcept {
  return raw_ != nullptr && connection_ != nullptr && !connection_->closed() && !peer_closed_;
}

bool SshChannelCore::can_write() const noexcept { return may_send() && !close_asked_ && !eof_sent_; }

// libssh would buffer without limit, and write_wontblock is not raised by a window adjust: so only
// into an open window, only when the socket took everything, and asked again after every pump.
int SshChannelCore::write_some(std::span<const char> bytes, bool to_stderr) {
  if (!can_write()) return -1;
  const std::size_t window = ssh_channel_window_size(raw_);
  if (held_ || window == 0 || connection_->output_waits()) return 0;
  const auto size = static_cast<std::uint32_t>(std::min({bytes.size(), window, chunk}));
  const auto before = connection_->bytes_read();
  const int taken = to_stderr ? ssh_channel_write_stderr(raw_, bytes.data(), size)
                              : ssh_channel_write(raw_, bytes.data(), size);
  connection_->after_call(before);
  if (taken > 0) bytes_out_ += static_cast<std::uint64_t>(taken);
  return taken;
}

Awaitable<Result<>> SshChannelCore::write_all(std::shared_ptr<SshChannelCore> self,
                                              std::span<const char> bytes, bool to_stderr) {
  while (!bytes.empty()) {
    const int taken = self->write_some(bytes, to_stderr);
    if (taken < 0) co_return std::unexpected(channel_closed());
    bytes = bytes.subspan(static_cast<std::size_t>(taken));
    self->written_in_turn_ += static_cast<std::size_t>(taken);
    if (taken == 0) {
      co_await (to_stderr ? self->stderr_writable_ : self->writable_).wait();
    } else if (self->written_in_turn_ >= turn) {
      self->written_in_turn_ = 0;
      co_await boost::asio::post(boost::asio::use_awaitable);
    }
  }
  co_return Result<>{};
}

// ---- ending -----------------------------------------------------------------------------------

void SshChannelCore::release() {
  held_ = false;
  for (auto& step : std::exchange(held_back_, {})) step();
  if (connection_) connection_->pump_later();  // writers that waited
}

void SshChannelCore::shutdown_write() {
  if (!can_write()) return;
  if (held_) return held_back_.emplace_back([this] { shutdown_write(); }), void();
  eof_sent_ = true;
  const auto before = connection_->bytes_read();
  static_cast<void>(ssh_channel_send_eof(raw_));
  connection_->after_call(before);
}

void SshChannelCore::exit_status(int status) {
  if (!is_session || exit_sent_ || close_sent_ || !may_send()) return;
  if (held_) return held_back_.emplace_back([this, status] { exit_status(status); }), void();
  exit_sent_ = true;
  const auto before = connection_->bytes_read();
  static_cast<void>(ssh_channel_request_send_exit_status(raw_, status));
  connection_->after_call(before);
}

void SshChannelCore::exit_signal(const std::string& name, bool core_dumped) {
  if (!is_session || exit_sent_ || close_sent_ || !may_send()) return;
  if (held_)
    return held_back_.emplace_back([this, name, core_dumped] { exit_signal(name, core_dumped); }), void();
  exit_sent_ = true;
  const auto before = connection_->bytes_read();
  static_cast<void>(ssh_channel_request_send_exit_signal(raw_, name.c_str(), core_dumped ? 1 : 0, "", ""));
  connection_->after_call(before);
}

// AGAIN means that EOF went into the buffer and CLOSE did not: the same call then sends the CLOSE.
void SshChannelCore::send_close() {
  if (!raw_ || held_ || connection_->closed()) return;  // a disconnect says it for all channels
  for (int i = 0; i < 4 && !close_sent_; ++i) {
    const int rc = ssh_channel_close(raw_);
    close_sent_ = rc == SSH_OK;
    if (rc != SSH_AGAIN) break;
  }
}

void SshChannelCore::close() noexcept {
  if (close_asked_) return;
  close_asked_ = true;
  readable_.notify();
  writable_.notify();
  stderr_writable_.notify();
  if (!raw_) return;
  try {
    const auto before = connection_->bytes_read();
    send_close();
    connection_->after_call(before);
    connection_->pump_later();
  } catch (...) {  // out of memory: settle() sends it again
  }
}

void SshChannelCore::say_closed() noexcept {
  if (said_closed_) return;
  said_closed_ = true;
  facade_kept.reset();
  if (auto last = std::move(handler)) last->closed();
}

void SshChannelCore::settle() {
  for (auto& name : std::exchange(signals_, {}))
    if (handler && program_started) handler->signal(name);
  if (close_asked_ || (peer_closed_ && !libssh_keeps_some_)) send_close();
  if (close_asked_ || peer_closed_) say_closed();
  // The handle is freed only when both sides have closed and libssh's queue of messages is empty
  // (the pump has just drained it): a queued request points at the channel.
  if (close_sent_ && peer_closed_ && raw_) ssh_channel_free(std::exchange(raw_, nullptr));
  const bool try_again = !can_write() || (ssh_channel_window_size(raw_) > 0 && !connection_->output_waits());
  if (!try_again) return;
  writable_.notify();
  stderr_writable_.notify();
}

void SshChannelCore::abandon() noexcept {
  raw_ = nullptr;
  connection_ = nullptr;
  close_asked_ = said_closed_ = true;
  facade_kept.reset();
  const auto last = std::move(handler);  // it holds the channel that holds it
}

void SshChannelCore::detach() noexcept {
  raw_ = nullptr;
  connection_ = nullptr;
  readable_.notify();
  writable_.notify();
  stderr_writable_.notify();
  say_closed();
}

// ---- the pointer that is given out --------------------------------------------------------------
namespace {

class Facade final : public SshChannel {
 public:
  explicit Facade(std::shared_ptr<SshChannelCore> core) : core_(std::move(core)) {}
  ~Facade() override { core_->close(); }
  Awaitable<Result<std::size_t>> read_some(std::span<char> out) override {
    return SshChannelCore::read_some(core_, out);
  }
  Awaitable<Result<>> write_all(std::span<const char> bytes) override {
    return SshChannelCore::write_all(core_, bytes, false);
  }
  Awaitable<Result<>> write_stderr(std::span<const char> bytes) override {
    return SshChannelCore::write_all(core_, bytes, true);
  }
  void shutdown_write() override { core_->shutdown_write(); }
  void close() noexcept override { core_->close(); }
  void exit_status(int status) override { core_->exit_status(status); }
  void exit_signal(std::string_view name, bool core_dumped) override {
    core_->exit_signal(std::string(name), core_dumped);
  }
  bool is_open() const noexcept override { return core_->is_open(); }
  std::uint32_t number() const noexcept override { return core_->number(); }
  std::uint64_t bytes_in() const noexcept override { return core_->bytes_in(); }
  std::uint64_t bytes_out() const noexcept override { return core_->bytes_out(); }

 private:
  std::shared_ptr<SshChannelCore> core_;
};

}  // namespace

SshChannelPtr channel_facade(std::shared_ptr<SshChannelCore> core) {
  if (auto same = core->facade.lock()) return same;
  auto made = std::make_shared<Facade>(core);
  core->facade = made;
  return made;
}

}  // namespace pontlevis::io
