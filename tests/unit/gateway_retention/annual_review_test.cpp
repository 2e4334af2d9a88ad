// The yearly look at what is kept (requirements B19), and the policy as one object that a person validates (B15).
#include "audit/retention.hpp"
#include "gateway/retention/policy.hpp"
#include "protocol/crypto/sha256.hpp"
#include "tests/unit/gateway_retention/retention_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class AnnualReviewTest : public GatewayRetentionTest {
 protected:
  void a_day() {  // of a gateway that serves
    ASSERT_TRUE(core->ready());
    run(house());
    ASSERT_TRUE(until([&] { return !must("annual-review list").at("items").as_array().empty(); }));
  }
  Awaitable<bool> house() {
    co_await area->keep_house();
    co_return true;
  }
  json::object the_review() { return must("annual-review list").at("items").as_array().at(0).as_object(); }
  void decide_all(std::string decision) {
    json::object decisions;
    for (const auto& row : the_review().at("classes").as_array()) decisions[text_of(row.as_object(), "id")] = decision;
    must("annual-review decide", {{"year", 2026}, {"decisions", decisions}});
  }
};

TEST_F(AnnualReviewTest, a_campaign_opens_by_itself_with_counts_and_ages) {
  failed_sign_in("203.0.113.77");
  must("retention run");
  a_day();
  const auto review = the_review();
  EXPECT_EQ(review.at("year").as_int64(), 2026);
  const auto& rows = review.at("classes").as_array();
  const auto ip = std::find_if(rows.begin(), rows.end(), [](const auto& row) { return text_of(row.as_object(), "id") == "ip-150-days"; });
  ASSERT_NE(ip, rows.end());
  EXPECT_EQ(ip->at("open").to_number<int>(), 1);
  EXPECT_EQ(text_of(last_record("annual_review"), "event"), "OPENED");
}

TEST_F(AnnualReviewTest, it_is_signed_once_each_class_is_decided) {
  must("retention run");
  a_day();
  EXPECT_NE(refused("annual-review sign", {{"year", 2026}}).find("no decision"), std::string::npos);
  decide_all("KEEP");
  const auto signed_one = must("annual-review sign", {{"year", 2026}});
  EXPECT_EQ(text_of(signed_one, "signed_by"), "dpo");
  EXPECT_EQ(text_of(last_record("annual_review"), "report_sha256"), text_of(signed_one, "report_sha256"));
  EXPECT_NE(refused("annual-review sign", {{"year", 2026}}).find("was signed"), std::string::npos);
}

TEST_F(AnnualReviewTest, what_is_decided_to_go_goes_with_the_signature) {
  failed_sign_in("203.0.113.77");
  must("retention run");
  a_day();
  decide_all("KEEP");
  must("annual-review decide", {{"year", 2026}, {"decisions", json::object{{"security-180-days", "DELETE"}, {"ip-150-days", "DELETE"}}}});
  const auto index = [&] {
    for (LeafIndex at = core->log->size(); at-- > 0;)
      if (core->log->record(at)->type() == "security") return at;
    return LeafIndex{0};
  }();
  must("annual-review sign", {{"year", 2026}});
  EXPECT_FALSE(fields_open(index, audit::FieldClass::ip));
  EXPECT_FALSE(fields_open(index, audit::FieldClass::text));
  EXPECT_EQ(text_of(told.back(), "reason"), "ANNUAL_REVIEW");
  EXPECT_EQ(verification(), "");
}

TEST_F(AnnualReviewTest, a_year_that_nobody_signs_is_said) {
  must("retention run");
  a_day();
  wait_days(61);
  run(house());
  EXPECT_TRUE(until([&] { return !notices_of("annual_review").empty(); }));
  EXPECT_TRUE(notices_of("annual_review").back().late);
  EXPECT_TRUE(must("annual-review show", {{"year", 2026}}).at("late").as_bool());
}

TEST_F(AnnualReviewTest, a_decision_is_one_of_two_about_a_class_there_is) {
  must("retention run");
  a_day();
  EXPECT_NE(refused("annual-review decide", {{"year", 2026}, {"decisions", json::object{{"ip-150-days", "MAYBE"}}}}).find("KEEP or DELETE"), std::string::npos);
  EXPECT_NE(refused("annual-review decide", {{"year", 2026}, {"decisions", json::object{{"autre", "KEEP"}}}}).find("not a class"), std::string::npos);
  EXPECT_NE(refused("annual-review decide", {{"year", 2031}, {"decisions", json::object{}}}).find("no review"), std::string::npos);
}

// ---- the policy ----

TEST_F(AnnualReviewTest, the_policy_is_validated_by_a_named_person) {
  EXPECT_TRUE(must("retention state").at("policy").at("validated_by").is_null());
  const auto state = must("retention validate");
  EXPECT_EQ(state.at("policy").at("validated_by").as_string(), "dpo");
  EXPECT_EQ(text_of(last_record("register_entry"), "entry_sha256"), policy_sha256());
}

TEST(Policy, its_terms_are_those_of_the_log) {
  for (const auto& schema : audit::schemas())
    for (auto cls : {audit::FieldClass::person, audit::FieldClass::ip, audit::FieldClass::text, audit::FieldClass::statement}) {
      const auto* policy = find_policy_class(audit::rule_of(schema.type, cls));
      ASSERT_NE(policy, nullptr) << audit::rule_of(schema.type, cls);
      EXPECT_TRUE(policy->in_log);
      const auto written = *from_date("2026-11-22");
      const auto day = from_date(*schema.expires_on(cls, written));
      EXPECT_LE(*day - written, std::chrono::days(policy->days)) << schema.type;
    }
}

TEST(Policy, every_class_says_where_from_where_and_how_in_both_languages) {
  for (const auto& cls : policy_classes())
    for (auto text : {cls.source_fr, cls.source_en, cls.conditions_fr, cls.conditions_en, cls.format_fr, cls.format_en}) EXPECT_FALSE(text.empty()) << cls.id;
}

}  // namespace
}  // namespace pontlevis::gateway
