// The fiche and the table, as text.
#include <algorithm>

#include "audit/fiche.hpp"
#include "audit/local_time.hpp"
#include "audit/page.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

class Writer {
 public:
  Writer(const Fiche& fiche, const FicheProof& proof, Language language)
      : fiche_(fiche), proof_(proof), language_(language), french_(language == Language::french) {}

  const Page& print() {
    head();
    people();
    purpose();
    decision();
    system();
    times();
    session();
    events();
    report();
    proof();
    return page_;
  }

 private:
  std::string say(std::string_view fr, std::string_view en) const { return std::string(french_ ? fr : en); }
  const json::value* value(std::string_view name) const {
    const auto* v = fiche_.merged.if_contains(name);
    return v && !v->is_null() ? v : nullptr;
  }

  static std::string part(const json::object& o, std::initializer_list<std::string_view> names) {
    for (auto name : names)
      if (const auto* v = o.if_contains(name); v && v->is_string() && !v->get_string().empty()) return std::string(v->get_string());
    return {};
  }

  std::string plain(const json::value& v) const {
    if (v.is_string()) return words(std::string_view(v.get_string()));
    if (v.is_bool()) return v.get_bool() ? say("oui", "yes") : say("non", "no");
    if (v.is_null()) return {};
    if (v.is_array()) return listed(v.get_array());
    if (v.is_object()) return named(v.get_object());
    return json::serialize(v);
  }
  std::string words(std::string_view text) const { return from_utc(text) ? moment(text) : word(text, language_); }

  std::string listed(const json::array& list) const {
    std::string out;
    for (const auto& item : list) {
      const auto text = plain(item);
      if (!text.empty()) out += (out.empty() ? "" : ", ") + text;
    }
    return out;
  }
  // A person, a system, a tool: its name and what else it says.
  std::string named(const json::object& o) const {
    if (const auto* program = o.if_contains("program")) return plain(*program) + times(o);  // a program that was ended
    std::string out = part(o, {"display_name", "name", "label"});
    std::string more;
    for (const auto& m : o) {
      const std::string_view key = m.key();
      if (key == "display_name" || key == "name" || key == "label" || key == "login" || key == "keys" || key.ends_with("sha256")) continue;
      const auto text = plain(m.value());
      if (!text.empty()) more += (more.empty() ? "" : ", ") + (m.value().is_number() ? unit(key, text) : named_part(key) + text);
    }
    if (out.empty()) out = part(o, {"login"});
    return more.empty() ? out : out.empty() ? more : out + " (" + more + ")";
  }

  static std::string times(const json::object& o) {
    const auto* count = o.if_contains("count");
    return count && count->is_number() && *count != 1 ? " × " + json::serialize(*count) : "";
  }

  // What a date or a reference inside a person or an event is about, where the value does not say it.
  std::string named_part(std::string_view key) const {
    if (key == "joined_at") return say("arrivée ", "joined ");
    if (key == "left_at") return say("départ ", "left ");
    if (key == "unused_after") return say("inutilisable après ", "dead after ");
    if (key.starts_with("confidentiality")) return say("confidentialité ", "confidentiality ");
    if (key.starts_with("action_limit")) return say("limitation des actions ", "limitation of actions ");
    if (key.starts_with("subprocessor")) return say("sous-traitant ", "sub-processor ");
    return {};
  }

  std::string moment(std::string_view utc) const {
    return paris_time(utc, french_) + " (" + std::string(utc.size() > 19 ? utc.substr(11, 8) : utc) + " UTC)";
  }

  void row(std::string_view fr, std::string_view en, std::string_view name) {
    if (const auto* v = value(name)) page_.row(say(fr, en), plain(*v));
  }
  void seconds(std::string_view fr, std::string_view en, std::string_view name) {
    if (const auto* v = value(name); v && v->is_number()) page_.row(say(fr, en), duration_text(v->to_number<std::int64_t>()));
  }
  void section(std::string_view fr, std::string_view en) { page_.section(say(fr, en)); }

  // "length": 12 → "12 caractères": what a number inside an event means.
  std::string unit(std::string_view key, const std::string& number) const {
    if (key == "length") return number + say(" caractères", " characters");
    if (key == "entropy_bits" || key == "entropy") return number + " bits";
    if (key == "minutes") return number + " min";
    if (key == "port") return say("port ", "port ") + number;
    return std::string(key) + " " + number;
  }
  void bytes(std::string_view fr, std::string_view en, std::string_view name) {
    const auto* v = value(name);
    if (!v || !v->is_number()) return;
    const auto n = v->to_number<std::uint64_t>();
    const auto kib = n / 1024;
    page_.row(say(fr, en), kib < 1 ? std::to_string(n) + say(" octets", " bytes")
                                   : kib < 10240 ? std::to_string(kib) + say(" Kio", " KiB") : std::to_string(kib / 1024) + say(" Mio", " MiB"));
  }

