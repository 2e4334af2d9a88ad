#include "agent/tools/tcp.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <vector>

#include "agent/tools/fd_stream.hpp"

namespace pontlevis::agent {
namespace {

using namespace boost::asio::experimental::awaitable_operators;
using boost::asio::as_tuple;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

class CountingStream final : public TcpStream {
 public:
  CountingStream(const boost::asio::any_io_executor& executor, Fd socket)
      : stream_(executor, std::move(socket), FdStream::Kind::socket) {}

  io::Awaitable<Result<std::size_t>> read_some(std::span<char> out) override {
    auto n = co_await stream_.read_some(out);
    if (n) bytes_out_ += *n;
    co_return n;
  }
  io::Awaitable<Result<>> write_all(std::span<const char> bytes) override {
    auto written = co_await stream_.write_all(bytes);
    if (written) bytes_in_ += bytes.size();
    co_return written;
  }
  void shutdown_write() override { stream_.shutdown_write(); }
  void close() noexcept override { stream_.close(); }
  std::uint64_t bytes_in() const noexcept override { return bytes_in_; }
  std::uint64_t bytes_out() const noexcept override { return bytes_out_; }
  void guard_input(InputGate& gate) noexcept override { stream_.set_gate(&gate); }

 private:
  FdStream stream_;
  std::uint64_t bytes_in_ = 0, bytes_out_ = 0;
};

// The system's name look-up cannot be interrupted: it gets shared state of its own and is left
// behind at the deadline.
struct LookUp {
  explicit LookUp(const boost::asio::any_io_executor& executor) : resolver(executor), done(executor) {}
  tcp::resolver resolver;
  boost::asio::steady_timer done;
  bool finished = false;
  error_code error;
  tcp::resolver::results_type found;
};

io::Awaitable<std::shared_ptr<LookUp>> look_up(TcpTool tool, steady_clock::time_point until) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto state = std::make_shared<LookUp>(executor);
  state->done.expires_at(until);
  auto take = [state](error_code error, tcp::resolver::results_type found) {
    state->error = error;
    state->found = std::move(found);
    state->finished = true;
    state->done.cancel();
  };
  state->resolver.async_resolve(tool.host, std::to_string(tool.port), tcp::resolver::numeric_service, std::move(take));
  co_await state->done.async_wait(as_tuple(use_awaitable));
  co_return state;
}

std::unexpected<Error> too_late(const TcpTool& tool) {
  return fail(Errc::expired, "does not answer in time", "tcp " + tool.label, "check that the machine is on and reachable");
}
std::unexpected<Error> refused(const TcpTool& tool, const error_code& error) {
  return fail(Errc::unavailable, "cannot be reached: " + error.message(), "tcp " + tool.label,
              "check host and port in the inventory, and that the service runs");
}

}  // namespace

io::Awaitable<Result<std::unique_ptr<TcpStream>>> connect_tcp(TcpTool tool, Millis deadline) {
  const auto until = steady_clock::now() + deadline;
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto names = co_await look_up(tool, until);
  if (!names->finished) co_return too_late(tool);
  if (names->error) co_return refused(tool, names->error);
  tcp::socket socket(executor);
  boost::asio::steady_timer timer(executor, until);
  const auto first = co_await (boost::asio::async_connect(socket, names->found, as_tuple(use_awaitable)) ||
                               timer.async_wait(as_tuple(use_awaitable)));
  if (first.index() == 1) co_return too_late(tool);
  if (const error_code error = std::get<0>(std::get<0>(first))) co_return refused(tool, error);
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(boost::asio::socket_base::keep_alive(true), ignored);
  const int fd = socket.release(ignored);
  if (ignored) co_return refused(tool, ignored);
  co_return std::make_unique<CountingStream>(executor, Fd(fd));
}

namespace {

// One direction. An error or a closed gate ends both; an end of stream ends only this one.
io::Awaitable<void> copy(io::ByteStream* from, io::ByteStream* to, InputGate* gate) {
  std::vector<char> buffer(64 * 1024);
  for (;;) {
    const auto n = co_await from->read_some(buffer);
    if (n && *n == 0) co_return to->shutdown_write();
    if (!n) break;
    const auto decided = co_await gate->until_decided();
    if (decided == GateState::closed) break;
    const auto written = co_await to->write_all({buffer.data(), *n});
    if (!written) break;
  }
  from->close();
  to->close();
}

}  // namespace

io::Awaitable<void> serve_tcp(io::ByteStream& channel, TcpStream& machine, InputGate& gate) {
  machine.guard_input(gate);
  co_await (copy(&channel, &machine, &gate) && copy(&machine, &channel, &gate));
  channel.close();
  machine.close();
}

}  // namespace pontlevis::agent
