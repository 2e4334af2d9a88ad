#include "agent/tools/tcp.hpp"

#include "tests/unit/tools/tools_test.hpp"

namespace pontlevis::agent::testing {
namespace {

using namespace boost::asio::experimental::awaitable_operators;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

class TcpTest : public ::testing::Test {
 protected:
  boost::asio::io_context loop;
  tcp::acceptor acceptor{loop, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  SwitchedGate gate{loop.get_executor()};
  Operator op{loop.get_executor()};
  TcpTool tool() { return {"127.0.0.1", acceptor.local_endpoint().port(), "PACS"}; }
  static Awaitable<void> connecting(TcpTool to, Millis deadline, Result<std::unique_ptr<TcpStream>>* out) {
    *out = co_await connect_tcp(std::move(to), deadline);
  }
  Result<std::unique_ptr<TcpStream>> connect(TcpTool to, Millis deadline = Millis(10'000)) {
    Result<std::unique_ptr<TcpStream>> out;
    on_loop(connecting(std::move(to), deadline, &out), loop);
    return out;
  }
};

TEST_F(TcpTest, a_refused_connection_says_so_without_the_address) {
  auto to = tool();
  acceptor.close();
  const auto result = connect(to);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::unavailable);
  EXPECT_EQ(result.error().where, "tcp PACS");
  EXPECT_EQ(result.error().text().find("127.0.0.1"), std::string::npos);
}

TEST_F(TcpTest, an_unknown_name_is_unavailable) {
  EXPECT_EQ(connect({"no-such-host.invalid", 80, "X"}).error().code, Errc::unavailable);
}

// A listener whose queue is full lets the SYN wait: the same as a machine that is off.
TEST_F(TcpTest, a_silent_machine_costs_the_deadline_and_no_more) {
  tcp::acceptor full(loop);
  full.open(tcp::v4());
  full.bind({boost::asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  std::vector<tcp::socket> fill;
  for (int i = 0; i < 4; ++i) {
    fill.emplace_back(loop);
    fill.back().open(tcp::v4());
    fill.back().non_blocking(true);
    const auto to = full.local_endpoint();
    ::connect(fill.back().native_handle(), to.data(), static_cast<socklen_t>(to.size()));
  }
  const auto begun = std::chrono::steady_clock::now();
  const auto result = connect({"127.0.0.1", full.local_endpoint().port(), "X"}, Millis(300));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::expired);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
}

Awaitable<void> echo_once(tcp::acceptor* acceptor) {
  auto socket = co_await acceptor->async_accept(use_awaitable);
  std::vector<char> part(64 * 1024);
  boost::system::error_code error;
  for (;;) {
    const auto n = co_await socket.async_read_some(boost::asio::buffer(part), boost::asio::redirect_error(use_awaitable, error));
    if (error) break;
    co_await boost::asio::async_write(socket, boost::asio::buffer(part, n), use_awaitable);
  }
  socket.shutdown(tcp::socket::shutdown_send, error);
}

Awaitable<void> exchange(Operator* op, TcpTool to, SwitchedGate* gate, std::size_t size, std::uint64_t* in, std::uint64_t* out) {
  auto machine = co_await connect_tcp(std::move(to));
  EXPECT_TRUE(machine);
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::co_spawn(executor, serve_tcp(*op, **machine, *gate), boost::asio::detached);
  const std::string sent(size, 'd');
  boost::asio::co_spawn(executor, [](Operator* o, std::string s) -> Awaitable<void> {
    co_await o->type(std::move(s));
    o->input.end();
  }(op, sent), boost::asio::detached);
  const auto got = co_await op->all_output();
  EXPECT_EQ(got, sent);
  *in = (*machine)->bytes_in();
  *out = (*machine)->bytes_out();
  boost::asio::steady_timer settle(executor, std::chrono::milliseconds(1));
  co_await settle.async_wait(use_awaitable);  // serve_tcp closes both before the machine goes
}

TEST_F(TcpTest, bytes_pass_both_ways_and_are_counted) {
  boost::asio::co_spawn(loop, echo_once(&acceptor), boost::asio::detached);
  std::uint64_t in = 0, out = 0;
  on_loop(exchange(&op, tool(), &gate, 8 << 20, &in, &out), loop);
  EXPECT_EQ(in, 8u << 20);
  EXPECT_EQ(out, 8u << 20);
}

Awaitable<void> paused(Operator* op, TcpTool to, SwitchedGate* gate, tcp::acceptor* acceptor) {
  auto machine = co_await connect_tcp(std::move(to));
  auto socket = co_await acceptor->async_accept(use_awaitable);
  const auto executor = co_await boost::asio::this_coro::executor;
  gate->set(GateState::paused);
  boost::asio::co_spawn(executor, serve_tcp(*op, **machine, *gate), boost::asio::detached);
  co_await op->type("held");
  co_await boost::asio::async_write(socket, boost::asio::buffer("held", 4), use_awaitable);
  boost::asio::steady_timer timer(executor, std::chrono::milliseconds(100));
  co_await timer.async_wait(use_awaitable);
  EXPECT_EQ(socket.available(), 0u);
  EXPECT_EQ(op->output.waiting(), "");
  gate->set(GateState::open);
  co_await op->output_until("held");
  co_await socket.async_wait(tcp::socket::wait_read, use_awaitable);
  EXPECT_EQ(socket.available(), 4u);
  gate->set(GateState::closed);
  co_await op->type("never");
  boost::system::error_code error;
  std::array<char, 64> rest;
  std::size_t got = 0;
  while (!error) got += co_await socket.async_read_some(boost::asio::buffer(rest), boost::asio::redirect_error(use_awaitable, error));
  EXPECT_EQ(got, 4u);
  timer.expires_after(std::chrono::milliseconds(1));
  co_await timer.async_wait(use_awaitable);
}

TEST_F(TcpTest, a_pause_holds_both_ways_and_a_stop_ends_both) {
  on_loop(paused(&op, tool(), &gate, &acceptor), loop);
}

}  // namespace
}  // namespace pontlevis::agent::testing
