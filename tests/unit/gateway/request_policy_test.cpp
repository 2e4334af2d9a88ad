// The policy as a table: what is changed about a good request, and the rule that then forbids it.
#include "gateway/request_policy.hpp"

#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

struct Case {
  std::string name;
  std::function<void(Asked&, PolicyFacts&, Practice&)> change;
  std::string rule;  // empty: the words are wrong
  std::string says;  // part of the English sentence
};

class RequestPolicy : public GatewayTest, public testing::WithParamInterface<Case> {
 protected:
  PolicyFacts facts(const Practice& known) {
    return {*InterventionId::parse("6f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10"), clock.now(), std::chrono::minutes(30), 480, "Éditeur Exemple", &known, true,
            [this](const Login& who) { return core->technicians.valid_card(who); }, [](const Login&) { return false; }};
  }
};

TEST_P(RequestPolicy, forbids) {
  Asked a = asked();
  Practice known = *core->practices.find(practice);
  PolicyFacts f = facts(known);
  // People the table's rows speak of.
  auto swiss = card_fields("dave");
  swiss.country = "CH";
  put_card(swiss);
  auto late = card_fields("erin");
  late.expires_at = clock.now() + std::chrono::hours(1);
  put_card(late);
  GetParam().change(a, f, known);
  if (GetParam().rule == "CARD_NOT_VALID") clock.advance(std::chrono::hours(2));
  const auto decided = decide(a, f);
  ASSERT_FALSE(decided);
  EXPECT_EQ(decided.error().rule, GetParam().rule);
  EXPECT_NE(decided.error().en.find(GetParam().says), std::string::npos) << decided.error().en;
  EXPECT_FALSE(decided.error().fr.empty());
}

const Case cases[] = {
    {"practice_unknown", [](auto&, auto& f, auto&) { f.practice = nullptr; }, "PRACTICE_UNKNOWN", "no practice named 'cabinet-exemple'"},
    {"practice_not_enrolled", [](auto&, auto&, auto& p) { p.enrolment.reset(); }, "PRACTICE_UNKNOWN", "is enrolled here"},
    {"contract_ended", [](auto&, auto& f, auto& p) { p.contract.valid_until = f.now - std::chrono::days(2); }, "CONTRACT_NOT_VALID", "ended on 2026-11-20"},
    {"contract_not_begun", [](auto&, auto& f, auto& p) { p.contract.valid_from = f.now + std::chrono::days(2); }, "CONTRACT_NOT_VALID", "begins on 2026-11-24"},
    {"system_not_offered", [](auto& a, auto&, auto&) { a.system = *SystemId::parse("serveur"); }, "SYSTEM_NOT_OFFERED", "no system named 'serveur'"},
    {"tool_not_offered", [](auto& a, auto&, auto&) { a.tools = {"desktop"}; }, "TOOL_NOT_OFFERED", "does not offer 'desktop'"},
    {"card_expired", [](auto& a, auto&, auto&) { a.pair = login("erin"); }, "CARD_NOT_VALID", "the staff card of erin"},
    {"person_unknown", [](auto& a, auto&, auto&) { a.consulted = {login("zoe")}; }, "CARD_NOT_VALID", "the staff card of zoe"},
    {"outside_eea", [](auto& a, auto&, auto&) { a.additional = {login("dave")}; }, "OUTSIDE_EEA", "works from CH"},
    {"critical_alone", [](auto& a, auto&, auto&) { a.criticality = Criticality::critical; }, "CRITICAL_NEEDS_PAIR", "needs two people"},
    {"critical_pair_only", [](auto& a, auto&, auto&) { a.criticality = Criticality::critical, a.pair = login("bob"); }, "CRITICAL_NEEDS_STAFF", "additional qualified person"},
    {"pair_with_oneself", [](auto& a, auto&, auto&) { a.pair = login("alice"); }, "SAME_PERSON", "named twice"},
    {"already_open", [](auto&, auto& f, auto&) { f.has_open = [](const Login& l) { return l == login("alice"); }; }, "ALREADY_OPEN", "already has a live intervention"},
    {"planned_in_the_past", [](auto& a, auto& f, auto&) { a.planned = {f.now - std::chrono::hours(1), f.now + std::chrono::hours(1)}; }, "", "--from must be"},
    {"planned_too_far", [](auto& a, auto& f, auto&) { a.planned = {f.now + std::chrono::days(61), f.now + std::chrono::days(61) + std::chrono::hours(1)}; }, "", "within 60 days"},
    {"window_too_short", [](auto& a, auto& f, auto&) { a.planned = {f.now + std::chrono::hours(1), f.now + std::chrono::hours(1) + std::chrono::minutes(29)}; }, "", "leave room"},
    {"no_notice_given", [](auto&, auto& f, auto&) { f.notice = std::chrono::hours(48); }, "NOTICE_TOO_SHORT", "48 hours ahead"},
    {"planned_too_soon", [](auto& a, auto& f, auto&) { f.notice = std::chrono::hours(48), a.planned = {f.now + std::chrono::hours(24), f.now + std::chrono::hours(25)}; }, "NOTICE_TOO_SHORT", "48 hours ahead"},
    {"agent_away", [](auto&, auto& f, auto&) { f.link_up = false; }, "AGENT_AWAY", "not connected"},
    {"nir_in_reason", [](auto& a, auto&, auto&) { a.reason = "patient 2 55 08 14 168 025 38 bloqué"; }, "NIR_IN_TEXT", "--reason holds"},
    {"nir_in_ticket", [](auto& a, auto&, auto&) { a.ticket = "255081416802538"; }, "NIR_IN_TEXT", "--ticket holds"},
    {"no_ticket", [](auto& a, auto&, auto&) { a.ticket = ""; }, "", "--ticket is missing"},
    {"short_reason", [](auto& a, auto&, auto&) { a.reason = "vite"; }, "", "--reason must have 10–500 bytes, it has 4"},
    {"long_tasks", [](auto& a, auto&, auto&) { a.planned_tasks = std::string(1001, 'x'); }, "", "--tasks must have 5–1000 bytes"},
    {"too_long", [](auto& a, auto&, auto&) { a.minutes = 481; }, "", "--minutes must be 1–480"},
    {"no_time", [](auto& a, auto&, auto&) { a.minutes = 0; }, "", "--minutes must be"},
    {"no_tool", [](auto& a, auto&, auto&) { a.tools.clear(); }, "", "--tools must name"},
    {"tool_twice", [](auto& a, auto&, auto&) { a.tools = {"shell", "shell"}; }, "", "--tools must name"},
    {"tool_unknown", [](auto& a, auto&, auto&) { a.tools = {"telnet"}; }, "", "'telnet' is not a tool"},
    {"control_character", [](auto& a, auto&, auto&) { a.reason = "une raison \x1b[31m rouge"; }, "", "not allowed"},
    {"too_many_people", [](auto& a, auto&, auto&) { for (char c = 'a'; c < 'a' + 8; ++c) a.consulted.push_back(login(std::string("p") + c)); }, "", "more than 8"},
};

