#include "audit/destruction_text.hpp"

#include "audit/checkpoint.hpp"
#include "audit/local_time.hpp"
#include "audit/tlog_proof.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

struct Words {
  std::string_view code, french, english;
};
constexpr Words words[] = {
    {"RETENTION", "la durée de conservation est écoulée", "the time for which it may be kept is over"},
    {"IP_6_MONTHS", "une adresse IP n'est jamais conservée au-delà de six mois", "an IP address is never kept longer than six months"},
    {"NEVER_OPENED", "demande restée sans ouverture depuis un an", "a request that was not opened within a year"},
    {"CONTRACT_END", "fin du contrat", "end of the contract"},
    {"ERASURE_REQUEST", "demande d'effacement", "request for erasure"},
    {"SPONTANEOUS_HEALTH_DATA", "données de santé reçues sans avoir été demandées", "health data that came without being asked for"},
    {"ANNUAL_REVIEW", "décision de la revue annuelle", "decision of the annual review"},
    {"PARTIAL", "partiel : une copie peut encore exister jusqu'à l'expiration ci-dessus", "partial: a copy may still exist until the expiry above"},
    {"FINAL", "définitif", "final"},
    {"KEYS_AND_CIPHERTEXT_DESTROYED", "clés de chiffrement détruites, texte chiffré effacé et réécrit", "keys destroyed, ciphertext erased and overwritten"},
    {"KEY_DESTROYED_THEN_FILES", "clé détruite, puis fichiers", "key destroyed, then the files"},
    {"BYTE_SCAN", "relecture de chaque octet des fichiers", "every byte of the files read again"},
    {"FILES_REWRITTEN_THEN_BYTE_SCAN", "fichiers réécrits en entier, puis relecture de chaque octet", "files wholly rewritten, then every byte read again"},
    {"LOOKED_FOR_KEY_AND_FILES", "recherche de la clé et des fichiers", "key and files looked for"},
    {"BACKUPS_EXPIRED", "les sauvegardes qui pouvaient l'ouvrir ont expiré", "the backups that might have opened it have expired"},
    {"BACKUPS_EXPIRED_AND_FILES_GONE", "sauvegardes expirées, fichiers nommés supprimés", "backups expired, named files deleted"},
    {"ABSENT", "rien n'a été retrouvé", "nothing was found"},
    {"PRESENT", "des copies ont été retrouvées : voir les fichiers", "copies were found: see the files"},
    {"AUTOMATON", "automate", "automaton"},
    {"DATABASE", "base de données", "database"},
    {"WRITE_AHEAD_LOG", "journal d'écriture de la base", "write-ahead log of the database"},
    {"KEYS", "fichier des clés", "file of keys"},
    {"NAMED_FILES", "fichiers nommés (journaux, exports, sauvegardes)", "named files (logs, exports, backups)"},
    {"BACKUPS", "sauvegardes", "backups"},
    {"DISK_OF_THE_PRACTICE", "disque du cabinet", "disk of the practice"},
    {"RECORDING", "enregistrement de session", "recording of a session"},
    {"open", "données non personnelles", "data that are not personal"},
    {"ip", "adresses IP", "IP addresses"},
    {"person", "noms et identifiants de personnes", "names and identifiers of persons"},
    {"text", "textes libres", "free text"},
    {"statement", "déclarations signées", "signed statements"},
    {"daily purge", "purge quotidienne", "daily purge"},
};

class CertificatePage {
 public:
  CertificatePage(const Certificate& certificate, Language language) : c_(certificate), french_(language == Language::french) {}

  Page make() {
    head();
    what();
    how();
    left_over();
    proof();
    meaning();
    return std::move(page_);
  }

 private:
  std::string say(std::string_view french, std::string_view english) const { return std::string(french_ ? french : english); }
  std::string field(std::string_view name) const { return text_of(c_.fields, name); }
  std::string named(std::string_view code) const {
    for (const auto& w : words)
      if (w.code == code) return say(w.french, w.english);
    return std::string(code);
  }
  std::string moment(std::string_view name) const {
    const auto utc = field(name);
    return utc.empty() ? utc : paris_time(utc, french_) + say(" (Paris), ", " (Paris), ") + utc;
  }
  std::string number(std::string_view name) const {
    const auto* v = c_.fields.if_contains(name);
    return v && v->is_number() ? json::serialize(*v) : std::string();
  }
  // "ip, person": each word in the language.
  std::string classes() const {
    std::string out, rest = field("retention_class") + ", ";
    for (std::size_t at = 0, end; (end = rest.find(", ", at)) != rest.npos; at = end + 2)
      if (end > at) out += (out.empty() ? "" : ", ") + named(rest.substr(at, end - at));
    return out;
  }
  std::string listed(std::string_view name) const {
    std::string out;
    const auto* v = c_.fields.if_contains(name);
    if (v && v->is_array())
      for (const auto& one : v->get_array())
        if (one.is_string()) out += (out.empty() ? "" : ", ") + named(std::string(one.get_string()));
    return out;
  }

