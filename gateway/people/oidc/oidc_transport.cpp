// HTTPS to the provider: its certificate by oidc.ca or by what this machine trusts, one connection a request.
#include "gateway/people/oidc/oidc_transport.hpp"

#include <boost/asio/this_coro.hpp>

#include "protocol/io/http/http_client.hpp"
#include "protocol/io/system.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
constexpr Millis connect_within = std::chrono::seconds(8);
constexpr std::size_t most_answer_bytes = 256 * 1024;

class HttpsTransport final : public OidcTransport {
 public:
  explicit HttpsTransport(io::TlsContext tls) : tls_(std::move(tls)) {}
  Awaitable<Result<io::HttpResponse>> send(std::string method, std::string url, std::string body, io::HttpHeaders headers) override {
    const auto where = parse_https(url);
    if (!where) co_return fail(Errc::bad_input, "is not an https address", "identity provider");
    const auto executor = co_await asio::this_coro::executor;
    auto& io = static_cast<asio::io_context&>(asio::query(executor, asio::execution::context));
    io::HttpEndpoint to{where->host, where->port, {}};
    PL_CO_TRY(client, co_await io::HttpClient::connect(io, std::move(to), tls_, nullptr, connect_within));
    client->limits.body_bytes = most_answer_bytes;
    client->limits.header_timeout = client->limits.body_timeout = std::chrono::seconds(5);
    headers.emplace_back("accept", "application/json");
    auto answer = co_await client->request(std::move(method), where->target, std::move(body), std::move(headers));
    client->close();
    co_return answer;
  }

 private:
  io::TlsContext tls_;
};

}  // namespace

Result<std::unique_ptr<OidcTransport>> make_oidc_transport(const Options& options) {
  io::PublicCas trust;
  if (const auto& file = options.text("oidc.ca"); !file.empty()) {
    PL_TRY(pem, io::read_file(file, 256 * 1024));
    trust.pem = std::move(pem);
  }
  PL_TRY(tls, io::TlsContext::for_client(trust));
  return std::make_unique<HttpsTransport>(std::move(tls));
}

}  // namespace pontlevis::gateway
