// The outbox: order, once, and what stays of a message after its end.
#include "tests/unit/gateway_outward/outward_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class OutboxTest : public OutwardTest {
 protected:
  Message put(const std::string& about, const std::string& body = "{}", Channel channel = Channel::webhook) {
    Message message;
    message.id = make_uuid(random);
    message.channel = channel;
    message.subject = "closed";
    if (!about.empty()) message.intervention = *InterventionId::parse(about);
    message.body = body;
    EXPECT_TRUE(*outbox->put(message, clock.now()));
    return message;
  }
  std::optional<Message> next() { return *outbox->next(Channel::webhook, clock.now()); }
  static constexpr const char* one = "0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4a001";
  static constexpr const char* two = "0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4a002";
};

TEST_F(OutboxTest, of_one_intervention_the_later_waits_for_the_earlier_and_others_pass) {
  const auto first = put(one), second = put(one), other = put(two);
  EXPECT_EQ(next()->id, first.id);
  ASSERT_TRUE(outbox->later(first.id, clock.now() + std::chrono::minutes(5), {DeliveryState::waiting, 500, "the CRM answered 500", {}, {}, {}}));
  EXPECT_EQ(next()->id, other.id);  // not `second`
  ASSERT_TRUE(*outbox->settle(other.id, {DeliveryState::acknowledged, 200, {}, {}, {}, {}}));
  EXPECT_FALSE(next());
  EXPECT_EQ(*outbox->next_due(Channel::webhook), clock.now() + std::chrono::minutes(5));
  clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(next()->id, first.id);
  ASSERT_TRUE(*outbox->settle(first.id, {DeliveryState::acknowledged, 200, {}, {}, {}, {}}));
  EXPECT_EQ(next()->id, second.id);
}

TEST_F(OutboxTest, a_number_is_put_once) {
  auto message = put(one);
  EXPECT_FALSE(*outbox->put(message, clock.now()));
  EXPECT_EQ(outbox->list({}, "", 10)->items.size(), 1u);
}

TEST_F(OutboxTest, what_was_taken_keeps_no_body_and_what_was_put_aside_keeps_it_for_a_person) {
  const auto taken = put(one, "{\"canary\":1}"), aside = put(two, "{\"canary\":2}");
  ASSERT_TRUE(*outbox->settle(taken.id, {DeliveryState::acknowledged, 201, {}, "DOS-1", {}, {}}));
  ASSERT_TRUE(*outbox->settle(aside.id, {DeliveryState::given_up, 500, "the CRM answered 500", {}, {}, {}}));
  EXPECT_FALSE((*outbox->find(taken.id))->has_body);
  EXPECT_EQ((*outbox->find(aside.id))->message.body, "{\"canary\":2}");
  EXPECT_FALSE(outbox->again(taken.id, clock.now()));
  ASSERT_TRUE(outbox->again(aside.id, clock.now()));
  EXPECT_EQ(next()->id, aside.id);
  ASSERT_TRUE(outbox->drop(aside.id, "le dossier a été saisi à la main", "conformite"));
  EXPECT_FALSE((*outbox->find(aside.id))->has_body);
  EXPECT_EQ((*outbox->find(aside.id))->state, DeliveryState::dropped);
  EXPECT_FALSE(outbox->drop(aside.id, "encore", "conformite"));
  EXPECT_FALSE(next());
}

TEST_F(OutboxTest, a_drop_in_the_middle_of_a_try_stands) {
  const auto message = put(one);
  ASSERT_TRUE(outbox->trying(message.id));
  ASSERT_TRUE(outbox->forget_bodies({}, *message.intervention, "what it said was destroyed"));
  EXPECT_FALSE(*outbox->settle(message.id, {DeliveryState::acknowledged, 200, {}, {}, {}, {}}));
  EXPECT_EQ((*outbox->find(message.id))->state, DeliveryState::dropped);
}

TEST_F(OutboxTest, pages_are_newest_first_and_end) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.insert(ids.begin(), put("").id);
  std::vector<std::string> seen;
  std::string after;
  do {
    const auto page = outbox->list(DeliveryState::waiting, after, 2);
    ASSERT_TRUE(page);
    for (const auto& d : page->items) seen.push_back(d.message.id);
    after = page->next;
  } while (!after.empty());
  EXPECT_EQ(seen, ids);
  EXPECT_FALSE(outbox->list({}, "x", 2));
}

