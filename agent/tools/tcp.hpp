// The `tcp` tool: one declared host:port of the practice and nothing else. The host comes from the
// practice's inventory, never from the operator. Lives on the session's loop; the session owns it.
#pragma once

#include <boost/asio.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "agent/tools/input_gate.hpp"
#include "protocol/clock.hpp"
#include "protocol/io/byte_stream.hpp"

namespace pontlevis::agent {

// What the practice configured ([system.tcp.<name>] of the inventory).
struct TcpTool {
  std::string host;
  std::uint16_t port = 0;
  std::string label;
};

class TcpStream : public io::ByteStream {
 public:
  virtual std::uint64_t bytes_in() const noexcept = 0;   // towards the practice's machine
  virtual std::uint64_t bytes_out() const noexcept = 0;  // from it
  // Every byte towards the machine passes the gate. REQUIRES: the gate outlives the stream.
  virtual void guard_input(InputGate& gate) noexcept = 0;
};

// Name look-up and connection together within `deadline`. Errors name the tool's label, not the
// address: not_allowed never, unavailable (refused, no such host), expired (deadline).
io::Awaitable<Result<std::unique_ptr<TcpStream>>> connect_tcp(TcpTool tool, Millis deadline = Millis(10'000));

// Both ways until both ended; paused holds both ways. Both streams are closed when it returns.
io::Awaitable<void> serve_tcp(io::ByteStream& channel, TcpStream& machine, InputGate& gate);

}  // namespace pontlevis::agent
