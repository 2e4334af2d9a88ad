// Who may connect to whom: the handshake matrix.
#include "tests/unit/tls/tls_fixture.hpp"

#include "protocol/io/tls/openssl.hpp"

namespace pontlevis::io {
namespace {

Result<std::size_t> first_read(asio::io_context& io, LeanStream& stream) {
  std::array<char, 16> buffer;
  return run(io, stream.read_some(buffer));
}

TEST(Handshake, both_sides_know_each_other) {
  asio::io_context io;
  auto pair = handshake_pair(io, pki().client_context(), pki().server_context());
  ASSERT_TRUE(pair.client_result) << pair.client_result.error().text();
  ASSERT_TRUE(pair.server_result) << pair.server_result.error().text();
  ASSERT_TRUE(pair.server->peer());
  EXPECT_EQ(pair.server->peer()->common_name, "cabinet-exemple");
  const auto info = certs::read_certificate(pki().agent.chain_pem).value();
  EXPECT_EQ(pair.server->peer()->serial, info.serial);
  EXPECT_EQ(pair.server->peer()->sha256, info.sha256);
  EXPECT_EQ(pair.client->peer()->common_name, "Pontlevis gateway");
}

TEST(Handshake, an_address_counts_as_a_host_name) {
  asio::io_context io;
  const auto pair = handshake_pair(io, pki().client_context(), pki().server_context(), "127.0.0.1");
  EXPECT_TRUE(pair.client_result);
}

TEST(Handshake, a_client_without_certificate_is_a_stranger_but_welcome) {
  asio::io_context io;
  const auto client = TlsContext::for_client(PinnedCa{pki().ca.certificate_pem()}).value();
  const auto pair = handshake_pair(io, client, pki().server_context());
  ASSERT_TRUE(pair.client_result && pair.server_result);
  EXPECT_FALSE(pair.server->peer());
}

TEST(Handshake, a_client_of_another_ca_is_refused) {
  asio::io_context io;
  TestPki other;
  const auto client = TlsContext::for_client(PinnedCa{pki().ca.certificate_pem()}, &other.agent).value();
  auto pair = handshake_pair(io, client, pki().server_context());
  ASSERT_FALSE(pair.server_result);
  EXPECT_FALSE(pair.server->peer());
  const auto read = first_read(io, *pair.client);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().what.find("does not know the authority"), std::string::npos) << read.error().text();
}

TEST(Handshake, an_expired_client_is_refused_in_plain_words) {
  asio::io_context io;
  const TlsIdentity old = pki().client("cabinet-exemple", pki().now - std::chrono::days(100));
  const auto client = TlsContext::for_client(PinnedCa{pki().ca.certificate_pem()}, &old).value();
  auto pair = handshake_pair(io, client, pki().server_context());
  ASSERT_FALSE(pair.server_result);
  EXPECT_EQ(pair.server_result.error().code, Errc::expired);
  const auto read = first_read(io, *pair.client);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::expired) << read.error().text();
}

TEST(Handshake, a_revoked_client_is_refused_and_told_so) {
  asio::io_context io;
  const auto serial = certs::read_certificate(pki().agent.chain_pem).value().serial;
  const auto is_revoked = [serial](std::string_view asked) { return asked == serial; };
  const auto server = TlsContext::for_server(pki().gateway, {pki().ca.certificate_pem(), is_revoked}).value();
  auto pair = handshake_pair(io, pki().client_context(), server);
  ASSERT_FALSE(pair.server_result);
  EXPECT_NE(pair.server_result.error().what.find("revoked"), std::string::npos);
  const auto read = first_read(io, *pair.client);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().what.find("revoked"), std::string::npos) << read.error().text();
}

TEST(Handshake, a_server_certificate_is_not_a_client_certificate) {
  asio::io_context io;
  const auto client = TlsContext::for_client(PinnedCa{pki().ca.certificate_pem()}, &pki().gateway).value();
  const auto pair = handshake_pair(io, client, pki().server_context());
  EXPECT_FALSE(pair.server_result);
  EXPECT_FALSE(pair.server->peer());
}


Error refusal_by_client(const TlsContext& server, const std::string& host = "localhost") {
  asio::io_context io;
  const auto pair = handshake_pair(io, pki().client_context(), server, host);
  EXPECT_FALSE(pair.server_result);
  return pair.client_result ? Error{} : pair.client_result.error();
}

TEST(Handshake, a_server_of_another_ca_is_refused) {
  TestPki other;
  const Error e = refusal_by_client(other.server_context());
  EXPECT_NE(e.what.find("not signed by an authority trusted here"), std::string::npos) << e.text();
}

TEST(Handshake, a_server_with_another_name_is_refused) {
  const Error e = refusal_by_client(pki().server_context(), "other.vendor.example");
  EXPECT_NE(e.what.find("another name"), std::string::npos) << e.text();
}

TEST(Handshake, a_server_with_another_address_is_refused) {
  const Error e = refusal_by_client(pki().server_context(), "127.0.0.2");
  EXPECT_NE(e.what.find("another address"), std::string::npos) << e.text();
}

TEST(Handshake, an_expired_server_is_refused) {
  const auto old = pki().server({"localhost"}, pki().now - std::chrono::days(366));
  const Error e = refusal_by_client(TlsContext::for_server(old).value());
  EXPECT_EQ(e.code, Errc::expired) << e.text();
}

