// The journal of a sample practice with one decided intervention, and its receipt.
#pragma once

#include "audit/fact_record.hpp"
#include "audit/receipt.hpp"
#include "protocol/statement.hpp"
#include "tests/unit/audit/sample_life.hpp"

namespace pontlevis::audit::test {

inline NoteSigner practice_signer(char byte = 7) { return NoteSigner("practice.cabinet-exemple", NoteKeyType::ed25519, key_of(byte)); }
inline NoteSigner journal_signer() { return NoteSigner("journal.cabinet-exemple", NoteKeyType::ed25519, key_of(8)); }

inline json::object sample_consent() {
  return {{"request_sha256", std::string(64, 'a')}, {"practice", "cabinet-exemple"}, {"system", "serveur"},
          {"systems", json::array{{{"id", "serveur"}, {"label", "Serveur du logiciel"}, {"hosting_context", "LOCAL"}}}},
          {"tools", json::array{"shell"}}, {"access_types", json::array{"VIEW", "CONTROL"}}, {"purpose", "MAINTENANCE"},
          {"reason", "La sauvegarde de nuit échoue."}, {"planned_tasks", "Vérifier l'espace disque."}, {"ticket_ref", "TCK-2026-0042"},
          {"criticality", "STANDARD"}, {"pair_required", false}, {"data_categories", json::array{"santé (écran)"}},
          {"person_in_charge", {{"login", "alice"}, {"name", "Alice Martin"}}}, {"minutes", 20}, {"watch", "WATCHED"}, {"recording", true},
          {"recording_days", 30},
          {"operators", json::array{{{"login", "alice"}, {"name", "Alice Martin"}, {"role", "LEAD"}, {"mode", "CONNECTED"},
                                     {"qualification", "Base de données"}, {"employer", "Éditeur Exemple SAS"}, {"subprocessor", "Aide Exemple SARL"},
                                     {"country", "FR"}, {"confidentiality", "C-1"}, {"action_limit", "L-1"},
                                     {"card_sha256", std::string(64, 'c')}, {"keys", json::array{"SHA256:exemple"}}}}},
          {"host_keys", json::array{"SHA256:poste"}},
          {"notice", {{"version", "2026-2"}, {"language", "fr"}, {"sha256", std::string(64, 'b')}}},
          {"controller", {{"name", "Cabinet Exemple"}}},
          {"processor", {{"name", "Éditeur Exemple SAS"}, {"address", "1 rue de l'Exemple, 75000 Paris"}, {"dpo", "dpo@editeur.example"}}},
          {"recipients", "éditeur (France)"}, {"transfers", "aucun"}, {"rights_contact", "dpo@editeur.example"},
          {"approver", {{"login", "dr-exemple"}, {"name", "Dr Camille Exemple"}, {"role", "OWNER"}, {"auth", "password"}}},
          {"acts_count", 2}, {"expression_method", "LOCAL_PAGE"}, {"asked_at", "2026-11-22T08:00:00.000Z"}};
}

class SampleJournal {
 public:
  explicit SampleJournal(const std::filesystem::path& folder)
      : log_(must(Log::open({.folder = folder}, journal_signer(), clock_, random_))) {}

  void say(std::string_view type, json::object body, const char* id = intervention_a) {
    clock_.advance(std::chrono::seconds(30));
    json::object whole{{"intervention", id}};
    for (auto& member : body) whole.emplace(member.key(), std::move(member.value()));
    whole.emplace("at", to_utc(clock_.now()));
    const auto note = sign_statement(type, whole, practice_signer());
    must(log_->append_now(must(fact_record(type, whole, "cabinet-exemple", note))));
  }
  // A yes, an open session, and its end by `cause`.
  void live(std::string_view cause) {
    say("consent", sample_consent());
    say("session_open", {{"started_at", to_utc(clock_.now())}});
    if (cause == "WITHDRAWN") say("withdrawal", {{"by", "dr-exemple"}});
    say("session_end", {{"cause", cause}, {"ended_at", to_utc(clock_.now())}, {"cut_ms", 41}});
  }
  std::vector<Proved> proved(const char* id = intervention_a) {
    std::vector<Proved> out;
    for (auto& record : must(log_->find(must(InterventionId::parse(id))))) {
      auto proof = must(log_->proof_of(record.index));
      out.push_back({std::move(record), std::move(proof)});
    }
    return out;
  }
  Result<json::object> receipt(const ReceiptParties& parties = {}) {
    return consent_receipt(proved(), log_->verifier(), practice_signer(), parties, clock_.now());
  }
  NoteVerifier key() const { return log_->verifier(); }

 private:
  SteppingClock clock_;
  io::SystemRandom random_;
  std::unique_ptr<Log> log_;
};

}  // namespace pontlevis::audit::test