  void head() {
    page_.title(say("FICHE D'INTERVENTION", "INTERVENTION RECORD"), fiche_.id);
    std::string practice = "—";
    for (const auto& [index, record] : fiche_.records)
      if (const auto code = part(record, {"practice"}); !code.empty()) practice = code;
    page_.title(say("Cabinet ", "Practice ") + practice, say("État : ", "State: ") + word(fiche_.state, language_));
    page_.rule();
  }

  void people() {
    section("QUI", "WHO");
    row("Personne en charge", "Person in charge", "person_in_charge");
    if (const auto* list = value("participants"); list && list->is_array()) {
      bool first = true;
      for (const auto& person : list->get_array()) {
        const auto text = plain(person);
        if (first) page_.row(say("Intervenants", "Operators"), text);
        else page_.line(text);
        first = false;
      }
    }
    row("Personnels qualifiés consultés", "Qualified staff consulted", "additional_staff_consulted");
    row("Consultation : justification", "None consulted, because", "none_consulted_justification");
  }

  void purpose() {
    section("POURQUOI", "WHY");
    row("Finalité", "Purpose", "purpose");
    row("Motif de l'intervention", "Reason", "reason");
    row("Tâches prévues", "Planned tasks", "planned_tasks");
    row("Référence du dossier", "Ticket", "ticket_ref");
    row("Référence du contrat", "Contract", "contract_ref");
    row("Référence relation clients", "Customer-relations reference", "crm_ref");
    row("Criticité", "Criticality", "criticality");
    row("Difficulté", "Difficulty", "difficulty");
    row("Binôme exigé", "Pair required", "pair_required");
    row("Urgence", "Emergency", "emergency");
    row("Justification de l'urgence", "Why it could not wait", "emergency_justification");
    row("Règle opposée", "Rule that forbids it", "rule");
    row("Explication", "Explanation", "explanation");
  }

  void decision() {
    section("ACCORD DU CABINET", "DECISION OF THE PRACTICE");
    if (const auto* who = value("approver")) page_.row(say("Personne ayant décidé", "Decided by"), who->is_object() ? part(who->get_object(), {"name", "display_name", "login"}) : plain(*who));
    row("Qualité", "Role", "approver_role");
    row("N° RPPS/ADELI", "National number", "national_id");
    row("Décidée le", "Decided at", "decided_at");
    row("Authentification", "Authentication", "approver_auth");
    row("Moyen", "Means", "expression_method");
    row("Mention d'information", "Notice", "notice_ref");
    row("Modifications demandées", "Changes made", "changes");
    row("Instruction documentée", "Documented instruction", "instruction_id");
    row("Retrait par", "Withdrawn by", "withdrawn_by");
    row("Retrait le", "Withdrawn at", "withdrawn_at");
    row("Suivie par", "Supervised by", "supervised_by");
    row("Sous la responsabilité de", "Responsible person", "responsible_person");
  }

  void system() {
    section("SYSTÈME ET OUTIL", "SYSTEM AND TOOL");
    row("Systèmes impliqués", "Systems", "systems");
    row("Outils", "Tools", "tools");
    row("Outil d'accès à distance", "Remote-access tool", "tool_name");
    row("Version", "Version", "tool_version");
    row("Protocole", "Protocol", "protocol");
    row("Types d'accès autorisés", "Access types", "access_types");
    row("Droits", "Permissions", "permissions");
    row("Données accessibles", "Data that may be seen", "data_categories");
    row("Empreinte du poste", "Host key", "host_key_fingerprint");
    row("Algorithmes", "Algorithms", "algorithms");
  }

  void times() {
    section("QUAND (heure de Paris)", "WHEN (Paris time)");
    row("Demandée le", "Requested at", "requested_at");
    if (!value("requested_at")) time_of("request", say("Demandée le", "Requested at"));
    row("Fenêtre autorisée, du", "Window from", "window_start");
    row("au", "until", "window_end");
    row("Début", "Start", "started_at");
    if (!value("started_at")) row("Début", "Start", "opened_at");
    row("Fin", "End", "ended_at");
    seconds("Durée", "Duration", "duration_seconds");
    seconds("Durée active", "Active time", "active_seconds");
    row("Interruptions", "Pauses", "pauses");
    row("Cause de fin", "End cause", "end_cause");
    if (const auto* v = value("cut_latency_ms")) page_.row(say("Délai de coupure", "Time to cut"), plain(*v) + " ms");
  }
  void time_of(std::string_view type, const std::string& label) {
    for (const auto& [index, record] : fiche_.records)
      if (part(record, {"type"}) == type) return page_.row(label, moment(part(record, {"time"})));
  }