TEST(Handshake, an_agent_certificate_cannot_play_the_gateway) {
  const Error e = refusal_by_client(TlsContext::for_server(pki().agent).value());
  EXPECT_FALSE(e.what.empty());
}

// ---- enrolment: trust by the pin of a CA's key ---------------------------------------------------

StreamPair pinned(asio::io_context& io, const Digest& pin, const TlsContext& server, const std::string& host = "localhost") {
  const auto client = TlsContext::for_client(PinnedKey{pin}).value();
  return handshake_pair(io, client, server, host);
}

TEST(Pin, the_ca_of_the_presented_chain_is_found_by_its_key) {
  asio::io_context io;
  const auto pair = pinned(io, pki().ca.pin(), pki().server_context());
  EXPECT_TRUE(pair.client_result) << pair.client_result.error().text();
}

TEST(Pin, another_key_is_refused) {
  asio::io_context io;
  Digest other = pki().ca.pin();
  other.bytes[31] ^= 1;
  EXPECT_FALSE(pinned(io, other, pki().server_context()).client_result);
}

TEST(Pin, the_name_still_counts) {
  asio::io_context io;
  const auto pair = pinned(io, pki().ca.pin(), pki().server_context(), "other.vendor.example");
  EXPECT_FALSE(pair.client_result);
}

TEST(Pin, the_pin_of_the_leaf_is_not_the_pin_of_its_ca) {
  asio::io_context io;
  const auto leaf = certs::spki_pin(pki().gateway.chain_pem).value();
  EXPECT_FALSE(pinned(io, leaf, pki().server_context()).client_result);
}

// A false gateway shows the true CA behind its own leaf.
TEST(Pin, the_true_ca_beside_a_false_leaf_is_refused) {
  asio::io_context io;
  TestPki other;
  TlsIdentity false_gateway = copy_of(other.gateway);
  false_gateway.chain_pem = other.gateway.chain_pem + pki().ca.certificate_pem();
  const auto server = TlsContext::for_server(false_gateway).value();
  EXPECT_FALSE(pinned(io, pki().ca.pin(), server).client_result);
}

// ---- versions and strangers ----------------------------------------------------------------------

Awaitable<void> shake_with(LeanStream& stream, Result<>& out) { out = co_await stream.handshake(5s); }

// What a blocking OpenSSL client of another kind meets; its thread ends with the handshake.
int foreign_client(LeanStream::Socket::native_handle_type fd, int version) {
  const SslCtxPtr ctx(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_max_proto_version(ctx.get(), version);
  const SslPtr ssl(SSL_new(ctx.get()));
  SSL_set_fd(ssl.get(), fd);
  const int done = SSL_connect(ssl.get());
  ERR_clear_error();
  return done;
}

TEST(Handshake, tls_1_2_is_refused) {
  asio::io_context io;
  SocketPair sockets = connected_pair(io);
  LeanStream server(std::move(sockets.far), pki().server_context());
  int client_result = 1;
  sockets.near.native_non_blocking(false);
  std::thread client([&] { client_result = foreign_client(sockets.near.native_handle(), TLS1_2_VERSION); });
  Result<> result;
  run(io, shake_with(server, result));
  client.join();
  EXPECT_NE(client_result, 1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "the other side does not speak TLS 1.3");
}

TEST(Handshake, plain_http_to_the_tls_port_is_named) {
  asio::io_context io;
  SocketPair sockets = connected_pair(io);
  LeanStream server(std::move(sockets.far), pki().server_context());
  asio::write(sockets.near, asio::buffer(std::string_view("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")));
  Result<> result;
  run(io, shake_with(server, result));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "the other side speaks HTTP without TLS");
}

TEST(Handshake, a_stalled_peer_meets_the_deadline) {
  asio::io_context io;
  SocketPair sockets = connected_pair(io);
  LeanStream server(std::move(sockets.far), pki().server_context());
  const auto begin = std::chrono::steady_clock::now();
  const auto result = run(io, server.handshake(50ms));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::unavailable);
  EXPECT_FALSE(server.is_open());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST(Handshake, a_peer_that_leaves_ends_it) {
  asio::io_context io;
  SocketPair sockets = connected_pair(io);
  LeanStream server(std::move(sockets.far), pki().server_context());
  sockets.near.close();
  const auto result = run(io, server.handshake(5s));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::closed);
}

TEST(Context, bad_keys_and_certificates_are_refused_with_words) {
  TlsIdentity mixed = copy_of(pki().gateway);
  mixed.key_pem = Secret(pki().agent.key_pem.expose());
  EXPECT_FALSE(TlsContext::for_server(mixed));
  EXPECT_FALSE(TlsContext::for_server(TlsIdentity{"nothing", Secret("nothing")}));
  EXPECT_FALSE(TlsContext::for_client(PinnedCa{"nothing"}));
  EXPECT_FALSE(TlsContext::for_client(PinnedCa{pki().agent.chain_pem}));  // no CA
  EXPECT_FALSE(TlsContext::for_client(PinnedCa{pki().ca.certificate_pem() + TestPki().ca.certificate_pem()}));
}

}  // namespace
}  // namespace pontlevis::io
