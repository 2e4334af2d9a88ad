// The path of an intervention at the gateway, and what a hostile agent cannot make of it.
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class DeskTest : public GatewayTest {
 protected:
  void expect_bad_frame(const Result<FactAnswer>& answer, std::string_view what) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::bad_frame);
    EXPECT_EQ(answer.error().what, what);
  }
};

TEST_F(DeskTest, a_request_is_in_the_log_before_the_practice_hears_of_it) {
  const auto id = ask();
  EXPECT_EQ(record_types(id), std::vector<std::string>{"request"});
  const auto told = links.all<frame::Request>();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].request.intervention, id);
  EXPECT_EQ(text_of(last_record("request"), "request_sha256"), request_sha256(told[0].request));
  EXPECT_EQ(look(id).phase, Phase::requested);
}

TEST_F(DeskTest, a_whole_intervention_ends_as_one_closed_record_with_the_charters_fields) {
  const auto id = ask();
  auto consented = consent(id);
  ASSERT_TRUE(consented) << consented.error().text();
  EXPECT_TRUE(consented->proof_due);
  ASSERT_TRUE(open_session(id));
  EXPECT_EQ(look(id).state, State::open);
  ASSERT_TRUE(state_fact(FrameKind::event, id, sign("connection", body(id, {{"login", "alice"}, {"what", "JOINED"}, {"auth", "publickey+password"}}))));
  ASSERT_TRUE(state_fact(FrameKind::event, id, sign("transfer", body(id, {{"login", "alice"}, {"direction", "IN"}, {"bytes", 42}, {"name", "a"}}))));
  ASSERT_TRUE(end_session(id));
  EXPECT_TRUE(look(id).report_due());
  const auto reported = run(desk->report(report_of(id)));
  ASSERT_TRUE(reported) << reported.error().text();
  EXPECT_EQ(look(id).state, State::closed);
  EXPECT_EQ(record_types(id), (std::vector<std::string>{"request", "consent", "session_open", "connection", "transfer", "session_end", "report", "intervention"}));
  const auto row = last_record("intervention");
  EXPECT_EQ(row.at("person_in_charge").at("name"), "Personne alice");          // A40
  EXPECT_EQ(row.at("duration_seconds"), 600);                                   // A41
  EXPECT_EQ(row.at("systems").at(0).at("label"), "Dossier patient");            // A42
  EXPECT_EQ(row.at("tool_name"), "shell");                                      // A43
  EXPECT_EQ(row.at("tasks_summary"), "File d'impression vidée, service relancé.");  // A44
  EXPECT_EQ(row.at("approver").at("name"), "Docteur Exemple");
  EXPECT_EQ(row.at("participants").at(0).at("auth_method"), "publickey+password");
  EXPECT_EQ(row.at("transfers").at("bytes"), 42);
  ASSERT_EQ(links.all<frame::ReportGiven>().size(), 1u);
  ASSERT_TRUE(state_fact(FrameKind::report_received, id, sign("report_received", body(id, {{"report_sha256", std::string(64, 'c')}}))));
  EXPECT_EQ(core->interventions.live(id), nullptr);
}

TEST_F(DeskTest, a_statement_is_taken_once) {
  const auto id = ask();
  const auto note = sign("consent", consent_body(core->interventions.live(id)->request));
  const auto first = state_fact(FrameKind::consent, id, note);
  const auto size = core->log->size();
  const auto again = state_fact(FrameKind::consent, id, note);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->index, again->index);
  EXPECT_TRUE(again->proof_due);
  EXPECT_EQ(core->log->size(), size);
}

TEST_F(DeskTest, a_repeated_fact_in_a_later_phase_is_no_error) {
  const auto id = ask();
  const auto note = sign("consent", consent_body(core->interventions.live(id)->request));
  ASSERT_TRUE(state_fact(FrameKind::consent, id, note));
  ASSERT_TRUE(open_session(id));
  const auto again = state_fact(FrameKind::consent, id, note);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->proof_due);
}