  void head() {
    page_.title(say("CERTIFICAT DE DESTRUCTION", "CERTIFICATE OF DESTRUCTION"), say("n° ", "No. ") + c_.id);
    page_.rule();
    page_.line(field("state") == "FINAL" && !field("completes").empty()
                   ? say("Ce certificat complète le certificat n° ", "This certificate completes certificate No. ") + field("completes") + "."
                   : say("Les données désignées ci-dessous ont été détruites : plus rien, dans le journal d'audit, ne permet de les lire.",
                         "The data named below were destroyed: nothing in the audit log can open them any more."));
    page_.row(say("Établi le", "Issued on"), moment("issued_at"));
    page_.row(say("Cabinet", "Practice"), field("practice"));
    page_.row("Intervention", field("intervention"));
    page_.row(say("Motif", "Reason"), named(field("reason")));
    page_.row(say("Fondement", "Legal basis"), field("legal_basis"));
    page_.row(say("Règle appliquée", "Rule applied"), field("rule") + (field("rule_version").empty() ? "" : " (" + field("rule_version") + ")"));
    page_.row(say("À l'origine", "Asked for by"), named(field("trigger")));
  }

  std::string scope_line(const DestructionScope& s) const {
    std::string out = s.first == s.last ? say("enregistrement ", "record ") + std::to_string(s.first)
                                        : say("enregistrements ", "records ") + std::to_string(s.first) + say(" à ", " to ") + std::to_string(s.last);
    const auto of = [&](const std::string& text, std::string_view french, std::string_view english) {
      if (!text.empty()) out += say(french, english) + text;
    };
    of(s.type.empty() ? s.type : word(s.type, french_ ? Language::french : Language::english), " de type ", " of type ");
    of(s.practice, " du cabinet ", " of practice ");
    of(s.intervention, " de l'intervention ", " of intervention ");
    if (s.whole_record) return out + say(" : en entier", ": whole");
    if (!s.field.empty()) return out + say(" : champ ", ": field ") + s.field;
    return out + say(" : ", ": ") + (s.cls ? named(class_name(*s.cls)) : say("toute donnée personnelle", "every personal field"));
  }

  void what() {
    constexpr std::size_t shown = 20;
    page_.section(say("CE QUI A ÉTÉ DÉTRUIT", "WHAT WAS DESTROYED"));
    page_.row(say("Catégorie de données", "Class of data"), classes());
    page_.row(say("Nombre d'éléments", "Number of items"), number("record_count"));
    page_.row(say("Période, du", "Period, from"), moment("oldest_at"));
    page_.row(say("Période, au", "Period, to"), moment("newest_at"));
    const auto* scope = c_.fields.if_contains("scope");
    const auto ranges = scope && scope->is_array() ? parse_scope(*scope) : Result<std::vector<DestructionScope>>();
    for (std::size_t i = 0; ranges && i < ranges->size() && i < shown; ++i) page_.row(i == 0 ? say("Étendue", "Scope") : "", scope_line((*ranges)[i]));
    if (ranges && ranges->size() > shown) page_.row("", say("et ", "and ") + std::to_string(ranges->size() - shown) + say(" autres étendues, dans l'enregistrement", " more, in the record"));
    page_.row(say("Empreinte de la liste", "Commitment to the list"), field("scope_commitment"));
  }

  void how() {
    page_.section(say("QUAND ET COMMENT", "WHEN AND HOW"));
    page_.row(say("À faire au plus tard le", "To be done by"), moment("deadline"));
    page_.row(say("Détruit le", "Destroyed on"), moment("performed_at"));
    page_.row(say("Procédé", "Method"), named(field("method")));
    page_.row(say("Clés détruites", "Keys destroyed"), number("keys_destroyed"));
    page_.row(say("Opérateur", "Operator"), named(field("operator")));
    page_.row(say("Supports", "Media"), listed("media"));
    page_.row(say("Contrôle", "Verification"), named(field("verification_method")));
    page_.row(say("Contrôlé le", "Verified on"), moment("verified_at"));
    page_.row(say("Résultat", "Result"), named(field("verification_result")) + scanned());
  }

