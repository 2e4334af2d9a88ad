// One operator's connection to the session's VNC server, past the password. What goes in passes RfbInput as
// it arrives, then the session's gate; what comes out is held while the gate is. Same loop as its server,
// which it keeps alive.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "agent/tools/desktop/rfb_input.hpp"
#include "agent/tools/fd_stream.hpp"
#include "agent/tools/tcp.hpp"

namespace pontlevis::agent {

class DesktopStream final : public TcpStream {
 public:
  // `on_left` is called when the stream goes.
  DesktopStream(const boost::asio::any_io_executor& executor, Fd socket, DesktopRight right, std::function<void()> on_left);
  ~DesktopStream() override;

  io::ByteStream& server() noexcept { return socket_; }        // for the handshake: neither filtered nor counted

  io::Awaitable<Result<std::size_t>> read_some(std::span<char> out) override;
  io::Awaitable<Result<>> write_all(std::span<const char> bytes) override;
  void shutdown_write() override { socket_.shutdown_write(); }
  void close() noexcept override { socket_.close(); }
  std::uint64_t bytes_in() const noexcept override { return bytes_in_; }
  std::uint64_t bytes_out() const noexcept override { return bytes_out_; }
  RfbInput& input() noexcept { return input_; }                // for what the client says
  void guard_input(InputGate& gate) noexcept override { socket_.set_gate(&gate); }

 private:
  FdStream socket_;
  RfbInput input_;
  std::function<void()> on_left_;
  std::uint64_t bytes_in_ = 0, bytes_out_ = 0;
};

// Greets the operator's client, then moves bytes both ways until both ended; paused holds both ways. Errors
// are the client's: bad_frame. Both streams are closed when it returns.
io::Awaitable<Result<>> serve_desktop(io::ByteStream& channel, DesktopStream& desktop, InputGate& gate);

}  // namespace pontlevis::agent
