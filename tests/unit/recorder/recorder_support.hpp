// What the tests of the recorder share: a data folder, a vault on a clock moved by hand, a loop.
#pragma once

#include "agent/recorder/recording_vault.hpp"
#include "agent/recorder/sealed_file.hpp"
#include "tests/doubles/fake_clock.hpp"
#include "tests/doubles/fixed_random.hpp"
#include "tests/doubles/must.hpp"
#include "tests/doubles/temporary_folder.hpp"
#include "tests/unit/tools/tools_test.hpp"

namespace pontlevis::agent::testing {

namespace json = boost::json;

using test::must;

inline InterventionId sample_id(int n = 1) {
  return must(InterventionId::parse("0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4a00" + std::to_string(n)));
}

inline std::span<const char> bytes(std::string_view text) { return {text.data(), text.size()}; }

class RecorderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    vault = open();
  }
  void TearDown() override {
    vault.reset();
  }
  std::unique_ptr<RecordingVault> open(VaultSettings settings = {}) { return must(RecordingVault::open(data, clock, random, settings)); }
  std::filesystem::path file(unsigned stream, InterventionId id = sample_id()) const {
    return data / "recordings" / id.text() / (std::to_string(stream) + ".cast.enc");
  }
  std::filesystem::path key_file(InterventionId id = sample_id()) const { return data / "recordings" / "keys" / (id.text() + ".key"); }
  StreamOf shell(unsigned cols = 80, unsigned rows = 24) const { return {"shell", "alice", cols, rows}; }

  static io::Awaitable<void> end_into(Recording* recording, RecordingSummary* out) { *out = co_await recording->finish(); }
  RecordingSummary finish(Recording& recording) {
    RecordingSummary out;
    on_loop(end_into(&recording, &out), loop);
    return out;
  }
  // A short recording of one stream, finished.
  RecordingSummary record(std::string_view text, InterventionId id = sample_id(), int days = 30) {
    auto recording = must(vault->begin(loop.get_executor(), id, days));
    recording->opened(1, shell());
    recording->output(1, bytes(text));
    clock.advance(Millis(2000));
    return finish(*recording);
  }

  test::TemporaryFolder folder;
  std::filesystem::path data = folder.path();
  doubles::FakeClock clock;
  doubles::FixedRandom random;
  boost::asio::io_context loop;
  std::unique_ptr<RecordingVault> vault;
};

}  // namespace pontlevis::agent::testing
