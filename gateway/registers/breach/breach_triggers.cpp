#include "gateway/registers/breach/breach_triggers.hpp"

#include <algorithm>

namespace pontlevis::gateway {
namespace {

// PGSSI-S canevas 5.2.3: an alert after three lock-outs a day. One bad frame is a mistake of a version; three are not.
constexpr BreachTrigger triggers[] = {
    {"log_failed", BreachType::integrity, 1, {"Le journal de la passerelle n'enregistre plus : panne du disque, ou altération.", "The gateway's log records no more: a failure of the disk, or an alteration."}},
    {"store_failed", BreachType::availability, 1, {"La base de la passerelle n'enregistre plus.", "The gateway's store records no more."}},
    {"log_damaged", BreachType::integrity, 1, {"Le journal de la passerelle est endommagé ou a été modifié.", "The gateway's log is damaged or was altered."}},
    {"log_replaced", BreachType::integrity, 1, {"Le journal a été remplacé : une partie du passé est perdue.", "The log was replaced: a part of the past is lost."}},
    {"log_behind", BreachType::integrity, 1, {"Le journal est en retard sur ce que des cabinets témoins ont vu : une partie manque.", "The log is behind what witnessing practices saw: a part of it is missing."}},
    {"witness_alarm", BreachType::integrity, 1, {"Un cabinet témoin dit que le journal se contredit ou est revenu en arrière.", "A witnessing practice says that the log contradicts itself or went back."}},
    {"repeated_locks", BreachType::confidentiality, 3, {"Un même compte a été verrouillé trois fois dans la journée : quelqu'un essaie peut-être d'entrer sous ce nom.", "One account was locked three times in a day: somebody may be trying to come in under that name."}},
    {"password_guessing", BreachType::confidentiality, 3, {"Des adresses ont été verrouillées trois fois dans la journée après trop de mauvais mots de passe.", "Addresses were locked three times in a day after too many wrong passwords."}},
    {"bad_frames", BreachType::integrity, 3, {"L'agent d'un cabinet a envoyé trois messages que le protocole interdit : agent altéré, ou certificat en d'autres mains.", "A practice's agent sent three messages that the protocol forbids: an altered agent, or its certificate in other hands."}},
    {"enrolment_guessing", BreachType::confidentiality, 10, {"Dix inscriptions d'agents ont été refusées dans la journée : quelqu'un essaie peut-être des codes.", "Ten enrolments of agents were refused in a day: somebody may be trying codes."}},
    {"retention_late", BreachType::confidentiality, 1, {"Des données sont gardées au-delà de leur terme.", "Data are kept beyond their term."}},
    {"doubt", BreachType::integrity, 1, {"Un fait qui met en doute la sécurité des données a été enregistré.", "A fact that casts doubt on the security of the data was recorded."}}};

struct SecurityRule {
  std::string_view event, word;
};
constexpr SecurityRule of_security[] = {{"locked", "repeated_locks"}, {"source_locked", "password_guessing"}, {"bad_frame", "bad_frames"}, {"enrolment_refused", "enrolment_guessing"}};

}  // namespace

const BreachTrigger& trigger_of(std::string_view word) {
  const auto at = std::find_if(std::begin(triggers), std::end(triggers), [&](const auto& t) { return t.word == word; });
  return at == std::end(triggers) ? triggers[std::size(triggers) - 1] : *at;
}

std::optional<Suspicion> suspicion_of(const WatchedRecord& r) {
  if (r.type == "witness_alarm") return Suspicion{"witness_alarm", ""};
  if (r.type == "link") return Suspicion{"log_replaced", ""};
  if (r.type != "security") return std::nullopt;
  // 409 is how a witness says where it stands; any other refusal is its alarm.
  if (r.event == "witness_refused" && r.detail != "status 409") return Suspicion{"witness_alarm", r.practice};
  for (const auto& rule : of_security)
    if (rule.event == r.event) return Suspicion{rule.word, r.subject.empty() ? r.practice : r.subject};
  return std::nullopt;
}

}  // namespace pontlevis::gateway