  void session() {
    section("MOT DE PASSE, SUIVI, TRACES", "PASSWORD, SUPERVISION, TRACES");
    if (const auto* list = value("secret_events"); list && list->is_array()) {
      bool first = true;
      for (const auto& event : list->get_array()) {
        const auto text = plain(event);
        if (first) page_.row(say("Vie du mot de passe", "Life of the password"), text);
        else page_.line(text);
        first = false;
      }
    }
    row("Visualisation", "Live view", "live_view");
    row("Enregistrement", "Recording", "recording");
    row("Conservé, jours", "Kept, days", "recording_days");
    bytes("Volume vers le cabinet", "Volume to the practice", "bytes_in");
    bytes("Volume depuis le cabinet", "Volume from the practice", "bytes_out");
    row("Processus arrêtés à la fin", "Processes ended", "processes_ended");
  }

  void events() {
    constexpr std::string_view shown[] = {"password", "pause", "connection", "transfer", "forward", "attempt", "withdrawal", "recovery", "security",
                                          "acceptance", "typist", "handover",
                                          "recording", "recording_view", "destruction"};
    bool any = false;
    for (const auto& [index, record] : fiche_.records) {
      const auto type = part(record, {"type"});
      if (std::find(std::begin(shown), std::end(shown), type) == std::end(shown)) continue;
      if (!any) section("CONNEXIONS ET ÉVÉNEMENTS", "CONNECTIONS AND EVENTS");
      any = true;
      page_.row(paris_time(part(record, {"time"}), french_), word(type, language_) + event_text(record));
    }
  }
  // One event in the words it needs: what a reader asks of a connection is not what they ask of a file.
  std::string event_text(const json::object& record) const {
    const auto type = part(record, {"type"});
    std::string out = joined(record, {"event", "operator"});
    if (type == "connection") {
      const bool left = part(record, {"event"}) == "LEFT";
      out += left ? traffic(record) : joined(record, {"auth_method", "client"});
    } else if (type == "transfer") {
      out += joined(record, {"direction", "name"});
      if (const auto* n = record.if_contains("size"); n && n->is_number()) out += ", " + json::serialize(*n) + say(" octets", " bytes");
      if (const auto* done = record.if_contains("outcome"); done && done->is_bool() && !done->get_bool()) out += say(", incomplet", ", not complete");
    } else if (type == "forward") {
      out += joined(record, {"tool", "target"}) + traffic(record);
    } else if (type == "recording") {
      if (const auto* n = record.if_contains("seconds"); n && n->is_number()) out += ", " + duration_text(n->to_number<std::int64_t>());
      if (const auto last = part(record, {"expires_at"}); !last.empty()) out += say(", à détruire le ", ", to be destroyed on ") + moment(last);
      out += joined(record, {"cause"});
    } else if (type == "acceptance") {
      out += joined(record, {"approver"});
    } else if (type == "handover") {
      out = joined(record, {"by"}) + " → " + joined(record, {"person_in_charge"}).substr(2);
    } else if (type == "typist") {
      if (out.empty()) out = say(", tous les intervenants", ", every operator");
      out += joined(record, {"by"});
    } else if (type == "recording_view") {
      out += joined(record, {"viewed_by"});
    } else if (type == "destruction") {
      out += joined(record, {"reason", "operator", "certificate_id"});
    } else {
      out += joined(record, {"action", "detail", "rule", "tool", "cause", "by", "withdrawn_by"});
    }
    return out.empty() ? out : " : " + out.substr(2);
  }
  std::string joined(const json::object& record, std::initializer_list<std::string_view> names) const {
    std::string out;
    for (auto name : names)
      if (const auto* v = record.if_contains(name); v && !v->is_null())
        if (const auto text = plain(*v); !text.empty()) out += ", " + text;
    return out;
  }
  std::string traffic(const json::object& record) const {
    const auto* in = record.if_contains("bytes_in");
    const auto* from = record.if_contains("bytes_out");
    if (!in || !from || !in->is_number() || !from->is_number()) return {};
    return ", " + json::serialize(*in) + say(" octets reçus, ", " bytes in, ") + json::serialize(*from) + say(" envoyés", " out");
  }

