// A gateway with the area of witnesses and, at the other end of its links, a real witness the test plays the agent of.
#pragma once

#include "audit/tlog_proof.hpp"
#include "audit/witness.hpp"
#include "gateway/hub.hpp"
#include "gateway/witnesses/witnesses.hpp"
#include "tests/doubles/fake_frame_stream.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {

class WitnessesTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    begin();
  }
  void TearDown() override {
    end();
    witness.reset();
    GatewayTest::TearDown();
  }
  void begin() {
    hub.emplace(*core, loop.get_executor());
    desk.emplace(*core, *hub, loop.get_executor());
    hub->use(*desk);
    area.emplace(*core);
    core->signals.trouble.listen([this](const std::string& what, const json::object& facts) { troubles.emplace_back(what, facts); });
    ASSERT_TRUE(area->open());
    ASSERT_TRUE(area->start(*hub));
  }
  void end() {
    for (auto& wire : wires) wire->hang_up();
    until([this] { return served == wires.size(); });
    desk.reset();
    area.reset();
    hub.reset();
  }
  // As after a stop: what the folder says is all that is left.
  void restart() {
    end();
    core.reset();
    open();
    begin();
  }
  std::shared_ptr<doubles::FrameWire> connect(const std::string& log, const std::string& checkpoint) {
    auto wire = std::make_shared<doubles::FrameWire>(loop.get_executor());
    wires.push_back(wire);
    asio::co_spawn(loop, hub->serve(practice, "01", std::make_unique<doubles::FakeFrameStream>(wire)), [this](std::exception_ptr) { ++served; });
    wire->say(encode(frame::Hello{1, "test", practice, {{system, "Dossier patient", "LOCAL", {"shell", "files"}}}, {host_key.public_key().line()}, {}, log, checkpoint}));
    EXPECT_TRUE(until([&] { return !wire->written.empty(); }));
    return wire;
  }
  audit::Witness& seen_by() {
    if (!witness) witness = *audit::Witness::open(folder.root / "witness.db", core->log->verifier(), *NoteSigner::parse(witness_key.text()), clock);
    return *witness;
  }
  std::shared_ptr<doubles::FrameWire> connect() { return connect(core->log->verifier().text(), seen_by().state()->note); }
  template <class F>
  std::optional<F> hear(const std::shared_ptr<doubles::FrameWire>& wire) {
    std::optional<F> found;
    until([&] {
      for (auto at = wire->written.begin(); at != wire->written.end(); ++at)
        if (const auto frame = decode_frame(*at); frame && std::holds_alternative<F>(*frame)) {
          found = std::get<F>(*frame);
          wire->written.erase(at);
          return true;
        }
      return wire->closed;
    });
    return found;
  }
  // The agent's honest half.
  audit::WitnessAnswer answer(const std::shared_ptr<doubles::FrameWire>& wire) {
    const auto asked = hear<frame::Checkpoint>(wire);
    if (!asked) return {};
    auto said = seen_by().add_checkpoint(asked->add_checkpoint);
    wire->say(encode(frame::Cosignature{said.status, said.body}));
    return said;
  }
  static Awaitable<bool> house(Witnesses& area) {
    co_await area.keep_house();
    co_return true;
  }
  void run_house() { ASSERT_TRUE(run(house(*area))); }
  audit::TreeSize cosigned() { return *core->cosignatures.largest(witness_key.verifier()); }
  void grow(int records) {
    for (int i = 0; i < records; ++i) ASSERT_TRUE(core->log->append_now(*audit::Record::make("log_start", json::object{{"program", "sample"}})));
  }

  std::optional<Hub> hub;
  std::optional<Witnesses> area;
  std::unique_ptr<audit::Witness> witness;
  std::vector<std::shared_ptr<doubles::FrameWire>> wires;
  std::size_t served = 0;
  std::vector<std::pair<std::string, json::object>> troubles;
};

}  // namespace pontlevis::gateway
