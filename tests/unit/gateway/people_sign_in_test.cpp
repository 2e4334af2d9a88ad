// Who is let in by password and code, who is not, and what a stranger learns from the answer: nothing.
#include "tests/unit/gateway/people_fixture.hpp"

namespace pontlevis::gateway {
namespace {

using SignInTest = PeopleTest;

TEST_F(SignInTest, a_password_and_a_code_sign_in) {
  const auto answer = try_in("alice");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json::object me = body_of(answer).at("me").as_object();
  EXPECT_EQ(me.at("login"), "alice");
  EXPECT_EQ(me.at("role"), "technician");
  EXPECT_EQ(me.at("method"), "password");
  EXPECT_FALSE(me.at("step_up_until").is_null()) << "two factors just now";
  EXPECT_EQ(get("/api/v1/me", cookie_of(answer)).status, 200);
}

TEST_F(SignInTest, the_cookie_is_for_this_host_over_tls_and_for_no_script) {
  const auto set = std::string(try_in("alice").header("set-cookie"));
  EXPECT_TRUE(set.starts_with("__Host-pontlevis=")) << set;
  for (auto part : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"}) EXPECT_NE(set.find(part), set.npos) << part;
  EXPECT_EQ(set.find("Domain"), set.npos);
}

TEST_F(SignInTest, the_store_holds_no_cookie_and_no_address) {
  const auto cookie = in("alice");
  const auto file = *io::read_file(folder.store(), 1 << 24) + io::read_file(folder.store().string() + "-wal", 1 << 24).value_or("");
  EXPECT_EQ(file.find(cookie), file.npos);
  EXPECT_EQ(file.find("192.0.2.7"), file.npos);
  EXPECT_NE(file.find(sha256_hex(cookie)), file.npos);
}

TEST_F(SignInTest, a_stranger_learns_no_name_from_the_answer) {
  const auto known = try_in("alice", "wrong password"), unknown = try_in("personne", "wrong password"), code_wrong = try_in("admin", password, wrong_code("admin"));
  EXPECT_EQ(known.status, 401);
  EXPECT_EQ(known.body, unknown.body);
  EXPECT_EQ(known.body, code_wrong.body);
  EXPECT_EQ(known.headers, unknown.headers);
  EXPECT_EQ(code_of(known), "not_signed_in");
}

TEST_F(SignInTest, a_code_is_not_spent_on_a_wrong_password) {
  EXPECT_EQ(try_in("alice", "wrong password").status, 401);
  EXPECT_EQ(try_in("alice").status, 200);
}

TEST_F(SignInTest, a_code_works_once_for_the_console_and_the_ssh_front_together) {
  const auto once = code("alice");
  EXPECT_EQ(*core->technicians.check_code(login("alice"), Secret(std::string_view(once)), core->lockout_rule()), CodeVerdict::accepted);
  EXPECT_EQ(try_in("alice").status, 401);
  next_code();
  EXPECT_EQ(try_in("alice").status, 200);
  EXPECT_EQ(*core->technicians.check_code(login("alice"), Secret(std::string_view(code("alice"))), core->lockout_rule()), CodeVerdict::wrong);
}

TEST_F(SignInTest, wrong_codes_of_both_doors_make_one_lock) {
  for (int i = 0; i < 3; ++i) static_cast<void>(core->technicians.check_code(login("alice"), Secret(std::string_view(wrong_code("alice"))), core->lockout_rule()));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(try_in("alice", password, wrong_code("alice")).status, 401);
  EXPECT_TRUE(core->technicians.locked(login("alice")));
  const auto locked = try_in("alice");
  EXPECT_EQ(locked.status, 423);
  EXPECT_EQ(code_of(locked), "locked");
  restart();
  EXPECT_EQ(try_in("alice").status, 423) << "also after a restart";
  clock.advance(std::chrono::minutes(16));
  EXPECT_EQ(try_in("alice").status, 200);
}

TEST_F(SignInTest, a_stranger_with_wrong_passwords_does_not_lock_the_ssh_front) {
  for (int i = 0; i < 6; ++i) try_in("alice", "wrong password");
  EXPECT_EQ(try_in("alice").status, 423);
  EXPECT_FALSE(core->technicians.locked(login("alice")));
}

TEST_F(SignInTest, a_name_nobody_has_is_locked_like_any_other) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(try_in("personne", "wrong password").status, 401);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(try_in("alice", "wrong password", "123456", "192.0.2.8").status, 401);
  EXPECT_EQ(try_in("personne", "wrong password").body, try_in("alice", "wrong password", "123456", "192.0.2.8").body);
  EXPECT_EQ(try_in("personne", "wrong password").status, 423);
}

TEST_F(SignInTest, an_administrators_reset_unlocks_the_name) {
  for (int i = 0; i < 6; ++i) try_in("admin", "wrong password");
  EXPECT_EQ(try_in("admin").status, 423);
  const auto made = account({{"verb", "user reset"}, {"login", "admin"}});
  seeds["admin"] = text_of(made, "totp_secret");
  EXPECT_EQ(try_in("admin", text_of(made, "password")).status, 200);
}

TEST_F(SignInTest, one_address_may_not_try_name_after_name) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(try_in("nom" + std::to_string(i), "wrong password").status, 401);
  const auto refused = try_in("alice");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(code_of(refused), "too_many");
  EXPECT_EQ(try_in("alice", password, {}, "192.0.2.8").status, 200) << "from elsewhere";
}

TEST_F(SignInTest, a_failure_is_a_record_with_the_address_in_its_own_class) {
  try_in("alice", "wrong password");
  const auto record = recorded("signin_failed");
  EXPECT_EQ(text_of(record, "subject"), "alice");
  EXPECT_EQ(text_of(record, "source_ip"), "192.0.2.7");
  EXPECT_EQ(text_of(record, "channel"), "web");
}

TEST_F(SignInTest, a_name_that_nobody_has_is_not_written_down) {
  try_in("hunter2", "wrong password");
  EXPECT_EQ(text_of(recorded("signin_failed"), "subject"), "");
}

TEST_F(SignInTest, a_revoked_card_signs_nobody_in_and_ends_what_was_open) {
  const auto cookie = in("alice");
  const auto id = certs::StaffCard::peek(core->technicians.card_note(login("alice")))->id;
  ASSERT_TRUE(core->technicians.revoke(certs::RevocationList::sign({id, "départ", clock.now()}, staff)));
  EXPECT_EQ(get("/api/v1/me", cookie).status, 401);
  next_code();
  const auto refused = try_in("alice");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(code_of(refused), "account_closed");
}

TEST_F(SignInTest, an_auditor_is_there_until_their_last_day) {
  const auto cookie = in("audit");
  EXPECT_EQ(get("/api/v1/me", cookie).status, 200);
  clock.advance(std::chrono::days(31));
  EXPECT_EQ(try_in("audit").status, 403);
}

TEST_F(SignInTest, what_is_not_a_sign_in_is_refused_in_words) {
  for (const json::value& body : {json::value(json::object{{"login", "alice"}}), json::value(json::object{{"login", "alice"}, {"password", 1}, {"code", "1"}}),
                                  json::value(json::object{{"login", "Alice!"}, {"password", "x"}, {"code", "1"}}), json::value(json::array{})})
    EXPECT_EQ(post("/api/v1/sign-in", body).status, 400);
}

TEST_F(SignInTest, the_door_says_what_a_page_must_know) {
  const auto door = body_of(get("/api/v1/door"));
  EXPECT_EQ(door.at("vendor"), "Éditeur Exemple");
  EXPECT_EQ(door.at("language"), "fr");
  EXPECT_TRUE(door.at("oidc").is_null());
  EXPECT_EQ(door.at("console_sha256"), "00ff");
}

// ---- passwords made by others ----

TEST_F(SignInTest, a_password_made_by_an_administrator_is_changed_first) {
  const auto made = account({{"verb", "user reset"}, {"login", "admin"}});
  seeds["admin"] = text_of(made, "totp_secret");
  const auto answer = try_in("admin", text_of(made, "password"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto cookie = cookie_of(answer);
  EXPECT_EQ(body_of(answer).at("me").at("must_change_password"), true);
  EXPECT_EQ(code_of(get("/api/v1/me/card", cookie)), "must_change_password");
  const json::object change{{"old", text_of(made, "password")}, {"new", "quatre mots sans ordre"}};
  EXPECT_EQ(post("/api/v1/me/password", change, cookie).status, 200);
  EXPECT_EQ(body_of(get("/api/v1/me", cookie)).at("must_change_password"), false);
  next_code();
  EXPECT_EQ(try_in("admin", text_of(made, "password")).status, 401);
  EXPECT_EQ(try_in("admin", "quatre mots sans ordre").status, 200);
}

TEST_F(SignInTest, a_new_password_takes_the_old_one_and_ends_the_other_sessions) {
  const auto one = in("admin"), other = in("admin");
  EXPECT_EQ(code_of(post("/api/v1/me/password", json::object{{"old", "not this one"}, {"new", "quatre mots sans ordre"}}, one)), "wrong_password");
  EXPECT_EQ(post("/api/v1/me/password", json::object{{"old", password}, {"new", "court"}}, one).status, 400);
  EXPECT_EQ(post("/api/v1/me/password", json::object{{"old", password}, {"new", password}}, one).status, 400);
  EXPECT_EQ(get("/api/v1/me", other).status, 200);
  EXPECT_EQ(post("/api/v1/me/password", json::object{{"old", password}, {"new", "quatre mots sans ordre"}}, one).status, 200);
  EXPECT_EQ(get("/api/v1/me", one).status, 200);
  EXPECT_EQ(get("/api/v1/me", other).status, 401);
}

}  // namespace
}  // namespace pontlevis::gateway
