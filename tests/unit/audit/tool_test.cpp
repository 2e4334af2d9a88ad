// The tool as people and scripts call it: exit codes, and that it leaves the folder as it found it.
#include <array>
#include <cstdio>
#include <fstream>

#include "audit/tlog_proof.hpp"
#include "tests/unit/audit/sample_life.hpp"

namespace pontlevis::audit::test {
namespace {

struct Ran {
  int code;
  std::string out;
};

Ran tool(const std::string& arguments) {
  const std::string command = std::string("'") + PONTLEVIS_AUDIT_TOOL + "' " + arguments + " 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  Ran out{-1, {}};
  std::array<char, 4096> buffer;
  for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.out.append(buffer.data(), n);
  out.code = WEXITSTATUS(::pclose(pipe));
  return out;
}

class ToolTest : public ::testing::Test {
 protected:
  std::string path(const char* name) const { return "'" + (folder_.path() / name).string() + "'"; }
  TemporaryFolder folder_;
  SteppingClock clock_;
  io::SystemRandom random_;
};

TEST_F(ToolTest, exit_0_verified_1_failed_2_could_not_run) {
  EXPECT_EQ(tool("version").code, 0);
  EXPECT_EQ(tool("--help").code, 0);
  EXPECT_EQ(tool("").code, 2);
  EXPECT_EQ(tool("verify").code, 2);
  EXPECT_EQ(tool("verify --nonsense").code, 2);
  EXPECT_EQ(tool("verify --data " + path("absent")).code, 2);
  EXPECT_EQ(tool("verify --bundle " + path("absent")).code, 2);
  make_sample_data(folder_.path() / "data", clock_, random_);
  EXPECT_EQ(tool("verify --now 2026-11-22 --data " + path("data")).code, 0);
  EXPECT_EQ(tool("verify --now 2026-11-22 --data " + path("data") + " --vkey PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").code, 1);
  EXPECT_EQ(tool("verify --now 2026-11-22 --data " + path("data") + " --vkey nonsense").code, 2);
  EXPECT_EQ(tool("export --data " + path("data") + " --out " + path("bundle")).code, 0);
  EXPECT_EQ(tool("export --data " + path("data") + " --out " + path("bundle")).code, 2) << "not over another bundle";
  EXPECT_EQ(tool("verify --now 2026-11-22 --bundle " + path("bundle") + " --json").code, 0);
  std::filesystem::remove(folder_.path() / "bundle" / "tile" / "entries" / "000.p" / "9");
  const auto broken = tool("verify --now 2026-11-22 --bundle " + path("bundle"));
  EXPECT_EQ(broken.code, 1) << broken.out;
  EXPECT_NE(broken.out.find("NOT VERIFIED"), std::string::npos);
}

TEST_F(ToolTest, reading_changes_nothing_at_rest_and_disturbs_nothing_live) {
  make_sample_data(folder_.path() / "data", clock_, random_);
  const auto listing = [&] {
    std::string out;
    for (const auto& e : std::filesystem::recursive_directory_iterator(folder_.path() / "data"))
      if (e.is_regular_file()) out += e.path().filename().string() + sha256_hex(must(io::read_file(e.path(), 1 << 26))) + "\n";
    return out;
  };
  const auto before = listing();
  EXPECT_EQ(tool("verify --now 2026-11-22 --data " + path("data")).code, 0);
  EXPECT_EQ(tool("show --data " + path("data") + " 0d9a --json").code, 0);
  EXPECT_EQ(listing(), before);
  auto log = open_log(folder_.path() / "data" / "log", clock_, random_);
  EXPECT_EQ(tool("verify --now 2026-11-22 --data " + path("data")).code, 0);
  must(log->append_now(security_record(1)));
  const auto live = tool("verify --now 2026-11-22 --data " + path("data") + " --json");
  EXPECT_EQ(live.code, 0) << live.out;
  EXPECT_NE(live.out.find("\"size\":10"), std::string::npos);
}

TEST_F(ToolTest, one_record_verifies_with_its_proof_alone) {
  auto log = open_log(folder_.path() / "data" / "log", clock_, random_);
  const auto a = must(log->append_now(security_record(1)));
  std::ofstream(folder_.path() / "proof") << must(log->proof_of(a.index)).text();
  std::ofstream(folder_.path() / "disclosures") << print_disclosures(must(log->record(a.index)));
  const std::string call = "verify --now 2026-11-22 --proof " + path("proof") + " --disclosures " + path("disclosures") + " --vkey '" + log->verifier().text() + "'";
  const auto good = tool(call + " --json");
  EXPECT_EQ(good.code, 0) << good.out;
  EXPECT_NE(good.out.find("203.0.113.7"), std::string::npos);
  EXPECT_EQ(tool("verify --proof " + path("proof")).code, 2) << "the key must be given";
  auto other = must(log->append_now(security_record(2)));
  std::ofstream(folder_.path() / "disclosures") << print_disclosures(must(log->record(other.index)));
  EXPECT_EQ(tool(call).code, 1);
}

TEST_F(ToolTest, show_takes_the_first_characters_of_a_number) {
  {
    auto log = open_log(folder_.path() / "data" / "log", clock_, random_);
    append_life(*log, clock_, intervention_a);
    append_life(*log, clock_, intervention_b, false);
    append_life(*log, clock_, "0d9a3f52-0000-4c6b-9a57-6a5fd2f4a001", false);
  }
  const auto table = tool("show --data " + path("data"));
  EXPECT_EQ(table.code, 0);
  EXPECT_LT(table.out.find("7b1c0f7e"), table.out.rfind("0d9a3f52")) << "newest first\n" << table.out;
  EXPECT_NE(table.out.find("en cours"), std::string::npos);
  const auto one = tool("show --data " + path("data") + " 7b1 --lang en");
  EXPECT_EQ(one.code, 0);
  EXPECT_NE(one.out.find("INTERVENTION RECORD"), std::string::npos);
  EXPECT_EQ(tool("show --data " + path("data") + " 0d9a").code, 2) << "two start so";
  EXPECT_EQ(tool("show --data " + path("data") + " ffff").code, 2);
}

}  // namespace
}  // namespace pontlevis::audit::test
