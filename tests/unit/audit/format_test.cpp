// The worked example of docs/record-format.md §12 is what the program does.
#include <fstream>
#include <iterator>

#include "tests/unit/audit/audit_support.hpp"

namespace pontlevis::audit::test {
namespace {

class CountingRandom final : public Random {
 public:
  void fill(std::span<unsigned char> out) override {
    for (auto& byte : out) byte = next_++;
  }

 private:
  unsigned char next_ = 0;
};

TEST(RecordFormat, the_worked_example_of_the_document_is_true) {
  std::ifstream in(PONTLEVIS_SOURCE_DIR "/docs/record-format.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const auto shown = [&page](std::string_view text) { return page.find(text) != page.npos; };
  TemporaryFolder folder;
  SteppingClock clock;
  CountingRandom random;
  auto log = open_log(folder.path(), clock, random);
  const auto first = must(log->append_now(must(Record::make("log_stop", {{"program", "pontlevis-gateway"}, {"version", "0.1.0"}, {"cause", "signal"}}))));
  const auto record = must(log->record(0));
  std::vector<Digest> digests;
  for (const auto& f : record.fields) {
    const std::string digest = to_base64url(f.digest.view());
    EXPECT_TRUE(shown("| " + f.name + " | `" + *from_base64url(f.disclosure) + "` | `" + digest + "` |")) << f.name;
    digests.push_back(f.digest);
  }
  EXPECT_TRUE(shown("`" + record.fields[0].disclosure + "`"));
  EXPECT_TRUE(shown("r      " + to_hex(sha256(record_body(digests)).view())));
  EXPECT_TRUE(shown("E      " + to_hex(record.entry)));
  EXPECT_TRUE(shown("leaf   " + to_hex(first.leaf.view())));
  EXPECT_TRUE(shown("vkey   " + log->verifier().text()));
  EXPECT_TRUE(shown("```\n" + first.checkpoint + "```"));
  must(log->append_now(must(Record::make("log_start", {{"program", "pontlevis-gateway"}, {"version", "0.1.0"}, {"size_before", 1}, {"clean", true}}))));
  const auto second = to_hex(must(log->record(1)).entry), proof = must(log->proof_of(0)).text();
  EXPECT_TRUE(shown(second)) << second;
  EXPECT_TRUE(shown("```\n" + proof + "```")) << proof;
}

}  // namespace
}  // namespace pontlevis::audit::test
