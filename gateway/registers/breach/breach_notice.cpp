#include "gateway/registers/breach/breach_notice.hpp"

#include "audit/local_time.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t most_numbers = 200;  // of interventions, in a notice

// The order and the questions of the authority's form.
namespace say {
constexpr Two sender{"Émetteur", "Sender"}, recipient{"Destinataire", "Recipient"}, kind{"Type", "Kind"}, number{"N°", "No."}, from{"Survenue du", "Occurred from"}, to{"au", "to"},
    detected{"Détectée le", "Detected on"}, aware{"Connaissance le", "Known on"}, delay{"Motif du retard", "Reason for the delay"}, nature{"Nature", "Nature"}, cause{"Origine", "Cause"},
    description{"Description", "Description"}, data{"Données", "Data"}, sensitive{"Données sensibles", "Sensitive data"}, subjects{"Personnes concernées", "Data subjects"},
    subjects_count{"Nombre approximatif de personnes", "Approximate number of persons"}, records_count{"Nombre approximatif d'enregistrements", "Approximate number of records"},
    interventions{"Interventions concernées", "Interventions concerned"}, practices{"Cabinets concernés", "Practices concerned"}, consequences{"Conséquences probables", "Likely consequences"},
    severity{"Gravité", "Severity"}, taken{"Mesures prises", "Measures taken"}, planned{"Mesures prévues", "Measures planned"}, advice{"Conseils au cabinet", "Advice to the practice"},
    unintelligible{"Données incompréhensibles pour un tiers (chiffrement)", "Data unintelligible to others (encryption)"}, informed{"Information des personnes", "Persons informed"},
    not_told{"CNIL non saisie, motif", "Authority not notified, why"}, others{"Autres autorités", "Other authorities"}, contact{"Contact (DPO)", "Contact (DPO)"}, clocks{"Échéances", "Deadlines"},
    evidence{"Preuves conservées", "Evidence kept"}, notices{"Notifications", "Notices"}, closed{"Close le", "Closed on"}, lessons{"Retour d'expérience", "Lessons learned"}, dismissed{"Écartée, motif", "Dismissed, why"};
constexpr Two duty{"Vous êtes responsable du traitement : il vous appartient d'apprécier s'il faut saisir la CNIL (72 heures à partir de votre connaissance, RGPD, article 33) et informer vos patients (article 34). Nous vous y aidons : écrivez-nous.",
                   "You are the controller: it is for you to decide whether the CNIL must be told (72 hours from when you know, GDPR Article 33) and whether your patients must be (Article 34). We help you with it: write to us."};
constexpr Two acknowledge{"Merci d'accuser réception de ce message.", "Please acknowledge this message."};
constexpr Two more_follows{"Ces informations seront complétées dès que nous en saurons plus (article 33(4)).", "This information will be completed as soon as we know more (Article 33(4))."};
}  // namespace say

Two kind_words(NoticeKind kind) {
  static constexpr Two words[] = {{"notification initiale", "initial notice"}, {"notification complémentaire", "complementary notice"}, {"notification de clôture", "closing notice"}};
  return words[static_cast<std::size_t>(kind)];
}
Two type_words(BreachType type) {
  static constexpr Two words[] = {{"perte de confidentialité", "loss of confidentiality"}, {"perte d'intégrité", "loss of integrity"}, {"perte de disponibilité", "loss of availability"}};
  return words[static_cast<std::size_t>(type)];
}
Two severity_words(Severity severity) {
  static constexpr Two words[] = {{"à apprécier", "to be assessed"}, {"négligeable", "negligible"}, {"limitée", "limited"}, {"importante", "significant"}, {"maximale", "maximal"}};
  return words[static_cast<std::size_t>(severity)];
}
Two clock_words(std::string_view name) {
  return name == "H24" ? Two{"cabinets et alerte précoce (24 h)", "practices and early warning (24 h)"} : name == "H72" ? Two{"CNIL (72 h)", "authority (72 h)"} : Two{"rapport final (1 mois)", "final report (1 month)"};
}

