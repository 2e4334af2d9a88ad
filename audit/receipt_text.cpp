// The receipt, and what its verification means, in words.
#include <array>

#include "audit/local_time.hpp"
#include "audit/page.hpp"
#include "audit/receipt_record.hpp"

namespace pontlevis::audit {
namespace {

struct Word {
  std::string_view code, french, english;
};
constexpr Word words[] = {
    {"REQUESTED", "demandé", "requested"},
    {"GIVEN", "donné", "given"},
    {"REFUSED", "refusé", "refused"},
    {"WITHDRAWN", "retiré", "withdrawn"},
    {"EXPIRED", "expiré", "expired"},
    {"TERMINATED", "terminé", "terminated"},
    {"NOT_STATED", "non indiqué", "not stated"},
    {"AUTOMATON", "automate", "the machine"},
    {"NO_ANSWER", "personne n'a répondu", "nobody answered"},
    {"processor", "prestataire", "processor"},
    {"CONTRACT", "exécution du contrat", "performance of the contract"},
    {"LEGITIMATE_INTEREST", "intérêt légitime (sécurité et preuve)", "legitimate interest (security and evidence)"},
    {"EXPLICIT_CONSENT", "accord exprès", "explicit consent"},
    {"INSTRUCTION_ART28", "instruction documentée (RGPD, art. 28)", "documented instruction (GDPR, art. 28)"},
    {"HEALTH", "données de santé", "health data"},
    {"AT_THE_PRACTICE", "au cabinet", "at the practice"},
    {"LOCAL_PAGE", "page du cabinet, un seul geste, sans motif", "page of the practice, one act, no reason asked"},
    {"EEA", "Espace économique européen", "European Economic Area"},
    {"FR", "France", "France"},
    {"ACCESS", "accès", "access"},
    {"RECTIFICATION", "rectification", "rectification"},
    {"ERASURE", "effacement", "erasure"},
    {"RESTRICTION", "limitation", "restriction"},
    {"OBJECTION", "opposition", "objection"},
    {"PORTABILITY", "portabilité", "portability"},
    {"AFTER_DEATH", "directives après le décès", "directives after death"},
    {"WITHDRAWAL", "retrait de l'accord", "withdrawal of consent"},
    {"P5Y", "5 ans", "5 years"},
    {"P1Y", "1 an", "1 year"},
    {"P150D", "150 jours", "150 days"},
    {"PT0S", "jamais conservé", "never kept"},
};

class Writer {
 public:
  Writer(const json::object& record, Language language) : record_(record), language_(language), french_(language == Language::french) {}

  std::string receipt(const json::object& whole) {
    page_.title(say("REÇU D'ACCORD", "CONSENT RECEIPT"), text_at(record_, "intervention_id"));
    page_.title(say("Établi le ", "Made at ") + moment(text_at(whole, "created_at")), "ISO/IEC TS 27560");
    page_.rule();
    body();
    page_.section(say("PREUVE", "PROOF"));
    page_.row(say("Reçu", "Receipt"), text_at(whole, "receipt_id"));
    page_.row(say("Clé du cabinet", "Key of the practice"), text_at(whole, "evidence.practice_key"));
    page_.row(say("Clé du journal", "Key of the journal"), text_at(whole, "evidence.journal_key"));
    page_.row(say("Contrôle", "Check"), "pontlevis-audit verify --receipt");
    return page_.text();
  }

