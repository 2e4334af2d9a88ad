#include "agent/tools/desktop/desktop_stream.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <algorithm>
#include <vector>

#include "agent/tools/desktop/alarm.hpp"
#include "agent/tools/desktop/rfb_handshake.hpp"
#include "agent/tools/wakeup.hpp"

namespace pontlevis::agent {

namespace {
constexpr auto longest_greeting = std::chrono::seconds(30);
}  // namespace

DesktopStream::DesktopStream(const boost::asio::any_io_executor& executor, Fd socket, DesktopRight right, std::function<void()> on_left)
    : socket_(executor, std::move(socket), FdStream::Kind::socket), input_(right), on_left_(std::move(on_left)) {}

DesktopStream::~DesktopStream() { on_left_(); }

io::Awaitable<Result<std::size_t>> DesktopStream::read_some(std::span<char> out) {
  auto n = co_await socket_.read_some(out);
  if (n) bytes_out_ += *n;
  co_return n;
}

io::Awaitable<Result<>> DesktopStream::write_all(std::span<const char> bytes) {
  auto written = co_await socket_.write_all(bytes);
  if (written) bytes_in_ += bytes.size();
  co_return written;
}

namespace {

using namespace boost::asio::experimental::awaitable_operators;
constexpr std::size_t most_waiting = 64 * 1024;

// What the client says, judged as it arrives and not when the gate lets it through: a key pressed in a pause
// is dropped in the pause, behind whatever else waits there.
class ClientWords final : public io::ByteStream {
 public:
  ClientWords(const boost::asio::any_io_executor& executor, io::ByteStream& channel, RfbInput& input)
      : channel_(channel), input_(input), changed_(executor) {}

  io::Awaitable<void> listen() {
    std::vector<char> buffer(16 * 1024);
    while (!over_) {
      const auto n = co_await channel_.read_some(buffer);
      if (!n || *n == 0) break;
      const auto passed = input_.feed({buffer.data(), *n});
      if (!passed) {
        fault_ = passed.error();
        break;
      }
      waiting_ += *passed;
      changed_.notify();
      while (!over_ && waiting_.size() >= most_waiting) co_await changed_.wait();
    }
    over_ = true;
    changed_.notify();
  }
  io::Awaitable<Result<std::size_t>> read_some(std::span<char> out) override {
    while (waiting_.empty() && !over_) co_await changed_.wait();
    const auto n = std::min(out.size(), waiting_.size());
    std::copy_n(waiting_.begin(), n, out.begin());
    waiting_.erase(0, n);
    changed_.notify();
    co_return n;
  }
  io::Awaitable<Result<>> write_all(std::span<const char> bytes) override { co_return co_await channel_.write_all(bytes); }
  void shutdown_write() override { channel_.shutdown_write(); }
  void close() noexcept override {
    over_ = true;
    changed_.notify();
    channel_.close();
  }
  const std::optional<Error>& fault() const { return fault_; }

 private:
  io::ByteStream& channel_;
  RfbInput& input_;
  Wakeup changed_;
  std::string waiting_;
  std::optional<Error> fault_;
  bool over_ = false;
};

io::Awaitable<Result<>> carry_words(io::ByteStream& channel, DesktopStream& desktop, InputGate& gate) {
  ClientWords client(co_await boost::asio::this_coro::executor, channel, desktop.input());
  co_await (client.listen() && serve_tcp(client, desktop, gate));
  if (client.fault()) co_return std::unexpected(*client.fault());
  co_return Result<>{};
}

}  // namespace

io::Awaitable<Result<>> serve_desktop(io::ByteStream& channel, DesktopStream& desktop, InputGate& gate) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Result<> outcome;
  {
    const Alarm late(executor, longest_greeting, [&channel] { channel.close(); });
    outcome = co_await welcome_vnc_client(channel);
  }
  if (outcome) outcome = co_await carry_words(channel, desktop, gate);
  channel.close();
  desktop.close();
  if (!outcome && outcome.error().code == Errc::bad_frame) co_return outcome;
  co_return Result<>{};
}

}  // namespace pontlevis::agent
