// A moment on CLOCK_BOOTTIME, awaited through a timerfd: neither a changed calendar nor a sleeping
// machine postpones it (design §8, requirements A03). Lives on the loop.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>

#include "protocol/clock.hpp"
#include "protocol/io/byte_stream.hpp"

namespace pontlevis::agent {

class Deadline {
 public:
  explicit Deadline(boost::asio::any_io_executor executor);
  // Completes when the time since boot reaches `at`; false when cancelled before.
  io::Awaitable<bool> reached(Millis at);
  void cancel() noexcept;

 private:
  boost::asio::posix::stream_descriptor timer_;
};

}  // namespace pontlevis::agent
