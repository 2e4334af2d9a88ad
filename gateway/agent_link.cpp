#include "gateway/agent_link.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr auto forever = asio::steady_timer::time_point::max();

}  // namespace

AgentLink::AgentLink(asio::any_io_executor executor, PracticeId practice, std::string serial,
                     std::unique_ptr<io::FrameStream> stream)
    : practice_(std::move(practice)), serial_(std::move(serial)), stream_(std::move(stream)),
      wake_(executor, forever), through_(executor, forever) {}

Result<> AgentLink::send(Frame frame) {
  if (ending_) return fail(Errc::unavailable, "the practice's link is ending", "practice " + practice_.text());
  std::string text = encode(frame);
  if (queue_.size() >= max_queued_frames || queued_bytes_ + text.size() > max_queued_bytes) {
    close();
    return fail(Errc::unavailable, "the practice reads too slowly; its link was ended", "practice " + practice_.text());
  }
  queued_bytes_ += text.size();
  queue_.push_back(std::move(text));
  wake_.cancel();
  return {};
}

io::Awaitable<Result<Frame>> AgentLink::read() {
  PL_CO_TRY(text, co_await stream_->read_frame());
  co_return decode_frame(text);
}

io::Awaitable<Result<Frame>> AgentLink::read_within(Millis at_most) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(through_.get_executor(), at_most);
  auto first = co_await (read() || timer.async_wait(quietly));
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  co_return fail(Errc::expired, "did not come in time", "frame hello");
}

void AgentLink::end_with(Frame last) {
  if (ending_) return;
  static_cast<void>(send(std::move(last)));
  ending_ = true;
  wake_.cancel();
}

void AgentLink::close() noexcept {
  ending_ = true;
  if (std::exchange(closed_, true)) return;
  stream_->close();
  wake_.cancel();
}

io::Awaitable<void> AgentLink::write_all() {
  const auto keep = shared_from_this();
  while (!closed_) {
    if (queue_.empty()) {
      if (ending_) break;
      wake_.expires_at(forever);
      co_await wake_.async_wait(quietly);
      continue;
    }
    std::string text = std::move(queue_.front());
    queue_.pop_front();
    const auto size = text.size();
    const auto written = co_await stream_->write_frame(std::move(text));
    queued_bytes_ -= size;
    if (!written) break;
  }
  close();
}

io::Awaitable<void> AgentLink::ended() {
  const auto keep = shared_from_this();
  if (!served_) co_await through_.async_wait(quietly);
}

void AgentLink::has_ended() {
  served_ = true;
  through_.cancel();
}

}  // namespace pontlevis::gateway
