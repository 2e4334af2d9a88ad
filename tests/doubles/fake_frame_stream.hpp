// One end of a link in a test's hands: it says frames and sees what was written. Lives on the loop.
#pragma once

#include <boost/asio.hpp>
#include <deque>
#include <memory>
#include <vector>

#include "protocol/io/byte_stream.hpp"

namespace pontlevis::doubles {

// What the test holds; the stream holds the other reference.
struct FrameWire {
  explicit FrameWire(boost::asio::any_io_executor executor) : changed(executor, boost::asio::steady_timer::time_point::max()) {}
  void say(std::string text) {
    to_reader.push_back(std::move(text));
    changed.cancel();
  }
  void hang_up() {
    closed = true;
    changed.cancel();
  }
  std::deque<std::string> to_reader;
  std::vector<std::string> written;
  bool closed = false;
  bool stalled = false;  // writes do not complete: a peer that reads nothing
  boost::asio::steady_timer changed;
};

class FakeFrameStream final : public io::FrameStream {
 public:
  explicit FakeFrameStream(std::shared_ptr<FrameWire> wire) : wire_(std::move(wire)) {}
  ~FakeFrameStream() override { close(); }

  io::Awaitable<Result<std::string>> read_frame() override {
    while (wire_->to_reader.empty() && !wire_->closed) co_await pause();
    if (wire_->to_reader.empty()) co_return fail(Errc::closed, "the test hung up");
    std::string text = std::move(wire_->to_reader.front());
    wire_->to_reader.pop_front();
    co_return text;
  }
  io::Awaitable<Result<>> write_frame(std::string text) override {
    while (wire_->stalled && !wire_->closed) co_await pause();
    if (wire_->closed) co_return fail(Errc::closed, "the test hung up");
    wire_->written.push_back(std::move(text));
    co_return Result<>{};
  }
  void close() noexcept override { wire_->hang_up(); }

 private:
  io::Awaitable<void> pause() {
    const auto keep = wire_;  // cancel() wakes all who wait; the expiry never moves
    co_await keep->changed.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  std::shared_ptr<FrameWire> wire_;
};

}  // namespace pontlevis::doubles
