#include "agent/tools/desktop/desktop_stream.hpp"

#include "agent/tools/desktop/alarm.hpp"
#include "agent/tools/desktop/rfb_handshake.hpp"

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
  const auto passed = input_.feed({bytes.data(), bytes.size()});
  if (!passed) {
    fault_ = passed.error();
    co_return std::unexpected(passed.error());
  }
  auto written = co_await socket_.write_all(*passed);
  if (written) bytes_in_ += passed->size();
  co_return written;
}

io::Awaitable<Result<>> serve_desktop(io::ByteStream& channel, DesktopStream& desktop, InputGate& gate) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Result<> welcomed;
  {
    const Alarm late(executor, longest_greeting, [&channel] { channel.close(); });
    welcomed = co_await welcome_vnc_client(channel);
  }
  if (welcomed) co_await serve_tcp(channel, desktop, gate);
  channel.close();
  desktop.close();
  if (desktop.fault()) co_return std::unexpected(*desktop.fault());
  if (!welcomed && welcomed.error().code == Errc::bad_frame) co_return welcomed;
  co_return Result<>{};
}

}  // namespace pontlevis::agent
