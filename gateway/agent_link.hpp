// One agent's link: frames out in order from a bounded queue, one writer; frames in one at a time. Owned by the
// hub's coroutine that serves it and shared with its writer. The loop's thread.
#pragma once

#include <boost/asio.hpp>
#include <deque>
#include <memory>
#include <string>

#include "audit/merkle.hpp"
#include "protocol/frame.hpp"
#include "protocol/io/byte_stream.hpp"

namespace pontlevis::gateway {

constexpr std::size_t max_queued_frames = 256;
constexpr std::size_t max_queued_bytes = 4 << 20;  // a consent's proof has up to 256 KiB

class AgentLink : public std::enable_shared_from_this<AgentLink> {
 public:
  AgentLink(boost::asio::any_io_executor executor, PracticeId practice, std::string serial,
            std::unique_ptr<io::FrameStream> stream);

  const PracticeId& practice() const { return practice_; }
  const std::string& serial() const { return serial_; }

  // Errc::unavailable when the agent reads too slowly (its link then ends) or the link is ending.
  Result<> send(Frame frame);
  io::Awaitable<Result<Frame>> read();                       // decoded; Errc::bad_frame, closed …
  io::Awaitable<Result<Frame>> read_within(Millis at_most);  // for the first frame
  void end_with(Frame last);                                 // sends it, then closes
  void close() noexcept;
  bool ending() const { return ending_; }

  io::Awaitable<void> write_all();  // the writer: returns when the link has ended
  io::Awaitable<void> ended();      // when the coroutine that serves it is through
  void has_ended();

  // What the hub keeps about the witness at the other end.
  std::deque<audit::TreeSize> sizes_sent;
  audit::TreeSize assumed_cosigned = 0;
  audit::TreeSize cosigned = 0;      // the last it answered 200 to: what facts are shown in
  unsigned starts_over = 0;          // 409 after 409: an honest witness needs one
  unsigned questions = 0;            // about facts, since that checkpoint
  unsigned alarms = 0;

 private:
  PracticeId practice_;
  std::string serial_;
  std::unique_ptr<io::FrameStream> stream_;
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  bool ending_ = false;  // no more frames are taken
  bool closed_ = false;
  bool served_ = false;
  boost::asio::steady_timer wake_;    // the writer sleeps on it
  boost::asio::steady_timer through_; // ended() sleeps on it
};

}  // namespace pontlevis::gateway
