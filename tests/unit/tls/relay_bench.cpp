// CPU seconds that a relay between two TLS streams costs per gigabyte. The two ends are processes of their own, so
// that only the relay is counted. Prints one JSON line. Usage: tls_relay_bench [megabytes]
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "protocol/io/splice.hpp"
#include "tests/unit/tls/tls_fixture.hpp"

namespace pontlevis::io {
namespace {

double cpu_seconds() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

Awaitable<void> send(LeanStream& stream, std::uint64_t size) {
  const std::vector<char> block(64 * 1024, 'b');
  if (!co_await stream.handshake(10s)) co_return;
  for (std::uint64_t at = 0; at < size; at += block.size())
    if (!co_await stream.write_all(block)) co_return;
  stream.shutdown_write();
  std::array<char, 64> end;
  static_cast<void>(co_await stream.read_some(end));
}

Awaitable<std::uint64_t> receive(LeanStream& stream) {
  std::vector<char> buffer(64 * 1024);
  std::uint64_t total = 0;
  if (!co_await stream.handshake(10s)) co_return 0;
  stream.prepare_bulk();
  for (;;) {
    const auto n = co_await stream.read_some(buffer);
    if (!n || *n == 0) co_return stream.close(), total;
    total += *n;
  }
}

// One end, in its own process. Answers with its pid. The descriptor leaves the parent's loop before the fork: a
// descriptor that both processes hold would stay in the parent's epoll set.
pid_t end_process(LeanStream::Socket& near, std::uint64_t size) {
  const int fd = near.release();
  const pid_t pid = ::fork();
  if (pid != 0) return ::close(fd), pid;
  asio::io_context own;
  LeanStream stream(LeanStream::Socket(own, asio::ip::tcp::v4(), fd), pki().client_context(), "localhost");
  const bool good = size > 0 ? (run(own, send(stream, size), 300s), true) : run(own, receive(stream), 300s) > 0;
  ::_exit(good ? 0 : 1);
}

Awaitable<void> relay(LeanStream& left, LeanStream& right, SpliceCount& count) {
  if (!co_await left.handshake(10s) || !co_await right.handshake(10s)) co_return;
  left.prepare_bulk();
  right.prepare_bulk();
  co_await splice(left, right, &count);
}

int bench(std::uint64_t size) {
  static_cast<void>(pki());
  asio::io_context io;
  SocketPair a = connected_pair(io), b = connected_pair(io);
  const pid_t sender = end_process(a.near, size);
  const pid_t receiver = end_process(b.near, 0);
  LeanStream left(std::move(a.far), pki().server_context()), right(std::move(b.far), pki().server_context());
  SpliceCount count;
  const double cpu = cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  run(io, relay(left, right, count), 300s);
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double used = cpu_seconds() - cpu;
  ::waitpid(sender, nullptr, 0);
  ::waitpid(receiver, nullptr, 0);
  const double gigabytes = static_cast<double>(count.a_to_b) / 1e9;
  std::printf("{\"gigabytes\":%.2f,\"cpu_s_per_gb\":%.2f,\"mb_per_s\":%.0f}\n", gigabytes, used / gigabytes,
              gigabytes * 1000 / wall);
  return 0;
}

}  // namespace
}  // namespace pontlevis::io

int main(int argc, char** argv) {
  return pontlevis::io::bench((argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2000) * 1'000'000);
}
