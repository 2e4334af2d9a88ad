#include "agent/tools/pump.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <vector>

namespace pontlevis::agent {
namespace {

using namespace boost::asio::experimental::awaitable_operators;
using boost::asio::as_tuple;
using boost::asio::steady_timer;
using boost::asio::use_awaitable;

constexpr std::size_t buffer_bytes = 32 * 1024;
constexpr std::chrono::seconds hang_up_grace{2};
constexpr std::chrono::seconds kill_grace{1};

}  // namespace

void ToolRun::hang_up() {
  if (lost_ || status_) return;
  lost_ = true;
  static_cast<void>(process_.signal("HUP"));  // may be refused for another user's program
  process_.in().close();                      // a terminal's end also hangs up the foreground job
  process_.out().close();
  if (auto* err = process_.err()) err->close();
  late_.cancel();
}

// What a program does not read any more is dropped, so that the operator's leaving is still seen.
io::Awaitable<void> ToolRun::input(io::ByteStream* from) {
  std::vector<char> buffer(buffer_bytes);
  for (;;) {
    const auto n = co_await from->read_some(buffer);
    if (!n) co_return hang_up();
    if (*n == 0) co_return process_.in().shutdown_write();
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
    if (co_await gate_.until_decided() == GateState::closed) co_return hang_up();
    if (way.tap) way.tap->output({buffer.data(), *n});
    if (!way.to) continue;
    const auto written = co_await way.to->write_all({buffer.data(), *n});
    if (!written) co_return hang_up();
  }
}

io::Awaitable<void> ToolRun::exit() {
  ExitStatus status = co_await process_.wait();
  status_ = std::move(status);
  process_.end_output_when_empty();
  late_.cancel();
}

io::Awaitable<void> ToolRun::kill_if_late() {
  late_.expires_at(steady_timer::time_point::max());
  while (!status_ && !lost_) co_await late_.async_wait(as_tuple(use_awaitable));
  if (status_) co_return;
  late_.expires_after(hang_up_grace);
  co_await late_.async_wait(as_tuple(use_awaitable));
  if (status_) co_return;
  static_cast<void>(process_.signal("KILL"));
  late_.expires_after(kill_grace);
  co_await late_.async_wait(as_tuple(use_awaitable));
  if (!status_) process_.stop_waiting();
}

// The status is told after the last byte, and before the channel closes.
io::Awaitable<void> ToolRun::deliver(ChannelEnd end, Output out, Output err) {
  co_await (output(out) && output(err) && exit() && kill_if_late());
  if (!lost_) {
    end.data->shutdown_write();
    if (end.send_exit) end.send_exit(*status_);
  }
  end.data->close();
}

io::Awaitable<Result<ExitStatus>> ToolRun::serve(ChannelEnd end, Output out, Output err) {
  co_await (input(end.data) && deliver(end, out, err));
  process_.in().close();
  if (lost_) co_return fail(Errc::closed, "the operator's channel or the session ended first", "tool");
  co_return *status_;
}

}  // namespace pontlevis::agent