TEST_F(DeskTest, a_consent_that_extends_is_proved_and_changes_no_phase) {
  const auto id = ask();
  const auto first = sign("consent", consent_body(core->interventions.live(id)->request));
  ASSERT_TRUE(state_fact(FrameKind::consent, id, first));
  ASSERT_TRUE(open_session(id));
  auto more = consent_body(core->interventions.live(id)->request);
  more["minutes"] = 45;
  expect_bad_frame(state_fact(FrameKind::consent, id, sign("consent", more)), "extends another consent");
  more["extends"] = core->interventions.live(id)->consent_sha256;
  const auto taken = state_fact(FrameKind::consent, id, sign("consent", more));
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_TRUE(taken->proof_due);
  EXPECT_EQ(look(id).phase, Phase::open);
  EXPECT_EQ(core->interventions.live(id)->consent_index, taken->index);
  more["minutes"] = 481;
  expect_bad_frame(state_fact(FrameKind::consent, id, sign("consent", more)), "extends by no time or by too much");
}

TEST_F(DeskTest, a_first_consent_extends_nothing) {
  const auto id = ask();
  auto body_of_it = consent_body(core->interventions.live(id)->request);
  body_of_it["extends"] = std::string(64, 'a');
  expect_bad_frame(state_fact(FrameKind::consent, id, sign("consent", body_of_it)), "extends a session that is not open");
}

TEST_F(DeskTest, a_fact_out_of_its_phase_is_a_bad_frame) {
  const auto id = ask();
  expect_bad_frame(open_session(id), "does not belong to phase REQUESTED");
  expect_bad_frame(end_session(id), "does not belong to phase REQUESTED");
}

TEST_F(DeskTest, a_statement_signed_by_another_key_is_a_bad_frame) {
  const auto id = ask();
  const NoteSigner stranger("practice.cabinet-exemple", NoteKeyType::ed25519, Ed25519Key::generate(random));
  const auto note = sign_statement("consent", consent_body(core->interventions.live(id)->request), stranger);
  expect_bad_frame(state_fact(FrameKind::consent, id, note), "is not signed by the practice's key");
  EXPECT_EQ(look(id).phase, Phase::requested);
}

TEST_F(DeskTest, a_statement_of_another_type_does_not_pass_in_a_consents_frame) {
  const auto id = ask();
  expect_bad_frame(state_fact(FrameKind::consent, id, sign("refusal", body(id))), "carries a statement of another type");
}

TEST_F(DeskTest, a_statement_about_another_intervention_is_a_bad_frame) {
  const auto id = ask();
  const auto other = *InterventionId::parse(make_uuid(random));
  expect_bad_frame(state_fact(FrameKind::refusal, id, sign("refusal", body(other))), "is about another intervention");
  expect_bad_frame(state_fact(FrameKind::refusal, other, sign("refusal", body(other))), "speaks of an intervention that is not this practice's");
}

TEST_F(DeskTest, what_is_no_statement_is_a_bad_frame) {
  const auto id = ask();
  const auto answer = state_fact(FrameKind::refusal, id, "nothing signed\n");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::bad_frame);
}

TEST_F(DeskTest, a_consent_to_another_request_is_a_bad_frame) {
  const auto id = ask();
  auto other = consent_body(core->interventions.live(id)->request);
  other["request_sha256"] = std::string(64, '0');
  expect_bad_frame(state_fact(FrameKind::consent, id, sign("consent", other)), "consents to another request");
}

TEST_F(DeskTest, a_consent_may_lower_but_never_raise) {
  const auto id = ask();
  auto more = consent_body(core->interventions.live(id)->request);
  more["minutes"] = 31;
  expect_bad_frame(state_fact(FrameKind::consent, id, sign("consent", more)), "grants more time than was asked for");
  more["minutes"] = 10;
  more["tools"] = json::array{"shell", "files"};
  expect_bad_frame(state_fact(FrameKind::consent, id, sign("consent", more)), "grants a tool that was not asked for");
  more["tools"] = json::array{"shell"};
  EXPECT_TRUE(state_fact(FrameKind::consent, id, sign("consent", more)));
}

TEST_F(DeskTest, a_refusal_and_a_lapse_are_different_words) {
  const auto first = ask();
  ASSERT_TRUE(state_fact(FrameKind::refusal, first, sign("refusal", body(first, {{"why", "consultation en cours"}}))));
  EXPECT_EQ(look(first).state, State::refused);
  EXPECT_EQ(look(first).why, "consultation en cours");
  const auto second = ask();
  ASSERT_TRUE(state_fact(FrameKind::lapse, second, sign("lapse", body(second))));
  EXPECT_EQ(look(second).state, State::expired);
}

