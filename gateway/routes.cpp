#include "gateway/routes.hpp"

#include "gateway/enrolment.hpp"
#include "gateway/retention/oldest_address.hpp"
#include "protocol/io/system.hpp"

namespace pontlevis::gateway {
namespace {

// Only a certificate we issued, that is not revoked, of a practice that is enrolled.
std::optional<io::HttpResponse> agent_only(const Core& core, const io::HttpRequest& request) {
  const auto practice = request.peer ? PracticeId::parse(request.peer->common_name) : fail(Errc::not_allowed, "");
  const auto* known = practice ? core.practices.find(*practice) : nullptr;
  if (known && known->enrolment && !core.certificates.is_revoked(request.peer->serial)) return std::nullopt;
  return io::HttpResponse::problem(Error{Errc::not_allowed, "needs the certificate of an enrolled practice", "agent", "enrol first, or ask the vendor for a new code"});
}

using Gate = Awaitable<std::optional<io::HttpResponse>>;
using Answer = Awaitable<io::HttpResponse>;

// Free coroutines with their own parameters: a lambda's captures would not live in the frame.
Gate decided(std::optional<io::HttpResponse> refusal) { co_return refusal; }

Awaitable<void> serve_link(Parts p, io::HttpRequest request, std::unique_ptr<io::FrameStream> stream) {
  auto practice = *PracticeId::parse(request.peer->common_name);
  co_await p.hub.serve(std::move(practice), request.peer->serial, std::move(stream));
}

Answer answer_renewal(Parts p, io::HttpRequest request) {
  if (auto refused = agent_only(p.core, request)) co_return *std::move(refused);
  co_return co_await renew(p.core, std::move(request));
}

// Public: what an enrolling agent holds against the pin of its code (docs/protocol.md §5).
Answer answer_trust(Parts p) {
  auto text = io::read_file(p.core.folder.trust(), 16 * 1024);
  if (!text) co_return io::HttpResponse::problem(503, text.error());
  co_return io::HttpResponse::file(*std::move(text), "application/json");
}

Answer answer_health() { co_return io::HttpResponse::text("ok\n"); }

Answer answer_ready(Parts p) {
  const auto ready = p.core.ready();
  if (ready) co_return io::HttpResponse::text("ready\n");
  co_return io::HttpResponse::text(ready.error().what + "\n", 503);
}

Answer answer_metrics(Parts p) { co_return io::HttpResponse::file(metrics_text(p), "text/plain; version=0.0.4"); }

void add_health(io::Router& router, Parts p) {
  router.get("/healthz", [](io::HttpRequest) { return answer_health(); });
  router.get("/readyz", [p](io::HttpRequest) { return answer_ready(p); });
}

void line(std::string& out, std::string_view name, std::string_view type, std::string_view help, const std::string& samples) {
  out += "# HELP " + std::string(name) + " " + std::string(help) + "\n# TYPE " + std::string(name) + " " + std::string(type) + "\n" + samples;
}
void number(std::string& out, std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
  line(out, name, type, help, std::string(name) + " " + std::to_string(value) + "\n");
}

std::string interventions_by_state(const Core& core) {
  std::array<std::size_t, Spelling<State>::words.size()> counts{};
  for (const auto& [id, iv] : core.interventions.all_live()) ++counts[static_cast<std::size_t>(iv.state)];
  std::string out;
  for (std::size_t i = 0; i < counts.size(); ++i)
    out += "pontlevis_interventions{state=\"" + std::string(Spelling<State>::words[i]) + "\"} " + std::to_string(counts[i]) + "\n";
  return out;
}

}  // namespace

std::string metrics_text(const Parts& p) {
  std::string out;
  number(out, "pontlevis_agents_connected", "gauge", "practices whose link is up", p.hub.count());
  line(out, "pontlevis_interventions", "gauge", "interventions not closed, by state", interventions_by_state(p.core));
  number(out, "pontlevis_relays", "gauge", "operator connections relayed now", p.relays.running());
  number(out, "pontlevis_relays_total", "counter", "operator connections relayed", p.relays.total());
  number(out, "pontlevis_relay_bytes_total", "counter", "sealed bytes copied both ways", p.relays.bytes());
  number(out, "pontlevis_ssh_connections", "gauge", "technicians' connections", p.front.connections());
  number(out, "pontlevis_signin_failures_total", "counter", "failed sign-ins", p.front.failures());
  number(out, "pontlevis_bad_frames_total", "counter", "links ended for a bad frame", p.hub.bad_frames());
  number(out, "pontlevis_log_size", "gauge", "records in the audit log", p.core.log->size());
  number(out, "pontlevis_log_healthy", "gauge", "1 while the audit log takes records", p.core.log->healthy());
  number(out, "pontlevis_security_records_dropped_total", "counter", "records of a flood that were not written", p.core.records_dropped);
  number(out, "pontlevis_appends_total", "counter", "appends that were waited for", p.core.appends);
  number(out, "pontlevis_append_milliseconds_total", "counter", "time waited for them", static_cast<std::uint64_t>(p.core.append_time.count()));
  number(out, "pontlevis_oldest_ip_age_days", "gauge", "days since the oldest network address that can still be read was written; 0 when there is none",
         oldest_address_days(*p.core.store, p.core.clock.now()).value_or(0));
  return out;
}

io::Router agent_routes(Parts parts) {
  io::Router router;
  router.websocket(
      "/agent", [parts](const io::HttpRequest& request) { return decided(agent_only(parts.core, request)); },
      [parts](io::HttpRequest request, std::unique_ptr<io::FrameStream> stream) {
        return serve_link(parts, std::move(request), std::move(stream));
      });
  router.relay(
      "/relay/<id>", [parts](const io::HttpRequest& request) { return decided(parts.relays.gate(request)); },
      [parts](io::HttpRequest request, std::unique_ptr<io::ByteStream> stream) {
        return parts.relays.serve(std::move(request), std::move(stream));
      });
  router.get("/trust", [parts](io::HttpRequest) { return answer_trust(parts); });
  router.post("/enrol", [parts](io::HttpRequest request) { return enrol(parts.core, std::move(request)); });
  router.post("/renew", [parts](io::HttpRequest request) { return answer_renewal(parts, std::move(request)); });
  add_health(router, parts);
  return router;
}

io::Router metrics_routes(Parts parts) {
  io::Router router;
  add_health(router, parts);
  router.get("/metrics", [parts](io::HttpRequest) { return answer_metrics(parts); });
  return router;
}

}  // namespace pontlevis::gateway
