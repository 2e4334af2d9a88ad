// A copy for those who watch over the vendor's machines: security-relevant events and records as syslog over TLS. No network
// address ever goes there: it could not be destroyed there on its day (requirements T2, T4). Free words do not go either.
// Owned by Outward; the loop's thread, but for the events, which any thread may say.
#pragma once

#include <memory>

#include "gateway/events.hpp"
#include "gateway/outward/follower.hpp"
#include "protocol/io/outward/syslog_stream.hpp"
#include "protocol/io/outward/syslog_text.hpp"

namespace pontlevis::gateway {

// The element of structured data that every message has; 32473 is the number IANA keeps for examples (RFC 5612).
constexpr std::string_view siem_element = "pontlevis@32473";

// Whether an event says something about security; nothing: it is the daily business.
bool concerns_security(std::string_view event_name);
io::SyslogMessage siem_event(Level level, std::string_view name, const json::object& fields, Time now);
// Of a record: its open members that are stable words, numbers and times.
io::SyslogMessage siem_record(const Follower::Seen& seen, Time now);

Result<> check_siem(const Options& options);

class Siem {
 public:
  Siem(Core& core, boost::asio::any_io_executor executor);
  ~Siem();
  void record(const Follower::Seen& seen);
  void trouble(const std::string& kind);
  io::SyslogCounts counts() const { return stream_.counts(); }
  void stop();

 private:
  void send(io::SyslogMessage message);
  Core& core_;
  boost::asio::any_io_executor executor_;
  std::string host_;
  io::SyslogStream stream_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace pontlevis::gateway
