#include "gateway/registers/rights/rights_letters.hpp"

#include "gateway/registers/common/deadlines.hpp"
#include "gateway/registers/common/html_page.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

const Two cnil_sentence{"Si vous estimez, après nous avoir contactés, que vos droits ne sont pas respectés, vous pouvez adresser une réclamation à la CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, www.cnil.fr.",
                        "If you consider, after having contacted us, that your rights are not respected, you may lodge a complaint with the CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, www.cnil.fr."};

namespace {

// What follows from an answer, by what was asked (B21): one sentence each, where it is granted.
constexpr Two granted_words[] = {
    {"Vous trouverez avec cette réponse les données détenues sur vous, sous une forme lisible (page) et réutilisable (JSON, CSV).",
     "With this answer you find the data held about you, in a readable form (page) and a reusable one (JSON, CSV)."},
    {"Les données inexactes sont corrigées par une mention liée à l'enregistrement ; les destinataires en sont informés.",
     "Inaccurate data are corrected by an amendment linked to the record; the recipients are told."},
    {"Les données concernées sont détruites, avec un certificat ; il n'en reste que des empreintes qui ne disent rien de vous, et ce que la loi oblige à garder.",
     "The data concerned are destroyed, with a certificate; only digests that say nothing about you remain, and what the law obliges us to keep."},
    {"Les données concernées sont gardées sans être utilisées, sauf pour la preuve d'un droit, jusqu'à la fin de la limitation.",
     "The data concerned are kept without being used, except to prove a right, until the restriction ends."},
    {"Le traitement auquel vous vous opposez cesse. Aucune donnée n'est utilisée pour la prospection.",
     "The processing you object to ends. No data are used for marketing."},
    {"Les fichiers JSON et CSV joints sont structurés et lisibles par une machine : vous pouvez les transmettre à qui vous voulez.",
     "The JSON and CSV files attached are structured and machine-readable: you may pass them to whomever you like."},
    {"Vos directives sur le sort de vos données après votre décès sont enregistrées.", "Your directives on what becomes of your data after your death are recorded."}};

constexpr Two greeting{"Madame, Monsieur,", "Dear Sir or Madam,"};
constexpr Two closing{"Le délégué à la protection des données", "The data protection officer"};

bool gives(const RightsCase& c) { return c.outcome == RightsOutcome::granted || c.outcome == RightsOutcome::partly_granted; }

std::string opening(const RightsCase& c, Tongue tongue) {
  const bool fr = tongue == Tongue::french;
  return greeting.in(tongue) + "\n\n" + (fr ? "Vous nous avez adressé, le " : "On ") + to_date(c.received_at) +
         (fr ? ", une demande (" : " you sent us a request (") + words_of(c.type).in(tongue) + (fr ? "), enregistrée sous le numéro " : "), recorded under the number ") + c.id + ".";
}

std::string signature(const ProcessingFacts& f, Tongue tongue) {
  return "\n\n" + cnil_sentence.in(tongue) + "\n\n" + closing.in(tongue) + "\n" + f.vendor + (f.address.empty() ? "" : "\n" + f.address) + "\n" + f.dpo + "\n";
}

std::string answer_body(const RightsCase& c, Tongue tongue) {
  std::string out = words_of(*c.outcome).in(tongue);
  if (gives(c)) out += "\n" + granted_words[static_cast<std::size_t>(c.type)].in(tongue);
  if (c.route() == RightsRoute::practice) out += "\n" + route_of(c.status).why.in(tongue);
  return c.words.empty() ? out : out + "\n\n" + c.words;
}

// GDPR 15(1)(a)–(h): purposes, categories, recipients, terms, source, rights, transfers, decisions.
void add_information(HtmlPage& page, const ProcessingFacts& facts, Tongue tongue) {
  constexpr std::string_view told[] = {"purposes", "data_categories", "sources", "recipients", "transfers", "retention", "rights_procedure"};
  std::vector<HtmlPage::Labelled> rows;
  for (const auto& field : processing_text(traces_id, facts, {}).fields) {
    if (std::find(std::begin(told), std::end(told), field.name) == std::end(told)) continue;
    HtmlPage::Labelled row{field.label.in(tongue), {}};
    for (const auto& value : field.values) row.values.push_back(value.in(tongue));
    rows.push_back(std::move(row));
  }
  rows.push_back({tongue == Tongue::french ? "Décision automatisée" : "Automated decision", {tongue == Tongue::french ? "Aucune" : "None"}});
  page.heading(tongue == Tongue::french ? "Ce que nous faisons de ces données" : "What we do with these data");
  page.pairs(rows);
}

void add_files(HtmlPage& page, const RightsCase& c, Tongue tongue) {
  if (c.files.empty()) return;
  const bool fr = tongue == Tongue::french;
  std::vector<std::vector<std::string>> rows;
  for (const auto& file : c.files) rows.push_back({file.name, std::to_string(file.bytes), file.sha256});
  page.table(fr ? "Fichiers de cette réponse" : "Files of this answer", {fr ? "Fichier" : "File", fr ? "Octets" : "Bytes", "SHA-256"}, rows);
}

}  // namespace

