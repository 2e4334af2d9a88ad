#include <gtest/gtest.h>

#include "agent/notice.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

AccessRequest request() {
  return {*InterventionId::parse("6f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10"), *PracticeId::parse("cabinet-exemple"), *SystemId::parse("serveur"),
          {"shell", "files"}, {AccessType::view, AccessType::control, AccessType::transfer_in}, {"données affichées"}, Purpose::maintenance,
          "Impression en panne", "Relancer la file", "DOS-42", 30, Criticality::critical, Difficulty::pair, "Cabinet à l'arrêt", "CONTRAT-1", "Éditeur Exemple",
          {}, {}, {}};
}

std::vector<KnownOperator> operators() {
  KnownOperator lead{*Login::parse("alice"), OperatorRole::lead, OperatorMode::connected, "Alice Exemple", "Éditeur Exemple", std::nullopt, "FR", "Technicienne", "", "", "", "", {}};
  KnownOperator pair = lead;
  pair.login = *Login::parse("bruno"), pair.role = OperatorRole::pair, pair.name = "Bruno Exemple", pair.subprocessor = "SSII Exemple";
  return {lead, pair};
}

const NoticeParties parties{"Cabinet Exemple", "Éditeur Exemple", "1 rue de l'Exemple, Paris", "dpo@vendor.example", "éditeur (France)", "aucun", "rights@vendor.example"};

Notice french() { return write_notice(Language::french, request(), "Serveur du cabinet", operators(), parties); }

// requirements §4.3, level 1, and B07: each item by itself.
TEST(Notice, level_one_answers_who_why_what_when_and_which_data) {
  const auto text = french().level1;
  for (const char* item : {"Rien n'est ouvert tant que vous n'avez pas accepté", "Alice Exemple", "Éditeur Exemple", "depuis la France", "En binôme avec Bruno Exemple",
                           "Sous-traitant : SSII Exemple", "Maintenance", "Impression en panne", "dossier DOS-42", "Tâches prévues : Relancer la file",
                           "Intervention critique", "Urgence : Cabinet à l'arrêt", "Serveur du cabinet", "Outil : terminal, fichiers", "voir, agir, déposer des fichiers",
                           "30 minutes au plus", "données de santé de vos patients", "Enregistrement : non", "instruction documentée (RGPD, art. 28)",
                           "retirer votre accord à tout moment", "Refuser n'a pas d'autre effet"})
    EXPECT_NE(text.find(item), std::string::npos) << item << "\n" << text;
}

TEST(Notice, level_two_holds_every_item_of_the_transparency_list) {
  const auto text = french().level2;
  for (const char* item : {"Responsable de traitement", "1 rue de l'Exemple", "DPO : dpo@vendor.example", "Finalités", "Bases juridiques", "intérêt légitime",
                           "Données obligatoires", "elles ne conditionnent pas la conclusion du contrat", "sans elles l'accès ne peut pas être ouvert",
                           "Destinataires : éditeur (France)", "Transferts hors Union européenne : aucun", "150 jours", "5 ans", "mot de passe : jamais conservé",
                           "accès, rectification, effacement, limitation, opposition, portabilité, directives après décès, retrait de l'accord",
                           "30 jours (60", "CNIL, www.cnil.fr", "Utilisation ultérieure pour une autre finalité : aucune", "Décision automatisée : aucune"})
    EXPECT_NE(text.find(item), std::string::npos) << item << "\n" << text;
}

TEST(Notice, the_hash_names_exactly_the_text_that_was_shown) {
  auto shorter = request();
  shorter.minutes = 29;
  const auto other = write_notice(Language::french, shorter, "Serveur du cabinet", operators(), parties);
  EXPECT_NE(other.sha256(), french().sha256());
  EXPECT_NE(write_notice(Language::english, request(), "Serveur du cabinet", operators(), parties).sha256(), french().sha256());
}

}  // namespace
}  // namespace pontlevis::agent
