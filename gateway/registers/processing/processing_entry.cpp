#include "gateway/registers/processing/processing_entry.hpp"

#include "gateway/registers/processing/processing_words.hpp"

namespace pontlevis::gateway {
namespace {

using Values = std::vector<Both>;

// The labels of requirements §4.5, once for all entries.
namespace label {
constexpr Two entry_kind{"Registre", "Register"}, category{"Catégorie de la politique", "Category of the policy"}, controller{"Responsable du traitement", "Controller"},
    joint{"Responsable conjoint", "Joint controller"}, representative{"Représentant", "Representative"}, dpo{"Délégué à la protection des données", "Data protection officer"},
    processor{"Sous-traitant", "Processor"}, categories{"Catégories de traitements", "Categories of processing"}, purposes{"Finalités", "Purposes"},
    bases{"Bases juridiques", "Legal bases"}, subjects{"Personnes concernées", "Data subjects"}, data{"Catégories de données", "Categories of data"},
    sources{"Sources", "Sources"}, recipients{"Destinataires", "Recipients"}, subprocessors{"Sous-traitants ultérieurs", "Sub-processors"},
    transfers{"Transferts hors Union européenne", "Transfers outside the European Union"}, retention{"Délais d'effacement", "Time limits for erasure"},
    measures{"Mesures de sécurité", "Security measures"}, dpia{"Analyse d'impact (AIPD)", "Impact assessment (DPIA)"}, rights{"Exercice des droits", "Rights of persons"};
}  // namespace label

const Both none{Two{"Aucun", "None"}};

Values hosting(const ProcessingFacts& f) {
  Values out;
  if (f.hostings.contains("LOCAL")) out.push_back(Two{"Systèmes au cabinet", "Systems at the practice"});
  if (f.hostings.contains("HDS")) out.push_back(Two{"Systèmes chez un hébergeur de données de santé certifié (HDS)", "Systems at a certified host of health data (HDS)"});
  return out;
}

// What all entries say at their end.
void add_common(ProcessingText& text, const ProcessingFacts& f, const Dpia& dpia) {
  text.fields.push_back({"recipients", label::recipients, words::recipients(f)});
  text.fields.push_back({"subprocessors", label::subprocessors, words::subprocessors(f)});
  text.fields.push_back({"transfers", label::transfers, words::transfers(f)});
  text.fields.push_back({"retention", label::retention, words::retention(f)});
  text.fields.push_back({"security_measures", label::measures, words::measures(f)});
  text.fields.push_back({"dpia", label::dpia, words::dpia(dpia)});
  text.fields.push_back({"rights_procedure", label::rights, words::rights(f)});
}

ProcessingText traces_text(const ProcessingFacts& f, const Dpia& dpia) {
  ProcessingText out{std::string(traces_id), "RESPONSABLE", {"Traces de maintenance à distance (main courante)", "Traces of remote maintenance (main courante)"}, {}};
  out.fields = {
      {"entry_kind", label::entry_kind, {Two{"RESPONSABLE – RGPD, article 30(1)", "RESPONSABLE (controller) – GDPR, Article 30(1)"}}},
      {"category", label::category, {Two{"Opérations ; clients et personnels", "Operations; clients and staff"}}},
      {"controller", label::controller, words::vendor(f)},
      {"joint_controller", label::joint, {none}},
      {"representative", label::representative, {Two{"Sans objet : établi dans l'Union européenne", "Not applicable: established in the European Union"}}},
      {"dpo", label::dpo, {Both::same(f.dpo)}},
      {"purposes", label::purposes, {Two{"Organiser et tracer les interventions de maintenance et d'assistance à distance", "Organise and record interventions of remote maintenance and support"},
                                     Two{"Garder la preuve de l'accord du cabinet et de ce qui a été fait", "Keep proof of the practice's consent and of what was done"},
                                     Two{"Sécuriser les accès ; détecter et traiter les violations de données", "Secure accesses; detect and handle personal-data breaches"},
                                     Two{"Répondre aux demandes des personnes et des autorités", "Answer requests of persons and authorities"}}},
      {"legal_bases", label::bases, {Two{"Exécution du contrat de maintenance (RGPD, 6(1)(b)) : organisation de l'intervention", "Performance of the maintenance contract (GDPR 6(1)(b)): organising the intervention"},
                                     Two{"Intérêt légitime (6(1)(f)) : sécurité des accès et preuve", "Legitimate interest (6(1)(f)): security of accesses and proof"},
                                     Two{"Obligation légale (6(1)(c)) : registres, droits des personnes, violations", "Legal obligation (6(1)(c)): registers, rights of persons, breaches"},
                                     Two{"L'accord du cabinet ouvre l'accès et vaut instruction (28(3)(a)) ; il n'est pas le consentement des patients", "The practice's consent opens the access and is an instruction (28(3)(a)); it is not the consent of patients"}}},
      {"data_subjects", label::subjects, {Two{"Professionnels de santé et personnels des cabinets qui décident ou suivent", "Practitioners and staff of practices who decide or watch"},
                                          Two{"Intervenants et personnels de l'éditeur et de ses sous-traitants", "Operators and staff of the vendor and its sub-processors"}}},
      {"data_categories", label::data, {Two{"Identité et qualité : nom, prénom, identifiant, rôle, employeur, qualification, engagements (non sensible)", "Identity and role: names, login, role, employer, qualification, commitments (not sensitive)"},
                                        Two{"N° RPPS ou ADELI, facultatif (non sensible)", "RPPS or ADELI number, optional (not sensitive)"},
                                        Two{"Actes : demandes, décisions, heures, outils, fichiers transférés par leur nom et leur empreinte, comptes rendus (non sensible ; un texte qui contient un NIR est refusé)", "Acts: requests, decisions, times, tools, files by name and digest, reports (not sensitive; a text with a social-security number is refused)"},
                                        Two{"Données techniques : adresses IP, empreintes de clés (sécurité seulement)", "Technical data: IP addresses, key fingerprints (security only)"},
                                        Two{"Aucun contenu d'écran, aucune frappe, aucun mot de passe, aucune donnée de patient", "No screen content, no keystroke, no password, no patient data"}}},
      {"sources", label::sources, {Two{"Les personnes elles-mêmes ; le cabinet, par ses déclarations signées ; le programme", "The persons themselves; the practice, by its signed statements; the program"}}}};
  add_common(out, f, dpia);
  return out;
}

ProcessingText systems_text(const ProcessingFacts& f, const Dpia& dpia) {
  ProcessingText out{std::string(systems_id), "SOUS_TRAITANT", {"Maintenance à distance des systèmes des cabinets", "Remote maintenance of the practices' systems"}, {}};
  Values processing{Two{"Maintenance corrective et évolutive, assistance : consultation à l'écran, prise en main, dépôt et retrait de fichiers quand le cabinet l'accorde", "Corrective and adaptive maintenance, support: viewing the screen, taking control, bringing and taking files where the practice grants it"}};
  for (auto& line : hosting(f)) processing.push_back(std::move(line));
  out.fields = {
      {"entry_kind", label::entry_kind, {Two{"SOUS_TRAITANT – RGPD, article 30(2)", "SOUS_TRAITANT (processor) – GDPR, Article 30(2)"}}},
      {"category", label::category, {Two{"Clients", "Clients"}}},
      {"processor", label::processor, words::vendor(f)},
      {"controller", label::controller, {Two{"Chaque cabinet sous contrat : la liste, tirée du registre des cabinets, accompagne chaque export", "Each practice under contract: the list, from the register of practices, comes with each export"}}},
      {"joint_controller", label::joint, {none}},
      {"representative", label::representative, {Two{"Sans objet : établi dans l'Union européenne", "Not applicable: established in the European Union"}}},
      {"dpo", label::dpo, {Both::same(f.dpo)}},
      {"processing_categories", label::categories, std::move(processing)},
      {"purposes", label::purposes, {Two{"MAINTENANCE ou SUPPORT, dans le cadre du contrat et de l'instruction donnée à chaque intervention ; aucune autre", "MAINTENANCE or SUPPORT, under the contract and the instruction given for each intervention; no other"}}},
      {"legal_bases", label::bases, {Two{"Instruction documentée du responsable de traitement (RGPD, 28(3)(a)) ; la base du soin est celle du cabinet", "Documented instruction of the controller (GDPR 28(3)(a)); the basis of the care is the practice's"}}},
      {"data_subjects", label::subjects, {Two{"Patients du cabinet, ses professionnels et son personnel", "Patients of the practice, its practitioners and staff"}}},
      {"data_categories", label::data, {Two{"Données affichées pendant l'intervention, présumées données de santé (sensibles : RGPD, 9(2)(h), base du cabinet)", "Data on the screen during the intervention, presumed health data (sensitive: GDPR 9(2)(h), the practice's ground)"},
                                        Two{"Rien n'en est copié ni conservé chez l'éditeur ; un enregistrement éventuel est fait, chiffré et gardé au cabinet", "None of it is copied or kept at the vendor; a recording, if any, is made, encrypted and kept at the practice"}}},
      {"sources", label::sources, {Two{"Les systèmes du cabinet", "The practice's systems"}}}};
  add_common(out, f, dpia);
  return out;
}

}  // namespace

ProcessingText processing_text(std::string_view id, const ProcessingFacts& f, const Dpia& dpia) {
  return id == traces_id ? traces_text(f, dpia) : systems_text(f, dpia);
}

ProcessingText practice_text(const ProcessingFacts& f, const Practice& practice) {
  ProcessingText out{"practice-" + practice.id.text(), "RESPONSABLE", {"Maintenance à distance de nos logiciels", "Remote maintenance of our software"}, {}};
  Values systems;
  for (const auto& system : practice.systems) systems.push_back(Both::same(system.label + " (" + system.hosting + ")"));
  if (systems.empty()) systems.push_back(Two{"Aucun système déclaré aujourd'hui", "No system declared today"});
  const Both contract{"Sous contrat " + practice.contract.reference + " avec " + f.vendor, "Under the contract " + practice.contract.reference + " with " + f.vendor};
  out.fields = {
      {"entry_kind", label::entry_kind, {Two{"RESPONSABLE – RGPD, article 30(1)", "RESPONSABLE (controller) – GDPR, Article 30(1)"}}},
      {"controller", label::controller, {Both::same(practice.name)}},
      {"dpo", label::dpo, {Two{"À compléter par le cabinet, s'il en a désigné un", "To be completed by the practice, where it has one"}}},
      {"processor", label::processor, {contract, Both::same(f.vendor + (f.address.empty() ? "" : ", " + f.address)), {"DPO de l'éditeur : " + f.dpo, "DPO of the vendor: " + f.dpo}}},
      {"purposes", label::purposes, {Two{"Maintenir en état les logiciels du cabinet, sur demande acceptée à chaque fois", "Keep the practice's software in order, by requests agreed to each time"}}},
      {"legal_bases", label::bases, {Two{"Celles des traitements de soin et de gestion du cabinet ; sous-traitance encadrée par contrat (RGPD, 28)", "Those of the practice's care and administration; processing under a contract (GDPR 28)"}}},
      {"data_subjects", label::subjects, {Two{"Patients, professionnels et personnel du cabinet", "Patients, practitioners and staff of the practice"}}},
      {"data_categories", label::data, {Two{"Données affichées pendant l'intervention, dont des données de santé (RGPD, 9(2)(h))", "Data on the screen during the intervention, health data included (GDPR 9(2)(h))"}}},
      {"systems", {"Systèmes concernés", "Systems concerned"}, std::move(systems)}};
  add_common(out, f, {});
  return out;
}

boost::json::array fields_json(const ProcessingText& text) {
  boost::json::array out;
  for (const auto& field : text.fields) {
    boost::json::array fr, en;
    for (const auto& value : field.values) fr.emplace_back(value.fr), en.emplace_back(value.en);
    out.push_back(boost::json::object{{"name", field.name}, {"label_fr", field.label.fr}, {"label_en", field.label.en}, {"value", std::move(fr)}, {"value_en", std::move(en)}});
  }
  return out;
}

}  // namespace pontlevis::gateway
