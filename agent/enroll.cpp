#include "agent/enroll.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "certs/agent_ca.hpp"
#include "protocol/io/http/http_client.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {

struct Answer {
  std::string certificate;
  std::string ca;
  std::string staff;
  std::string log;
};

Result<Answer> read_answer(const io::HttpResponse& response) {
  if (response.status != 200) {
    const auto problem = parse_object(response.body, certs::max_pem_bytes, "answer of the gateway", JsonForm::any);
    std::string what = "the gateway refused the enrolment (" + std::to_string(response.status) + ")";
    if (problem)
      if (const auto* error = problem->if_contains("error"); error && error->is_object())
        if (const auto* text = error->get_object().if_contains("what"); text && text->is_string())
          what += ": " + printable(std::string_view(text->get_string()));
    return fail(Errc::not_allowed, what, "enroll", "a code is valid once, for 24 hours; ask the vendor for a new one");
  }
  PL_TRY(object, parse_object(response.body, certs::max_pem_bytes, "answer of the gateway", JsonForm::any));
  constexpr auto many = StrictObject::Lines::many;
  StrictObject in(object, "answer of the gateway");
  Answer out{in.text("certificate", 1, 16384, many), in.text("ca", 1, 16384, many), in.text("staff_vkey", 1, 400),
             in.text("log_vkey", 1, 400)};
  static_cast<void>(in.time("gateway_time"));
  PL_CHECK(in.finish());
  return out;
}

constexpr Millis within = std::chrono::seconds(15);

io::Awaitable<Result<io::HttpResponse>> call(net::io_context& loop, GatewayAddress gateway, io::ServerTrust trust,
                                             std::string method, std::string target, std::string body) {
  PL_CO_TRY(tls, io::TlsContext::for_client(trust));
  io::HttpEndpoint to{.host = gateway.host, .port = gateway.port, .dial = {}};
  PL_CO_TRY(client, co_await io::HttpClient::connect(loop, std::move(to), std::move(tls), nullptr, within));
  co_return co_await client->request(std::move(method), std::move(target), std::move(body));
}

Result<io::HttpResponse> call_now(const EnrolRequest& request, io::ServerTrust trust, std::string method,
                                  std::string target, std::string body) {
  net::io_context loop;
  Result<io::HttpResponse> out = fail(Errc::internal, "no answer");
  auto calling = call(loop, request.gateway, std::move(trust), std::move(method), std::move(target), std::move(body));
  net::co_spawn(loop, std::move(calling), [&out](std::exception_ptr e, Result<io::HttpResponse> r) {
    if (!e) out = std::move(r);
  });
  loop.run();
  return out;
}

// What the gateway says of itself is believed only when it is what the code's pin was made over.
Result<certs::TrustBundle> fetch_bundle(const EnrolRequest& request) {
  PL_TRY(response, call_now(request, io::UnverifiedServer{}, "GET", "/trust", ""));
  if (response.status != 200) return fail(Errc::unavailable, "the gateway does not say what it is", request.gateway.text());
  PL_TRY(bundle, certs::TrustBundle::parse(response.body));
  if (!request.code.matches(bundle, request.practice))
    return fail(Errc::bad_signature, "this is not the gateway, or not the practice, that the code was made for",
                request.gateway.text(), "check the address and the practice's name with the vendor, by phone");
  return bundle;
}

Result<Answer> ask(const EnrolRequest& request, const certs::TrustBundle& bundle, const KeyFolder::Fresh& fresh,
                   const std::string& csr) {
  json::array host_keys;
  for (const auto& key : fresh.host_keys) host_keys.emplace_back(key.public_key().line());
  const json::object body{{"code_secret", to_hex(request.code.secret().expose())},
                          {"practice", request.practice.text()},
                          {"practice_vkey", fresh.practice_key.verifier().text()},
                          {"witness_vkey", fresh.witness_key.verifier().text()},
                          {"host_keys", std::move(host_keys)},
                          {"csr", csr}};
  PL_TRY(response, call_now(request, io::PinnedKey{bundle.ca_spki_sha256}, "POST", "/enrol", json::serialize(body)));
  return read_answer(response);
}

Result<> agrees(const Answer& answer, const certs::TrustBundle& bundle) {
  PL_TRY(pin, certs::spki_pin(answer.ca));
  if (pin != bundle.ca_spki_sha256 || answer.staff != bundle.staff.text() || answer.log != bundle.log.text())
    return fail(Errc::bad_signature, "the gateway's answer is not what the code was made for", "enroll");
  return {};
}

}  // namespace

Result<> enroll(const EnrolRequest& request, Random& random) {
  const KeyFolder folder(request.data);
  if (folder.exists())
    return fail(Errc::conflict, "this practice is enrolled already", request.data.string(), "use another --data folder, or `pontlevis-agent check`");
  PL_TRY(bundle, fetch_bundle(request));
  PL_TRY(fresh, KeyFolder::make(request.practice, random));
  PL_TRY(csr, certs::make_agent_request(request.practice));
  PL_TRY(answer, ask(request, bundle, fresh, csr.request_pem));
  PL_CHECK(agrees(answer, bundle));
  const io::TlsIdentity tls{answer.certificate, std::move(csr.key_pem)};
  PL_TRY(usable, io::TlsContext::for_client(io::PinnedCa{answer.ca}, &tls));
  static_cast<void>(usable);
  return folder.complete(fresh, request.practice, request.gateway, bundle.staff, bundle.log, answer.ca, tls);
}

}  // namespace pontlevis::agent
