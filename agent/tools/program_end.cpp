#include "agent/tools/program_end.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace pontlevis::agent {
namespace {

using boost::asio::as_tuple;
using boost::asio::steady_timer;
using boost::asio::use_awaitable;

constexpr std::chrono::seconds hang_up_grace{2};
constexpr std::chrono::seconds kill_grace{1};

}  // namespace

void ProgramEnd::hang_up() {
  if (lost_ || status_) return;
  lost_ = true;
  static_cast<void>(process_.signal("HUP"));  // may be refused for another user's program
  process_.in().close();                      // a terminal's end also hangs up the foreground job
  process_.out().close();
  if (auto* err = process_.err()) err->close();
  late_.cancel();
}

io::Awaitable<void> ProgramEnd::exit() {
  ExitStatus status = co_await process_.wait();
  status_ = std::move(status);
  process_.end_output_when_empty();
  late_.cancel();
}

io::Awaitable<void> ProgramEnd::kill_if_late() {
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

io::Awaitable<void> ProgramEnd::watch() {
  using namespace boost::asio::experimental::awaitable_operators;
  co_await (exit() && kill_if_late());
}

}  // namespace pontlevis::agent
