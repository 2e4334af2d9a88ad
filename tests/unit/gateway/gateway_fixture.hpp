// A gateway's core in a fresh folder, with three technicians and one enrolled practice whose agent the test plays.
// Everything is sample data.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/asio.hpp>

#include "certs/agent_ca.hpp"
#include "gateway/core.hpp"
#include "gateway/desk.hpp"
#include "gateway/init.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/io/ssh/ssh_keys.hpp"
#include "protocol/io/system.hpp"
#include "protocol/statement.hpp"
#include "protocol/text.hpp"
#include "tests/doubles/fake_clock.hpp"
#include "tests/doubles/temporary_folder.hpp"

namespace pontlevis::gateway {

namespace asio = boost::asio;

inline Login login(std::string_view text) { return *Login::parse(text); }

// Remembers what the gateway tells its agents.
class FakeLinks final : public Links {
 public:
  bool up(const PracticeId&) const override { return is_up; }
  Result<> send(const PracticeId&, Frame frame) override {
    if (!is_up) return fail(Errc::unavailable, "not connected");
    sent.push_back(std::move(frame));
    return {};
  }
  template <class F>
  std::vector<F> all() const {
    std::vector<F> out;
    for (const auto& frame : sent)
      if (const auto* f = std::get_if<F>(&frame)) out.push_back(*f);
    return out;
  }
  bool is_up = true;
  std::vector<Frame> sent;
};

class GatewayTest : public testing::Test {
 protected:
  void SetUp() override {
    folder.root = temporary.path() / "data";
    InitRequest init{folder, "vendor.example", "log", staff.verifier().text() + "\n", {"localhost"}, {{"vendor.name", "Éditeur Exemple"}, {"vendor.dpo_contact", "dpo@vendor.example"}}};
    const auto made = init_gateway(init, clock, random);
    ASSERT_TRUE(made) << made.error().text();
    open();
    for (auto name : {"alice", "bob", "carol"}) add_technician(name);
    add_practice();
  }
  void TearDown() override {
    desk.reset();
    core.reset();
  }

  void open() {
    auto opened = Core::open(folder, *Options::read(folder.config(), {}, nullptr), clock, random);
    ASSERT_TRUE(opened) << opened.error().text();
    core = *std::move(opened);
    desk.emplace(*core, links, loop.get_executor());
  }
  void reopen() {  // as after a crash: nothing is told to anyone
    desk.reset();
    core.reset();
    open();
  }

