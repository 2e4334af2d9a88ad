// The seam over anything that carries bytes: a TLS connection, an SSH channel, a socket, a pty.
// The relay, the agent's endpoint and every tool are written against it, so that a test double or
// a Windows handle can take its place (design §6).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <span>

#include "protocol/result.hpp"

namespace pontlevis::io {

template <class T>
using Awaitable = boost::asio::awaitable<T>;

// Lives on one io_context thread. At most one read and one write under way at a time.
// Destroy only after both have completed: close() makes them complete.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // 1..out.size() bytes, or 0 at the peer's end of stream. Errc::closed after close().
  virtual Awaitable<Result<std::size_t>> read_some(std::span<char> out) = 0;
  // All of `bytes`; returning is the back-pressure: the stream holds a bounded amount itself.
  virtual Awaitable<Result<>> write_all(std::span<const char> bytes) = 0;
  virtual void shutdown_write() = 0;        // "no more from us"; reading goes on
  virtual void close() noexcept = 0;        // idempotent; pending operations end with Errc::closed
};

// Text messages in order: a WebSocket, or a double. Same thread and lifetime rules.
class FrameStream {
 public:
  virtual ~FrameStream() = default;
  virtual Awaitable<Result<std::string>> read_frame() = 0;  // Errc::closed at the end
  virtual Awaitable<Result<>> write_frame(std::string text) = 0;
  virtual void close() noexcept = 0;
};

}  // namespace pontlevis::io
