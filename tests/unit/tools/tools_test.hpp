// What the tests of the tools share: a loop with a deadline, an operator's channel in memory.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <deque>
#include <exception>
#include <string>

#include "agent/tools/channel_end.hpp"
#include "agent/tools/reaper.hpp"
#include "agent/tools/wakeup.hpp"
#include "protocol/io/system.hpp"

namespace pontlevis::agent::testing {

// Tests run side by side, and a session's mark is found in /proc by everybody: no two may share one.
inline std::string unique_session(int n) {
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "6f1c2b7e-0000-4000-800%d-%012d", n, static_cast<int>(::getpid()));
  return out.data();
}

using io::Awaitable;

// Runs `work` on its own loop; the test fails when it is not done within `limit`.
inline void on_loop(Awaitable<void> work, boost::asio::io_context& loop,
                    std::chrono::seconds limit = std::chrono::seconds(60)) {
  bool done = false;
  const auto finished = [&](std::exception_ptr error) {
    done = true;
    if (error) std::rethrow_exception(error);
  };
  boost::asio::co_spawn(loop, std::move(work), finished);
  const auto until = std::chrono::steady_clock::now() + limit;
  loop.restart();
  while (!done && std::chrono::steady_clock::now() < until) loop.run_one_until(until);
  if (!done) {
    ADD_FAILURE() << "not done in time";
    std::abort();  // coroutines still refer to the test's frame
  }
  loop.restart();
  loop.poll();
}

// One direction in memory, at most `room` bytes ahead of its reader.
class Buffer {
 public:
  explicit Buffer(boost::asio::any_io_executor ex, std::size_t room = 256 * 1024) : changed_(std::move(ex)), room_(room) {}

  Awaitable<Result<std::size_t>> read(std::span<char> out) {
    while (bytes_.empty() && !ended_ && !closed_) co_await changed_.wait();
    if (closed_ && bytes_.empty()) co_return fail(Errc::closed, "closed");
    const std::size_t n = std::min(out.size(), bytes_.size());
    std::copy_n(bytes_.begin(), n, out.begin());
    bytes_.erase(0, n);
    changed_.notify();
    co_return n;
  }
  Awaitable<Result<>> write(std::span<const char> in) {
    while (!in.empty()) {
      while (bytes_.size() >= room_ && !closed_) co_await changed_.wait();
      if (closed_ || ended_) co_return fail(Errc::closed, "closed");
      const std::size_t n = std::min(in.size(), room_ - bytes_.size());
      bytes_.append(in.data(), n);
      in = in.subspan(n);
      changed_.notify();
    }
    co_return Result<>{};
  }
  void end() { ended_ = true, changed_.notify(); }
  void close() { closed_ = true, changed_.notify(); }
  const std::string& waiting() const { return bytes_; }

 private:
  Wakeup changed_;
  std::size_t room_;
  std::string bytes_;
  bool ended_ = false, closed_ = false;
};

// The operator's side of one channel; `end()` is what a tool gets.
class Operator final : public io::ByteStream {
 public:
  explicit Operator(boost::asio::any_io_executor ex, std::size_t room = 256 * 1024) : input(ex, room), output(ex, room), errors(ex), err_(errors) {}

  Buffer input, output, errors;
  std::optional<ExitStatus> status;
  bool output_ended_first = false;

  ChannelEnd end() {
    ChannelEnd e;
    e.data = this;
    e.err = &err_;
    e.send_exit = [this](const ExitStatus& s) { status = s, output_ended_first = shut_; };
    return e;
  }
  Awaitable<std::string> all_output() {
    std::string all(1, '\0');
    all.clear();
    std::vector<char> part(64 * 1024);
    for (;;) {
      const auto n = co_await output.read(part);
      if (!n || *n == 0) co_return all;
      all.append(part.data(), *n);
    }
  }
  // Reads until `word` has come; what came.
  Awaitable<std::string> output_until(std::string word) {
    std::string all;
    std::vector<char> part(4096);
    while (all.find(word) == all.npos) {
      const auto n = co_await output.read(part);
      if (!n || *n == 0) co_return all + "<end>";
      all.append(part.data(), *n);
    }
    co_return all;
  }
  Awaitable<void> type(std::string text) {
    [[maybe_unused]] const auto done = co_await input.write(text);
  }
  void leave() { input.close(), output.close(); }

  Awaitable<Result<std::size_t>> read_some(std::span<char> out) override { return input.read(out); }
  Awaitable<Result<>> write_all(std::span<const char> bytes) override { return output.write(bytes); }
  void shutdown_write() override { shut_ = true, output.end(); }
  void close() noexcept override { input.close(), output.close(); }

 private:
  struct Errors final : io::ByteStream {
    explicit Errors(Buffer& b) : buffer(b) {}
    Buffer& buffer;
    Awaitable<Result<std::size_t>> read_some(std::span<char>) override { co_return std::size_t{0}; }
    Awaitable<Result<>> write_all(std::span<const char> bytes) override { return buffer.write(bytes); }
    void shutdown_write() override {}
    void close() noexcept override {}
  };
  Errors err_;
  bool shut_ = false;
};

// A loop, a sub-reaper and one session.
class ToolsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = Reaper::create(loop.get_executor());
    ASSERT_TRUE(made) << made.error().text();
    reaper = *std::move(made);
    ASSERT_TRUE(reaper->begin(session));
  }
  void TearDown() override { on_loop(finish(reaper.get(), session), loop); }
  static Awaitable<void> finish(Reaper* r, std::string s) { co_await r->end_all(std::move(s)); }

  boost::asio::io_context loop;
  io::SystemRandom random;
  std::unique_ptr<Reaper> reaper;
  const std::string session = unique_session(1);
  SwitchedGate gate{loop.get_executor()};
};

}  // namespace pontlevis::agent::testing
