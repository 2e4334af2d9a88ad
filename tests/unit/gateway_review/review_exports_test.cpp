// Copies: each format, recorded before it can be had, gone on its day, and its proof accepted by the verifier.
#include "audit/pack/pack.hpp"
#include "audit/verify.hpp"
#include "gateway/review/export_rows.hpp"
#include "gateway/review/exports.hpp"
#include "tests/unit/gateway_review/review_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class ReviewExportsTest : public ReviewTest {
 protected:
  json::object order(std::string_view format, json::value intervention = nullptr, json::object filter = {}) {
    return {{"format", format}, {"filter", std::move(filter)}, {"intervention", std::move(intervention)}, {"language", "fr"}};
  }
  io::HttpResponse ask_for_copy(const json::object& what, const std::string& cookie) {
    return ask({"POST", "/api/v1/review/exports", what, {{"pontlevis-purpose", "CONTRACT annexe 4"}}, cookie});
  }
  // The copy once it is made, as its owner sees it.
  json::object made(const json::object& what, const std::string& cookie) {
    const auto answer = ask_for_copy(what, cookie);
    EXPECT_EQ(answer.status, 202u) << answer.body;
    const auto path = "/api/v1/review/exports/" + text_of(body_of(answer), "id");
    json::object copy;
    EXPECT_TRUE(until([&] {
      copy = body_of(get(path, cookie));
      return text_of(copy, "state") != "MAKING";
    }));
    EXPECT_EQ(text_of(copy, "state"), "READY") << text_of(copy, "why");
    return copy;
  }
  std::string content(const json::object& copy, const std::string& cookie) {
    const auto answer = get("/api/v1/review/exports/" + text_of(copy, "id") + "/file", cookie);
    EXPECT_EQ(answer.status, 200u) << answer.body;
    EXPECT_TRUE(answer.header("content-disposition").starts_with("attachment"));
    EXPECT_EQ(sha256_hex(answer.body), text_of(copy, "sha256"));
    return answer.body;
  }
};

TEST_F(ReviewExportsTest, csv_has_a_line_an_intervention_and_is_a_record) {
  whole(), whole();
  const auto dpo = in("dpo");
  const auto copy = made(order("CSV"), dpo);
  const auto text = content(copy, dpo);
  EXPECT_TRUE(text.starts_with("Numéro,Demandée (heure de Paris),")) << text.substr(0, 80);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_NE(text.find("Personne alice"), text.npos);
  const auto record = last_record("exported");
  EXPECT_EQ(text_of(record, "purpose"), "CONTRACT");
  EXPECT_EQ(text_of(record, "reference"), "annexe 4");
  EXPECT_EQ(text_of(record, "sha256"), text_of(copy, "sha256"));
  EXPECT_EQ(text_of(record, "expires_on"), "2026-12-22");
  EXPECT_EQ(record.at("count"), 2);
}

TEST_F(ReviewExportsTest, a_copy_is_its_owners_and_goes_on_its_day) {
  whole();
  const auto dpo = in("dpo");
  const auto copy = made(order("JSON"), dpo);
  EXPECT_EQ(get("/api/v1/review/exports/" + text_of(copy, "id") + "/file", in("audit")).status, 404u);
  const auto folder_of_copies = folder.root / "exports";
  ASSERT_EQ(std::distance(std::filesystem::directory_iterator(folder_of_copies), {}), 1);
  EXPECT_TRUE(std::filesystem::directory_iterator(folder_of_copies)->path().filename().string().starts_with("2026-12-22-"));
  clock.advance(std::chrono::days(31));
  run([](Review& r) -> Awaitable<bool> { co_await r.keep_house(); co_return true; }(*review));
  EXPECT_TRUE(std::filesystem::is_empty(folder_of_copies));
  const auto later = in("dpo");
  EXPECT_EQ(text_of(body_of(get("/api/v1/review/exports/" + text_of(copy, "id"), later)), "state"), "EXPIRED");
  EXPECT_EQ(get("/api/v1/review/exports/" + text_of(copy, "id") + "/file", later).status, 409u);
}

TEST_F(ReviewExportsTest, json_holds_the_whole_records_of_a_few) {
  const auto id = whole();
  const auto dpo = in("dpo");
  const auto out = json::parse(content(made(order("JSON"), dpo), dpo)).as_object();
  ASSERT_EQ(out.at("items").as_array().size(), 1u);
  const auto& item = out.at("items").at(0).as_object();
  EXPECT_EQ(text_of(item, "id"), id.text());
  EXPECT_EQ(item.at("record").at("fields").at("tasks_summary"), "File d'impression vidée, service relancé.");
}

