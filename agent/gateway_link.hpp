// The practice's only way out: one mutual-TLS WebSocket to the gateway, dialled from here, and one
// further TLS connection for each operator connection (design §7; requirements A32). Reconnects with
// exponential back-off and full jitter; renews its certificate by itself. It moves frames and facts;
// what they mean is decided by the drawbridge. Lives on the loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/identity.hpp"
#include "agent/journal.hpp"
#include "protocol/frame.hpp"
#include "protocol/io/http/http_client.hpp"

namespace pontlevis::agent {

struct LinkSettings {
  Millis first_wait = Millis(500);
  Millis longest_wait = std::chrono::seconds(60);
  Millis connect_within = std::chrono::seconds(15);
  std::optional<io::HttpProxy> proxy;
};

class GatewayLink {
 public:
  // What the drawbridge gives: the hello of this moment, and where frames go.
  struct Callbacks {
    std::function<frame::Hello()> hello;
    std::function<Result<>(Frame)> on_frame;  // an error ends the link as a bad frame
    std::function<void(bool up)> on_change;
  };
  GatewayLink(boost::asio::io_context& io, Identity& identity, KeyFolder keys, Journal& journal, const Clock& clock,
              Random& random, LinkSettings settings);

  void start(Callbacks callbacks);
  void stop();
  // Queued, bounded, dropped when the link is down: only facts are sent again (by the journal).
  void send(const Frame& frame);
  bool up() const noexcept { return up_; }
  const std::string& last_problem() const noexcept { return problem_; }
  io::Awaitable<Result<std::unique_ptr<io::ByteStream>>> dial_relay(std::string relay);

 private:
  io::Awaitable<void> run();
  io::Awaitable<Result<>> connect_and_serve();
  io::Awaitable<Result<std::unique_ptr<io::HttpClient>>> dial();
  io::Awaitable<Result<>> greet();
  io::Awaitable<Result<>> read_frames();
  io::Awaitable<void> read_until(Result<>* ended);
  io::Awaitable<void> write_frames();
  io::Awaitable<void> renew_if_due();
  io::Awaitable<void> keep_certificate_fresh();  // while the link is up: it may stay up for months
  void send_facts();
  Millis next_wait();
  const io::HttpProxy* proxy() const { return settings_.proxy ? &*settings_.proxy : nullptr; }

  boost::asio::io_context& io_;
  Identity& identity_;
  KeyFolder keys_;
  Journal& journal_;
  const Clock& clock_;
  Random& random_;
  LinkSettings settings_;
  Callbacks callbacks_;
  std::unique_ptr<io::FrameStream> stream_;
  std::deque<std::string> outgoing_;
  boost::asio::steady_timer wake_writer_;
  boost::asio::steady_timer wait_;
  boost::asio::steady_timer renewal_;
  Millis back_off_{0};
  bool up_ = false;
  bool stopping_ = false;
  std::string problem_;
};

}  // namespace pontlevis::agent
