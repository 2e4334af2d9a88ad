// A loopback world: one CA, one gateway certificate for "localhost" and 127.0.0.1, one agent of "cabinet-exemple".
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "certs/agent_ca.hpp"
#include "protocol/io/http/http_client.hpp"
#include "protocol/io/http/http_server.hpp"
#include "protocol/io/system.hpp"
#include "protocol/io/tls/lean_stream.hpp"

namespace pontlevis::io {

namespace asio = boost::asio;
using namespace std::chrono_literals;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

inline TlsIdentity copy_of(const TlsIdentity& from) { return {from.chain_pem, Secret(from.key_pem.expose())}; }

struct TestPki {
  SystemRandom random;
  Time now = SystemClock().now();
  certs::AgentCa ca = certs::AgentCa::create("Test CA", now, random).value();
  TlsIdentity gateway = server({"localhost", "127.0.0.1"}, now);
  TlsIdentity agent = client("cabinet-exemple", now);

  TlsIdentity server(const std::vector<std::string>& hosts, Time at) {
    auto made = ca.issue_server(hosts, at, random).value();
    return {made.chain_pem, std::move(made.key_pem)};
  }
  TlsIdentity client(const std::string& practice, Time at) {
    const auto id = PracticeId::parse(practice).value();
    auto made = certs::make_agent_request(id).value();
    return {ca.sign_agent(made.request_pem, id, at, random).value(), std::move(made.key_pem)};
  }
  TlsContext server_context() { return TlsContext::for_server(gateway, {ca.certificate_pem(), {}}).value(); }
  TlsContext client_context() { return TlsContext::for_client(PinnedCa{ca.certificate_pem()}, &agent).value(); }
};

inline TestPki& pki() {
  static TestPki instance;
  return instance;
}

// Runs a coroutine to its end on the io_context, and fails the test when it takes too long or throws.
template <class T>
T run(asio::io_context& io, Awaitable<T> work, std::chrono::seconds within = 30s) {
  std::optional<std::exception_ptr> error;
  if constexpr (std::is_void_v<T>) {
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr e) { error = e, io.stop(); });
    io.restart();
    io.run_for(within);
    if (!error) throw std::runtime_error("the coroutine took too long");
    if (*error) std::rethrow_exception(*error);
  } else {
    std::optional<T> out;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, T value) {
      error = e;
      if (!e) out = std::move(value);
      io.stop();
    });
    io.restart();
    io.run_for(within);
    if (!error) throw std::runtime_error("the coroutine took too long");
    if (*error) std::rethrow_exception(*error);
    return std::move(*out);
  }
}

// Two ends of one TCP connection on loopback.
struct SocketPair {
  LeanStream::Socket near, far;
};
inline SocketPair connected_pair(asio::io_context& io) {
  asio::basic_socket_acceptor<asio::ip::tcp, LeanStream::executor_type> acceptor(
      io, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  SocketPair out{LeanStream::Socket(io), LeanStream::Socket(io)};
  out.near.connect(acceptor.local_endpoint());
  acceptor.accept(out.far);
  return out;
}

struct StreamPair {
  std::unique_ptr<LeanStream> client, server;
  Result<> client_result, server_result;
};

inline Awaitable<void> shake_into(LeanStream& stream, Result<>& out, Millis within) { out = co_await stream.handshake(within); }

// Both handshakes, at once. The results say how each side saw it.
inline StreamPair handshake_pair(asio::io_context& io, const TlsContext& client, const TlsContext& server,
                                 const std::string& host = "localhost", Millis within = 5s) {
  using namespace asio::experimental::awaitable_operators;
  SocketPair sockets = connected_pair(io);
  StreamPair out{std::make_unique<LeanStream>(std::move(sockets.near), client, host),
                 std::make_unique<LeanStream>(std::move(sockets.far), server), {}, {}};
  run(io, shake_into(*out.client, out.client_result, within) && shake_into(*out.server, out.server_result, within));
  return out;
}

}  // namespace pontlevis::io
