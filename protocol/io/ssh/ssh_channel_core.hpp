// The inside of a channel: libssh's handle, what arrived and was not read, who waits. Owned by its
// connection and by the SshChannel that was given out (channel_facade). Lives on the connection's
// thread. libssh's callbacks move bytes and set flags here and do nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "protocol/io/ssh/libssh_handles.hpp"
#include "protocol/io/ssh/ssh_channel.hpp"
#include "protocol/io/ssh/ssh_handler.hpp"
#include "protocol/io/ssh/wake_up.hpp"

namespace pontlevis::io {

class SshConnectionImpl;

class SshChannelCore : public std::enable_shared_from_this<SshChannelCore> {
 public:
  static constexpr std::size_t inbox_limit = 512 * 1024;  // beyond it libssh keeps the bytes
  static constexpr std::uint32_t wide_window = 4u << 20;  // what the peer may send unread
  static constexpr std::size_t chunk = 128 * 1024;        // one write at a time in libssh
  static constexpr std::uint32_t smallest_packet = 256;   // of the peer; see ssh_channel_core.cpp

  SshChannelCore(SshConnectionImpl& connection, ssh_channel raw, std::uint32_t number);
  ~SshChannelCore();
  SshChannelCore(const SshChannelCore&) = delete;
  SshChannelCore& operator=(const SshChannelCore&) = delete;

  // ---- what SshChannel offers; `self` keeps the core while the coroutine waits
  static Awaitable<Result<std::size_t>> read_some(std::shared_ptr<SshChannelCore> self, std::span<char> out);
  static Awaitable<Result<>> write_all(std::shared_ptr<SshChannelCore> self, std::span<const char> bytes,
                                       bool to_stderr);
  void shutdown_write();
  void close() noexcept;
  void exit_status(int status);
  void exit_signal(const std::string& name, bool core_dumped);
  bool is_open() const noexcept { return raw_ != nullptr && !close_asked_ && !peer_closed_; }
  std::uint32_t number() const noexcept { return number_; }
  std::uint64_t bytes_in() const noexcept { return bytes_in_; }
  std::uint64_t bytes_out() const noexcept { return bytes_out_; }

  // ---- for the connection
  ssh_channel raw() const noexcept { return raw_; }
  bool watch();  // sets the callbacks: before the peer learns of the channel
  bool peer_packets_too_small() const;
  bool flow_control_broken() const noexcept { return flow_control_broken_; }
  void settle();  // after libssh has run: signals, closes, wake-ups
  bool finished() const noexcept { return raw_ == nullptr; }  // both sides closed, handle freed
  // The peer closed it and libssh holds nothing of it: freed at the end of this pump, not before, since
  // a request that points at it may stand in libssh's queue.
  bool will_go() const noexcept { return peer_closed_ && !libssh_keeps_some_; }
  void detach() noexcept;                 // the connection ends: the handle goes with it
  void abandon() noexcept;                // the loop itself is being destroyed: tell nobody, wake nobody
  void hold() noexcept { held_ = true; }  // until release(): nothing of ours is sent on the channel
  void release();

  // ---- a session channel's state
  std::unique_ptr<SessionChannelHandler> handler;
  bool is_session = false;
  bool program_started = false;  // a shell, exec or subsystem was accepted
  bool has_pty = false;
  std::size_t requests = 0;
  SshChannelPtr facade_kept;         // until a program starts: the handler may not care yet
  std::weak_ptr<SshChannel> facade;  // one per channel, so that "the last pointer" is one thing

 private:
  static int on_data(ssh_session, ssh_channel, void* data, std::uint32_t size, int is_stderr, void* self);
  static void on_eof(ssh_session, ssh_channel, void* self);
  static void on_close(ssh_session, ssh_channel, void* self);
  static void on_signal(ssh_session, ssh_channel, const char* name, void* self);

  enum class Took { something, end, nothing, closed };
  Took take(std::span<char> out, std::size_t& size);
  std::size_t unread() const noexcept { return inbox_.size() - inbox_head_; }
  void keep(const char* data, std::size_t size);
  void refill();  // what libssh kept because the inbox was full
  void widen_window();
  bool may_send() const noexcept;
  bool can_write() const noexcept;
  int write_some(std::span<const char> bytes, bool to_stderr);  // bytes taken, 0 = wait, < 0 = closed
  void send_close();
  void say_closed() noexcept;

  SshConnectionImpl* connection_;  // null once detached
  ssh_channel raw_;
  const std::uint32_t number_;
  ssh_channel_callbacks_struct callbacks_{};
  WakeUp readable_, writable_, stderr_writable_;
  std::vector<char> inbox_;
  std::size_t inbox_head_ = 0;
  std::uint64_t bytes_in_ = 0, bytes_out_ = 0, widened_at_ = 0;
  std::size_t written_in_turn_ = 0;
  std::vector<std::string> signals_;
  std::vector<std::function<void()>> held_back_;
  bool held_ = false;
  bool libssh_keeps_some_ = false;
  bool flow_control_broken_ = false;
  bool peer_eof_ = false, peer_closed_ = false;
  bool eof_sent_ = false, exit_sent_ = false;
  bool close_asked_ = false, close_sent_ = false, said_closed_ = false;
};

// The SshChannel that is given out. Dropping the last pointer closes the channel.
SshChannelPtr channel_facade(std::shared_ptr<SshChannelCore> core);

}  // namespace pontlevis::io
