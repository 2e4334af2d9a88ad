#include "agent/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/timerfd.h>
#include <time.h>

#include <cerrno>
#include <system_error>

namespace pontlevis::agent {

namespace net = boost::asio;

Deadline::Deadline(net::any_io_executor executor) : timer_(executor) {
  const int fd = ::timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "timerfd");  // no clock, no session
  timer_.assign(fd);
}

io::Awaitable<bool> Deadline::reached(Millis at) {
  itimerspec when{};
  when.it_value.tv_sec = at.count() / 1000;
  when.it_value.tv_nsec = at.count() % 1000 * 1'000'000 + 1;  // never 0, which would disarm
  if (::timerfd_settime(timer_.native_handle(), TFD_TIMER_ABSTIME, &when, nullptr) != 0) co_return true;
  const auto [ec] = co_await timer_.async_wait(net::posix::stream_descriptor::wait_read,
                                               net::as_tuple(net::use_awaitable));
  co_return !ec;
}

void Deadline::cancel() noexcept {
  boost::system::error_code ignored;
  timer_.cancel(ignored);
}

}  // namespace pontlevis::agent
