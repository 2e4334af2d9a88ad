#include "gateway/registers/processing/processing_words.hpp"

#include "certs/staff_card.hpp"
#include "gateway/registers/common/record_words.hpp"

namespace pontlevis::gateway::words {
namespace {

std::string joined(const auto& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

std::string number(std::int64_t n) { return std::to_string(n); }

// "5 ans (1826 jours)"; other terms in days.
Both term(unsigned days) {
  if (days == 1826) return {"5 ans (1826 jours)", "5 years (1826 days)"};
  if (days == 365) return {"1 an (365 jours)", "1 year (365 days)"};
  return {number(days) + " jours", number(days) + " days"};
}

Both types(const std::vector<std::string>& codes) {
  std::string fr, en;
  for (const auto& code : codes) {
    const auto words = record_words(code);
    fr += (fr.empty() ? "" : ", ") + words.fr;
    en += (en.empty() ? "" : ", ") + words.en;
  }
  return {fr, en};
}

Both kept_line(const KeptFor& group) {
  const auto how_long = term(group.days);
  const auto what = types(group.types);
  return {how_long.fr + " après l'écriture : données nominatives et textes des enregistrements « " + what.fr + " »",
          how_long.en + " after they were written: names and texts in the records “" + what.en + "”"};
}

Both subprocessor_line(const Subprocessor& s) {
  const auto guarantee = s.guarantee.empty() ? std::string() : " ; " + s.guarantee;
  return {s.name + " (" + s.country + ") : " + s.task + guarantee, s.name + " (" + s.country + "): " + s.task + guarantee};
}

}  // namespace

std::vector<Both> vendor(const ProcessingFacts& f) {
  std::vector<Both> out{Both::same(f.vendor)};
  if (!f.address.empty()) out.push_back(Both::same(f.address));
  return out;
}

std::vector<Both> recipients(const ProcessingFacts& f) {
  std::vector<Both> out;
  for (const auto& one : f.recipients) out.push_back(Both::same(one));
  out.push_back(Two{"Intervenants nommés dans la demande, conformité et auditeurs de l'éditeur (rôles distincts, accès tracés)",
                    "Operators named in the request, the vendor's compliance and auditors (separate roles, accesses recorded)"});
  out.push_back(Two{"Le cabinet : compte rendu, et son propre journal de tout ce qui a été fait chez lui", "The practice: the report, and its own journal of all that was done at its site"});
  if (f.webhook) out.push_back(Two{"Système de relation clients de l'éditeur (envois signés)", "The vendor's customer-relations system (signed messages)"});
  if (f.syslog) out.push_back(Two{"Serveur de journaux de l'éditeur (syslog sur TLS)", "The vendor's log server (syslog over TLS)"});
  if (f.csv) out.push_back(Two{"Fichier quotidien des interventions closes (CSV), chez l'éditeur", "Daily file of the closed interventions (CSV), at the vendor"});
  if (f.mail) out.push_back(Two{"Serveur de messagerie de l'éditeur (TLS)", "The vendor's mail server (TLS)"});
  if (f.oidc) out.push_back(Two{"Fournisseur d'identité de l'éditeur : comptes de ses propres personnels", "The vendor's identity provider: accounts of its own staff"});
  if (f.timestamps) out.push_back(Two{"Autorité d'horodatage : une empreinte, aucune donnée personnelle", "Time-stamping authority: a digest, no personal data"});
  return out;
}

std::vector<Both> subprocessors(const ProcessingFacts& f) {
  std::vector<Both> out;
  for (const auto& one : f.subprocessors) out.push_back(subprocessor_line(one));
  if (out.empty()) out.push_back(Two{"Aucun sous-traitant ultérieur autorisé", "No authorised sub-processor"});
  return out;
}

std::vector<Both> transfers(const ProcessingFacts& f) {
  std::vector<Both> out;
  for (const auto& one : f.subprocessors)
    if (!certs::country_is_eea(one.country)) out.push_back(subprocessor_line(one));
  for (const auto& country : f.countries)
    if (!certs::country_is_eea(country)) out.push_back({"Personnels travaillant dans le pays " + country + " : leurs demandes sont refusées par la passerelle", "Staff working in the country " + country + ": the gateway refuses their requests"});
  if (out.empty()) out.push_back(Two{"Aucun transfert hors de l'Espace économique européen", "No transfer outside the European Economic Area"});
  out.push_back({"Pays de travail des intervenants : " + (f.countries.empty() ? std::string("aucun intervenant") : joined(f.countries)),
                 "Countries in which the operators work: " + (f.countries.empty() ? std::string("no operator") : joined(f.countries))});
  out.push_back(Two{"Une demande depuis un pays hors de l'EEE est refusée par le programme avant d'atteindre le cabinet", "A request from a country outside the EEA is refused by the program before it reaches the practice"});
  return out;
}

std::vector<Both> retention(const ProcessingFacts& f) {
  std::vector<Both> out{{"Adresses IP : " + number(f.ip_days) + " jours, jamais plus de 6 mois, copies comprises (plafond que rien ne peut relever)",
                         "IP addresses: " + number(f.ip_days) + " days, never more than 6 months in any copy (a ceiling that nothing can raise)"}};
  for (const auto& group : f.kept) out.push_back(kept_line(group));
  out.push_back(Two{"Mots de passe à usage unique : jamais conservés", "One-time passwords: never kept"});
  out.push_back(Two{"Après le terme, la valeur et sa clé sont détruites et un certificat est établi ; il reste des empreintes sans donnée personnelle",
                    "After the term the value and its key are destroyed and a certificate is made; digests without personal data remain"});
  if (f.backups) out.push_back({"Sauvegardes chiffrées : " + number(f.backup_days) + " jours ; clés des données : " + number(f.key_backup_days) + " jours",
                                "Encrypted backups: " + number(f.backup_days) + " days; keys of the data: " + number(f.key_backup_days) + " days"});
  else out.push_back(Two{"Sauvegardes : aucune n'est configurée", "Backups: none are configured"});
  return out;
}

std::vector<Both> measures(const ProcessingFacts& f) {
  std::vector<Both> out{
      Two{"Fermé par défaut : seul le cabinet ouvre, pour des personnes nommées, un but, des outils et une durée ; aucun rôle de l'éditeur, ni la passerelle, ne peut ouvrir",
          "Closed by default: only the practice opens, for named people, a purpose, tools and a time; no role of the vendor, nor the gateway, can open"},
      {"Durée d'une intervention : " + number(f.most_minutes) + " minutes au plus, fermeture automatique", "Length of an intervention: " + number(f.most_minutes) + " minutes at most, closed automatically"},
      {"Chiffrement du transport : " + f.tls, "Encryption of the transport: " + f.tls},
      {"Chiffrement de bout en bout des sessions (la passerelle relaie sans lire) : " + f.ssh, "End-to-end encryption of sessions (the gateway relays without reading): " + f.ssh},
      Two{"Données nominatives du journal chiffrées champ par champ (AES-256-GCM), une clé par champ, hors des sauvegardes longues", "Personal data of the log encrypted field by field (AES-256-GCM), one key a field, outside the long backups"},
      Two{"Journal en ajout seul, signé (Ed25519, arbre de Merkle SHA-256), contresigné par les cabinets, qui en gardent le leur", "Append-only log, signed (Ed25519, SHA-256 Merkle tree), cosigned by the practices, which keep their own"},
      Two{"Comptes nominatifs ; deux facteurs obligatoires pour tous les personnels de l'éditeur ; mots de passe hachés (scrypt)", "Named accounts; two factors for all of the vendor's people; passwords hashed (scrypt)"},
      {"Verrouillage après " + number(f.tries) + " essais pendant " + number(f.lock_minutes) + " minutes ; session de console : " + number(f.idle_minutes) + " minutes d'inactivité, " + number(f.session_hours) + " heures au plus ; preuve de présence de moins de " + number(f.step_up_minutes) + " minutes pour demander ou administrer",
       "Locked after " + number(f.tries) + " tries for " + number(f.lock_minutes) + " minutes; console session: " + number(f.idle_minutes) + " minutes idle, " + number(f.session_hours) + " hours at most; proof of presence within " + number(f.step_up_minutes) + " minutes to ask or to administer"},
      Two{"Mot de passe de session à usage unique, produit par le cabinet après son accord ; jamais écrit", "One-time session password, made by the practice after its consent; never written down"},
      Two{"Par défaut : enregistrement, presse-papiers et redirections fermés ; fichiers seulement s'ils sont demandés et accordés", "By default: recording, clipboard and forwarding off; files only where asked for and granted"},
      Two{"Carte d'intervenant signée hors ligne, avec engagement de confidentialité et engagement de limitation des actions", "Staff card signed offline, with the commitment to confidentiality and the commitment to limit actions"},
      {"Version du programme : pontlevis-gateway " + f.version, "Version of the program: pontlevis-gateway " + f.version}};
  out.push_back(f.changed.empty() ? Both(Two{"Réglages de sécurité : tous à leur valeur par défaut", "Security settings: all at their default"})
                                  : Both("Réglages qui diffèrent de leur valeur par défaut : " + joined(f.changed), "Settings that differ from their default: " + joined(f.changed)));
  return out;
}

std::vector<Both> rights(const ProcessingFacts& f) {
  return {{"Accès, rectification, effacement, limitation, opposition, portabilité, directives après le décès : par courriel, courrier, oralement, par téléphone ou par la page du cabinet, auprès de " + f.dpo,
           "Access, rectification, erasure, restriction, objection, portability, directives after death: by e-mail, post, orally, by telephone or by the practice's page, to " + f.dpo},
          Two{"Réponse sous 30 jours, et jamais plus d'un mois ; 60 jours en tout si la demande est complexe, avec le motif", "Answer within 30 days and never more than a month; 60 days in all when the request is complex, with the reason"},
          Two{"Une demande qui porte sur des données de patients est transmise au cabinet aussitôt", "A request about patients' data is passed on to the practice at once"},
          Two{"Réclamation : CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, www.cnil.fr", "Complaint: CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, www.cnil.fr"}};
}

std::vector<Both> dpia(const Dpia& d) {
  if (!d.required) return {Two{"À apprécier par le délégué à la protection des données", "To be assessed by the data protection officer"}};
  const auto when = d.date.empty() ? std::string() : ", " + d.date;
  const auto where = d.reference.empty() ? std::string() : ", " + d.reference;
  return {{(*d.required ? "Requise" : "Non requise") + when + where, (*d.required ? "Required" : "Not required") + when + where}};
}

}  // namespace pontlevis::gateway::words
