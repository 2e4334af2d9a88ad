// "Something about an intervention changed": commands that wait look again. Lives on the loop.
#pragma once

#include <boost/asio.hpp>
#include <list>

#include "protocol/io/byte_stream.hpp"

namespace pontlevis::gateway {

class Changes {
 public:
  explicit Changes(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  std::uint64_t count() const { return count_; }  // so far: who compares misses nothing between two waits
  void announce() {
    ++count_;
    for (auto* waiter : waiters_) waiter->cancel();
  }
  // Returns at the next announce(), or when `at_most` is over.
  io::Awaitable<void> next(std::chrono::milliseconds at_most) {
    boost::asio::steady_timer timer(executor_, at_most);
    const auto place = waiters_.insert(waiters_.end(), &timer);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    waiters_.erase(place);
  }

 private:
  boost::asio::any_io_executor executor_;
  std::uint64_t count_ = 0;
  std::list<boost::asio::steady_timer*> waiters_;
};

}  // namespace pontlevis::gateway
