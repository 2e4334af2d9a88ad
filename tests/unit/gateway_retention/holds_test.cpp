// What is kept past its day: holds with a day of review, requests that are pending; never a network address (B17, B18, T14).
#include "tests/unit/gateway_retention/retention_fixture.hpp"

namespace pontlevis::gateway {
namespace {

using audit::FieldClass;

class HoldsTest : public GatewayRetentionTest {
 protected:
  json::object hold(json::object more = {}) {
    json::object asked{{"reason", "Contentieux Exemple en cours"}, {"review_on", to_date(clock.now() + std::chrono::days(90))}};
    for (auto& member : more) asked[member.key()] = member.value();
    return must("hold place", std::move(asked));
  }
};

TEST_F(HoldsTest, a_hold_keeps_everything_of_a_practice_but_addresses) {
  failed_sign_in("203.0.113.77");
  const auto index = core->log->size() - 1;
  hold({{"practice", practice.text()}});
  live_days(180);
  const auto ran = must("retention run");
  EXPECT_GT(ran.at("deferred").to_number<int>(), 0);
  EXPECT_FALSE(fields_open(index, FieldClass::ip));
  EXPECT_TRUE(fields_open(index, FieldClass::text));
  EXPECT_EQ(verification(), "");
}

TEST_F(HoldsTest, the_deferral_stands_in_the_next_certificate) {
  failed_sign_in("203.0.113.77");
  const auto id = text_of(hold({{"practice", practice.text()}}), "id");
  const auto other = *PracticeId::parse("cabinet-autre");
  auto record = security_record("signin_failed", "web", "bob", "203.0.113.78", "autre", other);
  ASSERT_TRUE(run(core->append(std::move(record))));
  wait_days(180);
  must("retention run");
  std::string all;
  for (const auto& fields : told) all += json::serialize(fields.at("deferrals"));
  EXPECT_NE(all.find(id), std::string::npos) << all;
}

TEST_F(HoldsTest, once_lifted_the_next_run_destroys) {
  const auto id = closed_one();
  const auto held = text_of(hold({{"intervention", id.text()}}), "id");
  live_days(1826);
  must("retention run");
  EXPECT_EQ(look(id).request.reason, words);
  const auto index = index_of(id, "request");
  EXPECT_TRUE(fields_open(index, FieldClass::text));
  must("hold lift", {{"id", held}, {"reason", "Contentieux termine ce jour"}});
  must("retention run");
  EXPECT_NE(look(id).request.reason, words);
  EXPECT_FALSE(fields_open(index, FieldClass::text));
  EXPECT_EQ(found_in_files({"CANARI"}), 0u);
  EXPECT_EQ(verification(), "");
}

TEST_F(HoldsTest, days_are_recorded_as_the_records_of_those_days) {
  failed_sign_in("203.0.113.77");
  wait_days(10);
  failed_sign_in("203.0.113.78");
  hold({{"from", to_date(clock.now() - std::chrono::days(1))}, {"until", to_date(clock.now())}});
  const auto scope = last_record("hold").at("scope").as_object();
  EXPECT_EQ(scope.at("first").as_int64(), static_cast<std::int64_t>(core->log->size()) - 2);
  EXPECT_EQ(scope.at("last").as_int64(), INT64_MAX);
}

TEST_F(HoldsTest, a_pending_request_defers_as_a_hold_does_and_its_answer_ends_that) {
  const auto id = closed_one();
  const auto index = index_of(id, "request");
  ASSERT_TRUE(defer_for_request(*core->store, {"DEM-7", {}, {id}}, clock.now()));
  live_days(1826);
  must("retention run");
  EXPECT_TRUE(fields_open(index, FieldClass::text));
  EXPECT_EQ(text_of(last_record("hold"), "hold_id"), "request-DEM-7");
  EXPECT_EQ(verification(), "");
  ASSERT_TRUE(request_answered(*core->store, "DEM-7"));
  must("retention run");
  EXPECT_FALSE(fields_open(index, FieldClass::text));
  EXPECT_EQ(text_of(last_record("hold"), "event"), "LIFTED");
  EXPECT_EQ(verification(), "");
}

TEST_F(HoldsTest, a_hold_stops_an_erasure_but_not_of_addresses) {
  failed_sign_in("203.0.113.77");
  const auto index = static_cast<std::int64_t>(core->log->size()) - 1;
  hold({{"practice", practice.text()}});
  const json::object what{{"practice", practice.text()}, {"reason", "ERASURE_REQUEST"}, {"words", "demande"}};
  EXPECT_NE(refused("erase", what).find("must be kept"), std::string::npos);
  auto addresses = what;
  addresses["class"] = "ip";
  must("erase", addresses);
  EXPECT_FALSE(fields_open(static_cast<LeafIndex>(index), FieldClass::ip));
}

TEST_F(HoldsTest, a_hold_says_what_why_and_until_when) {
  EXPECT_NE(refused("hold place", {{"reason", "Contentieux Exemple"}, {"review_on", "2027-01-31"}}).find("what is held"), std::string::npos);
  EXPECT_NE(refused("hold place", {{"practice", practice.text()}, {"reason", "court"}, {"review_on", "2027-01-31"}}).find("reason"), std::string::npos);
  EXPECT_NE(refused("hold place", {{"practice", practice.text()}, {"reason", "Contentieux Exemple"}, {"review_on", "2029-01-31"}}).find("within the next year"), std::string::npos);
  EXPECT_NE(refused("hold lift", {{"id", "aucun"}, {"reason", "Contentieux termine"}}).find("no hold has this number"), std::string::npos);
}

TEST_F(HoldsTest, its_day_of_review_is_said) {
  hold({{"practice", practice.text()}});
  area->desk().say_holds();
  EXPECT_TRUE(notices_of("hold").empty());
  wait_days(91);
  area->desk().say_holds();
  ASSERT_EQ(notices_of("hold").size(), 1u);
  EXPECT_TRUE(notices_of("hold")[0].late);
}

}  // namespace
}  // namespace pontlevis::gateway
