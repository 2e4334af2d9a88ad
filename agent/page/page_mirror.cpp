// The live mirror (docs/page.md §6; requirements A38): what the operators see, to the practitioner's
// screen. At most a window of bytes is under way unpainted; what a slow page cannot take is left out and
// said. Whoever does not say `here` is not watching.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/page/page.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {
constexpr auto as_result = net::as_tuple(net::use_awaitable);
constexpr std::size_t window = 64 * 1024;       // sent and not painted yet
constexpr std::size_t kept_behind = 64 * 1024;  // not sent yet; older output is left out
constexpr std::size_t piece_bytes = 16 * 1024;
constexpr auto here_within = std::chrono::seconds(10);

// One mirror: its socket, how much is under way, and when its page last said that it is there.
struct Mirror {
  Mirror(net::io_context& io, std::unique_ptr<io::FrameStream> s)
      : stream(std::move(s)), painted(io, net::steady_timer::time_point::max()), heard_at(std::chrono::steady_clock::now()) {}
  std::unique_ptr<io::FrameStream> stream;
  net::steady_timer painted;  // cancelled when more was painted, or the page is gone
  std::chrono::steady_clock::time_point heard_at;
  std::size_t under_way = 0;
  bool open = true;

  bool here() const { return open && std::chrono::steady_clock::now() < heard_at + here_within; }
  void close() {
    open = false;
    stream->close();
    painted.cancel();
  }
};

Result<> hear(Mirror& mirror, const std::string& frame) {
  PL_TRY(body, parse_object(frame, 1024, "mirror", JsonForm::any));
  StrictObject in(body, "mirror");
  if (in.has("ack")) mirror.under_way -= std::min(mirror.under_way, static_cast<std::size_t>(in.integer("ack", 0, INT32_MAX)));
  if (in.has("here")) in.boolean("here");
  return in.finish();
}

io::Awaitable<void> read_page(std::shared_ptr<Mirror> mirror, std::shared_ptr<LiveView::Watcher> watcher) {
  for (;;) {
    const auto frame = co_await mirror->stream->read_frame();
    if (!frame || !hear(*mirror, *frame)) break;
    mirror->heard_at = std::chrono::steady_clock::now();
    mirror->painted.cancel();
  }
  mirror->close();
  watcher->wake();
}

json::object info_json(const StreamInfo& s) {
  return {{"stream", s.number}, {"kind", s.kind}, {"login", s.login}, {"cols", s.cols}, {"rows", s.rows}, {"open", s.open}};
}

// Waits until the page has painted enough; false when it is gone.
io::Awaitable<bool> room(std::shared_ptr<Mirror> mirror) {
  while (mirror->here() && mirror->under_way >= window) {
    mirror->painted.expires_after(here_within);
    co_await mirror->painted.async_wait(as_result);
  }
  co_return mirror->here();
}

io::Awaitable<bool> send(std::shared_ptr<Mirror> mirror, json::object what) {
  auto text = json::serialize(what);
  const auto sent = co_await mirror->stream->write_frame(std::move(text));
  co_return sent.has_value();
}

io::Awaitable<bool> send_output(std::shared_ptr<Mirror> mirror, LiveView::Piece piece) {
  std::string_view rest = piece.bytes;
  do {
    if (!co_await room(mirror)) co_return false;
    const auto part = rest.substr(0, piece_bytes);
    rest.remove_prefix(part.size());
    json::object what{{"stream", piece.stream}, {"output", to_base64(part)}, {"skipped", std::exchange(piece.skipped, 0)}};
    mirror->under_way += part.size();
    if (!co_await send(mirror, std::move(what))) co_return false;
  } while (!rest.empty());
  co_return true;
}

io::Awaitable<void> show(std::shared_ptr<Mirror> mirror, std::shared_ptr<LiveView::Watcher> watcher) {
  while (mirror->here()) {
    auto output = co_await watcher->next();
    for (auto& piece : output.pieces) {
      bool sent = true;
      if (piece.info) {
        auto what = info_json(*piece.info);
        sent = co_await send(mirror, std::move(what));
      }
      if (sent && (!piece.bytes.empty() || piece.skipped > 0)) sent = co_await send_output(mirror, std::move(piece));
      if (!sent) co_return mirror->close();
    }
    if (output.ended) {
      json::object over{{"ended", true}, {"cause", output.cause}};
      static_cast<void>(co_await send(mirror, std::move(over)));
      break;
    }
  }
  mirror->close();
}

struct OnScreen {
  explicit OnScreen(std::shared_ptr<PageSession> s) : session(std::move(s)) { ++session->mirrors; }
  ~OnScreen() { --session->mirrors; }
  std::shared_ptr<PageSession> session;
};
}  // namespace

io::Awaitable<void> Page::mirror(io::HttpRequest request, std::unique_ptr<io::FrameStream> stream) {
  std::string token;
  auto session = co_await read_token(request, *stream, &token, Needs::signed_in);
  if (!session) co_return;
  std::shared_ptr<LiveView::Watcher> watcher;
  if (request.id == "rehearsal") {
    if (parts_.rehearsal.person() == session->person.login) watcher = rehearsal_view_.watch(kept_behind);
  } else if (const auto id = InterventionId::parse(request.id)) {
    if (auto found = parts_.bridge.watch(*id, kept_behind)) watcher = *std::move(found);
  }
  if (!watcher) {
    auto text = json::serialize(json::object{{"error", json::object{{"key", key_of(PageFault::session_gone)}}}});
    static_cast<void>(co_await stream->write_frame(std::move(text)));
    co_return;
  }
  const OnScreen on_screen(session);
  auto mirror = std::make_shared<Mirror>(parts_.io, std::move(stream));
  net::co_spawn(parts_.io, read_page(mirror, watcher), net::detached);
  co_await show(mirror, watcher);
}

}  // namespace pontlevis::agent
