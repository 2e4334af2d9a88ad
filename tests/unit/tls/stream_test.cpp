// What the lean stream promises to those who read and write it.
#include <malloc.h>
#if __has_feature(address_sanitizer)
#include <sanitizer/allocator_interface.h>
#endif

#include "protocol/io/splice.hpp"
#include "tests/unit/tls/tls_fixture.hpp"

namespace pontlevis::io {
namespace {

using namespace asio::experimental::awaitable_operators;

// Bytes of the heap in use. Not the resident size: a sanitizer keeps what was freed.
std::size_t heap_in_use() {
#if __has_feature(address_sanitizer)
  return __sanitizer_get_current_allocated_bytes();
#else
  return mallinfo2().uordblks;
#endif
}
std::size_t peak_heap = 0;

// A byte of the endless stream that both sides can compute.
char pattern(std::uint64_t at) { return static_cast<char>((at * 2654435761u) >> 13); }

Awaitable<void> send_pattern(ByteStream& to, std::uint64_t size, std::size_t chunk) {
  std::vector<char> buffer(chunk);
  for (std::uint64_t at = 0; at < size;) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(chunk, size - at));
    for (std::size_t i = 0; i < n; ++i) buffer[i] = pattern(at + i);
    const auto done = co_await to.write_all({buffer.data(), n});
    if (!done) co_return;
    at += n;
  }
  to.shutdown_write();
}

// How many bytes came in the right order before the end; the end must be a clean one.
Awaitable<std::uint64_t> check_pattern(ByteStream& from) {
  std::vector<char> buffer(64 * 1024);
  std::uint64_t at = 0;
  for (;;) {
    const auto n = co_await from.read_some(buffer);
    if (!n) co_return at | (1ull << 63);
    if (*n == 0) co_return at;
    peak_heap = std::max(peak_heap, heap_in_use());
    for (std::size_t i = 0; i < *n; ++i, ++at)
      if (buffer[i] != pattern(at)) co_return at | (1ull << 62);
  }
}

StreamPair sealed_pair(asio::io_context& io) { return handshake_pair(io, pki().client_context(), pki().server_context()); }

TEST(LeanStream, bytes_arrive_whole_in_both_directions_at_once) {
  asio::io_context io;
  auto pair = sealed_pair(io);
  constexpr std::uint64_t size = 20'000'003;
  const auto [up, down] = run(io, (send_pattern(*pair.client, size, 65'536) && send_pattern(*pair.server, size, 7'919)) &&
                                      (check_pattern(*pair.server) && check_pattern(*pair.client)));
  EXPECT_EQ(up, size);
  EXPECT_EQ(down, size);
}

