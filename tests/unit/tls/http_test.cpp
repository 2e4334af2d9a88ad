// What the HTTP server promises to its clients and against them.
#include "protocol/io/splice.hpp"
#include "tests/unit/tls/tls_fixture.hpp"

namespace pontlevis::io {
namespace {

using namespace asio::experimental::awaitable_operators;

Awaitable<HttpResponse> say_hello(HttpRequest request) {
  const std::string who = request.peer ? request.peer->common_name : "stranger";
  co_return HttpResponse::text("hello " + who);
}
Awaitable<HttpResponse> echo(HttpRequest request) { co_return HttpResponse::text(std::move(request.body)); }
Awaitable<HttpResponse> show_id(HttpRequest request) { co_return HttpResponse::text(request.id + "|" + request.parameter("q").value_or("-")); }
Awaitable<HttpResponse> framed_page(HttpRequest) {
  HttpResponse out = HttpResponse::file("page", "text/html");
  out.headers.emplace_back("cache-control", "max-age=60");
  co_return out;
}
Awaitable<HttpResponse> broken(HttpRequest) {
  throw std::runtime_error("a defect");
  co_return HttpResponse::empty();
}
Awaitable<HttpResponse> slow(HttpRequest) {
  asio::steady_timer timer(co_await asio::this_coro::executor, 100ms);
  co_await timer.async_wait(as_result);
  co_return HttpResponse::text("at last");
}
Awaitable<void> echo_frames(HttpRequest, std::unique_ptr<FrameStream> frames) {
  for (;;) {
    auto frame = co_await frames->read_frame();
    if (!frame) co_return;
    const auto done = co_await frames->write_frame(*std::move(frame));
    if (!done) co_return;
  }
}
Awaitable<void> echo_bytes(HttpRequest, std::unique_ptr<ByteStream> bytes) {
  std::vector<char> buffer(64 * 1024);
  for (;;) {
    const auto n = co_await bytes->read_some(buffer);
    if (!n) co_return;
    if (*n == 0) co_return bytes->shutdown_write();
    const auto done = co_await bytes->write_all({buffer.data(), *n});
    if (!done) co_return;
  }
}
Awaitable<std::optional<HttpResponse>> agents_only(const HttpRequest& request) {
  if (request.peer) co_return std::nullopt;
  co_return HttpResponse::problem(Error{Errc::not_allowed, "needs an agent's certificate", {}, {}});
}

Router router() {
  Router out;
  out.get("/hello", say_hello);
  out.post("/echo", echo);
  out.get("/things/<id>", show_id);
  out.get("/page", framed_page);
  out.get("/broken", broken);
  out.get("/slow", slow);
  out.websocket("/frames", agents_only, echo_frames);
  out.relay("/relay/<id>", agents_only, echo_bytes);
  out.websocket_bytes("/relay/<id>", open_gate, echo_bytes);
  return out;
}

HttpLimits quick() {
  HttpLimits limits;
  limits.header_timeout = 200ms;
  limits.handshake_timeout = 300ms;
  limits.body_timeout = 200ms;
  limits.keep_alive = 200ms;
  return limits;
}

struct Lab {
  explicit Lab(HttpLimits limits = {}) : server(io, router(), limits, [this](const std::string& what) { faults.push_back(what); }) {
    EXPECT_TRUE(server.listen("127.0.0.1", 0, pki().server_context()));
  }
  ~Lab() { run(io, server.drain(0ms)); }
  Result<std::unique_ptr<HttpClient>> connect(bool as_agent = true) {
    const auto context = as_agent ? pki().client_context() : TlsContext::for_client(PinnedCa{pki().ca.certificate_pem()}).value();
    return run(io, HttpClient::connect(io, {"localhost", server.port(), "127.0.0.1"}, context, nullptr, 5s));
  }
  std::unique_ptr<LeanStream> raw() {
    LeanStream::Socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), server.port()});
    auto out = std::make_unique<LeanStream>(std::move(socket), pki().client_context(), "localhost");
    EXPECT_TRUE(run(io, out->handshake(5s)));
    return out;
  }
  // Lets the loop work until `done` says so.
  template <class Done>
  bool until(Done done) {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!done() && std::chrono::steady_clock::now() < limit) {
      io.restart();
      io.run_one_for(10ms);
    }
    return done();
  }
  asio::io_context io;
  std::vector<std::string> faults;
  HttpServer server;
};