// "label : value" a line, nothing for an empty value.
class Sheet {
 public:
  explicit Sheet(Tongue tongue) : tongue_(tongue) {}
  void row(const Two& label, std::string_view value) {
    if (!value.empty()) out_ += label.in(tongue_) + (tongue_ == Tongue::french ? " : " : ": ") + std::string(value) + "\n";
  }
  void row(const Two& label, const std::vector<std::string>& values) {
    std::string all;
    for (const auto& value : values) all += (all.empty() ? "" : " ; ") + value;
    row(label, all);
  }
  // As people in France read a clock (requirements A41).
  std::string time_text(Time at) const { return audit::paris_time(at, tongue_ == Tongue::french) + (tongue_ == Tongue::french ? " (heure de Paris)" : " (Paris time)"); }
  void time(const Two& label, const std::optional<Time>& at) { row(label, at ? time_text(*at) : std::string()); }
  void number(const Two& label, const std::optional<std::int64_t>& n) { row(label, n ? std::to_string(*n) : std::string()); }
  void yes_no(const Two& label, bool yes) { row(label, yes ? (tongue_ == Tongue::french ? "oui" : "yes") : (tongue_ == Tongue::french ? "non" : "no")); }
  void text(const Two& words) { out_ += "\n" + words.in(tongue_) + "\n"; }
  Tongue tongue() const { return tongue_; }
  std::string take() { return std::move(out_); }

 private:
  Tongue tongue_;
  std::string out_;
};

void add_when(Sheet& sheet, const BreachFile& f) {
  sheet.time(say::from, f.words.occurred_from);
  sheet.time(say::to, f.words.occurred_to);
  sheet.time(say::detected, f.detected_at);
  sheet.time(say::aware, f.aware_at);
}

void add_what(Sheet& sheet, const BreachFile& f) {
  std::vector<std::string> types;
  for (const auto type : f.words.types) types.push_back(type_words(type).in(sheet.tongue()));
  sheet.row(say::nature, types);
  sheet.row(say::cause, f.words.cause);
  sheet.row(say::description, f.words.description);
  sheet.row(say::data, f.words.data_categories);
  sheet.yes_no(say::sensitive, f.words.special_categories);
  sheet.row(say::subjects, f.words.subjects_categories);
  sheet.number(say::subjects_count, f.words.subjects_count);
  sheet.number(say::records_count, f.words.records_count);
}

void add_consequences(Sheet& sheet, const BreachFile& f) {
  sheet.row(say::consequences, f.words.consequences);
  sheet.row(say::severity, severity_words(f.words.severity).in(sheet.tongue()));
  sheet.row(say::taken, f.words.measures_taken);
  sheet.row(say::planned, f.words.measures_planned);
  sheet.row(say::advice, f.words.advice);
  sheet.yes_no(say::unintelligible, f.words.unintelligible);
  sheet.row(say::informed, f.words.subjects_informed);
  sheet.row(say::others, f.words.other_authorities);
}

std::vector<std::string> numbers(const std::vector<std::string>& all) {
  std::vector<std::string> out(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), most_numbers)));
  if (all.size() > most_numbers) out.push_back("… (" + std::to_string(all.size()) + ")");
  return out;
}

std::string sender_of(const ProcessingFacts& facts) { return facts.vendor + (facts.address.empty() ? "" : ", " + facts.address); }

bool is_authority(const std::string& recipient) { return recipient == to_cnil || recipient == to_csirt; }

}  // namespace

NoticeText notice_text(const BreachFile& f, const std::string& recipient, NoticeKind kind, const ProcessingFacts& facts, const std::vector<std::string>& mine,
                       const std::string& delay_reason, Tongue tongue) {
  const bool fr = tongue == Tongue::french;
  Sheet sheet(tongue);
  sheet.row(say::kind, kind_words(kind).in(tongue));
  sheet.row(say::number, f.id);
  sheet.row(say::sender, sender_of(facts));
  sheet.row(say::recipient, recipient);
  add_when(sheet, f);
  sheet.row(say::delay, delay_reason);
  add_what(sheet, f);
  sheet.row(say::interventions, numbers(mine));
  if (is_authority(recipient)) sheet.row(say::practices, std::to_string(f.practices.size()));
  add_consequences(sheet, f);
  if (kind == NoticeKind::closing) sheet.row(say::lessons, f.lessons);
  sheet.row(say::contact, facts.dpo);
  if (kind == NoticeKind::initial) sheet.text(say::more_follows);
  if (!is_authority(recipient)) sheet.text(say::duty), sheet.text(say::acknowledge);
  const auto title = (fr ? "Violation de données personnelles, " : "Personal-data breach, ") + kind_words(kind).in(tongue) + " (" + f.id + ")";
  return {title, title + "\n\n" + sheet.take()};
}

