#include "agent/gateway_link.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "certs/agent_ca.hpp"
#include "protocol/io/events/events.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {
constexpr std::size_t max_outgoing = 1024;  // frames waiting for the socket; more means a stuck link
constexpr auto as_result = net::as_tuple(net::use_awaitable);

std::string in_one_line(const Error& error) { return error.where.empty() ? error.what : error.where + ": " + error.what; }
}  // namespace

GatewayLink::GatewayLink(net::io_context& io, Identity& identity, KeyFolder keys, Journal& journal, const Clock& clock,
                         Random& random, LinkSettings settings)
    : io_(io), identity_(identity), keys_(std::move(keys)), journal_(journal), clock_(clock), random_(random),
      settings_(std::move(settings)), wake_writer_(io, net::steady_timer::time_point::max()), wait_(io), renewal_(io) {}

void GatewayLink::start(Callbacks callbacks) {
  callbacks_ = std::move(callbacks);
  journal_.on_new = [this](const SpooledFact& fact) { send(fact.fact); };
  net::co_spawn(io_, run(), net::detached);
}

void GatewayLink::stop() {
  stopping_ = true;
  wait_.cancel();
  if (stream_) stream_->close();
}

void GatewayLink::send(const Frame& frame) {
  if (!up_) return;
  if (outgoing_.size() >= max_outgoing) return stream_->close();  // reconnecting sends the facts again
  outgoing_.push_back(encode(frame));
  wake_writer_.cancel();
}

// Full jitter: a random moment between nothing and a doubling ceiling, so that the practices of a
// restarted gateway do not all come back at once (findings-scale, reconnect storm).
Millis GatewayLink::next_wait() {
  back_off_ = std::min(settings_.longest_wait, std::max(settings_.first_wait, back_off_ * 2));
  std::uint32_t dice = 0;
  random_.fill({reinterpret_cast<unsigned char*>(&dice), sizeof dice});
  return Millis(100) + Millis(dice % static_cast<std::uint32_t>(back_off_.count()));
}

io::Awaitable<void> GatewayLink::run() {
  while (!stopping_) {
    co_await renew_if_due();
    const auto result = co_await connect_and_serve();
    problem_ = result ? "" : result.error().what;
    if (stopping_) co_return;
    io::event("link.down", {{"why", problem_}});
    wait_.expires_after(next_wait());
    co_await wait_.async_wait(as_result);
  }
}

io::Awaitable<Result<std::unique_ptr<io::HttpClient>>> GatewayLink::dial() {
  PL_CO_TRY(tls, io::TlsContext::for_client(io::PinnedCa{identity_.ca_pem}, &identity_.tls));
  io::HttpEndpoint to{.host = identity_.gateway.host, .port = identity_.gateway.port, .dial = {}};
  co_return co_await io::HttpClient::connect(io_, std::move(to), std::move(tls), proxy(), settings_.connect_within);
}

io::Awaitable<Result<>> GatewayLink::connect_and_serve() {
  using namespace net::experimental::awaitable_operators;
  PL_CO_TRY(client, co_await dial());
  PL_CO_TRY(stream, co_await client->open_websocket("/agent"));
  stream_ = std::move(stream);
  problem_.clear();
  const auto greeted = co_await greet();
  if (!greeted && greeted.error().code == Errc::bad_frame) {
    problem_ = in_one_line(greeted.error());
    callbacks_.on_change(false);
  }
  if (!greeted) co_return greeted;
  up_ = true;
  io::event("link.up");
  callbacks_.on_change(true);
  send_facts();
  Result<> ended;
  co_await (read_until(&ended) && write_frames() && keep_certificate_fresh());
  // Only a link that kept to the protocol is soon dialled again: breaking it in a loop must not fill the journal.
  if (problem_.empty()) back_off_ = Millis(0);
  callbacks_.on_change(false);
  co_return ended;
}

