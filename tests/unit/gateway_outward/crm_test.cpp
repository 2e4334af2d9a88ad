// What the CRM is told, when, and what a destruction makes of it.
#include "gateway/outward/crm_message.hpp"
#include "tests/unit/gateway_outward/outward_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class CrmTest : public OutwardTest {
 protected:
  // A copy of an intervention in the store as retention leaves it: nobody is named.
  void strip(const InterventionId& id) {
    auto iv = *core->interventions.find(id);
    iv->report->tasks_summary = std::string(20, '-');
    ASSERT_TRUE(core->interventions.strip(*iv));
  }
  LeafIndex place(const InterventionId& id, std::string_view type) {
    for (const auto& record : *core->log->find(id))
      if (record.type() == type) return record.index;
    ADD_FAILURE() << "no record " << type;
    return 0;
  }
  json::object certificate(LeafIndex first, LeafIndex last, json::object more) {
    json::object scope{{"first", first}, {"last", last}};
    for (auto& member : more) scope[member.key()] = member.value();
    return {{"certificate_id", "0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4aaaa"}, {"scope", json::array{scope}}};
  }
};

TEST_F(CrmTest, a_closed_intervention_is_told_with_the_fields_of_the_charter_and_no_others) {
  const auto id = closed();
  take_changes();
  const auto sent = deliver();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(type_of(sent[0]), "intervention.closed");
  const auto data = data_of(sent[0]);
  EXPECT_EQ(text_of(data, "person_in_charge"), "Personne alice");
  EXPECT_EQ(text_of(data, "tasks_summary"), "File d'impression vidée, service relancé.");
  EXPECT_EQ(data.at("active_seconds").as_int64(), 590);
  EXPECT_EQ(text_of(data, "ticket"), "T-1");
  EXPECT_EQ(data.at("version").as_int64(), 1);
  std::vector<std::string> members;
  for (const auto& member : data) members.emplace_back(member.key());
  const std::vector<std::string> expected{"intervention", "practice", "contract", "ticket", "practice_name", "purpose", "criticality", "person_in_charge", "requested_at", "started_at",
                                          "ended_at", "duration_seconds", "active_seconds", "end_cause", "systems", "tools", "tasks_summary", "outcome", "additional_staff",
                                          "nonconformities", "practice_comment", "destroyed", "version"};
  EXPECT_EQ(members, expected);
  EXPECT_EQ(sent[0].body.find("L'imprimante"), std::string::npos);  // the reason is free words that the charter does not ask for
  EXPECT_EQ(sync_state(id), CrmState::acknowledged);
  EXPECT_EQ((*crm->row(id.text()))->crm_ref, "DOS-1");
}

TEST_F(CrmTest, a_crash_behind_the_close_loses_nothing_and_doubles_nothing) {
  const auto id = closed();
  restart();  // nothing was made of the note yet
  take_changes();
  restart();  // made, and not sent
  take_changes();
  EXPECT_EQ(deliver().size(), 1u);
  restart();
  take_changes();
  EXPECT_TRUE(deliver().empty());
  EXPECT_EQ(sync_state(id), CrmState::acknowledged);
}

TEST_F(CrmTest, a_practice_that_has_read_the_report_changes_nothing_and_its_contest_is_told_without_its_words) {
  const auto id = closed();
  take_changes();
  deliver();
  ASSERT_TRUE(state_fact(FrameKind::report_received, id, sign("report_received", body(id, {}))));
  take_changes();
  EXPECT_TRUE(deliver().empty());
  ASSERT_TRUE(core->store->run("INSERT INTO facts(sha256, intervention, type, body, log_index) VALUES('c', ?, 'comment', ?, 9)", id.text(),
                               R"({"text":"Mots du cabinet","contested":true,"at":"2026-11-22T11:00:00.000Z"})"));
  take_changes();
  const auto sent = deliver();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(type_of(sent[0]), "intervention.corrected");
  EXPECT_TRUE(data_of(sent[0]).at("practice_comment").as_object().at("contested").as_bool());
  EXPECT_EQ(sent[0].body.find("Mots du cabinet"), std::string::npos);
}

TEST_F(CrmTest, a_correction_takes_the_place_of_what_still_waits) {
  const auto id = closed();
  take_changes();
  auto iv = *core->interventions.find(id);
  iv->report->tasks_summary = "File d'impression vidée, sans nommer personne.";
  ASSERT_TRUE(core->interventions.reword(*iv, {}));
  take_changes();
  const auto sent = deliver();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(text_of(data_of(sent[0]), "tasks_summary"), iv->report->tasks_summary);
  EXPECT_EQ(data_of(sent[0]).at("version").as_int64(), 2);
}

TEST_F(CrmTest, a_refusal_and_a_withdrawal_are_told_once) {
  const auto refused = ask();
  ASSERT_TRUE(state_fact(FrameKind::refusal, refused, sign("refusal", body(refused, {{"why", "pas aujourd'hui"}, {"approver", json::object{}}}))));
  const auto withdrawn = ask();
  ASSERT_TRUE(consent(withdrawn));
  ASSERT_TRUE(open_session(withdrawn));
  auto end = end_body(withdrawn, true);
  end["cause"] = "WITHDRAWN";
  ASSERT_TRUE(state_fact(FrameKind::session_end, withdrawn, sign("session_end", end)));
  take_changes();
  const auto sent = deliver();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(type_of(sent[0]), "intervention.refused");
  EXPECT_EQ(sent[0].body.find("pas aujourd'hui"), std::string::npos);
  EXPECT_EQ(type_of(sent[1]), "intervention.withdrawn");
  ASSERT_TRUE(outbox->note_change(withdrawn));
  take_changes();
  EXPECT_TRUE(deliver().empty());
}

