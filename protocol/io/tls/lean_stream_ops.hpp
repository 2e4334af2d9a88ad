// LeanStream's state, and the composed operations behind its Asio face. Included by lean_stream.hpp only.
#pragma once

namespace pontlevis::io {

// What one attempt without waiting came to.
struct Attempt {
  enum class Want { nothing, readable, writable } want = Want::nothing;
  std::size_t bytes = 0;
  boost::system::error_code error{};
};

class LeanStream::State : public std::enable_shared_from_this<LeanStream::State> {
 public:
  State(Socket connected, const TlsContext* tls, const std::string& host);
  ~State();
  static constexpr std::size_t max_write = 128 * 1024;

  Attempt handshake();
  // Reads what is there, up to `out`; 0 bytes and no error is the peer's end.
  Attempt read(std::span<char> out);
  // Seals and takes all of `bytes` (REQUIRES: at most max_write) and gives the kernel what it accepts.
  Attempt write(std::span<const char> bytes);
  Attempt flush();
  void shutdown_write();
  void close() noexcept;
  void end(Error why) noexcept;  // close(), and later operations say why
  Error error_for(const boost::system::error_code& ec) const;

  Socket socket;
  std::optional<PeerCertificate> peer;
  bool open = true;
  bool shaking = false;
  std::size_t since_wait = 0;  // bytes moved without giving the loop a turn
  std::string pushback;
  struct Tls;
  std::unique_ptr<Tls> tls;

 private:
  Attempt read_plain(std::span<char> out);
  Attempt read_sealed(std::span<char> out);
  Attempt seal(std::span<const char> bytes);
  Attempt send(std::string_view bytes);
  Attempt send_staged();
  Attempt ended(Error why);
  Attempt after_ssl(int result);
  void learn_peer();
  std::size_t take_pushback(std::span<char> out);

  std::string unsent_;  // what the kernel has not taken yet; a write is not done before it is empty
  std::size_t unsent_from_ = 0;
  std::optional<Error> reason_;
};

namespace detail {

// Read: attempt, wait, attempt again. Write: attempt once, then wait and flush.
template <class Step>
struct StreamOp {
  std::shared_ptr<LeanStream::State> state;
  Step step;
  Attempt last{};
  enum class At { start, waiting, posted } at = At::start;

  template <class Self>
  void operator()(Self& self, boost::system::error_code ec = {}) {
    if (at == At::posted) return self.complete(last.error, last.bytes);
    if (ec || !state->open) last = Attempt{Attempt::Want::nothing, 0, boost::asio::error::operation_aborted};
    else last = step(*state, at == At::start);
    if (last.want != Attempt::Want::nothing) return wait(self);
    if (at == At::waiting) return self.complete(last.error, last.bytes);
    // An operation never completes inside the call that starts it.
    at = At::posted;
    auto executor = state->socket.get_executor();
    boost::asio::post(executor, std::move(self));
  }

  template <class Self>
  void wait(Self& self) {
    at = At::waiting;
    const auto keep = state;  // `self` carries this object away
    const auto what = last.want == Attempt::Want::readable ? LeanStream::Socket::wait_read : LeanStream::Socket::wait_write;
    keep->socket.async_wait(what, std::move(self));
  }
};

struct ReadStep {
  std::span<char> out;
  Attempt operator()(LeanStream::State& state, bool) const {
    if (out.empty()) return {};
    Attempt a = state.read(out);
    if (a.want == Attempt::Want::nothing && a.bytes == 0 && !a.error) a.error = boost::asio::error::eof;
    return a;
  }
};

// Beast sends a header and a payload as two buffers: sealed together they are one record, not two.
struct WriteStep {
  std::string bytes;
  std::size_t size = bytes.size();
  Attempt operator()(LeanStream::State& state, bool first) {
    Attempt a = first ? state.write(bytes) : state.flush();
    if (first) std::string().swap(bytes);
    a.bytes = a.error ? 0 : size;
    return a;
  }
};

template <class Buffers>
std::span<char> first_buffer(const Buffers& buffers) {
  for (auto it = boost::asio::buffer_sequence_begin(buffers); it != boost::asio::buffer_sequence_end(buffers); ++it) {
    const boost::asio::mutable_buffer one = *it;
    if (one.size() > 0) return {static_cast<char*>(one.data()), one.size()};
  }
  return {};
}

}  // namespace detail

template <class Buffers, class Token>
auto LeanStream::async_read_some(const Buffers& buffers, Token&& token) {
  using Op = detail::StreamOp<detail::ReadStep>;
  return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
      Op{state_, detail::ReadStep{detail::first_buffer(buffers)}}, token, state_->socket);
}

template <class Buffers, class Token>
auto LeanStream::async_write_some(const Buffers& buffers, Token&& token) {
  using Op = detail::StreamOp<detail::WriteStep>;
  std::string bytes(std::min(boost::asio::buffer_size(buffers), State::max_write), '\0');
  boost::asio::buffer_copy(boost::asio::buffer(bytes), buffers);
  return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
      Op{state_, detail::WriteStep{std::move(bytes)}}, token, state_->socket);
}

}  // namespace pontlevis::io
