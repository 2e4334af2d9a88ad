#include "protocol/io/outward/https_call.hpp"

#include <boost/asio/this_coro.hpp>

#include "protocol/io/system.hpp"

namespace pontlevis::io {

namespace asio = boost::asio;

Result<TlsContext> public_trust(const std::filesystem::path& ca_file) {
  PublicCas trust;
  if (!ca_file.empty()) {
    PL_TRY(pem, read_file(ca_file, 256 * 1024));
    if (pem.empty()) return fail(Errc::bad_input, "holds no certificate", ca_file.string());  // empty would mean: everybody
    trust.pem = std::move(pem);
  }
  return TlsContext::for_client(trust);
}

Awaitable<Result<HttpResponse>> https_call(TlsContext tls, HttpsCall call) {
  const auto executor = co_await asio::this_coro::executor;
  auto& io = static_cast<asio::io_context&>(asio::query(executor, asio::execution::context));
  HttpEndpoint to{call.host, call.port, {}};
  PL_CO_TRY(client, co_await HttpClient::connect(io, std::move(to), std::move(tls), nullptr, call.connect_within));
  client->limits.body_bytes = call.most_answer_bytes;
  client->limits.header_timeout = client->limits.body_timeout = call.answer_within / 2;  // together: one answer
  auto answer = co_await client->request(std::move(call.method), std::move(call.target), std::move(call.body), std::move(call.headers));
  client->close();
  co_return answer;
}

}  // namespace pontlevis::io