  std::string scanned() const {
    const auto* r = c_.fields.if_contains("remanence");
    if (!r || !r->is_object()) return {};
    const auto of = [&](const char* name) { return r->get_object().contains(name) ? json::serialize(r->get_object().at(name)) : std::string("0"); };
    return say(" : ", ": ") + of("files") + say(" fichiers, ", " files, ") + of("bytes") + say(" octets relus, ", " bytes read, ") + of("looked_for") +
           say(" empreintes cherchées, ", " traces looked for, ") + of("found") + say(" retrouvées", " found") +
           (of("found_in") == "[]" || of("found_in") == "0" ? std::string() : " " + of("found_in"));
  }

  void left_over() {
    page_.section(say("CE QUI RESTE", "WHAT IS LEFT"));
    page_.row(say("Expiration des copies", "Backups expire on"), moment("backup_expiry_at"));
    page_.row(say("État", "State"), named(field("state")));
    const auto* deferrals = c_.fields.if_contains("deferrals");
    if (!deferrals || !deferrals->is_array()) return;
    for (const auto& one : deferrals->get_array())
      if (one.is_object())
        page_.row(say("Différé", "Deferred"), text_of(one.get_object(), "ref") + ", " + named(text_of(one.get_object(), "class")) +
                                                 (one.get_object().contains("count") ? ", " + json::serialize(one.get_object().at("count")) : std::string()));
  }

  void proof() {
    page_.section(say("LA PREUVE", "THE PROOF"));
    page_.row(say("Enregistrement", "Record"), say("n° ", "No. ") + std::to_string(c_.index) + say(" du journal", " of the log"));
    page_.row(say("Certificat précédent", "Certificate before"), field("previous_certificate_hash"));
    const auto proof = TlogProof::parse(c_.proof);
    const auto checkpoint = proof ? peek_checkpoint(proof->checkpoint) : std::unexpected(proof.error());
    if (!checkpoint) return;
    page_.row(say("Journal", "Log"), checkpoint->origin);
    page_.row(say("Point de contrôle", "Checkpoint"), std::to_string(checkpoint->size) + say(" enregistrements, racine ", " records, root ") + to_base64(checkpoint->root.view()));
    const auto note = SignedNote::parse(proof->checkpoint);
    for (std::size_t i = 0; note && i < note->signatures().size(); ++i)
      if (const auto& name = note->signatures()[i].name; name != checkpoint->origin) page_.row(say("Cosigné par", "Cosigned by"), name);
    page_.row(say("À vérifier avec", "To be verified with"), "pontlevis-audit verify --proof");
  }

  void meaning() {
    page_.section(say("CE QUE CE CERTIFICAT PROUVE", "WHAT THIS CERTIFICATE PROVES"));
    page_.line(say("Que ces données existaient dans le journal sous des empreintes qui y restent ; que l'opérateur a déclaré leur destruction, à un moment que le journal et ses témoins fixent ; que personne ne pourra en présenter d'autres à leur place ; que rien d'autre n'a changé dans le journal.",
                   "That these data stood in the log under digests that stay there; that the operator declared their destruction at a moment which the log and its witnesses fix; that nobody can ever present other data in their place; that nothing else in the log has changed."));
    page_.section(say("CE QU'IL NE PROUVE PAS", "WHAT IT DOES NOT PROVE"));
    page_.line(say("Qu'aucune copie n'existe ailleurs : sur un papier, une photographie, un support oublié, ou chez un tiers qui l'avait reçue. Les copies que le cabinet a gardées pour lui-même lui appartiennent.",
                   "That no copy exists elsewhere: on paper, in a photograph, on a forgotten medium, or with a third party who had received it. The copies that the practice kept for itself belong to the practice."));
  }

  const Certificate& c_;
  bool french_;
  Page page_;
};

}  // namespace

Page certificate_page(const Certificate& certificate, Language language) { return CertificatePage(certificate, language).make(); }

std::string certificate_text(const Certificate& certificate, Language language) { return certificate_page(certificate, language).text(); }

}  // namespace pontlevis::audit