  std::string check(const ReceiptCheck& checked) {
    page_.title(say("REÇU VÉRIFIÉ", "RECEIPT VERIFIED"), checked.intervention);
    page_.rule();
    events();
    page_.section(say("CE QUE CELA VEUT DIRE", "WHAT IT MEANS"));
    page_.row(say("Signatures", "Signatures"),
              std::to_string(checked.statements) + say(" sur ", " of ") + std::to_string(checked.statements) +
                  say(", et ce reçu : de la clé du cabinet", ", and this receipt: by the key of the practice"));
    page_.row(say("Contenu", "Content"), say("le reçu dit exactement ce que disent les déclarations signées", "the receipt says exactly what the signed statements say"));
    page_.row(say("Journal", "Journal"), say("chaque déclaration est inscrite dans ", "each statement stands in ") + checked.journal_origin + ", " +
                                             std::to_string(checked.journal_size) + say(" enregistrements", " records"));
    page_.row(say("Clé", "Key"), checked.key_pinned ? say("c'est bien celle que vous avez donnée", "it is the one you gave")
                                                    : say("lue dans le reçu : à comparer avec celle du cabinet, ou à donner avec --key",
                                                          "read from the receipt: compare it with the practice's, or give it with --key"));
    page_.row(say("Clé du cabinet", "Key of the practice"), checked.practice_key);
    page_.row(say("Clé du journal", "Key of the journal"), checked.journal_key);
    page_.row(say("Ne montre pas", "Does not show"), say("que rien n'a suivi ce reçu : un retrait plus récent est dans un reçu plus récent",
                                                         "that nothing came after it: a later withdrawal is in a later receipt"));
    return page_.text();
  }

 private:
  std::string say(std::string_view fr, std::string_view en) const { return std::string(french_ ? fr : en); }
  std::string moment(std::string_view utc) const {
    return paris_time(utc, french_) + " (" + std::string(utc.size() > 19 ? utc.substr(11, 8) : utc) + " UTC)";
  }
  std::string word_of(std::string_view code) const {
    for (const auto& w : words)
      if (w.code == code) return std::string(french_ ? w.french : w.english);
    return word(code, language_);
  }
  std::string plain(const json::value& v) const {
    if (v.is_string()) return word_of(v.get_string());
    if (v.is_bool()) return v.get_bool() ? say("oui", "yes") : say("non", "no");
    if (v.is_null()) return {};
    if (v.is_object()) return named(v.get_object());
    if (!v.is_array()) return json::serialize(v);
    std::string out;
    for (const auto& item : v.get_array())
      if (const auto text = plain(item); !text.empty()) out += (out.empty() ? "" : ", ") + text;
    return out;
  }
  std::string named(const json::object& o) const {
    for (auto name : {"name", "label", "party_name", "login", "id"})
      if (auto text = text_at(o, name); !text.empty()) return text;
    return {};
  }
  void row(std::string_view fr, std::string_view en, std::string_view path) {
    if (const auto* v = value_at(record_, path)) page_.row(say(fr, en), plain(*v));
  }

  void body() {
    events();
    parties();
    what();
    data();
    rights();
  }

  void events() {
    page_.section(say("ACCORD", "CONSENT"));
    const auto* list = value_at(record_, "events");
    if (!list || !list->is_array()) return;
    for (const auto& item : list->get_array()) {
      if (!item.is_object()) continue;
      const auto& e = item.get_object();
      std::string text = say("le ", "at ") + moment(text_at(e, "event_time"));
      if (const auto who = person(e); !who.empty()) text += say(", par ", ", by ") + who;
      if (const auto* acts = value_at(e, "acts_count"); acts && acts->is_int64())
        text += ", " + std::to_string(acts->get_int64()) + (acts->get_int64() == 1 ? say(" geste", " act") : say(" gestes", " acts"));
      if (e.contains("extends")) text += say(", prolongation", ", extension");
      if (const auto cause = text_at(e, "end_cause"); !cause.empty()) text += ", " + word_of(cause);
      page_.row(word_of(text_at(e, "event_state")), text);
      if (const auto* cut = value_at(e, "cut_latency_ms"); cut && cut->is_int64())
        page_.line(say("accès coupé en ", "access cut in ") + std::to_string(cut->get_int64()) + " ms");
    }
  }
  std::string person(const json::object& e) const {
    const auto id = text_at(e, "entity_id");
    if (id == "NOT_STATED") return {};
    const auto name = text_at(record_, "principal.name");
    const auto principal = text_at(record_, "principal_id");
    return (id == principal || principal.ends_with("/" + id)) && name != "NOT_STATED" ? name + " (" + principal + ")" : word_of(id);
  }