TEST_F(ReviewExportsTest, a_proof_pack_is_accepted_as_it_is_and_not_when_a_byte_changed) {
  const auto id = whole();
  whole();
  const auto dpo = in("dpo");
  const auto zip = content(made(order("PROOF_PACK", json::value(id.text())), dpo), dpo);
  const auto file = temporary.path() / "pack.zip", to = temporary.path() / "pack";
  ASSERT_TRUE(io::write_file(file, zip, io::FileMode::owner_only));
  ASSERT_TRUE(audit::read_zip(file, to));
  const auto pack = audit::check_pack(to);
  ASSERT_TRUE(pack) << pack.error().text();
  EXPECT_TRUE(pack->findings.empty()) << pack->findings.front();
  EXPECT_TRUE(pack->enrolled);
  const auto report = audit::verify_bundle(to, {});
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_TRUE(report->verified()) << report->to_text();
  EXPECT_TRUE(std::filesystem::exists(to / "printed" / (id.text() + ".pdf")));
  auto text = *io::read_file(to / "printed" / (id.text() + ".txt"));
  EXPECT_NE(text.find("File d'impression vidée"), text.npos);
  text[text.size() / 2] ^= 1;
  ASSERT_TRUE(io::write_file(to / "printed" / (id.text() + ".txt"), text, io::FileMode::owner_only));
  const auto changed = audit::check_pack(to);
  ASSERT_TRUE(changed);
  ASSERT_EQ(changed->findings.size(), 1u);
  EXPECT_NE(changed->findings[0].find("is not what was packed"), std::string::npos);
}

TEST_F(ReviewExportsTest, what_is_under_quarantine_is_on_no_paper_and_in_no_pack) {
  const auto id = whole();
  const auto records = *core->log->find(id);
  ASSERT_TRUE(core->store->script("CREATE TABLE IF NOT EXISTS quarantined(record INTEGER NOT NULL, field TEXT NOT NULL, case_id TEXT NOT NULL, PRIMARY KEY(record, field)) STRICT, WITHOUT ROWID;"));
  for (const auto& record : records) ASSERT_TRUE(core->store->run("INSERT INTO quarantined VALUES(?, 'tasks_summary', 'case')", record.index));
  const auto dpo = in("dpo");
  const auto answer = read("/api/v1/review/interventions/" + id.text() + "/record?format=text", dpo);
  ASSERT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.body.find("File d'impression vidée"), std::string::npos);
  // What the store knows of the same words is taken out of it by who puts them under quarantine.
  const auto records_shown = json::serialize(body_of(read("/api/v1/review/interventions/" + id.text(), dpo)).at("records"));
  EXPECT_EQ(records_shown.find("File d'impression vidée"), std::string::npos);
  EXPECT_NE(records_shown.find("QUARANTINED"), std::string::npos);
  const auto refused = ask_for_copy(order("PROOF_PACK", json::value(id.text())), dpo);
  ASSERT_EQ(refused.status, 202u);
  const auto path = "/api/v1/review/exports/" + text_of(body_of(refused), "id");
  ASSERT_TRUE(until([&] { return text_of(body_of(get(path, dpo)), "state") == "FAILED"; }));
  EXPECT_NE(text_of(body_of(get(path, dpo)), "why").find("quarantine"), std::string::npos);
  EXPECT_EQ(count_records("exported"), 0u);
}

TEST_F(ReviewExportsTest, nothing_is_made_without_a_purpose_or_of_nothing) {
  const auto dpo = in("dpo");
  EXPECT_EQ(code_of(post("/api/v1/review/exports", order("CSV"), dpo)), "purpose_missing");
  EXPECT_EQ(code_of(ask_for_copy(order("CSV"), dpo)), "not_found");
  EXPECT_EQ(code_of(ask_for_copy(order("XLS"), dpo)), "bad_input");
}

TEST(CsvField, quotes_what_it_must_and_disarms_formulas) {
  EXPECT_EQ(csv_field("simple"), "simple");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("dit \"oui\""), "\"dit \"\"oui\"\"\"");
  for (const char* formula : {"=1+1", "+33", "-2", "@SUM(A1)"}) EXPECT_EQ(csv_field(formula), "\"'" + std::string(formula) + "\"");
  EXPECT_EQ(csv_field("deux\nlignes"), "deux lignes");
  EXPECT_EQ(csv_field(""), "");
}

}  // namespace
}  // namespace pontlevis::gateway