// hello first, then welcome: nothing else is accepted before.
io::Awaitable<Result<>> GatewayLink::greet() {
  std::string hello = encode(callbacks_.hello());
  PL_CO_CHECK(co_await stream_->write_frame(std::move(hello)));
  PL_CO_TRY(text, co_await stream_->read_frame());
  PL_CO_TRY(frame, decode_frame(text));
  if (const auto* refused = std::get_if<frame::Refused>(&frame))
    co_return fail(Errc::not_allowed, "the gateway refused this practice: " + refused->what, "link", refused->hint);
  const auto* welcome = std::get_if<frame::Welcome>(&frame);
  if (!welcome || welcome->protocol != protocol_version)
    co_return fail(Errc::bad_frame, "the gateway does not speak protocol version 1", "link");
  co_return callbacks_.on_frame(std::move(frame));
}

void GatewayLink::send_facts() {
  for (const auto& fact : journal_.unsent()) send(fact.fact);
}

// A frame that breaks a rule is the link's problem before it is down: the drawbridge tells people then.
io::Awaitable<Result<>> GatewayLink::read_frames() {
  Result<> ended;
  while (ended) {
    auto text = co_await stream_->read_frame();
    if (!text) {
      if (text.error().code == Errc::bad_frame) problem_ = in_one_line(text.error());
      ended = std::unexpected(std::move(text).error());
      break;
    }
    auto frame = decode_frame(*text);
    const bool said_no = frame && std::holds_alternative<frame::Refused>(*frame);
    ended = frame ? callbacks_.on_frame(*std::move(frame)) : Result<>(std::unexpected(std::move(frame).error()));
    if (ended) continue;
    const bool our_own = ended.error().code == Errc::io || ended.error().code == Errc::internal;
    if (!said_no && !our_own) problem_ = in_one_line(ended.error());
    send(frame::Refused{ended.error().text().substr(0, 400), ""});
  }
  up_ = false;
  wake_writer_.cancel();
  renewal_.cancel();
  co_return ended;
}

io::Awaitable<void> GatewayLink::read_until(Result<>* ended) { *ended = co_await read_frames(); }

io::Awaitable<void> GatewayLink::keep_certificate_fresh() {
  while (up_) {
    renewal_.expires_after(std::chrono::hours(12));
    const auto [cancelled] = co_await renewal_.async_wait(as_result);
    if (!cancelled && up_) co_await renew_if_due();
  }
}

io::Awaitable<void> GatewayLink::write_frames() {
  for (;;) {
    while (!outgoing_.empty()) {
      std::string text = std::move(outgoing_.front());
      outgoing_.pop_front();
      const auto written = co_await stream_->write_frame(std::move(text));
      if (!written) break;
    }
    if (!up_) break;
    if (outgoing_.empty()) co_await wake_writer_.async_wait(as_result);
  }
  outgoing_.clear();
  stream_->close();
}

io::Awaitable<void> GatewayLink::renew_if_due() {
  const auto info = certs::read_certificate(identity_.tls.chain_pem);
  if (!info || !certs::renewal_due(*info, clock_.now())) co_return;
  auto request = certs::make_agent_request(identity_.practice);
  auto client = co_await dial();
  if (!request || !client) co_return;
  std::string body = json::serialize(json::object{{"csr", request->request_pem}});
  const auto answer = co_await (*client)->request("POST", "/renew", std::move(body));
  if (!answer || answer->status != 200) co_return;
  const auto object = parse_object(answer->body, certs::max_pem_bytes, "answer to /renew", JsonForm::any);
  const auto* certificate = object ? object->if_contains("certificate") : nullptr;
  if (!certificate || !certificate->is_string()) co_return;
  io::TlsIdentity fresh{std::string(certificate->get_string()), std::move(request->key_pem)};
  if (!io::TlsContext::for_client(io::PinnedCa{identity_.ca_pem}, &fresh)) co_return;  // does not fit its key
  if (!keys_.replace_certificate(fresh)) co_return;
  identity_.tls = std::move(fresh);
  io::event("link.certificate_renewed");
}

io::Awaitable<Result<std::unique_ptr<io::ByteStream>>> GatewayLink::dial_relay(std::string relay) {
  PL_CO_TRY(client, co_await dial());
  co_return co_await client->open_relay("/relay/" + relay);
}

}  // namespace pontlevis::agent
