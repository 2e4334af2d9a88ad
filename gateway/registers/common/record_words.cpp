#include "gateway/registers/common/record_words.hpp"

#include <algorithm>

#include "audit/fiche.hpp"

namespace pontlevis::gateway {
namespace {

// What the printed record of an intervention never names, or names for its own reader; the others have their words in
// audit/fiche_words.cpp.
struct RecordWord {
  std::string_view type;
  Two words;
};
constexpr RecordWord table[] = {
    {"enrolment", {"inscription d'une clé", "enrolment of a key"}},
    {"technician", {"carte d'intervenant", "staff card"}},
    {"practice", {"cabinet", "practice"}},
    {"subprocessor", {"sous-traitant", "sub-processor"}},
    {"account", {"compte de la console", "account of the console"}},
    {"settings", {"informations de l'éditeur", "what the vendor says of itself"}},
    {"viewed", {"consultation d'enregistrements", "reading of records"}},
    {"review_mark", {"marque de relecture", "review mark"}},
    {"exported", {"copie exportée", "exported copy"}},
    {"hold", {"gel juridique", "legal hold"}},
    {"annual_review", {"revue annuelle", "annual review"}},
    {"contract_end", {"fin de contrat", "end of a contract"}},
    {"spontaneous_data", {"données de santé non demandées", "health data that came unasked"}},
    {"breach", {"violation de données", "data breach"}},
    {"register_entry", {"fiche du registre des traitements", "entry of the register of processing"}},
    {"delivery", {"envoi vers l'extérieur", "delivery"}},
    {"timestamp", {"horodatage", "time stamp"}},
    {"backup", {"sauvegarde", "backup"}},
    {"link", {"reprise du journal", "link to an earlier log"}},
    {"witness_alarm", {"alerte d'un témoin du journal", "alarm of a witness"}},
    {"destruction", {"certificat de destruction", "destruction certificate"}},
    {"rehearsal", {"exercice d'arrêt", "rehearsal of stopping"}},
    {"password", {"vie d'un mot de passe à usage unique", "life of a one-time password"}},
    {"pause", {"pause", "pause"}},
    {"typist", {"choix de qui agit", "choice of who acts"}},
    {"handover", {"passage de main", "handover"}},
    {"acceptance", {"date acceptée", "accepted date"}},
    {"report_received", {"compte rendu reçu", "report received"}},
    {"recording", {"enregistrement d'une session", "recording of a session"}},
    {"recording_view", {"consultation d'un enregistrement de session", "viewing of a recording"}},
    {"comment", {"observation du cabinet", "comment of the practice"}},
};

}  // namespace

Both record_words(std::string_view type) {
  const auto at = std::find_if(std::begin(table), std::end(table), [&](const auto& row) { return row.type == type; });
  if (at != std::end(table)) return at->words;
  return {audit::word(type, audit::Language::french), audit::word(type, audit::Language::english)};
}

}  // namespace pontlevis::gateway