  void report() {
    section("COMPTE RENDU", "REPORT");
    row("Tâches effectuées", "Tasks done", "tasks_summary");
    row("Codes de tâches", "Task codes", "task_codes");
    row("Résultat", "Outcome", "outcome");
    // DONE is said of sessions and of cleaning up; here it is the cleaning.
    if (const auto* cleanup = value("residual_cleanup"))
      page_.row(say("Données résiduelles", "Residual data"), *cleanup == "DONE" ? say("supprimées", "removed") : plain(*cleanup));
    row("Transmis le", "Sent at", "report_sent_at");
    row("Observation du cabinet", "Comment of the practice", "practice_comment");
    row("Contestée", "Contested", "contested");
    comments();
    row("Non-conformités", "Non-conformities", "nonconformities");
    if (!value("tasks_summary")) page_.row(say("Tâches effectuées", "Tasks done"), say("pas encore de compte rendu", "no report yet"));
  }

  // Each by itself, oldest first: a later one does not replace it.
  void comments() {
    for (const auto& [index, record] : fiche_.records) {
      if (part(record, {"type"}) != "comment") continue;
      const auto* contested = record.if_contains("contested");
      const bool disagrees = contested && contested->is_bool() && contested->get_bool();
      page_.row(disagrees ? say("Contestée par le cabinet", "Contested by the practice") : say("Observation du cabinet", "Comment of the practice"),
                part(record, {"text"}));
      page_.line(paris_time(part(record, {"time"}), french_) + joined(record, {"author"}));
    }
  }

  void proof() {
    section("PREUVE", "PROOF");
    for (std::size_t i = 0; i < fiche_.records.size(); ++i) {
      const auto& [index, record] = fiche_.records[i];
      const auto mark = fiche_.sound[i] ? "" : say("  ** ALTÉRÉE **", "  ** ALTERED **");
      page_.row((french_ ? "feuille " : "leaf ") + std::to_string(index), padded(word(part(record, {"type"}), language_), 24) + moment(part(record, {"time"})) + mark);
    }
    page_.row(say("Journal", "Log"), proof_.checkpoint.origin);
    page_.row(say("Point de contrôle", "Checkpoint"), std::to_string(proof_.checkpoint.size) + say(" enregistrements, racine ", " records, root ") + to_base64(proof_.checkpoint.root.view()));
    std::string names;
    for (const auto& c : proof_.cosigned)
      names += (names.empty() ? "" : ", ") + c.witness + " " + say("le ", "at ") + paris_time(Time(std::chrono::seconds(static_cast<std::int64_t>(c.time))), french_);
    page_.row(say("Témoins", "Cosigned by"), names.empty() ? say("aucun à ce jour", "nobody so far") : names);
    page_.row(say("Contrôle complet", "Full check"), "pontlevis-audit verify");
  }

  const Fiche& fiche_;
  const FicheProof& proof_;
  Language language_;
  bool french_;
  Page page_;
};

std::string short_text(const json::object& o, std::string_view name) {
  const auto* v = o.if_contains(name);
  if (!v) return {};
  if (v->is_string()) return std::string(v->get_string());
  if (v->is_array()) return v->get_array().empty() ? "" : short_text(json::object{{"x", v->get_array()[0]}}, "x");
  if (v->is_object())
    for (auto key : {"display_name", "name", "label", "system_id", "id", "login"})
      if (const auto* inner = v->get_object().if_contains(key); inner && inner->is_string()) return std::string(inner->get_string());
  return {};
}

std::string table_row(const Fiche& f, Language language) {
  const bool french = language == Language::french;
  std::string when = f.records.empty() ? "" : paris_time(short_text(f.records.front().second, "time"), french);
  const auto* seconds = f.merged.if_contains("duration_seconds");
  std::string practice = short_text(f.merged, "practice");
  return f.id.substr(0, 8) + "  " + padded(when.substr(0, 16), 16) + "  " + padded(practice, 18) + "  " + padded(short_text(f.merged, "person_in_charge"), 16) +
         "  " + padded(word(f.state, language), 14) + "  " +
         (seconds && seconds->is_number() ? duration_text(seconds->to_number<std::int64_t>()) : std::string("—"));
}

}  // namespace

std::string print_fiche(const Fiche& fiche, const FicheProof& proof, Language language) { return Writer(fiche, proof, language).print().text(); }

std::vector<PageItem> fiche_items(const Fiche& fiche, const FicheProof& proof, Language language) { return Writer(fiche, proof, language).print().items(); }

std::string print_table(const std::vector<Fiche>& fiches, Language language) {
  const bool french = language == Language::french;
  std::string out = french ? "N°        Demandée (Paris)  Cabinet             Responsable       État            Durée\n"
                           : "No.       Requested (Paris) Practice            In charge         State           Duration\n";
  for (int i = 0; i < 92; ++i) out += "─";
  out += "\n";
  for (const auto& f : fiches) {
    auto line = table_row(f, language);
    while (line.ends_with(' ')) line.pop_back();
    out += line + "\n";
  }
  if (fiches.empty()) out += french ? "aucune intervention\n" : "no intervention\n";
  return out;
}

}  // namespace pontlevis::audit