  void parties() {
    page_.section(say("QUI", "WHO"));
    if (const auto* list = value_at(record_, "controllers"); list && list->is_array() && !list->get_array().empty())
      page_.row(say("Responsable de traitement", "Controller"), plain(list->get_array()[0]));
    const auto* processor = value_at(record_, "processor");
    if (processor && processor->is_object()) {
      const auto& p = processor->get_object();
      page_.row(say("Sous-traitant", "Processor"), word_of(text_at(p, "party_name")) + ", " + word_of(text_at(p, "party_address")));
      page_.row(say("Délégué à la protection", "Data protection officer"), word_of(text_at(p, "party_contact")));
    }
    row("Sous-traitants ultérieurs", "Sub-processors", "subprocessors");
    row("Personne en charge", "Person in charge", "processing.person_in_charge");
    operators();
  }
  void operators() {
    const auto* list = value_at(record_, "processing.operators");
    if (!list || !list->is_array()) return;
    for (const auto& item : list->get_array())
      if (item.is_object())
        page_.row(say("Intervenant", "Operator"), text_at(item.get_object(), "name") + ", " + text_at(item.get_object(), "employer") + ", " +
                                                      word_of(text_at(item.get_object(), "country")) + ", " + word_of(text_at(item.get_object(), "role")));
  }

  void what() {
    page_.section(say("POUR QUOI", "WHAT FOR"));
    row("Finalité", "Purpose", "processing.purpose");
    row("Motif", "Reason", "processing.reason");
    row("Tâches prévues", "Planned tasks", "processing.planned_tasks");
    row("Référence du dossier", "Ticket", "processing.ticket_ref");
    row("Systèmes", "Systems", "processing.systems");
    row("Outils", "Tools", "processing.tools");
    row("Types d'accès", "Access types", "processing.access_types");
    if (const auto* minutes = value_at(record_, "processing.minutes"); minutes && minutes->is_int64())
      page_.row(say("Durée accordée", "Time granted"), std::to_string(minutes->get_int64()) + " min");
    row("Suivi", "Supervision", "processing.watch");
    row("Enregistrement", "Recording", "processing.recording");
    row("Nature", "Nature", "processing.instruction_type");
    row("Bases juridiques", "Legal bases", "processing.legal_basis");
  }

  void data() {
    page_.section(say("DONNÉES", "DATA"));
    row("Données visibles", "Data that may be seen", "processing.pii_types");
    row("Dont", "Among them", "processing.special_category");
    row("Lieu de conservation", "Kept", "processing.storage_location");
    row("Fiche et accord", "Record and consent", "processing.retention_period.record");
    row("Adresses IP", "IP addresses", "processing.retention_period.ip_addresses");
    row("Mot de passe", "Password", "processing.retention_period.one_time_password");
    if (const auto period = text_at(record_, "processing.retention_period.recording"); period.size() > 2)
      page_.row(say("Enregistrement", "Recording"), period.substr(1, period.size() - 2) + say(" jours", " days"));
    row("Intervenants en", "Operators in", "processing.processing_location");
    row("Limite", "Limit", "processing.geographic_restriction");
    row("Destinataires", "Recipients", "processing.recipients");
    row("Transferts hors UE", "Transfers outside the EU", "processing.transfers");
  }

  void rights() {
    page_.section(say("VOS DROITS", "YOUR RIGHTS"));
    row("Retirer l'accord", "Withdraw", "processing.withdrawal_method.means");
    row("Droits", "Rights", "processing.rights");
    row("Les exercer", "Exercise them", "processing.rights_contact");
    row("Réclamation", "Complaint", "processing.authority");
    row("Mention d'information", "Notice", "processing.notice_ref");
    row("Empreinte de la mention", "Digest of the notice", "processing.notice_hash");
  }

  const json::object& record_;
  Language language_;
  bool french_;
  Page page_;
};

}  // namespace

std::string print_check(const ReceiptCheck& check, Language language) { return Writer(check.record, language).check(check); }

std::string print_receipt(const json::object& receipt, Language language) {
  const auto* record = receipt.if_contains("record");
  return record && record->is_object() ? Writer(record->get_object(), language).receipt(receipt) : std::string();
}

}  // namespace pontlevis::audit
