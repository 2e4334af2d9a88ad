// Passkeys at the console's door: added by somebody who is there, good for signing in and for step-up, and for
// nothing after they are gone.
#include "tests/doubles/passkey_device.hpp"
#include "tests/unit/gateway/people_fixture.hpp"

namespace pontlevis::gateway {
namespace {

using doubles::PasskeyDevice;

class PasskeysTest : public PeopleTest {
 protected:
  // The tests of doubles speak of "publicKey"; the API of "options".
  static json::object as_asked(const json::object& question) { return {{"publicKey", question.at("options")}}; }

  io::HttpResponse add(const std::string& cookie, unsigned char flags = 0x05) {
    const auto question = body_of(post("/api/v1/me/passkeys/start", json::object{}, cookie));
    const auto client = doubles::client_data("webauthn.create", as_asked(question), origin);
    const json::object credential{{"id", to_base64url(device.id)}, {"type", "public-key"},
                                  {"response", json::object{{"clientDataJSON", to_base64url(client)},
                                                            {"attestationObject", to_base64url(doubles::attestation(device.data(true, "localhost", flags)))}}}};
    return post("/api/v1/me/passkeys/finish", json::object{{"ticket", question.at("ticket")}, {"label", "clé du bureau"}, {"credential", credential}}, cookie);
  }
  json::object question(const std::string& name) { return body_of(post("/api/v1/sign-in/passkey/start", json::object{{"login", name}})); }
  json::object answer(const json::object& question, PasskeyDevice& by, std::string_view page = origin) {
    const auto client = doubles::client_data("webauthn.get", as_asked(question), page), data = by.data(false);
    return {{"ticket", question.at("ticket")},
            {"credential", json::object{{"id", to_base64url(device.id)},
                                        {"response", json::object{{"clientDataJSON", to_base64url(client)}, {"authenticatorData", to_base64url(data)},
                                                                  {"signature", to_base64url(by.sign(data + std::string(sha256(client).view())))}}}}}};
  }
  io::HttpResponse finish(const json::object& body) { return post("/api/v1/sign-in/passkey/finish", body); }
  PasskeyDevice device;
};

TEST_F(PasskeysTest, a_passkey_signs_in_as_two_factors) {
  ASSERT_EQ(add(in("alice")).status, 200);
  const auto done = finish(answer(question("alice"), device));
  ASSERT_EQ(done.status, 200) << done.body;
  const json::object me = body_of(done).at("me").as_object();
  EXPECT_EQ(me.at("method"), "passkey");
  EXPECT_FALSE(me.at("step_up_until").is_null());
  EXPECT_EQ(get("/api/v1/me", cookie_of(done)).status, 200);
}

TEST_F(PasskeysTest, an_answer_serves_once_and_for_five_minutes) {
  ASSERT_EQ(add(in("alice")).status, 200);
  const auto once = answer(question("alice"), device);
  EXPECT_EQ(finish(once).status, 200);
  EXPECT_EQ(code_of(finish(once)), "passkey_failed");
  const auto late = question("alice");
  clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(finish(answer(late, device)).status, 401);
}

TEST_F(PasskeysTest, a_question_is_for_one_person_and_of_this_gateway) {
  ASSERT_EQ(add(in("alice")).status, 200);
  EXPECT_EQ(finish(answer(question("admin"), device)).status, 401) << "asked for somebody else";
  auto asked = question("alice");
  auto ticket = text_of(asked, "ticket");
  ticket[3] = ticket[3] == 'A' ? 'B' : 'A';
  asked["ticket"] = ticket;
  EXPECT_EQ(finish(answer(asked, device)).status, 401) << "a ticket that was changed";
  PasskeyDevice stranger;
  stranger.count = 100;
  EXPECT_EQ(finish(answer(question("alice"), stranger)).status, 401);
  EXPECT_EQ(finish(answer(question("alice"), device, "https://evil.example")).status, 401);
}

TEST_F(PasskeysTest, a_device_that_did_not_check_its_person_is_not_added) {
  EXPECT_EQ(code_of(add(in("alice"), 0x01)), "passkey_failed");
}

TEST_F(PasskeysTest, the_question_does_not_tell_who_has_one) {
  ASSERT_EQ(add(in("alice")).status, 200);
  const auto none = question("personne"), again = question("personne");
  EXPECT_EQ(none.at("options").at("allowCredentials").as_array().size(), 1u);
  EXPECT_EQ(none.at("options").at("allowCredentials"), again.at("options").at("allowCredentials"));
}

TEST_F(PasskeysTest, it_takes_presence_to_add_or_remove_one) {
  const auto cookie = in("alice");
  ASSERT_EQ(add(cookie).status, 200);
  clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(code_of(post("/api/v1/me/passkeys/start", json::object{}, cookie)), "step_up");
  const json::array list = body_of(get("/api/v1/me/passkeys", cookie)).at("items").as_array();
  ASSERT_EQ(list.size(), 1u);
  const auto path = "/api/v1/me/passkeys/" + text_of(list[0].as_object(), "id");
  EXPECT_EQ(code_of(ask({"DELETE", path, {}, {}, cookie})), "step_up");
  EXPECT_EQ(post("/api/v1/step-up", json::object(answer(question("alice"), device)), cookie).status, 200) << "by the passkey itself";
  EXPECT_EQ(ask({"DELETE", path, {}, {}, in("admin")}).status, 404) << "another person's";
  EXPECT_EQ(ask({"DELETE", path, {}, {}, cookie}).status, 200);
  EXPECT_EQ(finish(answer(question("alice"), device)).status, 401);
}

TEST_F(PasskeysTest, anothers_passkey_is_no_step_up) {
  ASSERT_EQ(add(in("alice")).status, 200);
  const auto admin = in("admin");
  clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(post("/api/v1/step-up", json::object(answer(question("alice"), device)), admin).status, 403);
  EXPECT_EQ(code_of(post("/api/v1/me/passkeys/start", json::object{}, admin)), "step_up");
}

TEST_F(PasskeysTest, a_passkey_of_a_revoked_card_signs_nobody_in) {
  ASSERT_EQ(add(in("alice")).status, 200);
  const auto id = certs::StaffCard::peek(core->technicians.card_note(login("alice")))->id;
  ASSERT_TRUE(core->technicians.revoke(certs::RevocationList::sign({id, "départ", clock.now()}, staff)));
  EXPECT_EQ(code_of(finish(answer(question("alice"), device))), "account_closed");
}

TEST_F(PasskeysTest, wrong_answers_count_for_their_source) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(finish(answer(question("alice"), device)).status, 401);
  EXPECT_EQ(finish(answer(question("alice"), device)).status, 429);
}

}  // namespace
}  // namespace pontlevis::gateway
