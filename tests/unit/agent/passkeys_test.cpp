// Passkeys as the practitioner's page keeps them; the ceremony itself is protocol/webauthn's.
#include "protocol/webauthn/passkeys.hpp"

#include <gtest/gtest.h>

#include "agent/page/page_store.hpp"
#include "protocol/text.hpp"
#include "protocol/webauthn/cbor.hpp"
#include "tests/doubles/fake_clock.hpp"
#include "tests/doubles/fixed_random.hpp"
#include "tests/doubles/passkey_device.hpp"
#include "tests/unit/agent/practice_fixture.hpp"

namespace pontlevis::agent {
namespace {

using namespace doubles;
using webauthn::CborReader;

class PasskeysTest : public testing::Test {
 protected:
  PasskeysTest() { passkeys.set_place({"localhost", {std::string(origin)}}); }
  Result<> enrol(std::string_view said_origin = origin, std::string_view rp = "localhost", unsigned char flags = 0x05) {
    const auto options = passkeys.start_registration(alice, "Dr Exemple").value();
    const json::object credential{{"id", to_base64url(device.id)},
                                  {"response", json::object{{"clientDataJSON", to_base64url(client_data("webauthn.create", options, said_origin))},
                                                            {"attestationObject", to_base64url(attestation(device.data(true, rp, flags)))}}}};
    return passkeys.finish_registration(alice, std::string(options.at("ticket").get_string()), "poste", credential);
  }
  json::object signed_by(PasskeyDevice& by, const json::object& options, std::string_view said_origin = origin) {
    const auto client = client_data("webauthn.get", options, said_origin), data = by.data(false);
    return {{"id", to_base64url(device.id)},
            {"response", json::object{{"clientDataJSON", to_base64url(client)}, {"authenticatorData", to_base64url(data)},
                                      {"signature", to_base64url(by.sign(data + std::string(sha256(client).view())))}}}};
  }
  static constexpr std::string_view origin = "http://localhost:7070";
  doubles::FakeClock clock{Time{}};
  doubles::FixedRandom random;
  TemporaryFolder folder;
  PageStore store = std::move(PageStore::open(folder.path())).value();
  webauthn::Passkeys passkeys{store, clock, random};
  Login alice = *Login::parse("dr-exemple");
  PasskeyDevice device;
};

TEST_F(PasskeysTest, a_passkey_that_was_added_signs_in) {
  ASSERT_TRUE(enrol()) << enrol().error().text();
  const auto options = passkeys.start_sign_in(alice).value();
  const auto who = passkeys.finish_sign_in(std::string(options.at("ticket").get_string()), signed_by(device, options));
  ASSERT_TRUE(who) << who.error().text();
  EXPECT_EQ(*who, alice);
}

TEST_F(PasskeysTest, an_answer_serves_once) {
  ASSERT_TRUE(enrol());
  const auto options = passkeys.start_sign_in(alice).value();
  const std::string ticket(options.at("ticket").get_string());
  const auto answer = signed_by(device, options);
  ASSERT_TRUE(passkeys.finish_sign_in(ticket, answer));
  EXPECT_FALSE(passkeys.finish_sign_in(ticket, answer));
  const auto second = passkeys.start_sign_in(alice).value();
  EXPECT_FALSE(passkeys.finish_sign_in(std::string(second.at("ticket").get_string()), answer)) << "another challenge";
}

TEST_F(PasskeysTest, another_key_origin_relying_party_or_an_unverified_person_is_refused) {
  EXPECT_FALSE(enrol("http://localhost:9999"));
  EXPECT_FALSE(enrol(origin, "evil.example"));
  EXPECT_FALSE(enrol(origin, "localhost", 0x01)) << "the device did not check who holds it";
  ASSERT_TRUE(enrol());
  PasskeyDevice stranger;
  for (auto* by : {&stranger}) {
    const auto options = passkeys.start_sign_in(alice).value();
    by->count = 100;
    EXPECT_FALSE(passkeys.finish_sign_in(std::string(options.at("ticket").get_string()), signed_by(*by, options)));
  }
  const auto options = passkeys.start_sign_in(alice).value();
  EXPECT_FALSE(passkeys.finish_sign_in(std::string(options.at("ticket").get_string()), signed_by(device, options, "http://localhost:9999")));
}

TEST_F(PasskeysTest, a_counter_that_goes_back_is_a_copy) {
  ASSERT_TRUE(enrol());
  device.count = 0;
  const auto options = passkeys.start_sign_in(alice).value();
  EXPECT_FALSE(passkeys.finish_sign_in(std::string(options.at("ticket").get_string()), signed_by(device, options)));
}

TEST_F(PasskeysTest, a_challenge_grows_old) {
  ASSERT_TRUE(enrol());
  const auto options = passkeys.start_sign_in(alice).value();
  clock.advance(std::chrono::minutes(6));
  EXPECT_FALSE(passkeys.finish_sign_in(std::string(options.at("ticket").get_string()), signed_by(device, options)));
}

TEST_F(PasskeysTest, a_name_without_a_passkey_is_answered_alike) {
  const auto options = passkeys.start_sign_in(*Login::parse("personne")).value();
  EXPECT_EQ(options.at("publicKey").at("allowCredentials").as_array().size(), 1u);
}

TEST(Cbor, what_is_cut_short_or_nested_too_deep_is_refused) {
  EXPECT_FALSE(CborReader("\x58").bytes());
  EXPECT_FALSE(CborReader("\x42" "a").bytes());
  EXPECT_FALSE(CborReader(std::string(100, '\x81')).skip());
  EXPECT_FALSE(CborReader("\x9f").skip()) << "no indefinite lengths";
  EXPECT_EQ(CborReader("\x26").integer(), -7);
  EXPECT_FALSE(CborReader(std::string("\xbb\xff\xff\xff\xff\xff\xff\xff\xff", 9)).skip());
}

}  // namespace
}  // namespace pontlevis::agent
