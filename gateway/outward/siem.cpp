#include "gateway/outward/siem.hpp"

#include <unistd.h>

#include <boost/asio/post.hpp>

#include "protocol/io/events/mirror.hpp"
#include "protocol/io/outward/https_call.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;

constexpr std::string_view of_security[] = {"signin.", "account.", "card.", "technician.", "agent.", "enrolment.", "certificate.", "witness.", "log.",
                                            "store.", "oidc.", "people.", "gateway.", "reload.", "relay.refused", "forward.refused", "request.refused",
                                            "delivery.put_aside", "https.fault", "backup.", "retention.", "destruction.", "breach."};

constexpr std::string_view of_records[] = {"event", "subject", "subject_kind", "channel", "count", "until", "rule", "practice", "intervention", "certificate_id",
                                           "reason", "state", "record_count", "witness", "cause", "size", "breach_id", "format", "role", "purpose"};

std::string shown(const json::value& value) { return value.is_string() ? std::string(value.get_string()) : json::serialize(value); }

io::Severity severity_of(Level level) {
  switch (level) {
    case Level::error: return io::Severity::error;
    case Level::warn: return io::Severity::warning;
    default: return io::Severity::info;
  }
}

std::string own_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? std::string(name) : std::string();
}

io::SyslogMessage message_of(io::Severity severity, Time now, std::string msgid) {
  io::SyslogMessage out;
  out.severity = severity;
  out.time = now;
  out.app = "pontlevis-gateway";
  out.msgid = std::move(msgid);
  out.sd_id = siem_element;
  return out;
}

std::string dropped_message(Time now, const std::string& host, std::uint64_t dropped) {
  auto message = message_of(io::Severity::warning, now, "syslog.dropped");
  message.host = host;
  message.parameters.emplace_back("count", std::to_string(dropped));
  return io::print_syslog(message);
}

void tell_operator(const std::string& why) {
  if (why.empty()) event("syslog.connected");
  else event(Level::warn, "syslog.away", {{"what", why}});
}

io::SyslogServer server_of(const Options& options) {
  return {options.text("syslog.host"), static_cast<unsigned short>(options.integer("syslog.port")), options.text("syslog.ca")};
}

}  // namespace

bool concerns_security(std::string_view name) {
  for (auto prefix : of_security)
    if (name.starts_with(prefix)) return true;
  return false;
}

io::SyslogMessage siem_event(Level level, std::string_view name, const json::object& fields, Time now) {
  auto out = message_of(severity_of(level), now, std::string(name));
  for (const auto& member : fields)
    if (!member.value().is_null() && !member.value().is_structured()) out.parameters.emplace_back(member.key(), shown(member.value()));
  return out;
}

io::SyslogMessage siem_record(const Follower::Seen& seen, Time now) {
  const bool grave = seen.type == "witness_alarm" || seen.type == "breach";
  auto out = message_of(grave ? io::Severity::alert : io::Severity::notice, now, "record." + seen.type);
  out.parameters.emplace_back("index", std::to_string(seen.index));
  for (auto name : of_records)
    if (const auto* value = seen.fields.if_contains(name); value && !value->is_null() && !value->is_structured()) out.parameters.emplace_back(name, shown(*value));
  return out;
}

Result<> check_siem(const Options& options) {
  PL_CHECK(io::public_trust(options.text("syslog.ca")));
  return {};
}

Siem::Siem(Core& core, asio::any_io_executor executor)
    : core_(core), executor_(executor), host_(own_name()),
      stream_(executor, server_of(core.options), [&clock = core.clock, host = host_](std::uint64_t n) { return dropped_message(clock.now(), host, n); }, tell_operator) {
  // Said on any thread, sent on the loop; the flag is looked at there.
  io::mirror_events([this, alive = alive_](Level level, std::string_view name, const json::object& fields) {
    if (!concerns_security(name)) return;
    auto message = siem_event(level, name, fields, core_.clock.now());
    asio::post(executor_, [this, alive, m = std::move(message)]() mutable {
      if (*alive) send(std::move(m));
    });
  });
}

Siem::~Siem() { stop(); }

void Siem::stop() {
  *alive_ = false;
  io::mirror_events({});
  stream_.stop();
}

void Siem::send(io::SyslogMessage message) {
  message.host = host_;
  stream_.send(io::print_syslog(message));
}

void Siem::record(const Follower::Seen& seen) { send(siem_record(seen, core_.clock.now())); }

void Siem::trouble(const std::string& kind) {
  auto message = message_of(io::Severity::alert, core_.clock.now(), "gateway.trouble");
  message.parameters.emplace_back("kind", kind);
  send(std::move(message));
}

}  // namespace pontlevis::gateway
