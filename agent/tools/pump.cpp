#include "agent/tools/pump.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <vector>

namespace pontlevis::agent {
namespace {

using namespace boost::asio::experimental::awaitable_operators;
constexpr std::size_t buffer_bytes = 64 * 1024;

}  // namespace

// What a program does not read any more is dropped, so that the operator's leaving is still seen.
io::Awaitable<void> ToolRun::input(io::ByteStream* from) {
  std::vector<char> buffer(buffer_bytes);
  for (;;) {
    const auto n = co_await from->read_some(buffer);
    if (!n) co_return hang_up();
    if (*n == 0) co_return process_.in().shutdown_write();
    if (when_paused_ == WhenPaused::dropped && gate_.state() == GateState::paused) continue;
    const auto written = co_await process_.in().write_all({buffer.data(), *n});
    if (!written && gate_.state() == GateState::closed) co_return hang_up();
  }
}

io::Awaitable<void> ToolRun::output(Output way) {
  if (!way.from) co_return;
  std::vector<char> buffer(buffer_bytes);
  for (;;) {
    const auto n = co_await way.from->read_some(buffer);
    if (!n || *n == 0) co_return;
    const auto decided = co_await gate_.until_decided();
    if (decided == GateState::closed) co_return hang_up();
    if (way.tap) way.tap->output({buffer.data(), *n});
    if (!way.to) continue;
    const auto written = co_await way.to->write_all({buffer.data(), *n});
    if (!written) co_return hang_up();
  }
}

// The status is told after the last byte, and before the channel closes.
io::Awaitable<void> ToolRun::deliver(ChannelEnd channel, Output out, Output err) {
  co_await (output(out) && output(err) && end_.watch());
  if (!end_.lost()) {
    channel.data->shutdown_write();
    if (channel.send_exit) channel.send_exit(end_.status());
  }
  channel.data->close();
}

io::Awaitable<Result<ExitStatus>> ToolRun::serve(ChannelEnd channel, Output out, Output err) {
  co_await (input(channel.data) && deliver(channel, out, err));
  process_.in().close();
  if (end_.lost()) co_return fail(Errc::closed, "the operator's channel or the session ended first", "tool");
  co_return end_.status();
}

}  // namespace pontlevis::agent