TEST_F(CrmTest, a_row_that_names_nobody_any_more_orders_a_deletion_and_its_acknowledgement_is_known) {
  const auto id = closed();
  take_changes();
  deliver();
  strip(id);
  take_changes();
  EXPECT_EQ(sync_state(id), CrmState::deletion_pending);
  const auto sent = deliver({DeliveryState::acknowledged, 204, {}, {}, {}, {}});
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(type_of(sent[0]), "intervention.deletion");
  EXPECT_EQ(text_of(data_of(sent[0]), "crm_ref"), "DOS-1");
  EXPECT_EQ(sync_state(id), CrmState::deleted);
  EXPECT_EQ((*crm->row(id.text()))->crm_ref, "");
  take_changes();
  EXPECT_TRUE(deliver().empty());
}

TEST_F(CrmTest, a_body_that_was_never_sent_goes_with_what_it_said) {
  const auto id = closed();
  take_changes();
  strip(id);
  take_changes();
  EXPECT_TRUE(deliver().empty());
  EXPECT_EQ(sync_state(id), CrmState::deleted);
  ASSERT_TRUE(core->store->script("PRAGMA wal_checkpoint(TRUNCATE);"));
  for (auto name : {"gateway.db", "gateway.db-wal"}) {
    const auto bytes = io::read_file(folder.store().parent_path() / name, 1 << 28);
    if (bytes) EXPECT_EQ(bytes->find("service relanc"), std::string::npos) << name;
  }
}

TEST_F(CrmTest, a_certificate_over_places_of_the_log_finds_what_was_told) {
  const auto id = closed(), other = closed();
  take_changes();
  EXPECT_EQ(deliver().size(), 2u);
  const auto at = place(id, "intervention");
  destroyed(certificate(at, at, {{"class", "ip"}}));
  destroyed(certificate(at, at, {{"class", "text"}, {"type", "security"}}));
  EXPECT_EQ(sync_state(id), CrmState::acknowledged);
  destroyed(certificate(at, at, {{"class", "text"}}));
  EXPECT_EQ(sync_state(id), CrmState::deletion_pending);
  EXPECT_EQ(sync_state(other), CrmState::acknowledged);
  const auto sent = deliver();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(text_of(data_of(sent[0]), "certificate"), "0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4aaaa");
}

TEST_F(CrmTest, one_field_that_was_destroyed_is_taken_back_by_a_correction) {
  const auto id = closed();
  take_changes();
  deliver();
  const auto at = place(id, "report");
  destroyed(certificate(at, at, {{"field", "tasks_summary"}}));
  const auto sent = deliver();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(type_of(sent[0]), "intervention.corrected");
  EXPECT_TRUE(data_of(sent[0]).at("tasks_summary").is_null());
  EXPECT_EQ(data_of(sent[0]).at("destroyed"), json::array{"tasks_summary"});
  ASSERT_TRUE(crm->say_again(id));
  take_changes();
  EXPECT_TRUE(data_of(deliver().at(0)).at("tasks_summary").is_null());  // also when a person asks for it again
}

TEST_F(CrmTest, nothing_waits_for_a_crm_that_is_not_there) {
  set("webhook.url", "");
  closed();
  take_changes();
  EXPECT_TRUE(outbox->list({}, "", 10)->items.empty());
}

TEST_F(CrmTest, a_deletion_that_was_dropped_is_not_called_deleted) {
  const auto id = closed();
  take_changes();
  deliver();
  strip(id);
  take_changes();
  deliver({DeliveryState::given_up, 500, "the CRM answered 500", {}, {}, {}});
  EXPECT_EQ(sync_state(id), CrmState::deletion_pending);
}

// ---- letters about interventions ----

TEST_F(CrmTest, a_report_is_written_to_a_practice_with_an_address_once) {
  set("mail.host", "mail.invalid");
  set("mail.from", "passerelle@vendor.example");
  const auto id = closed();
  ASSERT_TRUE(post->report(look(id)));
  EXPECT_TRUE(outbox->list({}, "", 10)->items.empty());  // no address, no letter
  ASSERT_TRUE(post->set_contact(practice, "cabinet@practice.example"));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(post->report(look(id)));
  const auto items = outbox->list({}, "", 10)->items;
  ASSERT_EQ(items.size(), 1u);
  EXPECT_NE(items[0].message.body.find("Personne alice"), std::string::npos);
  EXPECT_FALSE(post->set_contact(practice, "a@b\r\nBcc: c@d"));
}

TEST_F(CrmTest, a_clock_is_said_once_and_a_notice_without_address_is_shown_to_a_person) {
  set("mail.host", "mail.invalid");
  set("mail.from", "passerelle@vendor.example");
  set("mail.compliance", "conformite@vendor.example");
  const ClockNotice notice{"breach", "V-1", clock.now(), true};
  EXPECT_TRUE(*post->write("clock", "clock breach V-1", "", clock_letter(notice)));
  EXPECT_FALSE(*post->write("clock", "clock breach V-1", "", clock_letter(notice)));
  EXPECT_TRUE(*post->notice("inconnu", "Avis", "Texte"));
  const auto items = outbox->list(DeliveryState::refused, "", 10)->items;
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].last_error, "is not a mail address");
}

}  // namespace
}  // namespace pontlevis::gateway