json::object breach_export(const BreachFile& f, const ProcessingFacts& facts, Time now) {
  auto out = words_json(f.words);
  out["breach_id"] = f.id;
  out["state"] = word(f.state);
  out["sender"] = sender_of(facts);
  out["dpo"] = facts.dpo;
  out["contact"] = facts.dpo;
  out["trigger"] = f.trigger;
  out["detected_at"] = to_utc(f.detected_at);
  out["aware_at"] = f.aware_at ? json::value(to_utc(*f.aware_at)) : json::value(nullptr);
  out["affected_interventions"] = texts_json(f.interventions);
  json::array practices, clocks, evidence, notices;
  for (const auto& p : f.practices) practices.emplace_back(p);
  for (const auto& c : clocks_of(f)) clocks.push_back(json::object{{"name", c.name}, {"due", to_utc(c.due)}, {"met_at", c.met ? json::value(to_utc(*c.met)) : json::value(nullptr)}, {"late", c.late(now)}});
  for (const auto& e : f.evidence) evidence.push_back(json::object{{"what", e.what}, {"index", e.index ? json::value(*e.index) : json::value(nullptr)}});
  for (const auto& n : f.notices)
    notices.push_back(json::object{{"recipient_controller", n.recipient}, {"notice_kind", word(n.kind)}, {"notified_at", to_utc(n.sent_at)}, {"delay_reason", n.delay_reason}, {"delivered", n.delivered}, {"sha256", n.sha256}});
  const auto* cnil = f.last_notice(std::string(to_cnil));
  out["affected_practices"] = std::move(practices);
  out["clocks"] = std::move(clocks);
  out["evidence_refs"] = std::move(evidence);
  out["notices"] = std::move(notices);
  out["authority_notified"] = cnil ? json::value(json::object{{"at", to_utc(cnil->sent_at)}, {"number", cnil->delivered}}) : json::value(nullptr);
  out["closed_at"] = f.closed_at ? json::value(to_utc(*f.closed_at)) : json::value(nullptr);
  out["lessons"] = f.lessons;
  out["dismiss_reason"] = f.dismiss_reason;
  return out;
}

std::string breach_export_text(const BreachFile& f, const ProcessingFacts& facts, Time now, Tongue tongue) {
  const bool fr = tongue == Tongue::french;
  Sheet sheet(tongue);
  sheet.row(say::number, f.id);
  sheet.row(say::sender, sender_of(facts));
  sheet.row(say::contact, facts.dpo);
  add_when(sheet, f);
  add_what(sheet, f);
  sheet.row(say::practices, std::vector<std::string>(f.practices.begin(), f.practices.end()));
  sheet.row(say::interventions, numbers(f.interventions));
  add_consequences(sheet, f);
  sheet.row(say::not_told, f.words.authority_not_notified);
  for (const auto& c : clocks_of(f))
    sheet.row(say::clocks, clock_words(c.name).in(tongue) + ", " + sheet.time_text(c.due) + (c.met ? (fr ? ", tenue le " : ", met on ") + sheet.time_text(*c.met) : c.late(now) ? std::string(fr ? ", dépassée" : ", past") : std::string()));
  for (const auto& n : f.notices) sheet.row(say::notices, n.recipient + ", " + kind_words(n.kind).in(tongue) + ", " + sheet.time_text(n.sent_at) + (n.delivered.empty() ? "" : ", " + n.delivered) + (n.delay_reason.empty() ? "" : " (" + n.delay_reason + ")"));
  for (const auto& e : f.evidence) sheet.row(say::evidence, e.what + (e.index ? " [" + std::to_string(*e.index) + "]" : ""));
  sheet.row(say::dismissed, f.dismiss_reason);
  sheet.time(say::closed, f.closed_at);
  sheet.row(say::lessons, f.lessons);
  return sheet.take();
}

}  // namespace pontlevis::gateway
