// Syslog: RFC 5424 whatever is put in, and never a network address.
#include "gateway/outward/siem.hpp"

#include <gtest/gtest.h>

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

const Time noon = *from_utc("2026-11-22T12:00:00.000Z");

TEST(Syslog, a_message_is_that_of_the_standard) {
  auto message = siem_event(Level::warn, "signin.failed", {{"login", "alice"}, {"why", "a \"wrong\" code ]\\"}}, noon);
  message.host = "passerelle";
  EXPECT_EQ(io::print_syslog(message),
            "<108>1 2026-11-22T12:00:00.000Z passerelle pontlevis-gateway - signin.failed [pontlevis@32473 login=\"alice\" why=\"a \\\"wrong\\\" code \\]\\\\\"]");
  EXPECT_EQ(io::syslog_frame("abc"), "3 abc");
}

TEST(Syslog, addresses_are_left_out_wherever_they_hide) {
  for (auto text : {"192.0.2.7", "from 192.0.2.7:443", "[2001:db8::1]:22", "::1", "fe80::1", "x=198.51.100.9.", "2001:db8:0:0:0:0:2:1"}) EXPECT_TRUE(io::holds_address(text)) << text;
  for (auto text : {"", "alice", "12:30:05", "1.2.3", "2026-11-22T12:00:00Z", "a:b", "version 1.10.2", "file.cpp:12"}) EXPECT_FALSE(io::holds_address(text)) << text;
  auto message = siem_event(Level::info, "agent.connected", {{"practice", "cabinet-exemple"}, {"what", "came from 192.0.2.7"}}, noon);
  message.host = "192.0.2.1";
  const auto printed = io::print_syslog(message);
  EXPECT_EQ(printed.find("192.0.2"), printed.npos);
  EXPECT_NE(printed.find("practice=\"cabinet-exemple\""), printed.npos);
}

TEST(Syslog, a_line_break_or_a_flood_of_text_stays_one_bounded_message) {
  json::object fields{{"what", std::string("a\nb\x01") + std::string(10'000, 'x')}};
  for (int i = 0; i < 100; ++i) fields["m" + std::to_string(i)] = std::string(400, 'y');
  const auto printed = io::print_syslog(siem_event(Level::error, "log.flood", fields, noon));
  EXPECT_LE(printed.size(), io::most_syslog_bytes);
  EXPECT_EQ(printed.find('\n'), printed.npos);
  EXPECT_TRUE(printed.ends_with("]"));
}

TEST(Siem, the_daily_business_stays_home) {
  for (auto name : {"signin.failed", "card.revoked", "witness.refused", "log.append_failed", "relay.refused"}) EXPECT_TRUE(concerns_security(name)) << name;
  for (auto name : {"report.given", "fact.taken", "relay.opened", "delivery.taken", "csv.written", "syslog.away"}) EXPECT_FALSE(concerns_security(name)) << name;
}

TEST(Siem, a_security_record_goes_without_address_and_without_free_words) {
  const Follower::Seen seen{7, "security", {{"event", "sign_in_failed"}, {"subject", "alice"}, {"source_ip", "192.0.2.7"}, {"detail", "mots libres"}, {"count", 3}}};
  const auto printed = io::print_syslog(siem_record(seen, noon));
  EXPECT_NE(printed.find("record.security"), printed.npos);
  EXPECT_NE(printed.find("subject=\"alice\""), printed.npos);
  EXPECT_NE(printed.find("count=\"3\""), printed.npos);
  EXPECT_EQ(printed.find("192.0.2.7"), printed.npos);
  EXPECT_EQ(printed.find("libres"), printed.npos);
}

}  // namespace
}  // namespace pontlevis::gateway
