// A ByteStream over POSIX descriptors: a pipe end, a pty master or one end of a socketpair.
// Owned by a Process. Lives on one io_context thread. Holds no bytes itself: the kernel's buffer is
// the back-pressure. With a gate, the gate is looked at right before every write(2), so a pause
// stops the very next byte even in the middle of a large write (requirements A35).
// The process must ignore SIGPIPE; spawn() sees to it.
#pragma once

#include <boost/asio.hpp>

#include "agent/tools/input_gate.hpp"
#include "protocol/io/byte_stream.hpp"

namespace pontlevis::agent {

// An owned descriptor. Any thread.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd() { reset(); }
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }
  void reset() noexcept;

 private:
  int fd_ = -1;
};

class FdStream final : public io::ByteStream {
 public:
  enum class Kind {
    pipe,    // shutdown_write() closes it
    socket,  // shutdown_write() is SHUT_WR
    pty,     // shutdown_write() types ^D where the line discipline would read it; EIO is the end
  };
  // Takes `fd` and makes it non-blocking.
  FdStream(boost::asio::any_io_executor executor, Fd fd, Kind kind);

  io::Awaitable<Result<std::size_t>> read_some(std::span<char> out) override;
  io::Awaitable<Result<>> write_all(std::span<const char> bytes) override;
  void shutdown_write() override;
  void close() noexcept override;

  void set_gate(InputGate* gate) noexcept { gate_ = gate; }  // null = no gate
  // From now on an empty descriptor is the end: for a pty that a background process holds open
  // after its shell has gone.
  void end_when_empty();
  int native() noexcept { return descriptor_.is_open() ? descriptor_.native_handle() : -1; }

 private:
  io::Awaitable<Result<>> until_writable();
  io::Awaitable<void> be_fair();
  boost::asio::posix::stream_descriptor descriptor_;
  Kind kind_;
  InputGate* gate_ = nullptr;
  bool end_when_empty_ = false;
  bool closed_ = false;
  bool write_ended_ = false;
  unsigned without_waiting_ = 0;
};

}  // namespace pontlevis::agent