Letter extension_letter(const RightsCase& c, const ProcessingFacts& f, Tongue tongue) {
  const bool fr = tongue == Tongue::french;
  auto text = opening(c, tongue) + "\n\n" +
              (fr ? "Cette demande est complexe ou porte sur un grand nombre de données. Nous y répondrons au plus tard le " : "This request is complex or concerns many data. We will answer at the latest on ") +
              to_date(c.due()) + (fr ? ", soit 60 jours après sa réception. Motif : " : ", 60 days after it was received. Reason: ") + c.extension_reason + signature(f, tongue);
  return {fr ? "Votre demande " + c.id + " : délai prolongé" : "Your request " + c.id + ": more time", std::move(text)};
}

Letter forward_letter(const RightsCase& c, const ProcessingFacts& f, Tongue tongue) {
  const bool fr = tongue == Tongue::french;
  std::string text = greeting.in(tongue) + "\n\n" +
      (fr ? "Nous avons reçu une demande qui concerne des données dont votre cabinet est responsable ; nous vous la transmettons aussitôt (RGPD, article 28(3)(e)). Nous ne détenons aucune donnée de vos patients. Le délai de réponse d'un mois court depuis sa réception."
          : "We received a request about data of which your practice is the controller; we pass it on to you at once (GDPR, Article 28(3)(e)). We hold no data of your patients. The month for answering runs since it was received.") +
      "\n\n" + (fr ? "Numéro : " : "Number: ") + c.id + (fr ? "\nReçue le : " : "\nReceived on: ") + to_date(c.received_at) + (fr ? "\nRéponse due le : " : "\nAnswer due on: ") + to_date(c.due()) +
      (fr ? "\nDroit : " : "\nRight: ") + words_of(c.type).in(tongue) + (fr ? "\nDe : " : "\nFrom: ") + c.requester + (fr ? "\nContact : " : "\nContact: ") + c.contact +
      (fr ? "\nDemande : " : "\nRequest: ") + c.text + "\n\n" + (fr ? "Merci de nous confirmer que vous l'avez reçue." : "Please confirm that you have received it.") + "\n\n" + closing.in(tongue) + "\n" + f.vendor + "\n" + f.dpo + "\n";
  return {fr ? "Demande d'une personne à traiter par votre cabinet (" + c.id + ")" : "Request of a person for your practice to answer (" + c.id + ")", std::move(text)};
}

Letter answer_letter(const RightsCase& c, const ProcessingFacts& f, Tongue tongue) {
  const bool fr = tongue == Tongue::french;
  return {fr ? "Réponse à votre demande " + c.id : "Answer to your request " + c.id, opening(c, tongue) + "\n\n" + answer_body(c, tongue) + signature(f, tongue)};
}

std::string answer_page(const RightsCase& c, const ProcessingFacts& f, Tongue tongue) {
  const auto letter = answer_letter(c, f, tongue);
  HtmlPage page(tongue, letter.subject);
  page.paragraph(letter.text);
  add_files(page, c, tongue);
  if (gives(c) && (c.type == RightsType::access || c.type == RightsType::portability)) add_information(page, f, tongue);
  return page.finish();
}

}  // namespace pontlevis::gateway
