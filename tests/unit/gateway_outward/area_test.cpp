// The area as a whole over a real store and log: what closes is queued by itself, what is destroyed is ordered to be deleted,
// what is done with is a record.
#include "audit/destruction.hpp"
#include "tests/unit/gateway_outward/outward_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class AreaTest : public OutwardTest {
 protected:
  void SetUp() override {
    OutwardTest::SetUp();
    ASSERT_TRUE(io::write_file(secret, "whsec_" + std::string(43, 'A') + "=\n", io::FileMode::owner_only));
    set("webhook.secret_file", secret.string());
    set("webhook.url", "https://localhost:1/nobody");  // nobody listens there
    area.emplace(*core);
    ASSERT_TRUE(area->open());
  }
  void TearDown() override {
    end_area();
    OutwardTest::TearDown();
  }
  // Everything of it has ended when the loop has no work left.
  void end_area() {
    area->stop();
    loop.restart();
    loop.run_for(std::chrono::seconds(20));
    area.reset();
  }
  void serve() {
    const auto started = area->start_on(loop.get_executor());
    ASSERT_TRUE(started) << started.error().text();
  }
  json::object ask(const std::string& verb, json::object request) {
    request["verb"] = verb;
    auto verbs = area->verbs();
    auto answer = run(verbs.at(verb)(std::move(request)));
    EXPECT_TRUE(answer) << answer.error().text();
    return answer ? *answer : json::object{};
  }
  json::array listed() { return ask("delivery list", {}).at("deliveries").as_array(); }
  bool told_once() { return until([&] { return !outbox->list({}, "", 10)->items.empty(); }); }

  std::filesystem::path secret = temporary.path() / "webhook.secret";
  std::optional<Outward> area;
};

TEST_F(AreaTest, what_is_half_configured_refuses_to_serve) {
  for (const auto& [key, bad] : {std::pair<std::string, std::string>{"webhook.url", "http://crm.example/"}, {"webhook.url", "https://user@crm.example/"}, {"webhook.secret_file", ""},
                                 {"webhook.secret_file", "/nowhere"}, {"webhook.ca", secret.string()}, {"csv.folder", "/nowhere"}, {"mail.host", "mail.example"}}) {
    const auto before = core->options.text(key == "webhook.url" ? OptionKey("webhook.url") : key == "webhook.ca" ? OptionKey("webhook.ca") : key == "csv.folder" ? OptionKey("csv.folder")
                                           : key == "mail.host" ? OptionKey("mail.host") : OptionKey("webhook.secret_file"));
    set(key, bad);
    EXPECT_FALSE(area->start_on(loop.get_executor())) << key << " " << bad;
    set(key, before);
  }
}

TEST_F(AreaTest, a_closed_intervention_is_queued_by_itself_and_dropped_with_a_record) {
  serve();
  const auto id = closed();
  ASSERT_TRUE(told_once());
  ASSERT_TRUE(until([&] { return listed().at(0).as_object().at("tries").as_int64() >= 1; }));
  const auto line = listed().at(0).as_object();
  EXPECT_EQ(text_of(line, "state"), "WAITING");
  EXPECT_EQ(text_of(line, "intervention"), id.text());
  EXPECT_EQ(text_of(last_record("intervention"), "crm_sync_state"), "PENDING");
  const auto dropped = ask("delivery drop", {{"id", text_of(line, "id")}, {"reason", "saisi à la main"}, {"done_by", "conformite"}});
  EXPECT_EQ(text_of(dropped, "state"), "DROPPED");
  const auto record = last_record("delivery");
  EXPECT_EQ(text_of(record, "delivery_id"), text_of(line, "id"));
  EXPECT_EQ(text_of(record, "state"), "DROPPED");
  EXPECT_EQ(text_of(record, "reason"), "saisi à la main");
  EXPECT_EQ(text_of(record, "done_by"), "conformite");
  EXPECT_EQ(text_of(record, "intervention"), id.text());
}

