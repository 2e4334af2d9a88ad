// Two factors: a card that counts now, and a code that works once.
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class TechniciansTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    totp.emplace(certs::TotpSecret::generate(random));
    auto same = certs::TotpSecret::parse(totp->base32().expose());
    auto card = certs::StaffCard::open(issue(card_fields("alice")), staff.verifier(), clock.now(), core->technicians.revocations());
    ASSERT_TRUE(core->technicians.put(*card, *std::move(same)));
  }
  CodeVerdict enter(const std::string& code) { return *core->technicians.check_code(login("alice"), Secret(std::string_view(code)), rule); }
  std::string code_now() { return totp->code_at(certs::totp_step(clock.now())); }
  std::string wrong_code() { return code_now() == "000000" ? "000001" : "000000"; }
  std::optional<certs::TotpSecret> totp;
  LockoutRule rule;
};

TEST_F(TechniciansTest, a_code_works_once_also_after_a_restart) {
  const auto code = code_now();
  EXPECT_EQ(enter(code), CodeVerdict::accepted);
  EXPECT_EQ(enter(code), CodeVerdict::wrong);
  reopen();
  EXPECT_EQ(enter(code), CodeVerdict::wrong);
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(enter(code_now()), CodeVerdict::accepted);
}

TEST_F(TechniciansTest, five_wrong_codes_lock_the_account_for_a_quarter_of_an_hour) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(enter(wrong_code()), CodeVerdict::wrong);
  EXPECT_EQ(enter(wrong_code()), CodeVerdict::now_locked);
  EXPECT_EQ(enter(code_now()), CodeVerdict::locked);
  EXPECT_TRUE(core->technicians.locked(login("alice")));
  reopen();
  EXPECT_EQ(enter(code_now()), CodeVerdict::locked);
  clock.advance(std::chrono::minutes(15) + std::chrono::seconds(1));
  EXPECT_EQ(enter(code_now()), CodeVerdict::accepted);
}

TEST_F(TechniciansTest, old_mistakes_do_not_count) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(enter(wrong_code()), CodeVerdict::wrong);
  clock.advance(std::chrono::minutes(16));
  EXPECT_EQ(enter(wrong_code()), CodeVerdict::wrong);
}

TEST_F(TechniciansTest, a_right_code_forgives_the_wrong_ones) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(enter(wrong_code()), CodeVerdict::wrong);
  EXPECT_EQ(enter(code_now()), CodeVerdict::accepted);
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(enter(wrong_code()), CodeVerdict::wrong);
}

TEST_F(TechniciansTest, nobody_elses_lock_is_mine) {
  for (int i = 0; i < 5; ++i) enter(wrong_code());
  EXPECT_FALSE(core->technicians.locked(login("bob")));
}

TEST_F(TechniciansTest, a_stranger_has_no_code) {
  EXPECT_EQ(*core->technicians.check_code(login("nobody"), Secret(std::string_view("123456")), rule), CodeVerdict::wrong);
}

TEST_F(TechniciansTest, a_revoked_card_counts_no_more_also_after_a_restart) {
  const auto id = certs::StaffCard::peek(core->technicians.card_note(login("alice")))->id;
  const auto note = certs::RevocationList::sign({id, "départ", clock.now()}, staff);
  ASSERT_TRUE(core->technicians.revoke(note));
  EXPECT_EQ(core->technicians.valid_card(login("alice")).error().code, Errc::not_allowed);
  EXPECT_EQ(core->technicians.revoke(note).error().code, Errc::conflict);
  reopen();
  EXPECT_FALSE(core->technicians.valid_card(login("alice")));
  EXPECT_EQ(core->technicians.revocation_notes(), std::vector<std::string>{note});
}

TEST_F(TechniciansTest, a_revocation_that_the_staff_key_did_not_sign_does_nothing) {
  const NoteSigner stranger("staff.vendor.example", NoteKeyType::ed25519, Ed25519Key::generate(random));
  const auto id = certs::StaffCard::peek(core->technicians.card_note(login("alice")))->id;
  EXPECT_FALSE(core->technicians.revoke(certs::RevocationList::sign({id, "x", clock.now()}, stranger)));
  EXPECT_TRUE(core->technicians.valid_card(login("alice")));
}

}  // namespace
}  // namespace pontlevis::gateway