TEST_F(DeskTest, one_open_request_per_operator_and_system) {
  ask();
  const auto second = run(desk->ask(asked()));
  ASSERT_FALSE(second);
  EXPECT_EQ(std::get<PolicyRefusal>(second.error()).rule, "ALREADY_OPEN");
  EXPECT_EQ(last_record("request_refused").at("rule"), "ALREADY_OPEN");
}

TEST_F(DeskTest, a_number_of_a_patient_is_refused_and_not_written_down) {
  auto a = asked();
  a.reason = "patient 2 55 08 14 168 025 38 bloqué";
  ASSERT_FALSE(run(desk->ask(a)));
  const auto record = last_record("request_refused");
  EXPECT_EQ(record.at("rule"), "NIR_IN_TEXT");
  EXPECT_TRUE(record.at("reason").is_null());
}

TEST_F(DeskTest, a_cancellation_is_recorded_and_told) {
  const auto id = ask();
  ASSERT_TRUE(run(desk->cancel(id, login("alice"))));
  EXPECT_EQ(record_types(id), (std::vector<std::string>{"request", "cancelled"}));
  EXPECT_EQ(links.all<frame::RequestCancelled>().size(), 1u);
  EXPECT_EQ(look(id).state, State::cancelled);
}

TEST_F(DeskTest, a_consent_that_crosses_a_cancellation_is_kept_as_a_fact_and_opens_nothing) {
  const auto id = ask();
  const auto note = sign("consent", consent_body(core->interventions.live(id)->request));
  ASSERT_TRUE(run(desk->cancel(id, login("alice"))));
  const auto taken = state_fact(FrameKind::consent, id, note);
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_FALSE(taken->proof_due);
  EXPECT_EQ(look(id).state, State::cancelled);
  expect_bad_frame(open_session(id), "does not belong to phase CLOSED");
}

TEST_F(DeskTest, nobody_cancels_what_is_not_theirs) {
  const auto id = ask();
  const auto refused = run(desk->cancel(id, login("bob")));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::not_found);
}

TEST_F(DeskTest, finish_goes_to_the_practice_and_only_while_open) {
  const auto id = ask();
  EXPECT_EQ(run(desk->finish(id, login("alice"))).error().hint, "`cancel` takes the request back");
  ASSERT_TRUE(consent(id) && open_session(id));
  ASSERT_TRUE(run(desk->finish(id, login("alice"))));
  EXPECT_EQ(links.all<frame::Finish>().size(), 1u);
}

TEST_F(DeskTest, the_person_in_charge_hands_over_to_the_other_operator_and_the_practice_notes_it) {
  auto a = asked();
  a.pair = login("bob");
  a.consulted = {login("carol")};
  const auto id = *run(desk->ask(a));
  EXPECT_FALSE(run(desk->hand_over(id, login("alice"), login("bob")))) << "nothing is open yet";
  ASSERT_TRUE(consent(id) && open_session(id));
  EXPECT_EQ(run(desk->hand_over(id, login("bob"), login("bob"))).error().code, Errc::not_allowed) << "not in charge";
  EXPECT_EQ(run(desk->hand_over(id, login("alice"), login("carol"))).error().code, Errc::not_allowed) << "only consulted";
  EXPECT_EQ(run(desk->hand_over(id, login("alice"), login("dave"))).error().code, Errc::not_allowed) << "a stranger";
  ASSERT_TRUE(run(desk->hand_over(id, login("alice"), login("bob"))));
  ASSERT_EQ(links.all<frame::Handover>().size(), 1u);
  EXPECT_EQ(look(id).in_charge(), login("alice")) << "until the practice has noted it";
  ASSERT_TRUE(state_fact(FrameKind::event, id, sign("handover", body(id, {{"by", "alice"}, {"to", "bob"}}))));
  EXPECT_EQ(look(id).in_charge(), login("bob"));
  ASSERT_TRUE(end_session(id));
  EXPECT_FALSE(run(desk->report(report_of(id)))) << "alice is not in charge any more";
  auto report = report_of(id);
  report.author = login("bob");
  ASSERT_TRUE(run(desk->report(report)));
  EXPECT_EQ(last_record("intervention").at("person_in_charge").at("login"), "bob");
}