TEST(LeanStream, one_read_fills_the_buffer_from_several_records) {
  asio::io_context io;
  auto pair = sealed_pair(io);
  pair.server->prepare_bulk();
  const std::string text(60'000, 'x');
  ASSERT_TRUE(run(io, pair.client->write_all(text)));
  std::vector<char> buffer(64 * 1024);
  const auto n = run(io, pair.server->read_some(buffer));
  EXPECT_EQ(n.value(), text.size());
}

TEST(LeanStream, a_half_closed_stream_still_reads) {
  asio::io_context io;
  auto pair = sealed_pair(io);
  pair.client->shutdown_write();
  std::array<char, 64> buffer;
  EXPECT_EQ(run(io, pair.server->read_some(buffer)).value(), 0u);
  ASSERT_TRUE(run(io, pair.server->write_all(std::string_view("still here"))));
  EXPECT_EQ(run(io, pair.client->read_some(buffer)).value(), 10u);
}

TEST(LeanStream, a_cut_connection_is_an_error_and_not_an_end) {
  asio::io_context io;
  auto pair = sealed_pair(io);
  LeanStream::Socket bare = pair.client->release();
  bare.close();  // without close_notify
  std::array<char, 64> buffer;
  const auto n = run(io, pair.server->read_some(buffer));
  ASSERT_FALSE(n);
  EXPECT_EQ(n.error().code, Errc::closed);
}

TEST(LeanStream, what_was_unread_comes_first) {
  asio::io_context io;
  auto pair = sealed_pair(io);
  pair.server->unread("before ");
  ASSERT_TRUE(run(io, pair.client->write_all(std::string_view("after"))));
  std::array<char, 4> four;
  EXPECT_EQ(run(io, pair.server->read_some(four)).value(), 4u);
  EXPECT_EQ(std::string_view(four.data(), 4), "befo");
  EXPECT_EQ(run(io, pair.server->read_some(four)).value(), 3u);
  EXPECT_EQ(run(io, pair.server->read_some(four)).value(), 4u);
  EXPECT_EQ(std::string_view(four.data(), 4), "afte");
}

Awaitable<Errc> read_till_error(LeanStream& stream) {
  std::array<char, 64> buffer;
  for (;;) {
    const auto n = co_await stream.read_some(buffer);
    if (!n) co_return n.error().code;
    if (*n == 0) co_return Errc{};  // a clean end
  }
}

Awaitable<Errc> write_till_error(LeanStream& stream) {
  const std::vector<char> block(256 * 1024, 'w');
  for (;;) {
    const auto done = co_await stream.write_all(block);
    if (!done) co_return done.error().code;
  }
}

// Closes twice once the write cannot go on (nobody reads at the other end).
Awaitable<void> close_twice(LeanStream& stream) {
  asio::steady_timer timer(stream.get_executor(), 30ms);
  co_await timer.async_wait(as_result);
  stream.close();
  stream.close();
}

TEST(LeanStream, close_ends_a_pending_read_and_a_pending_write) {
  asio::io_context io;
  auto pair = sealed_pair(io);
  const auto [reading, writing] =
      run(io, close_twice(*pair.server) && (read_till_error(*pair.server) && write_till_error(*pair.server)));
  EXPECT_EQ(reading, Errc::closed);
  EXPECT_EQ(writing, Errc::closed);
  EXPECT_EQ(run(io, read_till_error(*pair.server)), Errc::closed);
}

TEST(LeanStream, its_closer_works_from_outside_and_after_its_end) {
  asio::io_context io;
  auto pair = sealed_pair(io);
  const auto closer = pair.server->closer();
  closer();
  EXPECT_FALSE(pair.server->is_open());
  pair.server.reset();
  closer();
}

Awaitable<bool> cancelled_read(LeanStream& stream, LeanStream& peer) {
  std::array<char, 64> buffer;
  asio::steady_timer timer(stream.get_executor(), 20ms);
  const auto first = co_await (stream.read_some(buffer) || timer.async_wait(asio::use_awaitable));
  if (first.index() != 1) co_return false;
  const std::string_view text = "later";
  const auto sent = co_await peer.write_all(text);
  const auto n = co_await stream.read_some(buffer);
  co_return sent && n && *n == text.size();
}

TEST(LeanStream, a_cancelled_read_loses_nothing) {
  asio::io_context io;
  auto pair = sealed_pair(io);
  EXPECT_TRUE(run(io, cancelled_read(*pair.server, *pair.client)));
}

Awaitable<bool> cancelled_write(LeanStream& stream) {
  const std::vector<char> much(64 << 20, 'w');
  asio::steady_timer timer(stream.get_executor(), 20ms);
  const auto first = co_await (stream.write_all(much) || timer.async_wait(asio::use_awaitable));
  co_return first.index() == 1;
}

// Also when the cancellation meets the write between two waits, where it shows as an exception.
TEST(LeanStream, a_write_cancelled_in_its_middle_ends_the_stream_as_cut) {
  asio::io_context io;
  auto pair = sealed_pair(io);
  EXPECT_TRUE(run(io, cancelled_write(*pair.server)));
  EXPECT_FALSE(pair.server->is_open());
  pair.server.reset();
  const auto seen = run(io, read_till_error(*pair.client));  // never a clean end
  EXPECT_EQ(seen, Errc::closed);
}

// The two ends of a relay: what goes in at `left` comes out at `right`.
struct Relayed {
  StreamPair left, right;
};
Relayed relayed(asio::io_context& io) { return {sealed_pair(io), sealed_pair(io)}; }

Awaitable<std::tuple<std::uint64_t, std::uint64_t>> both_ways(Relayed& r, std::uint64_t size, SpliceCount* counts) {
  return (send_pattern(*r.left.client, size, 65'536) && send_pattern(*r.right.client, size, 65'536) &&
          splice(*r.left.server, *r.right.server, counts)) &&
         (check_pattern(*r.right.client) && check_pattern(*r.left.client));
}

TEST(Relay, two_hundred_megabytes_each_way_arrive_whole_in_bounded_memory) {
  asio::io_context io;
  auto r = relayed(io);
  constexpr std::uint64_t size = 200'000'000;
  run(io, both_ways(r, 1 << 20, nullptr));
  r = relayed(io);
  const std::size_t before = peak_heap = heap_in_use();
  SpliceCount counts;
  const auto [up, down] = run(io, both_ways(r, size, &counts), 100s);
  EXPECT_EQ(up, size);
  EXPECT_EQ(down, size);
  EXPECT_EQ(counts.a_to_b, size);
  EXPECT_EQ(counts.b_to_a, size);
  EXPECT_LT(peak_heap, before + (4u << 20));
}

Awaitable<void> slow_reader(LeanStream& stream, std::uint64_t& count) {
  std::vector<char> buffer(4096);
  asio::steady_timer timer(stream.get_executor());
  for (int i = 0; i < 40; ++i) {
    timer.expires_after(5ms);
    co_await timer.async_wait(as_result);
    const auto n = co_await stream.read_some(buffer);
    if (!n) co_return;
    count += *n;
  }
  stream.close();
}

TEST(Relay, a_slow_reader_slows_the_sender_and_nothing_piles_up) {
  asio::io_context io;
  auto r = relayed(io);
  std::uint64_t received = 0;
  SpliceCount counts;
  run(io, slow_reader(*r.right.client, received) && send_pattern(*r.left.client, 1ull << 40, 65'536) &&
              splice(*r.left.server, *r.right.server, &counts));
  EXPECT_GT(received, 0u);
  EXPECT_LT(counts.a_to_b, 32u << 20);  // what the kernel's buffers hold
}

// A loop with a stream that is always ready must still serve others: the stop button is one of them.
Awaitable<int> ticks_during(LeanStream& stream, bool& done) {
  asio::steady_timer timer(stream.get_executor());
  int ticks = 0;
  while (!done) {
    timer.expires_after(1ms);
    co_await timer.async_wait(as_result);
    ++ticks;
  }
  co_return ticks;
}
Awaitable<void> copy_through(LeanStream& from, LeanStream& to, bool& done) {
  co_await (send_pattern(from, 100 << 20, 65'536) && check_pattern(to));
  done = true;
}
TEST(LeanStream, a_busy_stream_gives_way) {
  asio::io_context io;
  auto pair = sealed_pair(io);
  bool done = false;
  const auto ticks = run(io, ticks_during(*pair.client, done) && copy_through(*pair.client, *pair.server, done), 60s);
  EXPECT_GT(ticks, 20);
}

TEST(LeanStream, plain_streams_keep_the_same_promises) {
  asio::io_context io;
  SocketPair sockets = connected_pair(io);
  LeanStream a(std::move(sockets.near)), b(std::move(sockets.far));
  constexpr std::uint64_t size = 5'000'000;
  const auto [up, down] =
      run(io, (send_pattern(a, size, 65'536) && send_pattern(b, size, 65'536)) && (check_pattern(a) && check_pattern(b)));
  EXPECT_EQ(up, size);
  EXPECT_EQ(down, size);
}

}  // namespace
}  // namespace pontlevis::io
