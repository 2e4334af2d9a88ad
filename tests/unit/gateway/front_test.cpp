// The way through the gateway: only to what is open, for whom it is open, with a sentence for everyone else.
#include "gateway/front_connection.hpp"

#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class WayThrough : public GatewayTest {
 protected:
  std::string refusal(std::string_view who = "alice", std::string_view host = "dossier.cabinet-exemple", std::uint16_t port = 22) {
    const auto way = way_through(*core, links, login(who), host, port);
    return way ? "OPEN" : way.error();
  }
};

TEST_F(WayThrough, leads_to_an_open_system_only_for_its_connected_operators) {
  EXPECT_EQ(refusal(), "no intervention of yours is open on dossier.cabinet-exemple; ask first, see `help request`");
  const auto id = ask();
  EXPECT_EQ(refusal(), "waiting for the practice's consent since 10:00 UTC");
  ASSERT_TRUE(consent(id));
  EXPECT_EQ(refusal(), "the practice has agreed and its session is being opened: try again in a moment");
  ASSERT_TRUE(open_session(id));
  EXPECT_EQ(refusal(), "OPEN");
  EXPECT_NE(refusal("bob"), "OPEN");
  ASSERT_TRUE(end_session(id));
  EXPECT_NE(refusal().find("the session has ended"), std::string::npos);
}

TEST_F(WayThrough, leads_nowhere_else) {
  const auto id = ask();
  ASSERT_TRUE(consent(id) && open_session(id));
  for (auto host : {"localhost", "127.0.0.1", "dossier", "dossier.cabinet-exemple.", "autre.cabinet-exemple", "dossier.autre", "..", ""})
    EXPECT_NE(refusal("alice", host), "OPEN") << host;
  EXPECT_NE(refusal("alice", "dossier.cabinet-exemple", 23), "OPEN");
}

TEST_F(WayThrough, is_shut_while_the_link_is_down) {
  const auto id = ask();
  ASSERT_TRUE(consent(id) && open_session(id));
  links.is_up = false;
  EXPECT_NE(refusal().find("the practice's link is down"), std::string::npos);
}

TEST_F(WayThrough, is_shut_for_a_revoked_card) {
  const auto id = ask();
  ASSERT_TRUE(consent(id) && open_session(id));
  const auto card = certs::StaffCard::peek(core->technicians.card_note(login("alice")))->id;
  ASSERT_TRUE(core->technicians.revoke(certs::RevocationList::sign({card, "départ", clock.now()}, staff)));
  EXPECT_NE(refusal().find("your staff card does not count any more"), std::string::npos);
}

}  // namespace
}  // namespace pontlevis::gateway
