#include "certs/agent_ca.hpp"

#include <gtest/gtest.h>

#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::certs {
namespace {

using namespace std::chrono_literals;
const Time now = from_utc("2026-06-01T12:00:00.000Z").value();
PracticeId practice() { return PracticeId::parse("cabinet-exemple").value(); }

struct Lab {
  io::SystemRandom random;
  AgentCa ca = AgentCa::create("Test CA", now, random).value();
};

TEST(AgentCa, it_is_a_ca_of_ten_years_and_comes_back_from_its_files) {
  Lab lab;
  const auto info = read_certificate(lab.ca.certificate_pem()).value();
  EXPECT_TRUE(info.is_ca);
  EXPECT_EQ(info.common_name, "Test CA");
  EXPECT_EQ(info.not_after, now + ca_life);
  EXPECT_EQ(info.spki_sha256, lab.ca.pin());
  const auto loaded = AgentCa::load(lab.ca.certificate_pem(), lab.ca.key_pem().value());
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->pin(), lab.ca.pin());
}

TEST(AgentCa, a_key_of_another_is_refused) {
  Lab one, other;
  EXPECT_FALSE(AgentCa::load(one.ca.certificate_pem(), other.ca.key_pem().value()));
  EXPECT_FALSE(AgentCa::load("nothing", one.ca.key_pem().value()));
  EXPECT_FALSE(AgentCa::load(one.ca.certificate_pem(), Secret("nothing")));
}

TEST(AgentCa, the_gateways_certificate_names_its_hosts) {
  Lab lab;
  const auto server = lab.ca.issue_server({"gateway.vendor.example", "192.0.2.1", "2001:db8::1"}, now, lab.random).value();
  const auto info = read_certificate(server.chain_pem).value();
  EXPECT_EQ(info.hosts, (std::vector<std::string>{"gateway.vendor.example", "192.0.2.1", "2001:db8::1"}));
  EXPECT_FALSE(info.is_ca);
  EXPECT_EQ(info.not_after, now + server_life);
  EXPECT_TRUE(server.chain_pem.ends_with(lab.ca.certificate_pem()));
}

TEST(AgentCa, a_host_is_a_host) {
  Lab lab;
  for (const std::string& bad : {"", "a b", "*.example", "https://gateway", "gateway:8443", "DNS:x", "-x.example"})
    EXPECT_FALSE(lab.ca.issue_server({bad}, now, lab.random)) << bad;
  EXPECT_FALSE(lab.ca.issue_server({}, now, lab.random));
}

TEST(AgentCa, an_agents_certificate_carries_its_practice_for_ninety_days) {
  Lab lab;
  const auto made = make_agent_request(practice()).value();
  const auto info = read_certificate(lab.ca.sign_agent(made.request_pem, practice(), now, lab.random).value()).value();
  EXPECT_EQ(info.common_name, "cabinet-exemple");
  EXPECT_EQ(info.not_after, now + agent_life);
  EXPECT_EQ(info.serial.size(), 32u);
}

TEST(AgentCa, the_subject_is_the_practice_whatever_the_request_says) {
  Lab lab;
  const auto made = make_agent_request(PracticeId::parse("autre-cabinet").value()).value();
  const auto info = read_certificate(lab.ca.sign_agent(made.request_pem, practice(), now, lab.random).value()).value();
  EXPECT_EQ(info.common_name, "cabinet-exemple");
}

TEST(AgentCa, no_two_serials_are_the_same) {
  Lab lab;
  const auto made = make_agent_request(practice()).value();
  const auto serial = [&] { return read_certificate(lab.ca.sign_agent(made.request_pem, practice(), now, lab.random).value())->serial; };
  EXPECT_NE(serial(), serial());
}

TEST(AgentCa, a_changed_request_is_refused) {
  Lab lab;
  const auto made = make_agent_request(practice()).value();
  const std::string& pem = made.request_pem;
  EXPECT_FALSE(lab.ca.sign_agent("nothing", practice(), now, lab.random));
  EXPECT_FALSE(lab.ca.sign_agent(std::string(1 << 20, 'x'), practice(), now, lab.random));
  int refused = 0, tried = 0;
  const auto begin = pem.find('\n') + 1, end = pem.rfind("\n-----END");
  for (std::size_t i = begin; i < end; i += 7, ++tried) {
    std::string changed = pem;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    refused += changed == pem || !lab.ca.sign_agent(changed, practice(), now, lab.random);
  }
  EXPECT_EQ(refused, tried);
}

TEST(AgentCa, renewal_is_due_in_the_last_third) {
  Lab lab;
  const auto made = make_agent_request(practice()).value();
  const auto info = read_certificate(lab.ca.sign_agent(made.request_pem, practice(), now, lab.random).value()).value();
  EXPECT_FALSE(renewal_due(info, now));
  EXPECT_FALSE(renewal_due(info, now + std::chrono::days(59)));
  EXPECT_TRUE(renewal_due(info, now + std::chrono::days(61)));
  EXPECT_TRUE(renewal_due(info, now + std::chrono::days(100)));
}

}  // namespace
}  // namespace pontlevis::certs
