#include "protocol/io/outward/syslog_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>

#include "protocol/io/outward/https_call.hpp"
#include "protocol/io/outward/syslog_text.hpp"
#include "protocol/io/tls/lean_stream.hpp"

namespace pontlevis::io {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr Millis connect_within{10'000}, first_wait{1'000}, longest_wait{60'000};
using Tcp = asio::ip::tcp;
using Stream = std::shared_ptr<LeanStream>;

Awaitable<bool> connect_in_time(LeanStream::Socket& socket, Tcp::endpoint to) {
  asio::steady_timer timer(socket.get_executor(), connect_within);
  const auto done = co_await (socket.async_connect(to, as_result) || timer.async_wait(as_result));
  co_return done.index() == 0 && !std::get<0>(std::get<0>(done));
}

Awaitable<Result<Stream>> reach(asio::io_context& io, SyslogServer server) {
  PL_CO_TRY(tls, public_trust(server.ca_file));
  asio::ip::basic_resolver<Tcp, LeanStream::executor_type> resolver(io);
  const auto [ec, found] = co_await resolver.async_resolve(server.host, std::to_string(server.port), as_result);
  if (ec) co_return fail(Errc::unavailable, "the name of the server is not known", server.host);
  for (const auto& entry : found) {
    LeanStream::Socket socket(io);
    if (!co_await connect_in_time(socket, entry.endpoint())) continue;
    auto stream = std::make_shared<LeanStream>(std::move(socket), tls, server.host);
    PL_CO_CHECK(co_await stream->handshake(connect_within));
    co_return stream;
  }
  co_return fail(Errc::unavailable, "the server does not answer", server.host);
}

// The server says nothing on this connection; its end is how it says that it is gone.
Awaitable<void> watch(Stream stream) {
  std::array<char, 256> ignored;
  for (;;) {
    const auto got = co_await stream->read_some(ignored);
    if (!got || *got == 0) break;
  }
  stream->close();
}

}  // namespace

struct SyslogStream::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor e, SyslogServer s, Apology a, Notice n)
      : executor(e), server(std::move(s)), apology(std::move(a)), notice(std::move(n)), wake(e) {}

  asio::any_io_executor executor;
  SyslogServer server;
  Apology apology;
  Notice notice;
  asio::steady_timer wake;
  std::deque<std::string> queue;
  SyslogCounts counts;
  std::uint64_t unsaid_drops = 0;
  bool stopping = false, away_told = false;
  Stream stream;

  void put(std::string message) {
    if (stopping) return;
    if (queue.size() >= most_waiting) {  // the oldest are what an alarm was about: they stay
      ++counts.dropped;
      ++unsaid_drops;
      return;
    }
    queue.push_back(std::move(message));
    wake.cancel();
  }

  Awaitable<void> rest(Millis at_most) {
    wake.expires_after(at_most);
    co_await wake.async_wait(as_result);
  }

  void lost(const std::string& why) {
    counts.connected = false;
    if (!away_told && !stopping) notice(why);
    away_told = true;
  }
  void found() {
    counts.connected = true;
    if (away_told) notice("");
    away_told = false;
  }

  Awaitable<Result<>> send_one(std::string message) {
    const auto frame = syslog_frame(message);
    co_return co_await stream->write_all(frame);
  }

  // Until the connection ends.
  Awaitable<std::string> pour() {
    while (!stopping && stream->is_open()) {
      if (unsaid_drops > 0) {
        const auto dropped = std::exchange(unsaid_drops, 0);
        auto said = co_await send_one(apology(dropped));
        if (!said) co_return unsaid_drops += dropped, said.error().what;
      }
      if (queue.empty()) {
        co_await rest(std::chrono::seconds(30));
        continue;
      }
      auto sent = co_await send_one(queue.front());
      if (!sent) co_return sent.error().what;
      queue.pop_front();
      ++counts.sent;
    }
    co_return "the connection ended";
  }

  Awaitable<void> run() {
    auto& io = static_cast<asio::io_context&>(asio::query(executor, asio::execution::context));
    Millis wait = first_wait;
    while (!stopping) {
      auto reached = co_await reach(io, server);
      if (stopping) co_return;
      if (reached) {
        stream = *std::move(reached);
        wait = first_wait;
        found();
        asio::co_spawn(executor, watch(stream), [self = shared_from_this()](std::exception_ptr) { self->wake.cancel(); });
        auto why = co_await pour();
        stream->close();
        lost(why);
      } else {
        lost(reached.error().what);
      }
      co_await pause(wait);
      wait = std::min(wait * 2, longest_wait);
    }
  }

  // New messages do not shorten it; only stop() does.
  Awaitable<void> pause(Millis wait) {
    const auto end = std::chrono::steady_clock::now() + wait;
    while (!stopping && std::chrono::steady_clock::now() < end) {
      wake.expires_at(end);
      co_await wake.async_wait(as_result);
    }
  }
};


SyslogStream::SyslogStream(asio::any_io_executor executor, SyslogServer server, Apology apology, Notice notice)
    : state_(std::make_shared<State>(executor, std::move(server), std::move(apology), std::move(notice))) {
  asio::co_spawn(executor, state_->run(), [keep = state_](std::exception_ptr) {});
}

SyslogStream::~SyslogStream() { stop(); }

void SyslogStream::send(std::string message) { state_->put(std::move(message)); }
SyslogCounts SyslogStream::counts() const { return state_->counts; }

void SyslogStream::stop() {
  state_->stopping = true;
  state_->apology = [](std::uint64_t) { return std::string(); };
  state_->notice = [](const std::string&) {};
  if (state_->stream) state_->stream->close();
  state_->wake.cancel();
}

}  // namespace pontlevis::io
