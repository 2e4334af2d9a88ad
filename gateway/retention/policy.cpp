#include "gateway/retention/policy.hpp"

#include <array>

#include "audit/schema.hpp"
#include "protocol/crypto/sha256.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::string_view store_fr = "base du journal, chiffrée champ par champ ; clés hors des sauvegardes longues",
                           store_en = "the log's database, encrypted field by field; keys outside long backups",
                           sealed_fr = "champ salé, AES-256-GCM, empreinte SHA-256 conservée après destruction",
                           sealed_en = "salted field, AES-256-GCM; its SHA-256 digest stays after destruction";

constexpr PolicyClass classes[] = {
    {"ip-150-days", 150, 180, true, true, "charte, § 2.1 : jamais au-delà de 6 mois ; PGSSI-S 7.2.2.5", "charter § 2.1: never beyond 6 months; PGSSI-S 7.2.2.5",
     "classe à part du journal ; jamais dans la base d'exploitation, les traces techniques ou les exports ; clés 7 jours au plus dans les sauvegardes",
     "a class of its own in the log; never in the operational store, technical logs or exports; keys at most 7 days in backups", sealed_fr, sealed_en},
    {"security-180-days", 180, 365, true, true, "recommandation CNIL 2021-122 ; charte, § 2.1 (fin de contrat)", "CNIL recommendation 2021-122; charter § 2.1 (end of contract)", store_fr, store_en,
     sealed_fr, sealed_en},
    {"request-1-year", 365, 365, true, true, "preuve du refus et de l'expiration, RGPD art. 7(1)", "proof of refusal and lapse, GDPR 7(1)", store_fr, store_en, sealed_fr, sealed_en},
    {"intervention-5-years", 1826, 1827, true, true, "prescription de 5 ans, code civil art. 2224 ; RGPD art. 5(2) et 7(1)", "five-year limitation, French civil code 2224; GDPR 5(2) and 7(1)",
     store_fr, store_en, sealed_fr, sealed_en},
    {"account-30-days", 30, 31, false, false, "charte, § 2.1 ; PGSSI-S 2.2.2.4", "charter § 2.1; PGSSI-S 2.2.2.4",
     "base d'exploitation de la passerelle ; accès retirés le jour du départ, effacé un mois après", "the gateway's operational store; access ends on the day of departure, erased a month later",
     "SQLite, secure_delete ; mots de passe en scrypt", "SQLite, secure_delete; passwords as scrypt"},
    {"copy-in-store", 1826, 1827, false, false, "copie de travail de la main courante : part avec l'original, au plus tard le même jour", "working copy of the main courante: goes with the original, on the same day at the latest",
     "base d'exploitation de la passerelle", "the gateway's operational store", "SQLite, secure_delete", "SQLite, secure_delete"},
    {"export-30-days", 30, 30, false, false, "RGPD art. 5(1)(c) et (e)", "GDPR 5(1)(c) and (e)", "dossier des exports, jour d'expiration dans le nom du fichier", "folder of exports, day of expiry in the file's name",
     "CSV, JSON, PDF ou dossier de preuve", "CSV, JSON, PDF or proof pack"},
    {"backup-30-days", 30, 30, false, false, "charte, § 2.1 (6 mois, copies comprises) ; RGPD art. 32(1)(c)", "charter § 2.1 (6 months, copies included); GDPR 32(1)(c)",
     "dossier des sauvegardes ; clés des champs à part, 7 jours", "folder of backups; field keys apart, 7 days", "tar, gzip, chiffré par age pour une clé gardée hors ligne", "tar, gzip, encrypted by age to a key kept offline"},
    {"one-time-password", 0, 0, false, false, "charte, § 2.4", "charter § 2.4", "jamais conservé : mémoire de l'agent, 10 minutes au plus sans usage", "never kept: the agent's memory, 10 minutes at most unused", "aucun", "none"},
    {"evidence", 0, 0, false, false, "politique, § 3 (preuves) ; RGPD art. 5(2)", "policy § 3 (evidence); GDPR 5(2)",
     "feuilles du journal, points de contrôle, certificats de destruction : sans donnée personnelle, vie du système", "the log's leaves, checkpoints, destruction certificates: no personal data, life of the system",
     "34 octets par enregistrement, empreintes salées", "34 bytes a record, salted digests"},
};

// What the policy says and what the log does are one: a term changed in one place alone does not compile.
static_assert(classes[0].days == audit::ip_days_live && classes[0].ceiling_days == audit::ip_days_in_all);

std::string all_text() {
  std::string out;
  for (const auto& c : classes) {
    out += std::string(c.id) + "\n" + std::to_string(c.days) + "\n" + std::to_string(c.ceiling_days) + "\n";
    for (auto text : {c.source_fr, c.source_en, c.conditions_fr, c.conditions_en, c.format_fr, c.format_en}) out += std::string(text) + "\n";
  }
  return out;
}

}  // namespace

std::span<const PolicyClass> policy_classes() { return classes; }

const PolicyClass* find_policy_class(std::string_view id) {
  const auto* at = std::find_if(std::begin(classes), std::end(classes), [&](const auto& c) { return c.id == id; });
  return at == std::end(classes) ? nullptr : at;
}

std::string policy_sha256() { return sha256_hex(all_text()); }
std::string policy_version() { return "1-" + policy_sha256().substr(0, 8); }

boost::json::object policy_json(const PolicyClass& c, bool french) {
  return {{"id", c.id}, {"days", c.days}, {"ceiling_days", c.ceiling_days}, {"legal_source", french ? c.source_fr : c.source_en},
          {"conditions", french ? c.conditions_fr : c.conditions_en}, {"format", french ? c.format_fr : c.format_en}};
}

}  // namespace pontlevis::gateway
