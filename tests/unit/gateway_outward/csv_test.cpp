// The daily file: what a spreadsheet and a parser make of it, when it is written, when it goes.
#include "gateway/outward/csv_text.hpp"
#include "tests/unit/gateway_outward/outward_fixture.hpp"

namespace pontlevis::gateway {
namespace {

TEST(Csv, cells_are_quoted_and_formulas_are_text) {
  EXPECT_EQ(csv_cell("simple"), "simple");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("dit \"oui\""), "\"dit \"\"oui\"\"\"");
  EXPECT_EQ(csv_cell("a\nb"), "\"a\nb\"");
  for (std::string bad : {"=1+1", "+33", "-2", "@SUM(A1)", "\tx", "＝1"}) EXPECT_TRUE(csv_cell(bad).starts_with("'") || csv_cell(bad).starts_with("\"'")) << bad;
  EXPECT_EQ(csv_cell("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
}

TEST(Csv, headings_are_french_and_english) { EXPECT_NE(csv_headings().find("Personne en charge / Person in charge"), std::string::npos); }

class CsvDropTest : public OutwardTest {
 protected:
  void SetUp() override {
    OutwardTest::SetUp();
    std::filesystem::create_directories(drops);
    set("csv.folder", drops.string());
  }
  InterventionId closed_today() {
    const auto id = closed();
    EXPECT_TRUE(csv->closed(id));
    return id;
  }
  void keep_house() {
    const auto done = run(csv->keep_house());
    ASSERT_TRUE(done) << done.error().text();
  }
  std::string file(const std::string& day) {
    const auto text = io::read_file(drops / ("pontlevis-interventions-" + day + ".csv"));
    return text ? *text : std::string();
  }
  std::filesystem::path drops = temporary.path() / "drops";
};

TEST_F(CsvDropTest, a_day_is_written_when_it_is_over_with_its_sum_beside_it) {
  const auto id = closed_today();
  keep_house();
  EXPECT_EQ(file("2026-11-22"), "");
  EXPECT_EQ(file("2026-11-21"), csv_headings());  // the day before the first: nothing closed
  clock.advance(std::chrono::hours(15));
  keep_house();
  const auto text = file("2026-11-22");
  EXPECT_NE(text.find(id.text()), text.npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  const auto sum = io::read_file(drops / "pontlevis-interventions-2026-11-22.csv.sha256");
  ASSERT_TRUE(sum);
  EXPECT_EQ(*sum, sha256_hex(text) + "  pontlevis-interventions-2026-11-22.csv\n");
  EXPECT_EQ(outbox->list(DeliveryState::acknowledged, "", 10)->items.size(), 2u);
}

TEST_F(CsvDropTest, days_without_a_gateway_are_made_up_for_and_old_files_go) {
  const auto id = closed_today();
  keep_house();
  clock.advance(std::chrono::days(4));
  keep_house();
  EXPECT_NE(file("2026-11-22").find(id.text()), std::string::npos);
  for (auto day : {"2026-11-23", "2026-11-24", "2026-11-25"}) EXPECT_EQ(file(day), csv_headings()) << day;
  ASSERT_TRUE(io::write_file(drops / "a-file-of-somebody.csv", "x", io::FileMode::owner_only));
  clock.advance(std::chrono::days(40));
  keep_house();
  EXPECT_EQ(file("2026-11-22"), "");
  EXPECT_TRUE(std::filesystem::exists(drops / "a-file-of-somebody.csv"));
  for (const auto& entry : std::filesystem::directory_iterator(drops)) EXPECT_NE(entry.path().filename().string().find("2026-11-"), 0u);
}

TEST_F(CsvDropTest, what_was_destroyed_leaves_the_file_of_its_day) {
  const auto gone = closed_today(), stays = closed_today();
  clock.advance(std::chrono::hours(15));
  keep_house();
  EXPECT_NE(file("2026-11-22").find(gone.text()), std::string::npos);
  auto iv = *core->interventions.find(gone);
  ASSERT_TRUE(core->interventions.strip(*iv));
  ASSERT_TRUE(csv->changed(gone.text()));
  keep_house();
  EXPECT_EQ(file("2026-11-22").find(gone.text()), std::string::npos);
  EXPECT_NE(file("2026-11-22").find(stays.text()), std::string::npos);
}

}  // namespace
}  // namespace pontlevis::gateway
