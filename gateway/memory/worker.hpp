// One thread for what takes long (destroying, copying, verifying): a coroutine of the loop waits for it, the loop
// goes on. Jobs run one after another; more than a few waiting are refused, so that nothing piles up.
// Owned by an area; run() is called on the loop, the job runs on the thread. Ends when the running job does.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/io/byte_stream.hpp"
#include "protocol/result.hpp"

namespace pontlevis::gateway {

class Worker {
 public:
  Worker() = default;
  ~Worker() { thread_.join(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // `job` returns a Result<T>, does not throw, and shares nothing with the loop but what says so itself.
  // Errc::unavailable: many are waiting.
  template <class Job>
  io::Awaitable<std::invoke_result_t<Job&>> run(Job job) {
    if (waiting_ >= most_waiting) co_return fail(Errc::unavailable, "has much to do already", "memory", "try again in a moment");
    const Counted counted(waiting_);
    auto work = there(std::move(job));
    co_return co_await boost::asio::co_spawn(thread_, std::move(work), boost::asio::use_awaitable);
  }
  bool idle() const { return waiting_ == 0; }

 private:
  template <class Job>
  static io::Awaitable<std::invoke_result_t<Job&>> there(Job job) {
    co_return job();
  }
  struct Counted {
    explicit Counted(int& n) : count(n) { ++count; }
    ~Counted() { --count; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    int& count;
  };
  static constexpr int most_waiting = 16;
  boost::asio::thread_pool thread_{1};
  int waiting_ = 0;
};

}  // namespace pontlevis::gateway
