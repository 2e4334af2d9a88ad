// The registers over a fresh gateway, with what they send and ring written down. Everything is sample data.
#pragma once

#include "gateway/registers/registers.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {

struct Sent {
  std::string to, subject, text;
};

class RegistersTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    start_registers();
  }
  void TearDown() override {
    stop_registers();
    GatewayTest::TearDown();
  }
  void start_registers() {
    core->signals.mail.listen([this](const std::string& to, const std::string& subject, const std::string& text) { mails.push_back({to, subject, text}); });
    core->signals.clock.listen([this](const ClockNotice& notice) { rung.push_back(notice); });
    bell.emplace(*core);
    processing.emplace(*core, *bell);
    rights.emplace(*core, *bell);
    breaches.emplace(*core, *bell);
    watch.emplace(*core, *breaches);
    ASSERT_TRUE(bell->open());
    ASSERT_TRUE(processing->open());
    ASSERT_TRUE(rights->open());
    ASSERT_TRUE(breaches->open());
    watch->listen();
  }
  void stop_registers() { watch.reset(), breaches.reset(), rights.reset(), processing.reset(), bell.reset(); }
  void restart() {
    stop_registers();
    reopen();
    start_registers();
  }

  static ActBy dpo() { return {"conformite", "compliance", "RIGHTS_REQUEST"}; }
  template <class Desk>
  Result<json::object> act(Desk& on, ActOf<Desk> what, std::string id, json::object words) {
    return run((on.*what)(std::move(id), std::move(words), dpo()));
  }
  // The same, which must go well.
  template <class Desk>
  json::object done(Desk& on, ActOf<Desk> what, std::string id, json::object words) {
    auto answer = act(on, what, std::move(id), std::move(words));
    if (!answer) throw std::runtime_error(answer.error().text());
    return *std::move(answer);
  }
  template <class Desk>
  Errc refused(Desk& on, ActOf<Desk> what, std::string id, json::object words) {
    auto answer = act(on, what, std::move(id), std::move(words));
    return answer ? Errc::internal : answer.error().code;
  }
  void house() {
    watch->keep_house();
    rights->keep_house();
    run(ended(processing->keep_house()));
    run(ended(breaches->keep_house()));
  }
  static Awaitable<int> ended(Awaitable<void> work) {
    co_await std::move(work);
    co_return 0;
  }
  std::size_t count_records(std::string_view type) {
    std::size_t out = 0;
    for (audit::LeafIndex at = 0; at < core->log->size(); ++at) out += core->log->record(at)->type() == type;
    return out;
  }

  std::vector<Sent> mails;
  std::vector<ClockNotice> rung;
  std::optional<Bell> bell;
  std::optional<ProcessingDesk> processing;
  std::optional<RightsDesk> rights;
  std::optional<BreachDesk> breaches;
  std::optional<BreachWatch> watch;
};

}  // namespace pontlevis::gateway
