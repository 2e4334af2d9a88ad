// Does something unless it is destroyed before its time: the bound on a conversation with a program or a
// client. Lives on one io_context thread; what it does may refer to whatever outlives the Alarm.
#pragma once

#include <boost/asio.hpp>
#include <functional>

#include "protocol/clock.hpp"

namespace pontlevis::agent {

class Alarm {
 public:
  Alarm(const boost::asio::any_io_executor& executor, Millis within, std::function<void()> what) : timer_(executor, within) {
    timer_.async_wait([alive = std::weak_ptr(alive_), what = std::move(what)](const boost::system::error_code& error) {
      if (!error && !alive.expired()) what();
    });
  }

 private:
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  boost::asio::steady_timer timer_;
};

}  // namespace pontlevis::agent