TEST_F(AreaTest, a_destruction_in_the_log_orders_a_deletion_also_after_a_restart) {
  serve();
  const auto id = closed();
  ASSERT_TRUE(until([&] { const auto row = crm->row(id.text()); return row && *row && (*row)->tried; }));
  end_area();
  LeafIndex at = 0;
  for (const auto& record : *core->log->find(id))
    if (record.type() == "intervention") at = record.index;
  audit::DestructionScope scope;
  scope.first = scope.last = at;
  const std::vector<audit::DestructionScope> scopes{scope};
  const json::object fields{{"certificate_id", "0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4aaaa"}, {"reason", "RETENTION"}, {"scope", audit::scope_json(scopes)}};
  ASSERT_TRUE(core->log->append_now(*audit::Record::make("destruction", fields)));
  area.emplace(*core);  // as a new process: nobody told it
  ASSERT_TRUE(area->open());
  serve();
  ASSERT_TRUE(until([&] { return sync_state(id) == CrmState::deletion_pending; })) << *core->store->integer("SELECT log_index FROM outward_place").value() << " of " << core->log->size()
      << ", record at " << at << ", noted at " << core->store->integer("SELECT record_index FROM crm").value().value_or(-1);
  for (const auto& delivery : outbox->list({}, "", 10)->items)
    if (delivery.message.subject == "closed") EXPECT_FALSE(delivery.has_body);
    else EXPECT_EQ(delivery.message.subject, "deletion");
}

TEST_F(AreaTest, a_record_is_written_once_for_what_ended_before_a_crash) {
  Message message;
  message.id = make_uuid(random);
  message.channel = Channel::webhook;
  message.subject = "closed";
  message.body = "{}";
  ASSERT_TRUE(outbox->put_settled(message, {DeliveryState::acknowledged, 200, {}, "DOS-1", {}, {}}, clock.now()));
  serve();
  ASSERT_TRUE(until([&] { return text_of(last_record("delivery"), "delivery_id") == message.id; }));
  ASSERT_TRUE(until([&] { return outbox->unrecorded()->empty(); }));
  const auto size = core->log->size();
  ASSERT_TRUE(core->store->run("UPDATE outbox SET recorded = 0"));  // as if the crash came between record and mark
  end_area();
  area.emplace(*core);
  ASSERT_TRUE(area->open());
  serve();
  ASSERT_TRUE(until([&] { return outbox->unrecorded()->empty(); }));
  EXPECT_EQ(core->log->size(), size);
}

TEST_F(AreaTest, an_alarm_a_clock_and_a_notice_become_letters_and_a_contact_is_a_record) {
  set("mail.host", "localhost");
  set("mail.port", "1");
  set("mail.from", "passerelle@vendor.example");
  set("mail.compliance", "conformite@vendor.example");
  serve();
  ask("contact set", {{"practice", practice.text()}, {"mail", "cabinet@practice.example"}});
  EXPECT_EQ(text_of(last_record("practice"), "event"), "contact_set");
  core->signals.trouble("log_damaged", {});
  core->signals.trouble("log_damaged", {});  // once a day
  core->signals.clock(ClockNotice{"breach", "V-1", clock.now(), true});
  core->signals.clock(ClockNotice{"breach", "V-2", clock.now(), false, true});  // settled: nobody is told
  core->signals.mail(practice.text(), "Avis", "Texte");
  std::vector<std::string> subjects;
  for (const auto& d : outbox->list({}, "", 10)->items) subjects.push_back(d.message.subject);
  EXPECT_EQ(subjects, (std::vector<std::string>{"notice", "clock", "alarm"}));
  EXPECT_NE(outbox->list({}, "", 1)->items[0].message.body.find("cabinet@practice.example"), std::string::npos);
}

}  // namespace
}  // namespace pontlevis::gateway
