// A session ends by itself, by an act, and with the account; a restart of the gateway does not end it.
#include "tests/unit/gateway/people_fixture.hpp"

namespace pontlevis::gateway {
namespace {

using SessionsTest = PeopleTest;

TEST_F(SessionsTest, half_an_hour_away_ends_it) {
  const auto cookie = in("alice");
  for (int i = 0; i < 4; ++i) {
    clock.advance(std::chrono::minutes(29));
    EXPECT_EQ(get("/api/v1/me", cookie).status, 200) << "at work";
  }
  clock.advance(std::chrono::minutes(30));
  EXPECT_EQ(get("/api/v1/me", cookie).status, 401);
  clock.set_calendar(clock.now() - std::chrono::minutes(30));
  EXPECT_EQ(get("/api/v1/me", cookie).status, 401) << "gone, not asleep";
}

TEST_F(SessionsTest, a_page_that_looks_by_itself_is_not_a_person) {
  const auto cookie = in("alice");
  const Asking refresh{"GET", "/api/v1/me", {}, {{"x-pontlevis-background", "1"}}, cookie};
  clock.advance(std::chrono::minutes(20));
  EXPECT_EQ(ask(refresh).status, 200);
  clock.advance(std::chrono::minutes(11));
  EXPECT_EQ(ask(refresh).status, 401);
}

TEST_F(SessionsTest, twelve_hours_end_it_whatever_is_done) {
  const auto cookie = in("alice");
  for (int i = 0; i < 35; ++i) {
    clock.advance(std::chrono::minutes(20));
    EXPECT_EQ(get("/api/v1/me", cookie).status, 200);
  }
  clock.advance(std::chrono::minutes(20));
  EXPECT_EQ(get("/api/v1/me", cookie).status, 401);
}

TEST_F(SessionsTest, a_restart_of_the_gateway_does_not_end_it) {
  const auto cookie = in("alice");
  restart();
  EXPECT_EQ(get("/api/v1/me", cookie).status, 200);
}

TEST_F(SessionsTest, signing_out_ends_this_one_alone_and_takes_the_cookie_back) {
  const auto one = in("alice"), other = in("alice");
  const auto out = post("/api/v1/sign-out", json::object{}, one);
  EXPECT_EQ(out.status, 200);
  EXPECT_NE(out.header("set-cookie").find("Max-Age=0"), out.header("set-cookie").npos);
  EXPECT_EQ(get("/api/v1/me", one).status, 401);
  EXPECT_EQ(get("/api/v1/me", other).status, 200);
}

TEST_F(SessionsTest, signing_in_again_leaves_the_old_one_behind) {
  const auto old = in("alice");
  next_code();
  const auto again = ask({"POST", "/api/v1/sign-in", json::object{{"login", "alice"}, {"password", password}, {"code", code("alice")}}, {}, old});
  EXPECT_EQ(again.status, 200);
  EXPECT_NE(cookie_of(again), old);
  EXPECT_EQ(get("/api/v1/me", old).status, 401);
}

TEST_F(SessionsTest, a_removed_account_is_out_at_once) {
  const auto cookie = in("dpo");
  std::vector<std::string> told;
  people->on_end([&](const Login& who) { told.push_back(who.text()); });
  account({{"verb", "user remove"}, {"login", "dpo"}});
  EXPECT_EQ(get("/api/v1/me", cookie).status, 401);
  EXPECT_EQ(told, std::vector<std::string>{"dpo"}) << "long connections hear of it";
}

TEST_F(SessionsTest, a_reset_account_is_out_at_once) {
  const auto cookie = in("dpo");
  account({{"verb", "user reset"}, {"login", "dpo"}});
  EXPECT_EQ(get("/api/v1/me", cookie).status, 401);
}

TEST_F(SessionsTest, the_oldest_of_many_browsers_is_signed_out) {
  const auto first = in("alice");
  for (int i = 0; i < 10; ++i) in("alice");
  EXPECT_EQ(get("/api/v1/me", first).status, 401);
}

TEST_F(SessionsTest, a_long_connection_can_ask_whether_its_person_is_still_in) {
  const auto cookie = in("alice");
  const auto id = (*people->sessions().find(cookie, people->rule(), Touch::no))->id;
  EXPECT_TRUE(people->still_in(id));
  post("/api/v1/sign-out", json::object{}, cookie);
  EXPECT_FALSE(people->still_in(id));
}

TEST_F(SessionsTest, a_cookie_that_is_not_one_opens_nothing) {
  for (std::string cookie : {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) EXPECT_EQ(get("/api/v1/me", cookie).status, 401);
  const auto id = sha256_hex(in("alice"));
  EXPECT_EQ(get("/api/v1/me", id).status, 401) << "what the store holds opens nothing";
}

TEST_F(SessionsTest, what_is_over_is_swept) {
  in("alice");
  clock.advance(std::chrono::hours(1));
  people->sweep();
  EXPECT_EQ(*core->store->integer("SELECT count(*) FROM sessions"), 0);
}

TEST_F(SessionsTest, five_minutes_after_a_code_it_takes_another) {
  const auto cookie = in("alice");
  clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(code_of(post("/api/v1/step-up", json::object{{"code", wrong_code("alice")}}, cookie)), "wrong_code");
  const json::value before = body_of(get("/api/v1/me", cookie)).at("step_up_until");
  const auto answer = post("/api/v1/step-up", json::object{{"code", code("alice")}}, cookie);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(body_of(answer).at("step_up_until"), before);
  EXPECT_EQ(post("/api/v1/step-up", json::object{{"code", code("alice")}}, cookie).status, 403) << "the same code again";
}

}  // namespace
}  // namespace pontlevis::gateway
