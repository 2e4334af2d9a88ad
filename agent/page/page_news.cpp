// What changes, told as it changes (docs/page.md §4): a WebSocket that begins with the page's token.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/page/page.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {
constexpr auto as_result = net::as_tuple(net::use_awaitable);
constexpr auto token_within = std::chrono::seconds(5);
constexpr auto at_least_every = std::chrono::seconds(20);
constexpr auto at_least_every_while_open = std::chrono::seconds(2);  // what has moved is counted, not announced
constexpr auto at_most_every = std::chrono::milliseconds(200);

// Both halves of one news socket: who reads the page's words, and who tells.
struct NewsSocket {
  std::unique_ptr<io::FrameStream> stream;
  bool open = true;
};

io::Awaitable<void> read_acts(std::shared_ptr<NewsSocket> socket, std::shared_ptr<PageSession> session, PageSessions* sessions, std::weak_ptr<bool> alive) {
  for (;;) {
    const auto frame = co_await socket->stream->read_frame();
    if (!frame || alive.expired()) break;
    const auto said = parse_object(*frame, 1024, "news", JsonForm::any);
    if (!said) break;
    const auto* active = said->if_contains("active");
    if (active && active->is_bool() && active->get_bool() && !session->locked) sessions->touch(*session);
  }
  socket->open = false;
  socket->stream->close();
}
}  // namespace

// The first message is {"token"}; whoever says nothing for five seconds is gone.
io::Awaitable<std::shared_ptr<PageSession>> Page::read_token(const io::HttpRequest& request, io::FrameStream& stream, std::string* token, Needs needs) {
  net::steady_timer patience(parts_.io, token_within);
  patience.async_wait([&stream](const boost::system::error_code& ec) {
    if (!ec) stream.close();
  });
  auto frame = co_await stream.read_frame();
  patience.cancel();
  PageFault fault = PageFault::not_signed_in;
  if (frame) {
    auto body = parse_object(*frame, 1024, "token", JsonForm::any);
    const auto* said = body ? body->if_contains("token") : nullptr;
    if (said && said->is_string()) {
      *token = std::string(said->get_string());
      auto admitted = guard_.admit_token(request, *token, needs);
      if (auto* session = std::get_if<std::shared_ptr<PageSession>>(&admitted)) co_return std::move(*session);
      fault = std::get<PageFault>(admitted);
    }
  }
  auto text = json::serialize(json::object{{"error", json::object{{"key", key_of(fault)}}}});
  static_cast<void>(co_await stream.write_frame(std::move(text)));
  co_return nullptr;
}

io::Awaitable<void> Page::news(io::HttpRequest request, std::unique_ptr<io::FrameStream> stream) {
  std::string token;
  auto session = co_await read_token(request, *stream, &token, Needs::pause_stop);
  if (!session) co_return;
  auto socket = std::make_shared<NewsSocket>(std::move(stream));
  net::co_spawn(parts_.io, read_acts(socket, session, &sessions_, std::weak_ptr(alive_)), net::detached);
  net::steady_timer wait(parts_.io);
  const auto place = listeners_.insert(listeners_.end(), &wait);
  while (socket->open && sessions_.find(token)) {
    const auto told = changes_;  // what comes while this state is sent is told right after it
    auto text = json::serialize(json::object{{"state", state_of(*session)}});
    const auto sent = co_await socket->stream->write_frame(std::move(text));
    if (!sent) break;
    net::steady_timer breath(parts_.io, at_most_every);
    co_await breath.async_wait(as_result);
    if (changes_ != told || !socket->open) continue;
    wait.expires_after(parts_.bridge.down() ? at_least_every_while_open : at_least_every);
    co_await wait.async_wait(as_result);
  }
  listeners_.erase(place);
  auto over = json::serialize(json::object{{"error", json::object{{"key", key_of(PageFault::not_signed_in)}}}});
  if (socket->open) static_cast<void>(co_await socket->stream->write_frame(std::move(over)));
  socket->stream->close();
}

}  // namespace pontlevis::agent
