// One coroutine waits, anyone of the same thread wakes it. A wake-up while nobody waits is lost, so
// the waiter looks at its condition first; spurious wake-ups happen. notify() may be called from a
// C callback: the coroutine goes on in a later turn of the loop, never inside notify().
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "protocol/io/byte_stream.hpp"

namespace pontlevis::io {

class WakeUp {
 public:
  explicit WakeUp(const boost::asio::any_io_executor& executor)
      : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

  Awaitable<void> wait() {
    waiting_ = true;
    static_cast<void>(co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable)));
    waiting_ = false;
  }
  bool waiting() const noexcept { return waiting_; }
  void notify() noexcept {
    try {
      if (waiting_) timer_.cancel();
    } catch (...) {  // cancelling a timer fails only on a broken reactor: the waiter's owner ends it
    }
  }

 private:
  boost::asio::steady_timer timer_;
  bool waiting_ = false;
};

}  // namespace pontlevis::io
