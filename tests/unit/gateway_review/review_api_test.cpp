// What a reviewer is shown, what it is recorded as, and what an auditor may leave beside it.
#include "tests/unit/gateway_review/review_fixture.hpp"

namespace pontlevis::gateway {
namespace {

const std::string base = "/api/v1/review/interventions";

TEST_F(ReviewTest, nothing_is_shown_without_a_purpose) {
  const auto id = whole();
  const auto dpo = in("dpo");
  for (const auto& path : {base, base + "/" + id.text(), base + "/" + id.text() + "/evidence", base + "/" + id.text() + "/record"}) {
    EXPECT_EQ(code_of(read(path, dpo, "")), "purpose_missing") << path;
    EXPECT_EQ(code_of(read(path, dpo, "CURIOSITY")), "purpose_missing") << path;
    EXPECT_EQ(code_of(read(path, dpo, "CONTROL " + std::string(61, 'x'))), "purpose_missing") << path;
  }
  EXPECT_EQ(count_records("viewed"), 0u);
}

TEST_F(ReviewTest, a_look_is_a_record_and_the_same_look_within_five_minutes_is_the_same_record) {
  whole();
  const auto dpo = in("dpo");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(read(base + "?practice=cabinet-exemple", dpo, "INCIDENT 2026-7").status, 200u);
  EXPECT_EQ(count_records("viewed"), 1u);
  const auto record = last_record("viewed");
  EXPECT_EQ(text_of(record, "viewed_by"), "dpo");
  EXPECT_EQ(text_of(record, "purpose"), "INCIDENT");
  EXPECT_EQ(text_of(record, "reference"), "2026-7");
  EXPECT_EQ(text_of(record, "filter"), R"({"practice":"cabinet-exemple"})");
  EXPECT_EQ(record.at("found"), 1);
  read(base, dpo, "INCIDENT 2026-7");
  EXPECT_EQ(count_records("viewed"), 2u) << "another filter is another look";
  clock.advance(std::chrono::minutes(6));
  read(base, dpo, "INCIDENT 2026-7");
  EXPECT_EQ(count_records("viewed"), 3u);
}

TEST_F(ReviewTest, a_row_says_what_the_contract_says) {
  const auto id = whole();
  const auto page = found("", in("dpo"));
  ASSERT_EQ(ids(page), std::vector{id.text()});
  EXPECT_EQ(page.at("total"), 1);
  const auto& row = page.at("items").as_array()[0].as_object();
  EXPECT_EQ(text_of(row, "practice_name"), "Cabinet Exemple");
  EXPECT_EQ(text_of(row, "system_label"), "Dossier patient");
  EXPECT_EQ(text_of(row, "in_charge"), "Personne alice");
  EXPECT_EQ(text_of(row, "state"), "CLOSED");
  EXPECT_EQ(text_of(row, "outcome"), "SOLVED");
  EXPECT_EQ(text_of(row, "end_cause"), "DONE");
  EXPECT_EQ(row.at("active_seconds"), 590);
  EXPECT_EQ(row.at("watched"), true);
  EXPECT_EQ(row.at("tools"), json::array{"shell"});
  EXPECT_EQ(row.at("marks"), (json::object{{"seen", false}, {"questions", 0}, {"findings", 0}}));
}

TEST_F(ReviewTest, every_filter_narrows) {
  const auto closed = whole();
  clock.advance(std::chrono::days(1));
  auto wanted = asked();
  wanted.ticket = "X-77", wanted.criticality = Criticality::sensitive, wanted.emergency = "plus rien ne marche au cabinet";
  const auto open = ask_for(wanted);
  const auto dpo = in("dpo");
  const auto only = [&](const std::string& query) { return ids(found("?" + query, dpo)); };
  const std::vector first{closed.text()}, second{open.text()}, both{open.text(), closed.text()};
  EXPECT_EQ(only("practice=cabinet-exemple"), both);
  EXPECT_EQ(only("practice=autre"), std::vector<std::string>{});
  EXPECT_EQ(only("person=alice"), both);
  EXPECT_EQ(only("person=bob"), std::vector<std::string>{});
  EXPECT_EQ(only("system=dossier&tool=shell"), both);
  EXPECT_EQ(only("state=CLOSED"), first);
  EXPECT_EQ(only("state=REQUESTED"), second);
  EXPECT_EQ(only("outcome=SOLVED"), first);
  EXPECT_EQ(only("outcome=NONE"), second);
  EXPECT_EQ(only("end=DONE"), first);
  EXPECT_EQ(only("criticality=SENSITIVE"), second);
  EXPECT_EQ(only("emergency=true"), second);
  EXPECT_EQ(only("text=X-7"), second);
  EXPECT_EQ(only("text=" + closed.text().substr(0, 12)), first);
  EXPECT_EQ(only("from=2026-11-23"), second);
  EXPECT_EQ(only("until=2026-11-22"), first);
  EXPECT_EQ(only("from=2026-11-22&until=2026-11-23&state=CLOSED&text=T-1"), first);
  EXPECT_EQ(code_of(read(base + "?state=CLOSED&what=ever", dpo)), "bad_input");
}

TEST_F(ReviewTest, pages_are_the_list) {
  std::vector<std::string> all;
  for (int i = 0; i < 7; ++i) all.insert(all.begin(), whole().text());
  const auto dpo = in("dpo");
  std::vector<std::string> seen;
  for (std::string cursor;;) {
    const auto page = found("?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor), dpo);
    EXPECT_EQ(page.at("total"), 7);
    for (auto& id : ids(page)) seen.push_back(id);
    if (page.at("next").is_null()) break;
    cursor = text_of(page, "next");
  }
  EXPECT_EQ(seen, all);
  EXPECT_EQ(code_of(read(base + "?cursor=here", dpo)), "bad_input");
}

TEST_F(ReviewTest, one_intervention_shows_each_record_with_the_state_of_each_field) {
  const auto id = whole();
  const auto answer = read(base + "/" + id.text(), in("audit"), "AUTHORITY");
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto out = body_of(answer);
  const auto& records = out.at("records").as_array();
  EXPECT_EQ(records.size(), core->log->find(id)->size() - 1) << "all but the record of this look";
  for (const auto& record : records)
    for (const auto& field : record.at("fields").as_array()) EXPECT_EQ(field.at("state"), "OPEN") << field.at("name");
  EXPECT_EQ(out.at("journals").at("agree"), true) << json::serialize(out.at("journals"));
  EXPECT_GE(out.at("journals").at("facts").to_number<int>(), 4);
  EXPECT_EQ(text_of(out.at("intervention").as_object(), "id"), id.text());
  EXPECT_EQ(out.at("hold"), nullptr);
  EXPECT_EQ(code_of(read(base + "/" + make_uuid(random), in("dpo"))), "not_found");
}

TEST_F(ReviewTest, evidence_opens_with_the_logs_key) {
  const auto id = whole();
  const auto out = body_of(read(base + "/" + id.text() + "/evidence", in("dpo")));
  EXPECT_EQ(text_of(out, "log_key"), core->log->verifier().text());
  const auto checkpoint = audit::open_checkpoint(text_of(out, "checkpoint"), core->log->verifier());
  ASSERT_TRUE(checkpoint);
  for (const auto& item : out.at("records").as_array()) {
    const auto& record = item.as_object();
    audit::Proof proof;
    for (const auto& hash : record.at("proof").as_array()) proof.push_back(Digest::from(*from_base64(hash.as_string())));
    const auto leaf = audit::leaf_hash(*from_base64(text_of(record, "entry")));
    EXPECT_TRUE(audit::verify_inclusion_proof(proof, record.at("index").to_number<std::uint64_t>(), checkpoint->size, leaf, checkpoint->root));
  }
}

TEST_F(ReviewTest, a_finding_is_a_record_runs_a_clock_and_is_resolved_by_compliance) {
  const auto id = whole();
  const auto auditor = in("audit"), dpo = in("dpo");
  const auto marks = base + "/" + id.text() + "/marks";
  const auto made = post(marks, json::object{{"mark", "FINDING"}, {"text", "Le binôme manquait"}, {"about", nullptr}, {"due", "2026-12-01"}}, auditor);
  ASSERT_EQ(made.status, 201u) << made.body;
  const auto finding = text_of(body_of(made), "id");
  EXPECT_EQ(text_of(body_of(made), "by_name"), "Personne audit");
  EXPECT_EQ(text_of(last_record("review_mark"), "text"), "Le binôme manquait");
  EXPECT_EQ(ids(found("?mark=FINDING", dpo)), std::vector{id.text()});
  const auto due = body_of(get("/api/v1/due", dpo)).at("items").as_array();
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].at("kind"), "finding");
  EXPECT_EQ(due[0].at("late"), false);
  clock.advance(std::chrono::days(12));
  const auto later = in("dpo");
  EXPECT_EQ(body_of(get("/api/v1/due", later)).at("items").at(0).at("late"), true);
  EXPECT_EQ(body_of(get("/api/v1/review/marks?open=true", later)).at("items").at(0).at("late"), true);
  const json::object resolved{{"mark", "RESOLVED"}, {"text", "Règle rappelée"}, {"about", finding}, {"due", nullptr}};
  EXPECT_EQ(post(marks, resolved, in("audit")).status, 403u) << "an auditor does not resolve";
  EXPECT_EQ(post(marks, resolved, later).status, 201u);
  EXPECT_EQ(code_of(post(marks, resolved, later)), "conflict");
  EXPECT_TRUE(body_of(get("/api/v1/due", later)).at("items").as_array().empty());
  EXPECT_TRUE(ids(found("?mark=FINDING", later)).empty());
}

TEST_F(ReviewTest, an_answer_settles_a_question) {
  const auto id = whole();
  const auto dpo = in("dpo");
  const auto marks = base + "/" + id.text() + "/marks";
  const auto question = body_of(post(marks, json::object{{"mark", "QUESTION"}, {"text", "Pourquoi le soir ?"}, {"about", nullptr}, {"due", nullptr}}, dpo));
  EXPECT_EQ(ids(found("?mark=QUESTION", dpo)).size(), 1u);
  EXPECT_TRUE(ids(found("?mark=UNSEEN", dpo)).empty()) << "who asks has seen it";
  EXPECT_EQ(post(marks, json::object{{"mark", "ANSWER"}, {"text", "Le cabinet l'avait demandé"}, {"about", text_of(question, "id")}, {"due", nullptr}}, dpo).status, 201u);
  EXPECT_TRUE(ids(found("?mark=QUESTION", dpo)).empty());
  for (const auto& bad : {json::object{{"mark", "FINDING"}, {"text", "x"}, {"about", nullptr}, {"due", nullptr}}, json::object{{"mark", "SEEN"}, {"text", ""}, {"about", nullptr}, {"due", "2026-12-01"}},
                          json::object{{"mark", "QUESTION"}, {"text", ""}, {"about", nullptr}, {"due", nullptr}}})
    EXPECT_EQ(code_of(post(marks, bad, dpo)), "bad_input") << json::serialize(bad);
}

TEST_F(ReviewTest, marks_and_clocks_outlast_a_restart) {
  const auto id = whole();
  ASSERT_EQ(post(base + "/" + id.text() + "/marks", json::object{{"mark", "FINDING"}, {"text", "À revoir"}, {"about", nullptr}, {"due", "2026-12-01"}}, in("dpo")).status, 201u);
  stop_door();
  review.reset();
  reopen();
  start_door();
  const auto dpo = in("dpo");
  EXPECT_EQ(ids(found("?mark=FINDING", dpo)), std::vector{id.text()});
  EXPECT_EQ(body_of(get("/api/v1/due", dpo)).at("items").as_array().size(), 1u);
}

TEST_F(ReviewTest, overview_counts_and_never_ranks_people) {
  whole();
  clock.advance(std::chrono::hours(1));
  whole();
  const auto answer = get("/api/v1/review/overview", in("audit"));
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto out = body_of(answer);
  EXPECT_EQ(out.at("total"), 2);
  EXPECT_EQ(out.at("by_state").at("CLOSED"), 2);
  EXPECT_EQ(out.at("median_active_seconds"), 590);
  EXPECT_EQ(out.at("heat").at(6).at(11), 1) << "Sunday, eleven in Paris";
  EXPECT_EQ(out.at("by_month").as_array().back().at("count"), 2);
  EXPECT_EQ(answer.body.find("alice"), std::string::npos);
  EXPECT_EQ(code_of(get("/api/v1/review/overview?from=2026-12-01&until=2026-01-01", in("dpo"))), "bad_input");
}

TEST_F(ReviewTest, a_search_is_its_owners_own) {
  const auto dpo = in("dpo"), auditor = in("audit");
  const json::object search{{"label", "Urgences du mois"}, {"filter", json::object{{"emergency", "true"}}}};
  const auto made = post("/api/v1/review/searches", search, dpo);
  ASSERT_EQ(made.status, 201u) << made.body;
  const auto id = text_of(body_of(made), "id");
  EXPECT_EQ(body_of(get("/api/v1/review/searches", dpo)).at("items").as_array().size(), 1u);
  EXPECT_TRUE(body_of(get("/api/v1/review/searches", auditor)).at("items").as_array().empty());
  EXPECT_EQ(ask({"DELETE", "/api/v1/review/searches/" + id, {}, {}, auditor}).status, 404u);
  EXPECT_EQ(ask({"DELETE", "/api/v1/review/searches/" + id, {}, {}, dpo}).status, 200u);
  EXPECT_EQ(code_of(post("/api/v1/review/searches", json::object{{"label", "x"}, {"filter", json::object{{"colour", "red"}}}}, dpo)), "bad_input");
}

TEST_F(ReviewTest, choices_name_what_can_be_chosen) {
  whole();
  const auto out = body_of(get("/api/v1/review/choices", in("dpo")));
  EXPECT_EQ(out.at("practices").at(0).at("label"), "Cabinet Exemple");
  EXPECT_EQ(out.at("people").at(0).at("label"), "Personne alice");
  EXPECT_EQ(out.at("tools").at(0).at("value"), "shell");
  EXPECT_EQ(out.at("ends").at(0).at("value"), "DONE");
}

TEST_F(ReviewTest, names_vanish_from_the_search_when_they_are_destroyed) {
  const auto id = whole();
  auto stripped = *core->interventions.find(id);
  core->interventions.forget_done();
  for (auto& op : stripped->request.operators) op.card.clear();
  ASSERT_TRUE(core->interventions.strip(*stripped));
  const auto dpo = in("dpo");
  const auto page = found("", dpo);
  ASSERT_EQ(ids(page), std::vector{id.text()}) << "the row stays";
  EXPECT_EQ(page.at("items").at(0).at("in_charge"), "");
  EXPECT_TRUE(ids(found("?person=alice", dpo)).empty());
  EXPECT_TRUE(body_of(get("/api/v1/review/choices", dpo)).at("people").as_array().empty());
  EXPECT_EQ(*core->store->integer("SELECT count(*) FROM review_words WHERE kind = 10"), 0);
}

TEST_F(ReviewTest, a_store_of_before_gets_its_rows_and_rebuild_makes_them_again) {
  const auto first = whole(), second = whole();
  stop_door();
  review.reset();
  ASSERT_TRUE(core->store->script("DROP TABLE review_people; DROP TABLE review_rows; DROP TABLE review_words;"));
  reopen();
  start_door();
  const auto dpo = in("dpo");
  EXPECT_EQ(ids(found("", dpo)), (std::vector{second.text(), first.text()}));
  ASSERT_TRUE(core->store->run("UPDATE review_rows SET ticket = 'wrong'"));
  auto verbs = review->verbs();
  const auto done = run(verbs.at("review rebuild")({{"verb", "review rebuild"}}));
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->at("interventions"), 2);
  EXPECT_EQ(ids(found("?text=T-1", dpo)).size(), 2u);
}

// Before the store is read the list says so, with a hint.
TEST_F(ReviewTest, until_the_store_is_read_the_list_asks_to_wait) {
  Review cold(*core);
  ASSERT_TRUE(cold.open());
  for (auto& route : cold.routes()) {
    if (route.path != base || route.method != "GET") continue;
    ApiCall call{request_of({"GET", base, {}, {{"pontlevis-purpose", "CONTROL"}}}), {login("dpo"), "", Role::compliance}, {}};
    const auto answer = run(route.handler(std::move(call)));
    EXPECT_EQ(answer.status, 503u);
    EXPECT_FALSE(text_of(body_of(answer), "hint").empty());
  }
}

}  // namespace
}  // namespace pontlevis::gateway
