// The end of a contract: technical data at once, the practice's choice, its records back, and then nothing of it anywhere
// (requirements A17, A23).
#include "gateway/retention/return_pack.hpp"
#include "tests/unit/gateway_retention/retention_fixture.hpp"

namespace pontlevis::gateway {
namespace {

using audit::FieldClass;

class ContractEndTest : public GatewayRetentionTest {
 protected:
  ContractEndTest() { contract_runs = std::chrono::days(100); }
  void end_contract() {
    wait_days(102);
    must("retention run");
  }
  json::object the_case() { return must("contract-end list").at("items").as_array().at(0).as_object(); }
  json::object choose(std::string choice) { return must("contract-end choose", {{"practice", practice.text()}, {"choice", choice}, {"chosen_by", "Docteur Exemple"}}); }
};

TEST_F(ContractEndTest, technical_data_go_at_once_and_a_month_begins) {
  failed_sign_in("203.0.113.77");
  const auto index = core->log->size() - 1;
  end_contract();
  EXPECT_FALSE(fields_open(index, FieldClass::ip));
  EXPECT_FALSE(fields_open(index, FieldClass::text));
  const auto one = the_case();
  EXPECT_EQ(text_of(one, "practice"), practice.text());
  EXPECT_TRUE(one.at("choice").is_null());
  EXPECT_EQ(text_of(told.at(0), "reason"), "CONTRACT_END");
  EXPECT_EQ(verification(), "");
}

TEST_F(ContractEndTest, a_contract_that_is_renewed_closes_the_case) {
  end_contract();
  ASSERT_TRUE(core->practices.set_contract(practice, {"C-2027-1", clock.now() - std::chrono::days(1), clock.now() + std::chrono::days(300)}));
  must("retention run");
  EXPECT_TRUE(must("contract-end list").at("items").as_array().empty());
  EXPECT_EQ(text_of(last_record("contract_end"), "event"), "RENEWED");
}

TEST_F(ContractEndTest, a_contract_that_runs_has_no_end) {
  EXPECT_NE(refused("contract-end choose", {{"practice", practice.text()}, {"choice", "DELETE"}, {"chosen_by", "x"}}).find("no contract that ended"), std::string::npos);
}

TEST_F(ContractEndTest, records_go_back_in_forms_that_others_read_and_then_nothing_is_left) {
  closed_one();
  end_contract();
  const auto returned = choose("RETURN_THEN_DELETE");
  EXPECT_EQ(text_of(returned, "export_sha256").size(), 64u);
  const auto pack = folder.root / "returns" / (practice.text() + ".zip");
  ASSERT_TRUE(std::filesystem::exists(pack));
  const auto out = temporary.path() / "out";
  ASSERT_EQ(std::system(("python3 -m zipfile -e '" + pack.string() + "' '" + out.string() + "'").c_str()), 0);
  EXPECT_NE(io::read_file(out / "interventions.csv")->find("CANARI"), std::string::npos);
  EXPECT_NE(io::read_file(out / "records.jsonl", 16 << 20)->find("\"type\":\"request\""), std::string::npos);
  const auto verified = audit::verify_bundle(out / "bundle", {});
  ASSERT_TRUE(verified) << verified.error().text();
  EXPECT_TRUE(verified->verified()) << verified->to_text();

  const auto confirmed = must("contract-end confirm", {{"practice", practice.text()}, {"confirmed_by", "Docteur Exemple"}});
  EXPECT_TRUE(confirmed.at("deleted_at").is_string());
  EXPECT_TRUE(confirmed.at("keys_revoked").as_bool());
  EXPECT_FALSE(confirmed.at("certificates").as_array().empty());
  EXPECT_FALSE(std::filesystem::exists(pack));
  EXPECT_EQ(found_in_files({"CANARI", "Docteur Exemple", "Cabinet Exemple"}), 0u);
  EXPECT_FALSE(core->practices.find(practice)->enrolment);
  EXPECT_EQ(verification(), "");
}

TEST_F(ContractEndTest, deletion_alone_needs_no_return) {
  closed_one();
  end_contract();
  EXPECT_TRUE(choose("DELETE").at("deleted_at").is_string());
  EXPECT_EQ(found_in_files({"CANARI"}), 0u);
  EXPECT_NE(refused("contract-end choose", {{"practice", practice.text()}, {"choice", "DELETE"}, {"chosen_by", "x"}}).find("chosen already"), std::string::npos);
}

TEST_F(ContractEndTest, a_hold_stops_the_deletion_and_says_so) {
  closed_one();
  end_contract();
  must("hold place", {{"practice", practice.text()}, {"reason", "Contentieux Exemple en cours"}, {"review_on", to_date(clock.now() + std::chrono::days(60))}});
  EXPECT_NE(refused("contract-end choose", {{"practice", practice.text()}, {"choice", "DELETE"}, {"chosen_by", "x"}}).find("must be kept"), std::string::npos);
}

TEST_F(ContractEndTest, a_month_is_the_earlier_of_thirty_days_and_a_calendar_month) {
  EXPECT_EQ(to_date(a_month_after_the_end(*from_date("2027-01-31"))), "2027-02-28");
  EXPECT_EQ(to_date(a_month_after_the_end(*from_date("2028-01-31"))), "2028-02-29");
  EXPECT_EQ(to_date(a_month_after_the_end(*from_date("2027-03-15"))), "2027-04-14");
  EXPECT_EQ(to_date(a_month_after_the_end(*from_date("2027-04-15"))), "2027-05-15");
}

TEST(ReturnPack, a_cell_is_text_and_never_a_formula) {
  EXPECT_EQ(return_cell("simple"), "simple");
  EXPECT_EQ(return_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(return_cell("dit \"oui\""), "\"dit \"\"oui\"\"\"");
  EXPECT_EQ(return_cell("=1+1"), "\"'=1+1\"");
  EXPECT_EQ(return_cell("-2"), "\"'-2\"");
}

}  // namespace
}  // namespace pontlevis::gateway
