// A TCP connection, sealed by TLS 1.3 or (loopback only) plain. The lean kind: OpenSSL reads the
// non-blocking socket itself and Asio only waits for it, so an idle connection keeps no buffer
// (decision 0006: a quarter of the memory and half of the CPU of asio::ssl::stream).
//
// Owned by one session coroutine. Lives on the thread of its io_context. It is a ByteStream, and an Asio
// AsyncReadStream/AsyncWriteStream so that Beast sits on it unchanged: use one face at a time.
// Promises: one read fills the whole buffer from several TLS records; a write returns when the kernel
// has all of it; an end without close_notify is an error, never an end of stream; close() is safe at
// any moment and the pending operations end with Errc::closed; a write that was cancelled in the
// middle closes the stream. The socket is released when its last pending operation has ended.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "protocol/clock.hpp"
#include "protocol/io/byte_stream.hpp"
#include "protocol/io/tls/tls_context.hpp"

namespace pontlevis::io {

// Not final: Asio 1.81 inherits from a type to ask whether it is an executor.
class LeanStream : public ByteStream {
 public:
  using executor_type = boost::asio::io_context::executor_type;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor_type>;

  explicit LeanStream(Socket socket);  // plain
  // Sealed: call handshake() first. A client names the host whose certificate it wants.
  LeanStream(Socket socket, const TlsContext& tls, const std::string& host = {});
  LeanStream(LeanStream&&) noexcept = default;
  LeanStream& operator=(LeanStream&&) noexcept = delete;
  ~LeanStream() override;

  // Its own deadline; on failure the stream is closed and the Error says why in plain words.
  Awaitable<Result<>> handshake(Millis within);
  const std::optional<PeerCertificate>& peer() const noexcept;

  Awaitable<Result<std::size_t>> read_some(std::span<char> out) override;
  Awaitable<Result<>> write_all(std::span<const char> bytes) override;
  void shutdown_write() override;
  void close() noexcept override;
  bool is_open() const noexcept;

  void unread(std::string bytes);  // the next reads give these first (what followed an HTTP upgrade)
  void prepare_bulk();             // wider read-ahead, for a relay
  Socket release();                // the bare socket of a plain stream, to seal it (after a proxy's answer)
  // Closes the connection from outside its coroutine (revocation, drain), if it still exists.
  std::function<void()> closer() const;
  Error error_for(const boost::system::error_code& ec) const;  // what an async_ operation's code means

  // Asio's face, for Beast.
  executor_type get_executor() noexcept;
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token);
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token);

  class State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace pontlevis::io

#include "protocol/io/tls/lean_stream_ops.hpp"
