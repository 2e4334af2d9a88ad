// The codes of the records, in words.
#include <array>

#include "audit/fiche.hpp"
#include "audit/page.hpp"

namespace pontlevis::audit {
namespace {

struct Word {
  std::string_view code, french, english;
};

constexpr Word words[] = {
    {"REQUESTED", "demandée", "requested"},
    {"REFUSED", "refusée", "refused"},
    {"EXPIRED", "expirée sans réponse", "lapsed"},
    {"APPROVED", "accordée", "approved"},
    {"OPEN", "en cours", "open"},
    {"PAUSED", "suspendue", "paused"},
    {"ENDED", "terminée", "ended"},
    {"CLOSED", "close", "closed"},
    {"CANCELLED", "annulée", "cancelled"},
    {"NOT_ASKED", "cabinet injoignable", "practice not reached"},
    {"FORBIDDEN", "refusée par les règles", "forbidden by policy"},
    {"MAINTENANCE", "maintenance", "maintenance"},
    {"SUPPORT", "assistance", "support"},
    {"STANDARD", "standard", "standard"},
    {"SENSITIVE", "sensible", "sensitive"},
    {"CRITICAL", "critique", "critical"},
    {"LEAD", "responsable", "in charge"},
    {"PAIR", "binôme", "pair"},
    {"ADDITIONAL", "personnel additionnel qualifié", "additional qualified staff"},
    {"CONNECTED", "connecté", "connected"},
    {"CONSULTED", "consulté", "consulted"},
    {"VIEW", "visualisation", "view"},
    {"CONTROL", "prise en main", "control"},
    {"TRANSFER_IN", "dépôt de fichiers", "files to the practice"},
    {"TRANSFER_OUT", "retrait de fichiers", "files from the practice"},
    {"STORE", "conservation", "storage"},
    {"IN", "vers le cabinet", "to the practice"},
    {"OUT", "depuis le cabinet", "from the practice"},
    {"LOCAL", "au cabinet", "at the practice"},
    {"HDS", "hébergeur de données de santé", "certified health-data host"},
    {"DONE", "terminée par l'intervenant", "finished by the operator"},
    {"WITHDRAWN", "accord retiré par le cabinet", "consent withdrawn by the practice"},
    {"TIMEOUT", "temps accordé écoulé", "granted time over"},
    {"ERROR", "erreur", "error"},
    {"POLICY", "règle de sécurité", "security rule"},
    {"WATCHED", "suivie en direct", "watched live"},
    {"NOT_WATCHED", "non suivie, sur choix exprès", "not watched, by explicit choice"},
    {"LINK_LOST", "liaison perdue", "link lost"},
    {"UNKNOWN", "inconnue (reprise après panne)", "unknown (recovered after a crash)"},
    {"SOLVED", "résolu", "solved"},
    {"PARTLY_SOLVED", "résolu en partie", "partly solved"},
    {"NOT_SOLVED", "non résolu", "not solved"},
    {"NOT_APPLICABLE", "sans objet", "not applicable"},
    {"SINGLE", "un seul intervenant", "one operator"},
    {"OWNER", "titulaire", "owner"},
    {"DELEGATE", "délégué", "delegate"},
    {"OBSERVER", "témoin", "observer"},
    {"NOBODY_WATCHES", "personne ne regardait", "nobody watched"},
    {"PAIR_INCOMPLETE", "binôme incomplet", "pair not complete"},
    {"publickey, one-time password", "clé de la carte et mot de passe à usage unique", "card key and one-time password"},
    {"publickey, within 60 s of a drop", "clé de la carte, reprise dans la minute", "card key, back within a minute"},
    {"owner", "titulaire", "owner"},
    {"delegate", "délégué", "delegate"},
    {"observer", "témoin", "observer"},
    {"shell", "terminal", "shell"},
    {"files", "fichiers", "files"},
    {"desktop", "écran", "desktop"},
    {"JOINED", "arrivée", "joined"},
    {"LEFT", "départ", "left"},
    {"REJOINED", "reprise", "rejoined"},
    {"STARTED", "commencé", "started"},
    {"FAILED", "interrompu par une défaillance", "broken off by a fault"},
    {"RETENTION", "durée de conservation atteinte", "kept to its last day"},
    {"CONTRACT_END", "fin du contrat", "end of the contract"},
    {"ERASURE_REQUEST", "demande d'effacement", "asked to erase it"},
    {"SPONTANEOUS_HEALTH_DATA", "données de santé reçues sans demande", "health data that came unasked"},
    {"AUTOMATON", "automate", "the machine"},
    {"GENERATED", "créé", "made"},
    {"USED", "utilisé", "used"},
    {"WIPED", "détruit", "wiped"},
    {"BLOCKED", "bloqué après trois essais", "blocked after three tries"},
    {"RESUMED", "reprise", "resumed"},
    {"password", "mot de passe", "password"},
    {"pause", "interruption", "pause"},
    {"TOOL", "un seul outil", "one tool alone"},
    {"typist", "choix de qui agit", "who may act"},
    {"handover", "changement de responsable", "person in charge changed"},
    {"acceptance", "date acceptée à l'avance, rien d'ouvert", "date accepted in advance, nothing opened"},
    {"report_received", "compte rendu reçu", "report received"},
    {"done", "fait", "done"},
    {"not_needed", "sans objet", "not needed"},
    {"on", "oui", "on"},
    {"off", "non", "off"},
    {"unknown", "inconnu", "unknown"},
    // types of records
    {"request", "demande", "request"},
    {"request_refused", "demande refusée", "request forbidden"},
    {"consent", "accord", "consent"},
    {"refusal", "refus", "refusal"},
    {"lapse", "expiration", "lapse"},
    {"not_asked", "cabinet injoignable", "not asked"},
    {"cancelled", "annulation", "cancelled"},
    {"session_open", "ouverture de session", "session opened"},
    {"connection", "connexion", "connection"},
    {"transfer", "fichier", "file"},
    {"forward", "redirection", "forward"},
    {"attempt", "tentative refusée", "refused attempt"},
    {"withdrawal", "retrait de l'accord", "withdrawal"},
    {"session_end", "fin de session", "session ended"},
    {"report", "compte rendu", "report"},
    {"intervention", "clôture", "closing"},
    {"recovery", "reprise après incident", "recovery"},
    {"recording", "enregistrement", "recording"},
    {"recording_view", "enregistrement consulté", "recording viewed"},
    {"comment", "observation du cabinet", "comment of the practice"},
    {"destruction", "certificat de destruction", "destruction certificate"},
    {"rehearsal", "entraînement", "rehearsal"},
    {"rights_request", "exercice de droits", "rights request"},
    {"security", "sécurité", "security"},
};

}  // namespace

std::string word(std::string_view code, Language language) {
  for (const auto& w : words)
    if (w.code == code) return std::string(language == Language::french ? w.french : w.english);
  return safe_line(code);
}

}  // namespace pontlevis::audit