TEST_F(OutboxTest, lines_without_a_body_go_after_half_a_year) {
  const auto taken = put(one), aside = put(two);
  ASSERT_TRUE(*outbox->settle(taken.id, {DeliveryState::acknowledged, 200, {}, {}, {}, {}}));
  ASSERT_TRUE(*outbox->settle(aside.id, {DeliveryState::refused, 422, {}, {}, {}, {}}));
  for (const auto& d : *outbox->unrecorded()) ASSERT_TRUE(outbox->recorded(d.message.id));
  clock.advance(std::chrono::days(181));
  ASSERT_TRUE(outbox->sweep(clock.now()));
  EXPECT_FALSE(*outbox->find(taken.id));
  EXPECT_TRUE(*outbox->find(aside.id));  // somebody still has to decide
}

// ---- the courier ----

class CourierTest : public OutboxTest {
 protected:
  Awaitable<Tried> answer(Message message) {
    sent.push_back(message.id);
    Tried out = answers.empty() ? Tried{Tried::Kind::taken, 200, {}, "DOS-1", {}} : answers.front();
    if (!answers.empty()) answers.erase(answers.begin());
    co_return out;
  }
  void SetUp() override {
    OutboxTest::SetUp();
    courier.emplace(*core, *outbox, *crm, Channel::webhook, [] { return true; }, [this](Message m) { return answer(std::move(m)); },
                    [this](const Message& m, const Settled& s) { told.emplace_back(m.id, s.state); });
  }
  void TearDown() override {
    courier->stop();
    loop.restart();
    loop.poll();
    courier.reset();
    OutboxTest::TearDown();
  }
  // Until it sleeps with nothing more to do.
  void go() {
    if (!started) courier->start(loop.get_executor());
    started = true;
    courier->wake();
    loop.restart();
    while (loop.poll() > 0) loop.restart();
  }
  std::vector<Tried> answers;
  std::vector<std::string> sent;
  std::vector<std::pair<std::string, DeliveryState>> told;
  std::optional<Courier> courier;
  bool started = false;
};

TEST_F(CourierTest, a_failure_is_tried_again_under_the_same_number_until_it_is_taken) {
  const auto message = put(one);
  answers = {{Tried::Kind::later, 500, "500", {}, {}}, {Tried::Kind::away, 0, "away", {}, {}}};
  go();
  EXPECT_EQ(sent.size(), 1u);
  clock.advance(std::chrono::seconds(2));
  go();
  EXPECT_EQ(sent.size(), 2u);
  clock.advance(std::chrono::seconds(10));
  go();
  EXPECT_EQ(sent, std::vector<std::string>(3, message.id));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].second, DeliveryState::acknowledged);
  EXPECT_EQ((*outbox->find(message.id))->message.tries, 3);
}

TEST_F(CourierTest, a_server_that_is_away_is_tried_once_and_not_once_a_message) {
  for (int i = 0; i < 20; ++i) put("");
  answers = {{Tried::Kind::away, 0, "away", {}, {}}};
  go();
  EXPECT_EQ(sent.size(), 1u);
  courier->unpause();
  go();
  EXPECT_EQ(sent.size(), 20u);  // the first one waits for its own time
}

TEST_F(CourierTest, what_is_refused_or_too_old_is_put_aside) {
  put(one);
  answers = {{Tried::Kind::refused, 422, "422", {}, {}}};
  go();
  EXPECT_EQ(told.at(0).second, DeliveryState::refused);
  put(two);
  answers = {{Tried::Kind::later, 503, "503", {}, {}}, {Tried::Kind::later, 503, "503", {}, {}}};
  go();
  EXPECT_EQ(told.size(), 1u);
  clock.advance(std::chrono::hours(72));
  go();
  EXPECT_EQ(told.at(1).second, DeliveryState::given_up);
}

TEST_F(CourierTest, a_wish_to_wait_holds_the_whole_channel) {
  put(one), put(two);
  answers = {{Tried::Kind::later, 429, "429", {}, Millis(60'000)}};
  go();
  EXPECT_EQ(sent.size(), 1u);
  clock.advance(std::chrono::seconds(59));
  go();
  EXPECT_EQ(sent.size(), 1u);
  clock.advance(std::chrono::seconds(2));
  go();
  EXPECT_EQ(sent.size(), 3u);
}

}  // namespace
}  // namespace pontlevis::gateway
