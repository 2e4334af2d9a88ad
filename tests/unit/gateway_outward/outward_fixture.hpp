// A gateway's core with a CRM that the test plays: what is sent is kept, and the test says what comes of each try.
#pragma once

#include "gateway/outward/outward.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {

class OutwardTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    set("webhook.url", "https://crm.invalid/pontlevis");
    begin();
  }
  void TearDown() override {
    end();
    GatewayTest::TearDown();
  }

  void set(const std::string& key, const std::string& value) { ASSERT_TRUE(core->options.set(key, value, "test")); }

  void begin() {
    outbox.emplace(*core->store);
    crm.emplace(*core, *outbox);
    post.emplace(*core, *outbox);
    csv.emplace(*core, *outbox, *crm);
    for (auto made : {outbox->make_tables(), crm->make_tables(), post->make_tables(), csv->make_tables()}) ASSERT_TRUE(made) << made.error().text();
  }
  void end() { csv.reset(), post.reset(), crm.reset(), outbox.reset(); }
  // As after a crash, with the same CRM.
  void restart() {
    end();
    reopen();
    set("webhook.url", "https://crm.invalid/pontlevis");
    begin();
  }

  // What Outward does with the notes of changes.
  void take_changes() {
    for (;;) {
      const auto changes = outbox->changes(256);
      ASSERT_TRUE(changes) << changes.error().text();
      if (changes->empty()) return;
      for (const auto& change : *changes) {
        auto transaction = sqlite::Transaction::begin(*core->store);
        ASSERT_TRUE(transaction);
        const auto looked = crm->look_at(change.intervention);
        ASSERT_TRUE(looked) << looked.error().text();
        ASSERT_TRUE(outbox->forget_change(change.seq));
        ASSERT_TRUE(transaction->commit());
      }
    }
  }
  void destroyed(json::object certificate) {
    auto transaction = sqlite::Transaction::begin(*core->store);
    ASSERT_TRUE(transaction);
    const auto done = crm->destroyed(certificate);
    ASSERT_TRUE(done) << done.error().text();
    ASSERT_TRUE(transaction->commit());
  }

  InterventionId closed() {
    const auto id = ask();
    EXPECT_TRUE(consent(id));
    EXPECT_TRUE(open_session(id));
    EXPECT_TRUE(end_session(id));
    const auto reported = run(desk->report(report_of(id)));
    EXPECT_TRUE(reported) << reported.error().text();
    EXPECT_EQ(look(id).state, State::closed);
    return id;
  }

  // Takes what is due as the courier does, with one answer for all.
  std::vector<Message> deliver(Settled how = {DeliveryState::acknowledged, 200, {}, "DOS-1", {}, {}}) {
    std::vector<Message> out;
    for (;;) {
      const auto next = outbox->next(Channel::webhook, clock.now());
      if (!next || !*next) return out;
      out.push_back(**next);
      EXPECT_TRUE(outbox->trying(out.back().id));
      EXPECT_TRUE(crm->trying(out.back()));
      EXPECT_TRUE(outbox->settle(out.back().id, how));
      EXPECT_TRUE(crm->settled(out.back(), how));
    }
  }
  static json::object data_of(const Message& message) { return json::parse(message.body).as_object().at("data").as_object(); }
  static std::string type_of(const Message& message) { return text_of(json::parse(message.body).as_object(), "type"); }
  CrmState sync_state(const InterventionId& id) { return (*crm->row(id.text()))->state; }

  std::optional<Outbox> outbox;
  std::optional<Crm> crm;
  std::optional<PostOffice> post;
  std::optional<CsvDrop> csv;
};

}  // namespace pontlevis::gateway