INSTANTIATE_TEST_SUITE_P(Table, RequestPolicy, testing::ValuesIn(cases), [](const auto& row) { return row.param.name; });

class RequestPolicyAllows : public RequestPolicy {};

TEST_P(RequestPolicyAllows, a_good_request_and_builds_it_whole) {
  Asked a = asked();
  a.criticality = Criticality::critical;
  a.pair = login("bob");
  a.consulted = {login("carol")};
  const Practice known = *core->practices.find(practice);
  const auto decided = decide(a, facts(known));
  ASSERT_TRUE(decided) << decided.error().en;
  EXPECT_EQ(decided->operators.size(), 3u);
  EXPECT_EQ(lead_of(*decided).login, login("alice"));
  EXPECT_EQ(decided->operators[2].mode, OperatorMode::consulted);
  EXPECT_EQ(decided->difficulty, Difficulty::pair);
  EXPECT_EQ(decided->contract, "C-2026-7");
  EXPECT_EQ(decided->expires_at - decided->requested_at, std::chrono::minutes(30));
}

INSTANTIATE_TEST_SUITE_P(One, RequestPolicyAllows, testing::Values(Case{"good", nullptr, "", ""}));

class PlannedRequest : public RequestPolicy {};

TEST_F(PlannedRequest, keeps_its_window_and_an_emergency_shortens_the_notice_alone) {
  Asked a = asked();
  const Practice known = *core->practices.find(practice);
  PolicyFacts f = facts(known);
  f.notice = std::chrono::hours(48);
  a.emergency = "le serveur ne répond plus";
  EXPECT_FALSE(decide(a, f)->opens_from) << "an emergency is for now";
  a.emergency.reset();
  a.planned = {f.now + std::chrono::hours(72), f.now + std::chrono::hours(74)};
  const auto decided = decide(a, f);
  ASSERT_TRUE(decided) << decided.error().en;
  EXPECT_EQ(decided->opens_from, a.planned->from);
  EXPECT_EQ(decided->expires_at, a.planned->until);
}

}  // namespace
}  // namespace pontlevis::gateway
