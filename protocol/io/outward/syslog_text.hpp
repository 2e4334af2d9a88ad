// A syslog message as RFC 5424 writes it, and the frame RFC 5425 puts around it on TLS. Pure; any thread.
// REQUIRES: no network address, no secret and no free text of a person in a parameter (requirements T4): a value that
// looks like an address is left out all the same.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/clock.hpp"

namespace pontlevis::io {

// RFC 5424 §6.2.1, those in use.
enum class Severity : unsigned char { alert = 1, error = 3, warning = 4, notice = 5, info = 6 };

struct SyslogMessage {
  Severity severity = Severity::info;
  Time time{};
  std::string host;   // of the sender, as it calls itself; a name that is an address is left out
  std::string app;
  std::string msgid;  // the event's stable name
  std::string sd_id;  // of its one element of structured data: "pontlevis@32473"
  std::vector<std::pair<std::string, std::string>> parameters;
};

constexpr std::size_t most_syslog_bytes = 8192;  // RFC 5425 §4.3.1: what a receiver should take

// Whether a piece of `text` reads as an IPv4 or IPv6 address.
bool holds_address(std::string_view text);

std::string print_syslog(const SyslogMessage& message);
// "LENGTH SP MESSAGE" (RFC 5425 §4.3).
std::string syslog_frame(std::string_view message);

}  // namespace pontlevis::io