  // Runs one coroutine to its end on the loop.
  template <class T>
  static Awaitable<void> keep(Awaitable<T> work, std::optional<T>& result) {
    result.emplace(co_await std::move(work));
  }
  template <class T>
  T run(Awaitable<T> work) {
    std::optional<T> result;
    asio::co_spawn(loop, keep(std::move(work), result), asio::detached);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!result && std::chrono::steady_clock::now() < end) {
      loop.restart();
      loop.run_one_for(std::chrono::milliseconds(50));
    }
    if (!result) throw std::runtime_error("a coroutine did not end in 20 s");
    return *std::move(result);
  }
  // Turns the loop until `true_now`, at most 20 s.
  bool until(const std::function<bool()>& true_now) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!true_now() && std::chrono::steady_clock::now() < end) {
      loop.restart();
      loop.run_one_for(std::chrono::milliseconds(50));
    }
    return true_now();
  }

  // ---- people ----
  certs::CardFields card_fields(const std::string& name) {
    if (!ssh_keys.contains(name)) ssh_keys.emplace(name, *io::SshHostKey::generate(io::SshHostKeyType::ed25519));
    const Time today = *from_date(to_date(clock.now()));
    return {.id = *certs::CardId::parse(make_uuid(random)), .login = login(name), .name = "Personne " + name, .employer = "Éditeur Exemple",
            .subprocessor = std::nullopt, .country = "FR", .qualification = "Support niveau 2",
            .confidentiality = {"CONF-1", today - std::chrono::days(30)}, .action_limit = {"LIM-1", today - std::chrono::days(30)},
            .keys = {ssh_keys.at(name).public_key().line()}, .issued_at = clock.now() - std::chrono::hours(1),
            .expires_at = clock.now() + std::chrono::days(300)};
  }
  std::string issue(const certs::CardFields& fields) {
    auto note = certs::StaffCard::issue(fields, staff);
    EXPECT_TRUE(note) << note.error().text();
    return *note;
  }
  void put_card(const certs::CardFields& fields) {
    auto card = certs::StaffCard::open(issue(fields), staff.verifier(), clock.now(), core->technicians.revocations());
    ASSERT_TRUE(card) << card.error().text();
    ASSERT_TRUE(core->technicians.put(*card, certs::TotpSecret::generate(random)));
  }
  void add_technician(const std::string& name) { put_card(card_fields(name)); }

  // ---- the practice ----
  void add_practice() {
    Practice p{practice, "Cabinet Exemple", {"C-2026-7", clock.now() - std::chrono::days(10), clock.now() + std::chrono::days(100)}, "LOCAL", {}, {}, {}};
    ASSERT_TRUE(core->practices.add(std::move(p)));
    ASSERT_TRUE(core->practices.enrol(practice, {practice_key.verifier(), witness_key.verifier(), clock.now()}, {host_key.public_key().line()}));
    ASSERT_TRUE(core->practices.offer(practice, {{system, "Dossier patient", "LOCAL", {"shell", "files"}}}, {host_key.public_key().line()}));
    ASSERT_TRUE(core->cosignatures.enrol_now(witness_key.verifier()));
  }
  std::string sign(std::string_view type, const json::object& body) { return sign_statement(type, body, practice_key); }

  json::object consent_body(const AccessRequest& request) {
    json::array operators;
    for (const auto& op : request.operators)
      operators.push_back(json::object{{"login", op.login.text()}, {"name", "Personne " + op.login.text()}, {"role", word(op.role)}, {"mode", word(op.mode)},
                                       {"card_sha256", sha256_hex(op.card)}, {"keys", json::array{}}});
    json::array tools;
    for (const auto& tool : request.tools) tools.emplace_back(tool);
    return {{"intervention", request.intervention.text()}, {"request_sha256", request_sha256(request)}, {"practice", practice.text()},
            {"system", request.system.text()}, {"tools", tools}, {"access_types", json::array{"VIEW", "CONTROL"}}, {"purpose", "MAINTENANCE"},
            {"reason", request.reason}, {"minutes", request.minutes}, {"watch", "WATCHED"}, {"recording", false}, {"operators", operators},
            {"host_keys", json::array{host_key.fingerprint()}}, {"notice", json::object{{"version", "1"}, {"language", "fr"}, {"sha256", std::string(64, 'a')}}},
            {"approver", json::object{{"login", "docteur"}, {"name", "Docteur Exemple"}, {"role", "OWNER"}, {"auth", "password"}}},
            {"at", to_utc(clock.now())}};
  }
  json::object body(const InterventionId& id, json::object more = {}) {
    json::object out{{"intervention", id.text()}};
    for (auto& member : more) out[member.key()] = member.value();
    out["at"] = to_utc(clock.now());
    return out;
  }
  json::object end_body(const InterventionId& id, bool opened) {
    return body(id, {{"cause", "DONE"}, {"detail", ""}, {"opened", opened}, {"started_at", to_utc(clock.now())}, {"ended_at", to_utc(clock.now())},
                     {"duration_seconds", 600}, {"active_seconds", 590}, {"cut_ms", 12}, {"processes_ended", 1}, {"processes_left", 0},
                     {"connections", 1}, {"bytes_in", 100}, {"bytes_out", 200}});
  }
  Result<FactAnswer> state_fact(FrameKind kind, const InterventionId& id, std::string note) {
    frame::Fact fact{kind, id, std::move(note)};
    return run(desk->take_fact(practice, std::move(fact)));
  }
  Result<FactAnswer> consent(const InterventionId& id) {
    return state_fact(FrameKind::consent, id, sign("consent", consent_body(core->interventions.live(id)->request)));
  }
  Result<FactAnswer> open_session(const InterventionId& id) {
    return state_fact(FrameKind::session_open, id, sign("session_open", body(id, {{"consent_sha256", std::string(64, 'b')}, {"leaf_index", 1},
        {"tree_size", 2}, {"started_at", to_utc(clock.now())}, {"window_end", to_utc(clock.now() + std::chrono::minutes(30))}, {"passwords", json::array{}}})));
  }
  Result<FactAnswer> end_session(const InterventionId& id, bool opened = true) {
    return state_fact(FrameKind::session_end, id, sign("session_end", end_body(id, opened)));
  }

  // ---- a request that policy allows ----
  Asked asked() {
    return {login("alice"), system, practice, {"shell"}, {AccessType::view, AccessType::control}, {"données affichées"}, Purpose::maintenance,
            "L'imprimante ne répond plus", "Relire la file d'impression", "T-1", 30, Criticality::standard, std::nullopt, std::nullopt, {}, {}};
  }
  InterventionId ask() {
    auto answer = run(desk->ask(asked()));
    if (!answer) throw std::runtime_error("the sample request was refused");
    return *answer;
  }
  Report report_of(const InterventionId& id) {
    return {id, login("alice"), "File d'impression vidée, service relancé.", Outcome::solved, Cleanup::done, {}, std::nullopt, clock.now()};
  }
  const Intervention& look(const InterventionId& id) {
    seen = *core->interventions.find(id);
    return *seen;
  }
  std::vector<std::string> record_types(const InterventionId& id) {
    std::vector<std::string> out;
    for (const auto& record : *core->log->find(id)) out.push_back(record.type());
    return out;
  }
  json::object last_record(std::string_view type) {
    for (auto index = core->log->size(); index-- > 0;) {
      const auto record = core->log->record(index);
      if (record && record->type() == type) return *record->open();
    }
    return {};
  }

  doubles::FakeClock clock{*from_utc("2026-11-22T10:00:00.000Z")};
  io::SystemRandom random;
  asio::io_context loop{1};
  test::TemporaryFolder temporary;
  DataFolder folder;
  NoteSigner staff{"staff.vendor.example", NoteKeyType::ed25519, Ed25519Key::generate(random)};
  NoteSigner practice_key{"practice.cabinet-exemple", NoteKeyType::ed25519, Ed25519Key::generate(random)};
  NoteSigner witness_key{"witness.cabinet-exemple", NoteKeyType::cosignature, Ed25519Key::generate(random)};
  io::SshHostKey host_key = *io::SshHostKey::generate(io::SshHostKeyType::ed25519);
  PracticeId practice = *PracticeId::parse("cabinet-exemple");
  SystemId system = *SystemId::parse("dossier");
  std::map<std::string, io::SshHostKey> ssh_keys;
  FakeLinks links;
  std::unique_ptr<Core> core;
  std::optional<Desk> desk;
  std::optional<Intervention> seen;
};

}  // namespace pontlevis::gateway
