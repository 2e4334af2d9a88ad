#include "gateway/outward/letter_texts.hpp"

#include "audit/local_time.hpp"
#include "certs/staff_card.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

struct Words {
  std::string_view code, fr, en;
};

std::string said(std::span<const Words> table, std::string_view code, bool french) {
  for (const auto& row : table)
    if (row.code == code) return std::string(french ? row.fr : row.en);
  return printable(code, 60);
}

constexpr Words outcomes[] = {
    {"SOLVED", "résolu", "solved"}, {"PARTLY_SOLVED", "résolu en partie", "partly solved"}, {"NOT_SOLVED", "non résolu", "not solved"}};
constexpr Words ends[] = {
    {"DONE", "terminée par l'intervenant", "finished by the technician"}, {"WITHDRAWN", "accord retiré par le cabinet", "consent withdrawn by the practice"},
    {"TIMEOUT", "durée accordée écoulée", "the granted time was over"}, {"ERROR", "arrêt sur erreur", "stopped by an error"},
    {"POLICY", "arrêt par une règle de sécurité", "stopped by a security rule"}, {"LINK_LOST", "liaison perdue", "link lost"},
    {"UNKNOWN", "fin constatée après une coupure", "end found after an interruption"}};
constexpr Words clocks[] = {
    {"rights_request", "demande d'exercice de droits", "request of a person for their rights"}, {"breach", "violation de données", "personal-data breach"},
    {"hold", "gel juridique à revoir", "legal hold to look at again"}, {"annual_review", "revue annuelle des données", "annual review of the data"},
    {"contract_end", "fin de contrat : restitution ou suppression", "end of a contract: return or deletion"}, {"finding", "constat à traiter", "finding to be answered"},
    {"backup", "sauvegarde", "backup"}, {"purge", "destruction quotidienne", "daily destruction"}, {"restore_test", "essai de restauration", "test of a restore"}};
constexpr Words lines[] = {
    {"number", "Intervention n°", "Intervention"}, {"system", "Système", "System"}, {"person", "Personne en charge", "Person in charge"},
    {"from", "Début", "Start"}, {"until", "Fin", "End"}, {"active", "Durée active (sans les pauses)", "Active time (without pauses)"},
    {"end", "Fin de l'accès", "End of the access"}, {"tools", "Outils accordés", "Tools granted"}, {"tasks", "Tâches effectuées", "Tasks done"},
    {"outcome", "Résultat", "Outcome"}, {"staff", "Personnels qualifiés consultés", "Qualified staff consulted"}, {"ticket", "Dossier", "Ticket"}};

std::string line(std::string_view name, const std::string& value, bool french) {
  return said(lines, name, french) + (french ? " : " : ": ") + (value.empty() ? (french ? "non renseigné" : "not known") : value) + "\n";
}

std::string name_in_charge(const Intervention& iv) {
  for (const auto& op : iv.request.operators)
    if (op.login == iv.in_charge())
      if (const auto card = certs::StaffCard::peek(op.card)) return card->name;
  return iv.in_charge().text();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

std::string staff_of(const Report& report) {
  std::vector<std::string> out;
  for (const auto& person : report.additional_staff) out.push_back(person.name + " (" + person.qualification + ")");
  return joined(out);
}

std::string time_in(const json::object& end, std::string_view name, bool french) {
  const auto text = text_of(end, name);
  return text.empty() ? std::string() : audit::paris_time(text, french) + (french ? " (heure de Paris)" : " (Paris time)");
}

std::string facts_of(const Intervention& iv, const Practice* practice, bool french) {
  const json::object none;
  const auto& end = iv.session_end ? *iv.session_end : none;
  const auto* system = practice ? practice->system(iv.request.system) : nullptr;
  const auto seconds = number_of(end, "active_seconds");
  std::string out = line("number", iv.id().text(), french) + line("ticket", iv.request.ticket, french);
  out += line("system", system ? system->label : iv.request.system.text(), french) + line("person", name_in_charge(iv), french);
  out += line("tools", iv.consent ? joined(texts_of(*iv.consent, "tools")) : "", french);
  out += line("from", time_in(end, "started_at", french), french) + line("until", time_in(end, "ended_at", french), french);
  out += line("active", seconds ? audit::duration_text(*seconds) : "", french) + line("end", said(ends, text_of(end, "cause"), french), french);
  out += line("outcome", said(outcomes, word(iv.report->outcome), french), french) + line("tasks", iv.report->tasks_summary, french);
  if (!iv.report->additional_staff.empty()) out += line("staff", staff_of(*iv.report), french);
  return out;
}

constexpr std::string_view between = "\n--------------------------------------------------------------\n\n";

}  // namespace