Awaitable<std::string> read_all(ByteStream& stream) {
  std::string out;
  std::vector<char> buffer(64 * 1024);
  for (;;) {
    const auto n = co_await stream.read_some(buffer);
    if (!n || *n == 0) co_return out;
    out.append(buffer.data(), *n);
  }
}

Awaitable<std::string> ask(ByteStream& stream, std::string text) {
  const auto sent = co_await stream.write_all(text);
  if (!sent) co_return "not sent";
  co_return co_await read_all(stream);
}

std::string status_line(const std::string& answer) { return answer.substr(0, answer.find("\r\n")); }

TEST(Http, a_connection_serves_request_after_request) {
  Lab lab;
  auto client = lab.connect().value();
  for (int i = 0; i < 3; ++i) {
    const auto answer = run(lab.io, client->request("GET", "/hello"));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->body, "hello cabinet-exemple");
  }
  EXPECT_EQ(lab.server.counts().accepted, 1u);
  EXPECT_EQ(client->peer()->common_name, "Pontlevis gateway");
}

TEST(Http, a_client_without_certificate_is_a_stranger) {
  Lab lab;
  auto client = lab.connect(false).value();
  EXPECT_EQ(run(lab.io, client->request("GET", "/hello"))->body, "hello stranger");
}

TEST(Http, every_answer_has_the_security_headers) {
  Lab lab;
  auto client = lab.connect().value();
  for (const char* target : {"/hello", "/nowhere", "/page"}) {
    const auto answer = run(lab.io, client->request("GET", target));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->header("x-content-type-options"), "nosniff");
    EXPECT_NE(answer->header("content-security-policy").find("frame-ancestors 'none'"), std::string_view::npos);
    EXPECT_FALSE(answer->header("strict-transport-security").empty());
  }
  const auto page = run(lab.io, client->request("GET", "/page"));
  EXPECT_EQ(page->header("cache-control"), "max-age=60");
}