TEST_F(DeskTest, an_accepted_date_opens_nothing_and_does_not_stand_in_the_way) {
  auto a = asked();
  a.planned = {clock.now() + std::chrono::hours(2), clock.now() + std::chrono::hours(4)};
  const auto id = *run(desk->ask(a));
  ASSERT_TRUE(state_fact(FrameKind::acceptance, id, sign("acceptance", body(id, {{"request_sha256", request_sha256(look(id).request)}}))));
  EXPECT_EQ(look(id).phase, Phase::requested);
  EXPECT_FALSE(look(id).accepted_at.empty());
  reopen();
  EXPECT_FALSE(look(id).accepted_at.empty());
  expect_bad_frame(open_session(id), "does not belong to phase REQUESTED");
  EXPECT_TRUE(run(desk->ask(asked()))) << "a request for now, meanwhile";
}

TEST_F(DeskTest, no_report_no_closed_row) {
  const auto id = ask();
  ASSERT_TRUE(consent(id) && open_session(id));
  EXPECT_EQ(run(desk->report(report_of(id))).error().what, "has not ended");
  ASSERT_TRUE(end_session(id));
  EXPECT_EQ(look(id).state, State::ended);
  auto other = report_of(id);
  other.author = login("bob");
  EXPECT_FALSE(run(desk->report(other)));
  auto short_one = report_of(id);
  short_one.tasks_summary = "fait";
  EXPECT_FALSE(run(desk->report(short_one)));
  auto with_number = report_of(id);
  with_number.tasks_summary = "dossier 2 55 08 14 168 025 38 réparé";
  EXPECT_EQ(run(desk->report(with_number)).error().what, "holds a French social-security number");
  EXPECT_TRUE(run(desk->report(report_of(id))));
}

TEST_F(DeskTest, a_session_that_never_opened_needs_no_report) {
  const auto id = ask();
  ASSERT_TRUE(consent(id));
  ASSERT_TRUE(end_session(id, false));
  EXPECT_EQ(look(id).state, State::closed);
  EXPECT_EQ(record_types(id).back(), "intervention");
}

TEST_F(DeskTest, critical_names_the_staff_consulted_or_says_why_not) {
  auto a = asked();
  a.criticality = Criticality::critical;
  a.pair = login("bob");
  a.consulted = {login("carol")};
  const auto id = *run(desk->ask(a));
  ASSERT_TRUE(consent(id) && open_session(id) && end_session(id));
  auto report = report_of(id);
  report.none_consulted_reason = "personne n'était joignable";
  ASSERT_TRUE(run(desk->report(report)));
  EXPECT_EQ(last_record("intervention").at("nonconformities").at(0), "CRITICAL_NONE_CONSULTED");
}

TEST_F(DeskTest, critical_staff_named_when_asking_stands_in_the_report) {
  auto a = asked();
  a.criticality = Criticality::critical;
  a.pair = login("bob");
  a.consulted = {login("carol")};
  const auto id = *run(desk->ask(a));
  ASSERT_TRUE(consent(id) && open_session(id) && end_session(id));
  ASSERT_TRUE(run(desk->report(report_of(id))));
  EXPECT_EQ(last_record("intervention").at("additional_staff_consulted").at(0).at("name"), "Personne carol");
}

TEST_F(DeskTest, a_practice_that_stays_away_an_hour_past_the_end_is_not_waited_for) {
  const auto id = ask();
  links.is_up = false;
  clock.advance(std::chrono::minutes(89));
  run([](Desk& d) -> Awaitable<bool> { co_await d.sweep(); co_return true; }(*desk));
  EXPECT_EQ(look(id).state, State::requested);
  clock.advance(std::chrono::minutes(2));
  run([](Desk& d) -> Awaitable<bool> { co_await d.sweep(); co_return true; }(*desk));
  EXPECT_EQ(look(id).state, State::cancelled);
  EXPECT_EQ(last_record("cancelled").at("cause"), "PRACTICE_AWAY");
}

TEST_F(DeskTest, a_new_link_hears_what_was_not_said) {
  links.is_up = true;
  const auto id = ask();
  EXPECT_EQ(desk->unsaid(practice, {}).size(), 1u);
  EXPECT_TRUE(desk->unsaid(practice, {id}).empty());
  clock.advance(std::chrono::minutes(31));
  EXPECT_TRUE(desk->unsaid(practice, {}).empty());
}

}  // namespace
}  // namespace pontlevis::gateway
