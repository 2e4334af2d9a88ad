#include "gateway/api/api_relay.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "gateway/events.hpp"
#include "gateway/front_connection.hpp"
#include "gateway/people/people_desk.hpp"
#include "protocol/io/ssh/ssh_farewell.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

// A browser's end of a relay. The coroutine that serves the socket waits for done(), as the socket is
// closed when it returns; whoever drops the last reference to `told_` lets it go on.
struct SocketEnd {
  SocketEnd(std::unique_ptr<io::ByteStream> s, asio::any_io_executor executor) : stream(std::move(s)), over(executor, asio::steady_timer::time_point::max()) {}
  std::unique_ptr<io::ByteStream> stream;
  asio::steady_timer over;
  std::string farewell;  // said before it closes
  void finish() { over.expires_at(asio::steady_timer::time_point::min()); }
};

class SocketOperatorEnd final : public OperatorEnd {
 public:
  explicit SocketOperatorEnd(std::shared_ptr<SocketEnd> end) : end_(std::move(end)) {}
  ~SocketOperatorEnd() override { end_->finish(); }
  Result<io::ByteStream*> accept() override { return end_->stream.get(); }
  void refuse(std::string_view why) override {
    end_->farewell = io::ssh_farewell(why);
    end_->finish();
  }

 private:
  std::shared_ptr<SocketEnd> end_;
};

// Says why and lets the browser close, so that the words arrive before the end.
Awaitable<void> say_farewell(io::ByteStream& stream, std::string words) {
  asio::steady_timer patience(co_await asio::this_coro::executor, std::chrono::seconds(5));
  patience.async_wait([&stream](const boost::system::error_code& ec) { if (!ec) stream.close(); });
  const auto said = co_await stream.write_all(words);
  std::vector<char> unread(4096);
  for (bool more = said.has_value(); more;) {
    const auto size = co_await stream.read_some(unread);
    more = size && *size > 0;
  }
}

}  // namespace

std::expected<RelayWanted, std::string> way_to(const Core& core, const Links& links, const Login& login, const std::string& intervention) {
  const auto id = InterventionId::parse(intervention);
  const auto& live = core.interventions.all_live();
  const auto at = id ? live.find(*id) : live.end();
  if (at == live.end() || !at->second.names(login)) return std::unexpected("no live intervention of yours has this number");
  const auto& request = at->second.request;
  return way_through(core, links, login, request.system.text() + "." + request.practice.text(), 22);
}

Awaitable<std::optional<io::HttpResponse>> ApiRelay::gate(const io::HttpRequest& request, Roles roles) {
  auto admitted = guard_.admit_socket(request, roles);
  if (auto* no = std::get_if<io::HttpResponse>(&admitted)) co_return std::move(*no);
  co_return std::nullopt;
}

Awaitable<void> ApiRelay::relay(io::HttpRequest request, std::unique_ptr<io::ByteStream> stream) {
  auto admitted = guard_.admit_socket(std::move(request), Role::technician);
  const auto* call = std::get_if<ApiCall>(&admitted);
  if (!call) co_return;
  const auto way = way_to(core_, links_, call->person.login, call->request.id);
  if (!way) {
    event("relay.refused", {{"login", call->person.login.text()}});
    co_return co_await say_farewell(*stream, io::ssh_farewell(way.error()));
  }
  auto end = std::make_shared<SocketEnd>(std::move(stream), co_await asio::this_coro::executor);
  relays_.want(*way, std::make_unique<SocketOperatorEnd>(end));
  co_await end->over.async_wait(quietly);
  if (!end->farewell.empty()) co_await say_farewell(*end->stream, end->farewell);
}

namespace {

// Both halves of one news socket: who notices that the page has gone, and who tells.
struct NewsSocket {
  std::unique_ptr<io::FrameStream> stream;
  bool open = true;
};

Awaitable<void> notice_end(std::shared_ptr<NewsSocket> socket, Changes* wake, std::weak_ptr<bool> alive) {
  while ((co_await socket->stream->read_frame()).has_value()) {}  // the page says nothing; pings are answered below us
  socket->open = false;
  if (!alive.expired()) wake->announce();
}

}  // namespace

// Several changes in a row are one message: the page asks again for what it shows.
Awaitable<void> ApiRelay::news(io::HttpRequest request, std::unique_ptr<io::FrameStream> stream) {
  auto admitted = guard_.admit_socket(std::move(request), everyone);
  const auto* call = std::get_if<ApiCall>(&admitted);
  if (!call) co_return;
  auto socket = std::make_shared<NewsSocket>(std::move(stream));
  asio::co_spawn(co_await asio::this_coro::executor, notice_end(socket, &desk_.changes(), alive_), asio::detached);
  for (auto told = desk_.changes().count() - 1; socket->open;) {
    if (told == desk_.changes().count()) co_await desk_.changes().next(std::chrono::seconds(30));
    if (!socket->open || !people_.still_in(call->session)) break;
    if (told == desk_.changes().count()) continue;
    told = desk_.changes().count();
    auto text = json::serialize(json::object{{"changes", told}});
    const auto written = co_await socket->stream->write_frame(std::move(text));
    if (!written) break;
  }
  socket->stream->close();
}

void ApiRelay::add_routes(io::Router& router) {
  router.websocket_bytes("/relay/<id>", [this](const io::HttpRequest& request) { return gate(request, Role::technician); },
                         [this](io::HttpRequest request, std::unique_ptr<io::ByteStream> stream) { return relay(std::move(request), std::move(stream)); });
  router.websocket("/api/v1/news", [this](const io::HttpRequest& request) { return gate(request, everyone); },
                   [this](io::HttpRequest request, std::unique_ptr<io::FrameStream> stream) { return news(std::move(request), std::move(stream)); });
}

}  // namespace pontlevis::gateway
