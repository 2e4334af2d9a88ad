// The two composed operations behind LeanStream's Asio face, and what they need of its state.
// Included by lean_stream.hpp only.
#pragma once

namespace pontlevis::io {

// What one attempt without waiting came to.
struct Attempt {
  enum class Want { nothing, readable, writable } want = Want::nothing;
  std::size_t bytes = 0;
  boost::system::error_code error;
};

class LeanStream::State : public std::enable_shared_from_this<LeanStream::State> {
 public:
  State(Socket socket, const TlsContext* tls, const std::string& host);
  ~State();

  Attempt handshake();
  // Reads until `out` is full or nothing more is there; 0 bytes and no error is the peer's end.
  Attempt read(std::span<char> out);
  // Seals and takes all of `bytes` (at most max_write), and hands the kernel what it accepts.
  Attempt write(std::span<const char> bytes);
  Attempt flush();
  void shutdown_write();
  void close() noexcept;
  Error error_for(const boost::system::error_code& ec) const;
  static constexpr std::size_t max_write = 64 * 1024;

  Socket socket;
  std::optional<PeerCertificate> peer;
  bool open = true;
  struct Tls;

 private:
  Attempt read_plain(std::span<char> out);
  Attempt read_sealed(std::span<char> out);
  Attempt failed(int ssl_result);
  std::size_t take_pushback(std::span<char> out);
  friend class LeanStream;

  std::unique_ptr<Tls> tls_;
  std::string pushback_;
  std::string unsent_;          // sealed bytes the kernel has not taken yet
  std::size_t unsent_from_ = 0;
  std::size_t since_yield_ = 0;
  std::optional<Error> reason_; // why it ended, in plain words
};

namespace detail {

template <class Step>
struct StreamOp {
  std::shared_ptr<LeanStream::State> state;
  Step step;
  bool suspended = false;
  Attempt last{};

  template <class Self>
  void operator()(Self& self, boost::system::error_code ec = {}) {
    if (suspended && last.want == Attempt::Want::nothing) return self.complete(last.error, last.bytes);
    last = ec ? Attempt{Attempt::Want::nothing, 0, ec} : step(*state);
    const bool first = !std::exchange(suspended, true);
    if (last.want == Attempt::Want::readable) return wait(LeanStream::Socket::wait_read, self);
    if (last.want == Attempt::Want::writable) return wait(LeanStream::Socket::wait_write, self);
    if (!first) return self.complete(last.error, last.bytes);
    // An operation never completes inside the call that starts it.
    boost::asio::post(state->socket.get_executor(), std::move(self));
  }

  template <class Self>
  void wait(LeanStream::Socket::wait_type what, Self& self) {
    auto keep = state;
    keep->socket.async_wait(what, std::move(self));
  }
};

}  // namespace detail
}  // namespace pontlevis::io