TEST(Http, routes_give_the_id_the_query_and_the_right_refusals) {
  Lab lab;
  auto client = lab.connect().value();
  const auto get = [&](std::string method, std::string target, std::string body = {}) {
    return run(lab.io, client->request(std::move(method), std::move(target), std::move(body))).value();
  };
  EXPECT_EQ(get("GET", "/things/a-1?q=x%20y%C3%A9+z").body, "a-1|x yé z");
  EXPECT_EQ(get("GET", "/things/").status, 404u);
  EXPECT_EQ(get("GET", "/things/a/b").status, 404u);
  const auto wrong = get("POST", "/hello", "x");
  EXPECT_EQ(wrong.status, 405u);
  EXPECT_EQ(wrong.header("allow"), "GET");
  EXPECT_EQ(get("GET", "/frames").status, 426u);
  const auto head = get("HEAD", "/hello");
  EXPECT_EQ(head.status, 200u);
  EXPECT_TRUE(head.body.empty());
  EXPECT_EQ(get("POST", "/echo", std::string(65'536, 'b')).body.size(), 65'536u);
}

TEST(Http, addresses_have_one_spelling) {
  for (const char* target : {"/things/../hello", "//hello", "/%68ello", "/hello/./x", "/hello\\x", "hello"}) {
    Lab lab;
    auto stream = lab.raw();
    const auto answer = run(lab.io, ask(*stream, std::string("GET ") + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    EXPECT_EQ(status_line(answer), "HTTP/1.1 400 Bad Request") << target;
  }
}

TEST(Http, what_is_not_http_is_refused) {
  const std::pair<std::string, std::string> cases[] = {
      {"\x16\x03\x01 nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request"},
      {"GET /hello HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request"},  // no Host
      {"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "HTTP/1.1 400 Bad Request"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 400 Bad Request"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "HTTP/1.1 400 Bad Request"},
      {"GET /hello HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n", "HTTP/1.1 400 Bad Request"},
      {"GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", "HTTP/1.1 505 HTTP Version Not Supported"},
  };
  for (const auto& [sent, expected] : cases) {
    Lab lab(quick());
    auto stream = lab.raw();
    EXPECT_EQ(status_line(run(lab.io, ask(*stream, sent))), expected) << sent;
  }
}

TEST(Http, a_header_or_body_too_long_is_refused_and_the_refusal_arrives) {
  Lab lab;
  auto stream = lab.raw();
  const std::string long_header = "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(1 << 20, 'x') + "\r\n\r\n";
  EXPECT_EQ(status_line(run(lab.io, ask(*stream, long_header))), "HTTP/1.1 431 Request Header Fields Too Large");
  stream = lab.raw();
  const std::string long_body = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n" + std::string(65'537, 'x');
  EXPECT_EQ(status_line(run(lab.io, ask(*stream, long_body))), "HTTP/1.1 413 Payload Too Large");
  stream = lab.raw();
  std::string chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i) chunked += "1000\r\n" + std::string(4096, 'c') + "\r\n";
  EXPECT_EQ(status_line(run(lab.io, ask(*stream, chunked))), "HTTP/1.1 413 Payload Too Large");
}

Awaitable<void> drip(ByteStream& stream) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const std::string_view byte = "x";
  for (int i = 0; i < 1000; ++i) {
    timer.expires_after(20ms);
    co_await timer.async_wait(as_result);
    const auto done = co_await stream.write_all(byte);
    if (!done) co_return;
  }
}

TEST(Http, a_header_sent_drop_by_drop_meets_the_deadline) {
  Lab lab(quick());
  auto stream = lab.raw();
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(run(lab.io, stream->write_all(std::string_view("GET /hello HTTP/1.1\r\nX: "))));
  run(lab.io, drip(*stream));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST(Http, a_connection_that_says_nothing_is_ended) {
  Lab lab(quick());
  auto stream = lab.raw();
  EXPECT_EQ(run(lab.io, read_all(*stream)), "");
  auto client = lab.connect().value();
  ASSERT_TRUE(run(lab.io, client->request("GET", "/hello")));
  EXPECT_TRUE(lab.until([&] { return lab.server.counts().connections == 0; }));
}

TEST(Http, expect_100_is_answered) {
  Lab lab;
  auto stream = lab.raw();
  const auto answer = run(lab.io, ask(*stream, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")) << answer;
}

TEST(Http, pipelined_requests_are_answered_in_order) {
  Lab lab;
  auto stream = lab.raw();
  const auto answer = run(lab.io, ask(*stream,
      "GET /things/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /things/2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_LT(answer.find("1|-"), answer.find("2|-"));
  EXPECT_NE(answer.find("2|-"), answer.npos);
}

TEST(Http, an_exception_ends_one_connection_and_is_reported) {
  Lab lab;
  auto client = lab.connect().value();
  EXPECT_FALSE(run(lab.io, client->request("GET", "/broken")));
  ASSERT_EQ(lab.faults.size(), 1u);
  EXPECT_EQ(lab.faults[0], "a defect");
  EXPECT_TRUE(run(lab.io, lab.connect().value()->request("GET", "/hello")));
}

// ---- WebSocket ----------------------------------------------------------------------------------

TEST(WebSocket, frames_come_back_whole) {
  Lab lab;
  auto frames = run(lab.io, lab.connect().value()->open_websocket("/frames")).value();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{125}, std::size_t{65'536}, std::size_t{256 * 1024}}) {
    const std::string text(size, 'f');
    ASSERT_TRUE(run(lab.io, frames->write_frame(text)));
    EXPECT_EQ(run(lab.io, frames->read_frame()).value(), text);
  }
}

TEST(WebSocket, the_gate_decides_before_the_switch) {
  Lab lab;
  const auto refused = run(lab.io, lab.connect(false).value()->open_websocket("/frames"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("403"), std::string::npos) << refused.error().text();
}

TEST(WebSocket, a_message_too_long_ends_the_link) {
  Lab lab;
  auto client = lab.connect().value();
  client->limits.frame_bytes = 1 << 20;
  auto frames = run(lab.io, client->open_websocket("/frames")).value();
  static_cast<void>(run(lab.io, frames->write_frame(std::string(256 * 1024 + 1, 'f'))));
  EXPECT_FALSE(run(lab.io, frames->read_frame()));
}

TEST(WebSocket, binary_where_text_is_due_ends_the_link) {
  Lab lab;
  auto bytes = run(lab.io, lab.connect().value()->open_websocket_bytes("/frames")).value();
  ASSERT_TRUE(run(lab.io, bytes->write_all(std::string_view("binary"))));
  std::array<char, 16> buffer;
  const auto n = run(lab.io, bytes->read_some(buffer));
  EXPECT_TRUE(!n || *n == 0);
}

Awaitable<std::size_t> pump(ByteStream& stream, std::size_t size) {
  const std::vector<char> block(32 * 1024, 'p');
  for (std::size_t at = 0; at < size; at += block.size())
    if (!co_await stream.write_all(block)) co_return at;
  co_return size;
}
Awaitable<std::size_t> gather(ByteStream& stream, std::size_t size) {
  std::vector<char> buffer(64 * 1024);
  std::size_t total = 0;
  while (total < size) {
    const auto n = co_await stream.read_some(buffer);
    if (!n || *n == 0) break;
    total += *n;
  }
  co_return total;
}

TEST(WebSocket, bytes_in_binary_messages_come_back_in_order) {
  Lab lab;
  auto bytes = run(lab.io, lab.connect(false).value()->open_websocket_bytes("/relay/x")).value();
  constexpr std::size_t size = 8 << 20;
  const auto [sent, received] = run(lab.io, pump(*bytes, size) && gather(*bytes, size));
  EXPECT_EQ(sent, size);
  EXPECT_EQ(received, size);
}

Awaitable<Errc> read_frame_code(FrameStream& frames) {
  const auto frame = co_await frames.read_frame();
  co_return frame ? Errc{} : frame.error().code;
}
Awaitable<void> close_soon(FrameStream& frames) {
  asio::steady_timer timer(co_await asio::this_coro::executor, 20ms);
  co_await timer.async_wait(as_result);
  frames.close();
  frames.close();
}

TEST(WebSocket, close_ends_a_pending_read) {
  Lab lab;
  auto frames = run(lab.io, lab.connect().value()->open_websocket("/frames")).value();
  EXPECT_EQ(run(lab.io, close_soon(*frames) && read_frame_code(*frames)), Errc::closed);
  EXPECT_FALSE(run(lab.io, frames->write_frame("late")));
}

TEST(WebSocket, a_half_open_peer_is_found_by_the_ping) {
  HttpLimits limits;
  limits.idle_frames = 200ms;
  Lab lab(limits);
  auto client = lab.connect().value();
  client->limits.idle_frames = 60s;
  auto frames = run(lab.io, client->open_websocket("/frames")).value();
  // Nobody reads at our end, so no pong leaves: for the server we are gone.
  EXPECT_TRUE(lab.until([&] { return lab.server.counts().connections == 0; }));
}

Awaitable<Errc> read_frame_or(FrameStream& frames, Millis within) {
  asio::steady_timer timer(co_await asio::this_coro::executor, within);
  auto done = co_await (frames.read_frame() || timer.async_wait(as_result));
  co_return done.index() == 1 ? Errc::unavailable : std::get<0>(done) ? Errc{} : std::get<0>(done).error().code;
}

TEST(WebSocket, a_living_peer_outlives_the_idle_time) {
  HttpLimits limits;
  limits.idle_frames = 200ms;
  Lab lab(limits);
  auto frames = run(lab.io, lab.connect().value()->open_websocket("/frames")).value();
  EXPECT_EQ(run(lab.io, read_frame_or(*frames, 1s)), Errc::unavailable);  // pings were answered meanwhile
  EXPECT_EQ(lab.server.counts().connections, 1u);
}

TEST(WebSocket, a_cancelled_read_ends_the_stream_and_nothing_dangles) {
  Lab lab;
  auto frames = run(lab.io, lab.connect().value()->open_websocket("/frames")).value();
  EXPECT_EQ(run(lab.io, read_frame_or(*frames, 20ms)), Errc::unavailable);
  EXPECT_FALSE(run(lab.io, frames->read_frame()));
  frames.reset();
}

// ---- relay --------------------------------------------------------------------------------------

TEST(Relay, bytes_after_the_upgrade_come_back_and_end) {
  Lab lab;
  auto bytes = run(lab.io, lab.connect().value()->open_relay("/relay/6f1c2b7e")).value();
  constexpr std::size_t size = 8 << 20;
  const auto [sent, received] = run(lab.io, pump(*bytes, size) && gather(*bytes, size));
  EXPECT_EQ(sent, size);
  EXPECT_EQ(received, size);
  bytes->shutdown_write();
  EXPECT_EQ(run(lab.io, read_all(*bytes)), "");
}

TEST(Relay, bytes_sent_with_the_request_are_not_lost) {
  Lab lab;
  auto stream = lab.raw();
  ASSERT_TRUE(run(lab.io, stream->write_all(std::string_view(
      "GET /relay/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: pontlevis-relay/1\r\n\r\nearly"))));
  stream->shutdown_write();
  const auto answer = run(lab.io, read_all(*stream));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nearly")) << answer;
}

TEST(Relay, a_stranger_is_refused) {
  Lab lab;
  EXPECT_FALSE(run(lab.io, lab.connect(false).value()->open_relay("/relay/x")));
}

// ---- the server as a whole ----------------------------------------------------------------------

TEST(Server, stalled_handshakes_do_not_keep_others_out) {
  Lab lab(quick());
  std::vector<LeanStream::Socket> silent, babbling;
  for (int i = 0; i < 100; ++i) {
    silent.emplace_back(lab.io).connect({asio::ip::address_v4::loopback(), lab.server.port()});
    babbling.emplace_back(lab.io).connect({asio::ip::address_v4::loopback(), lab.server.port()});
    asio::write(babbling.back(), asio::buffer(std::string_view("\x16\x03\x01\x02\x00", 5)));  // the begin of a ClientHello
  }
  auto client = lab.connect();
  ASSERT_TRUE(client) << client.error().text();
  EXPECT_TRUE(run(lab.io, (*client)->request("GET", "/hello")));
}

TEST(Server, a_client_that_left_while_waiting_costs_no_handshake) {
  HttpLimits limits = quick();
  limits.handshakes = 1;
  Lab lab(limits);
  LeanStream::Socket holder(lab.io);
  holder.connect({asio::ip::address_v4::loopback(), lab.server.port()});
  asio::write(holder, asio::buffer(std::string_view("\x16\x03\x01\x02\x00", 5)));
  EXPECT_TRUE(lab.until([&] { return lab.server.counts().handshakes > 0; }));
  for (int i = 0; i < 20; ++i) {
    LeanStream::Socket gone(lab.io);
    gone.connect({asio::ip::address_v4::loopback(), lab.server.port()});
    asio::write(gone, asio::buffer(std::string_view("\x16", 1)));
  }
  EXPECT_TRUE(lab.until([&] { return lab.server.counts().waiting >= 20; }));
  holder.close();
  EXPECT_TRUE(lab.until([&] { return lab.server.counts().waiting == 0; }));
  EXPECT_EQ(lab.server.counts().refused, 20u);
  EXPECT_TRUE(lab.connect());
}

TEST(Server, a_revoked_peer_is_cut_off_everywhere) {
  Lab lab;
  auto frames = run(lab.io, lab.connect().value()->open_websocket("/frames")).value();
  auto bytes = run(lab.io, lab.connect().value()->open_relay("/relay/x")).value();
  auto stranger = lab.connect(false).value();
  lab.server.close_peer(certs::read_certificate(pki().agent.chain_pem).value().serial);
  EXPECT_EQ(run(lab.io, read_frame_code(*frames)), Errc::closed);
  EXPECT_EQ(run(lab.io, read_all(*bytes)), "");
  EXPECT_TRUE(run(lab.io, stranger->request("GET", "/hello")));
}

// Drains once the server has taken up that many requests.
Awaitable<void> drain_after(HttpServer& server, std::uint64_t requests) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (server.counts().requests < requests) {
    timer.expires_after(1ms);
    co_await timer.async_wait(as_result);
  }
  co_await server.drain(500ms);
}

TEST(Server, drain_lets_work_finish_and_ends_the_rest) {
  Lab lab;
  auto idle = lab.connect().value();
  ASSERT_TRUE(run(lab.io, idle->request("GET", "/hello")));
  auto busy = lab.connect().value();
  auto frames = run(lab.io, lab.connect().value()->open_websocket("/frames")).value();
  const auto answer = run(lab.io, drain_after(lab.server, 3) && busy->request("GET", "/slow"));
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->body, "at last");
  EXPECT_EQ(answer->header("connection"), "close");
  EXPECT_EQ(lab.server.counts().connections, 0u);
  EXPECT_FALSE(run(lab.io, idle->request("GET", "/hello")));
  EXPECT_EQ(run(lab.io, read_frame_code(*frames)), Errc::closed);
  EXPECT_FALSE(lab.connect());
}

TEST(Server, plain_http_is_for_loopback_only) {
  asio::io_context io;
  HttpServer server(io, router());
  EXPECT_FALSE(server.listen_plain("0.0.0.0", 0));
  EXPECT_FALSE(server.listen_plain("not an address", 0));
  ASSERT_TRUE(server.listen_plain("127.0.0.1", 0));
  auto client = run(io, HttpClient::connect_plain(io, {"127.0.0.1", server.port(), {}}, 5s)).value();
  const auto answer = run(io, client->request("GET", "/hello"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "hello stranger");
  EXPECT_TRUE(answer->header("strict-transport-security").empty());
  run(io, server.drain(1s));
}

TEST(Server, a_port_in_use_is_named) {
  Lab lab;
  HttpServer second(lab.io, router());
  const auto done = second.listen("127.0.0.1", lab.server.port(), pki().server_context());
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().text().find("hint:"), std::string::npos);
}

// ---- the client ---------------------------------------------------------------------------------

TEST(Client, nobody_there_is_an_error_with_a_hint) {
  asio::io_context io;
  const auto client = run(io, HttpClient::connect(io, {"localhost", 1, "127.0.0.1"}, pki().client_context(), nullptr, 2s));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, Errc::unavailable);
  EXPECT_FALSE(client.error().hint.empty());
}

TEST(Client, a_server_that_says_nothing_meets_the_deadline) {
  asio::io_context io;
  asio::ip::tcp::acceptor mute(io, {asio::ip::address_v4::loopback(), 0});
  const HttpEndpoint to{"localhost", mute.local_endpoint().port(), "127.0.0.1"};
  const auto client = run(io, HttpClient::connect(io, to, pki().client_context(), nullptr, 100ms));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, Errc::unavailable);
}

// A CONNECT proxy of one connection: reads the request, answers, and then passes bytes.
Awaitable<std::string> proxy(asio::ip::tcp::acceptor& acceptor, unsigned short to, std::string answer) {
  LeanStream::Socket accepted(static_cast<asio::io_context&>(acceptor.get_executor().context()));
  const auto [ec] = co_await acceptor.async_accept(accepted, as_result);
  if (ec) co_return "nobody came";
  LeanStream inner(std::move(accepted));
  std::array<char, 4096> buffer;
  const auto n = co_await inner.read_some(buffer);
  const std::string asked(buffer.data(), n.value_or(0));
  const auto sent = co_await inner.write_all(answer);
  if (!sent || !answer.starts_with("HTTP/1.1 200")) co_return asked;
  LeanStream::Socket onward(inner.get_executor());
  const asio::ip::tcp::endpoint server(asio::ip::address_v4::loopback(), to);
  const auto [failed] = co_await onward.async_connect(server, as_result);
  if (failed) co_return "the server is not there";
  LeanStream outer(std::move(onward));
  co_await splice(inner, outer);
  co_return asked;
}

Awaitable<Result<HttpResponse>> through_proxy(Lab& lab, const HttpProxy& proxy) {
  const HttpEndpoint to{"localhost", lab.server.port(), {}};
  auto client = co_await HttpClient::connect(lab.io, to, pki().client_context(), &proxy, 5s);
  if (!client) co_return std::unexpected(client.error());
  auto answer = co_await (*client)->request("GET", "/hello");
  (*client)->close();
  co_return answer;
}

TEST(Client, goes_through_an_http_proxy_with_its_password) {
  Lab lab;
  asio::ip::tcp::acceptor acceptor(lab.io, {asio::ip::address_v4::loopback(), 0});
  const HttpProxy through{"127.0.0.1", acceptor.local_endpoint().port(), Secret("cabinet:secret")};
  const auto [asked, answer] =
      run(lab.io, proxy(acceptor, lab.server.port(), "HTTP/1.1 200 Connection established\r\n\r\n") && through_proxy(lab, through));
  EXPECT_TRUE(asked.starts_with("CONNECT localhost:" + std::to_string(lab.server.port()) + " HTTP/1.1\r\n")) << asked;
  EXPECT_NE(asked.find("Basic Y2FiaW5ldDpzZWNyZXQ="), asked.npos);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->body, "hello cabinet-exemple");
}

TEST(Client, a_proxy_that_refuses_is_named) {
  Lab lab;
  asio::ip::tcp::acceptor acceptor(lab.io, {asio::ip::address_v4::loopback(), 0});
  const HttpProxy through{"127.0.0.1", acceptor.local_endpoint().port(), Secret()};
  const auto [asked, answer] =
      run(lab.io, proxy(acceptor, 0, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") && through_proxy(lab, through));
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().what.find("proxy"), std::string::npos);
}

}  // namespace
}  // namespace pontlevis::io
