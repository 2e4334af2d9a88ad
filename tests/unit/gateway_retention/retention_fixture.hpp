// A gateway whose days the test moves: interventions with words that must be found nowhere once they are destroyed.
#pragma once

#include <fstream>

#include "audit/verify.hpp"
#include "gateway/records.hpp"
#include "gateway/retention/retention.hpp"
#include "protocol/json_values.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {

class GatewayRetentionTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    ASSERT_TRUE(core->practices.set_contract(practice, {"C-2026-7", clock.now() - std::chrono::days(10), clock.now() + contract_runs}));
    begin();
  }
  void TearDown() override {
    area.reset();
    GatewayTest::TearDown();
  }
  void begin() {
    area.emplace(*core);
    const auto opened = area->open();
    ASSERT_TRUE(opened) << opened.error().text();
    core->signals.destroyed.listen([this](const json::object& fields) { told.push_back(fields); });
    core->signals.clock.listen([this](const ClockNotice& notice) { notices.push_back(notice); });
    core->signals.trouble.listen([this](const std::string& what, const json::object&) { troubles.push_back(what); });
  }
  void restart() {
    area.reset();
    reopen();
    begin();
  }
  void wait_days(int days) { clock.advance(std::chrono::hours(24) * days); }
  // The same with the purges of the days between, a few of them: a gateway that serves.
  void live_days(int days) {
    for (; days > 30; days -= 30) wait_days(30), must("retention run");
    wait_days(days);
  }

  // One verb, as compliance at the console.
  Result<json::object> ask_verb(const std::string& verb, json::object members = {}) {
    json::object request{{"verb", verb}, {"done_by", "dpo"}};
    for (auto& member : members) request[member.key()] = member.value();
    auto verbs = area->verbs();
    return run(verbs.at(verb)(std::move(request)));
  }
  json::object must(const std::string& verb, json::object members = {}) {
    auto done = ask_verb(verb, std::move(members));
    if (!done) throw std::runtime_error(verb + ": " + done.error().text());
    return *std::move(done);
  }
  std::string refused(const std::string& verb, json::object members = {}) {
    const auto done = ask_verb(verb, std::move(members));
    return done ? "done: " + json::serialize(*done) : done.error().text();
  }

  // ---- what is recorded ----
  static constexpr const char* words = "CANARI la file impression du secretariat";
  InterventionId closed_one() {
    auto what = asked();
    what.reason = words;
    auto answer = run(desk->ask(what));
    if (!answer) throw std::runtime_error("the sample request was refused");
    const auto id = *answer;
    must_take(consent(id)), must_take(open_session(id)), must_take(end_session(id));
    auto report = report_of(id);
    report.tasks_summary = "CANARI compte rendu de la relance du service";
    if (auto sent = run(desk->report(report)); !sent) throw std::runtime_error(sent.error().text());
    must_take(state_fact(FrameKind::report_received, id, sign("report_received", body(id))));
    core->interventions.forget_done();
    return id;
  }
  static void must_take(const Result<FactAnswer>& answer) {
    if (!answer) throw std::runtime_error(answer.error().text());
  }
  // Somebody failed to sign in from an address.
  void failed_sign_in(const std::string& address) {
    auto record = security_record("signin_failed", "web", "alice", address, "CANARI detail", practice);
    ASSERT_TRUE(run(core->append(std::move(record))));
  }

  // ---- what is left ----
  // Every opening of a class, as it stands in the log now.
  std::vector<std::string> openings(std::optional<audit::FieldClass> cls = {}) {
    std::vector<std::string> out;
    for (const auto& record : *core->log->records(0, core->log->size()))
      for (const auto& field : record.fields)
        if (field.is_open() && field.cls != audit::FieldClass::open && (!cls || field.cls == *cls)) out.push_back(field.disclosure);
    return out;
  }
  // How many of the texts stand in any file below the data folder.
  std::size_t found_in_files(const std::vector<std::string>& texts) {
    std::size_t found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.root)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(file)), {});
      for (const auto& text : texts)
        if (bytes.find(text) != bytes.npos) ++found, ADD_FAILURE() << text.substr(0, 60) << " stands in " << entry.path();
    }
    return found;
  }
  std::string verification() {
    audit::VerifyOptions options;
    options.now = clock.now();
    const auto report = audit::verify_folder(folder.root, options);
    if (!report) return report.error().text();
    return report->verified() ? "" : report->findings.front().what;
  }
  bool fields_open(LeafIndex index, audit::FieldClass cls) {
    const auto record = core->log->record(index);
    return std::any_of(record->fields.begin(), record->fields.end(), [&](const auto& f) { return f.cls == cls && f.is_open(); });
  }
  LeafIndex index_of(const InterventionId& id, std::string_view type) {
    for (const auto& record : *core->log->find(id))
      if (record.type() == type) return record.index;
    throw std::runtime_error("no such record");
  }
  std::vector<ClockNotice> notices_of(std::string_view kind) {
    std::vector<ClockNotice> out;
    for (const auto& one : notices)
      if (one.kind == kind && !one.settled) out.push_back(one);
    return out;
  }

  std::chrono::days contract_runs{4000};
  std::optional<Retention> area;
  std::vector<json::object> told;
  std::vector<ClockNotice> notices;
  std::vector<std::string> troubles;
};

}  // namespace pontlevis::gateway