LetterText report_letter(const Intervention& iv, const Practice* practice, const std::string& vendor, const std::string& dpo_contact) {
  const auto number = iv.id().text().substr(0, 8);
  std::string fr = "Bonjour,\n\nvoici le compte rendu de l'intervention à distance que votre cabinet a autorisée.\n\n" + facts_of(iv, practice, true);
  fr += "\nVous pouvez le commenter ou le contester sur la page de votre cabinet, où se trouve aussi votre propre enregistrement de l'intervention. "
        "Ce message ne demande aucun mot de passe et ne contient aucun lien.\n\n" + vendor + "\nProtection des données : " + dpo_contact + "\n";
  std::string en = "Hello,\n\nthis is the report of the remote intervention that your practice allowed.\n\n" + facts_of(iv, practice, false);
  en += "\nYou can comment on it or contest it on your practice's page, where your own record of the intervention stands too. "
        "This message asks for no password and holds no link.\n\n" + vendor + "\nData protection: " + dpo_contact + "\n";
  return {"Compte rendu d'intervention " + number + " / Report of intervention " + number, fr + std::string(between) + en};
}

LetterText clock_letter(const ClockNotice& n) {
  const auto subject = printable(n.subject, 100);
  const auto day_fr = audit::paris_time(n.due, true), day_en = audit::paris_time(n.due, false);
  const std::string fr = said(clocks, n.kind, true), en = said(clocks, n.kind, false);
  LetterText out;
  out.subject = n.late ? "Échéance dépassée : " + fr + " / Overdue: " + en : "Échéance proche : " + fr + " / Due soon: " + en;
  out.text = "Bonjour,\n\n" + fr + " (" + subject + ") : " + (n.late ? "l'échéance est dépassée depuis le " : "l'échéance est le ") + day_fr +
             " (heure de Paris).\nLa page de conformité de la passerelle montre ce qui reste à faire.\n" + std::string(between) + "Hello,\n\n" + en + " (" + subject +
             "): " + (n.late ? "it has been overdue since " : "it is due on ") + day_en + " (Paris time).\nThe gateway's compliance page shows what is left to do.\n";
  return out;
}

LetterText alarm_letter(const std::string& kind, Time at) {
  const auto what = printable(kind, 60);
  return {"Alarme de la passerelle / Gateway alarm: " + what,
          "Bonjour,\n\nla passerelle a enregistré une alarme (" + what + ") le " + audit::paris_time(at, true) +
              " (heure de Paris).\nLe registre des violations et le journal en disent plus, sur la page de conformité.\n" + std::string(between) +
              "Hello,\n\nthe gateway recorded an alarm (" + what + ") on " + audit::paris_time(at, false) +
              " (Paris time).\nThe breach file and the log say more, on the compliance page.\n"};
}

LetterText put_aside_letter(const std::string& delivery, const std::string& subject, bool deletion) {
  const auto number = printable(delivery, 40), about = printable(subject, 40);
  std::string fr = "Bonjour,\n\nle message " + number + " (" + about + ") n'a pas été pris par le système de relation clients et attend une décision : "
                   "le réessayer, ou l'abandonner avec un motif (page de conformité, ou `pontlevis-gateway delivery list`).\n";
  std::string en = "Hello,\n\nmessage " + number + " (" + about + ") was not taken by the customer-relations system and waits for a decision: "
                   "try it again, or drop it with a reason (compliance page, or `pontlevis-gateway delivery list`).\n";
  if (deletion) {
    fr += "C'est un ordre de suppression : tant qu'il n'est pas exécuté, une copie de données détruites ici peut rester là-bas.\n";
    en += "It is a deletion order: until it is carried out, a copy of data that were destroyed here may remain there.\n";
  }
  return {"Message mis de côté / Message put aside: " + about, fr + std::string(between) + en};
}

}  // namespace pontlevis::gateway
