// A whole intervention in a log, from request to closed row: sample data, plainly.
#pragma once

#include "audit/cosignatures.hpp"
#include "tests/unit/audit/audit_support.hpp"

namespace pontlevis::audit::test {

inline void put(Log& log, SteppingClock& clock, std::string_view type, json::object fields, const char* id = intervention_a) {
  fields["intervention"] = id;
  fields["practice"] = "cabinet-exemple";
  clock.advance(std::chrono::seconds(37));
  must(log.append_now(must(Record::make(type, fields))));
}

inline json::array sample_people() {
  return {{{"login", "alice"}, {"display_name", "Alice Martin"}, {"role", "LEAD"}, {"mode", "CONNECTED"}, {"qualification", "Base de données"},
           {"employer", "Éditeur Exemple SAS"}, {"country", "FR"}},
          {{"login", "bruno"}, {"display_name", "Bruno Petit"}, {"role", "PAIR"}, {"mode", "CONNECTED"}, {"qualification", "Systèmes"},
           {"employer", "Éditeur Exemple SAS"}, {"country", "FR"}}};
}

inline void append_life(Log& log, SteppingClock& clock, const char* id = intervention_a, bool to_the_end = true) {
  const json::object alice{{"login", "alice"}, {"name", "Alice Martin"}};
  const json::array systems{{{"system_id", "serveur"}, {"label", "Serveur du logiciel"}, {"hosting_context", "LOCAL"}}};
  put(log, clock, "request",
      {{"requested_by", "alice"}, {"person_in_charge", alice}, {"participants", sample_people()}, {"purpose", "MAINTENANCE"},
       {"reason", "La sauvegarde de nuit échoue depuis trois jours."}, {"planned_tasks", "Vérifier l'espace disque, relancer la sauvegarde."},
       {"ticket_ref", "TCK-2026-0042"}, {"contract_ref", "CTR-0007"}, {"criticality", "SENSITIVE"}, {"pair_required", true}, {"emergency", false},
       {"systems", systems}, {"tools", json::array{"shell", "files"}}, {"access_types", json::array{"VIEW", "CONTROL"}}, {"minutes", 30},
       {"source_ip", "203.0.113.7"}}, id);
  put(log, clock, "consent",
      {{"approver", {{"login", "dr-exemple"}, {"name", "Dr Camille Exemple"}}}, {"approver_role", "owner"}, {"participants", sample_people()},
       {"person_in_charge", alice}, {"systems", systems}, {"tools", json::array{"shell"}}, {"access_types", json::array{"VIEW", "CONTROL"}},
       {"minutes", 20}, {"changes", json::array{"fichiers retirés", "durée réduite à 20 minutes"}}, {"live_view", "WATCHED"}, {"recording", "off"},
       {"notice_ref", "2026-1"}, {"decided_at", to_utc(clock.now())}, {"expression_method", "page locale, bouton"}, {"instruction_id", "INS-0042"}}, id);
  put(log, clock, "session_open",
      {{"opened_at", to_utc(clock.now())}, {"deadline", to_utc(clock.now() + std::chrono::minutes(20))}, {"minutes", 20}, {"operators", sample_people()},
       {"host_key_fingerprint", "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"}}, id);
  put(log, clock, "connection", {{"event", "JOINED"}, {"operator", alice}, {"role", "LEAD"}, {"auth_method", "publickey+password"},
                                 {"client", "OpenSSH_9.2"}, {"source_ip", "203.0.113.7"}}, id);
  put(log, clock, "attempt", {{"operator", alice}, {"action", "x11_forwarding"}, {"rule", "tools_of_the_consent"}, {"tool", "shell"}}, id);
  if (!to_the_end) return;
  const auto started = to_utc(clock.now());
  clock.advance(std::chrono::minutes(14));
  const auto ended = to_utc(clock.now());
  put(log, clock, "session_end",
      {{"started_at", started}, {"ended_at", ended}, {"duration_seconds", 840}, {"active_seconds", 802}, {"end_cause", "DONE"}, {"cut_latency_ms", 41},
       {"secret_events", json::array{{{"event", "GENERATED"}, {"at", started}, {"length", 12}, {"entropy_bits", 60}},
                                     {{"event", "USED"}, {"at", started}}, {{"event", "WIPED"}, {"at", ended}}}},
       {"live_view", "WATCHED"}, {"supervised_by", {{"login", "dr-exemple"}, {"name", "Dr Camille Exemple"}}}, {"bytes_in", 48213}, {"bytes_out", 190112}, {"processes_ended", 0}}, id);
  put(log, clock, "report",
      {{"author", alice}, {"author_side", "vendor"}, {"person_in_charge", alice}, {"outcome", "done"},
       {"tasks_summary", "Disque plein à 97 % : journaux anciens compressés, sauvegarde relancée et vérifiée. Aucune donnée de patient consultée."},
       {"residual_cleanup", "done"}}, id);
  put(log, clock, "intervention",
      {{"person_in_charge", alice}, {"participants", sample_people()}, {"purpose", "MAINTENANCE"}, {"state", "CLOSED"}, {"tool_name", "SSH"}, {"protocol", "SSH-2.0"},
       {"started_at", started}, {"ended_at", ended}, {"duration_seconds", 840}, {"systems", systems}, {"end_cause", "DONE"},
       {"tasks_summary", "Disque plein à 97 % : journaux anciens compressés, sauvegarde relancée et vérifiée. Aucune donnée de patient consultée."}}, id);
}

inline Record enrolment_of(const NoteVerifier& witness) {
  return must(Record::make("enrolment", {{"practice", "cabinet-exemple"}, {"kind", "witness"}, {"key_name", witness.name()}, {"verifier_key", witness.text()}}));
}

// DIR/log with one life, cosigned by one enrolled witness whose memory lies beside it: nine records and more_records.
inline void make_sample_data(const std::filesystem::path& data, SteppingClock& clock, Random& random, int more_records = 0) {
  auto log = open_log(data / "log", clock, random);
  CosignatureStore store(*log);
  const auto witness = must(Witness::open(data / "log" / "witness.db", log->verifier(), witness_signer(), clock));
  must(store.enrol_now(witness->verifier()));
  append_life(*log, clock);
  must(log->append_now(enrolment_of(witness->verifier())));
  for (int i = 0; i < more_records; ++i) must(log->append_now(security_record(i)));
  const auto answer = witness->add_checkpoint(must(store.request_for(witness->verifier())));
  must(store.add_now(log->size(), answer.body));
}

}  // namespace pontlevis::audit::test
