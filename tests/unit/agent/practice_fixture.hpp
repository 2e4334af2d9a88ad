// A practice and its gateway's log in one folder, without network: everything between a request and a
// password is the product's own code.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "agent/consent_desk.hpp"
#include "agent/password_mint.hpp"
#include "agent/proof_gate.hpp"
#include "audit/cosignatures.hpp"
#include "audit/fact_record.hpp"
#include "certs/staff_card.hpp"
#include "protocol/statement.hpp"
#include "protocol/text.hpp"
#include "tests/doubles/fake_clock.hpp"
#include "tests/doubles/fixed_random.hpp"
#include "tests/doubles/temporary_folder.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

using test::TemporaryFolder;

inline NoteSigner signer(const std::string& name, NoteKeyType type, Random& random) {
  return {name, type, Ed25519Key::generate(random)};
}

// A key line of the right form for a card; nobody signs with it here.
inline std::string key_line(unsigned char fill) {
  const std::string type = "ssh-ed25519";
  const auto sized = [](std::string_view s) {
    std::string n(4, '\0');
    n[3] = static_cast<char>(s.size());
    return n + std::string(s);
  };
  return type + " " + to_base64(sized(type) + sized(std::string(32, static_cast<char>(fill))));
}

class PracticeTest : public testing::Test {
 protected:
  doubles::FakeClock clock{*from_utc("2026-11-22T08:00:00.000Z")};
  doubles::FixedRandom random;
  TemporaryFolder folder;
  PracticeId practice = *PracticeId::parse("cabinet-exemple");
  NoteSigner staff = signer("staff.vendor.example", NoteKeyType::ed25519, random);
  std::unique_ptr<audit::Log> gateway_log = open_gateway_log("gateway");
  Identity identity{practice, {"localhost", 8443}, signer("practice.cabinet-exemple", NoteKeyType::ed25519, random),
                    signer("journal.cabinet-exemple", NoteKeyType::ed25519, random), signer("witness.cabinet-exemple", NoteKeyType::cosignature, random),
                    staff.verifier(), gateway_log->verifier(), {}, {}, {}};
  Store store = *Store::open(folder.path());
  std::unique_ptr<Journal> journal = *Journal::open(folder.path(), identity, store, clock, random);
  std::unique_ptr<audit::Witness> witness = *audit::Witness::open(
      folder.path() / "witness.db", identity.log, *NoteSigner::parse(identity.witness_key.text()), clock);
  Inventory inventory = *parse_inventory("[[system]]\nid = \"serveur\"\nlabel = \"Serveur\"\nhosting = \"local\"\n[system.shell]\n[system.files]\n", "systems.toml");
  certs::RevocationList revoked;
  ConsentDesk desk{identity, inventory, revoked, {"Cabinet Exemple", "Éditeur Exemple", "1 rue", "dpo@vendor.example", "x", "aucun", "dpo"}, *journal, clock};
  Approver approver{*Login::parse("dr-exemple"), "Dr Camille Exemple", ApproverRole::owner, "password"};

  // The same key for every log of this test's gateway: what a forking gateway would do.
  std::unique_ptr<audit::Log> open_gateway_log(const std::string& name) {
    doubles::FixedRandom key_random(99);
    return *audit::Log::open({.folder = folder.path() / name}, signer("audit.vendor.example/main", NoteKeyType::ed25519, key_random), clock, random);
  }

  certs::CardFields card_fields(const std::string& login, unsigned char key) {
    const Time day = *from_date("2026-01-05");
    return {*certs::CardId::parse(make_uuid(random)), *Login::parse(login), "Prénom " + login, "Éditeur Exemple", std::nullopt, "FR", "Technicienne",
            {"ENG-C-1", day}, {"ENG-L-1", day}, {key_line(key)}, clock.now() - std::chrono::hours(1), clock.now() + std::chrono::hours(24)};
  }
  std::string card(const std::string& login, unsigned char key) { return *certs::StaffCard::issue(card_fields(login, key), staff); }

  AccessRequest request(std::vector<RequestedOperator> operators) {
    return {*InterventionId::parse(make_uuid(random)), practice, *SystemId::parse("serveur"), {"shell", "files"},
            {AccessType::view, AccessType::control}, {"données affichées"}, Purpose::maintenance, "Impression en panne", "Relancer la file", "DOS-1", 30,
            Criticality::standard, Difficulty::single, std::nullopt, "CONTRAT-1", "Éditeur Exemple", std::move(operators), clock.now(), clock.now() + std::chrono::minutes(30)};
  }
  AccessRequest alice_asks() { return request({{*Login::parse("alice"), OperatorRole::lead, OperatorMode::connected, card("alice", 1)}}); }

  template <class T>
  static io::Awaitable<void> keep(io::Awaitable<T> work, std::optional<T>* out) {
    out->emplace(co_await std::move(work));
  }
  template <class T>
  T run(io::Awaitable<T> work) {
    net::io_context loop;
    std::optional<T> out;
    net::co_spawn(loop, keep(std::move(work), &out), net::detached);
    loop.run();
    return std::move(*out);
  }

  Result<Consented> consent(const AccessRequest& asked, Choice choice = {}) {
    auto pending = desk.receive(asked);
    if (!pending) return std::unexpected(pending.error());
    return run(desk.consent(*std::move(pending), std::move(choice), approver));
  }

  // What an honest gateway does with a consent: append, prove, and lead the witness there.
  frame::Proof prove(audit::Log& log, const Consented& consented, audit::TreeSize old_size = 0) {
    const auto body = *open_statement(consented.note(), "consent", identity.practice_key.verifier());
    const auto appended = *log.append_now(*audit::fact_record("consent", body, practice.text(), consented.note()));
    const auto size = log.size();
    const audit::AddCheckpointRequest add{old_size, old_size == 0 ? audit::Proof{} : *log.consistency(old_size, size), log.latest_checkpoint()};
    return {consented.request().intervention, appended.disclosures, log.proof_of(appended.index)->text(), add.text()};
  }

  void fill(audit::Log& log, int records) {
    for (int i = 0; i < records; ++i) ASSERT_TRUE(log.append_now(*audit::Record::make("log_start", json::object{{"program", "x"}})));
  }
};

}  // namespace pontlevis::agent
