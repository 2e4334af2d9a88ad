#include "gateway/review/export_rows.hpp"

#include "audit/local_time.hpp"
#include "audit/page.hpp"
#include "gateway/store.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

using audit::Language;

const std::string nothing;

struct Column {
  std::string_view fr, en;
  std::string (*value)(const ReviewRow&, const RowWords&, Language);
};

std::string yes(bool value, Language language) { return value ? language == Language::french ? "oui" : "yes" : language == Language::french ? "non" : "no"; }
std::string said(const RowWords& words, WordCode code, Language language) { return code ? audit::word(words.word(code), language) : std::string(); }
std::string paris(std::int64_t at, Language language) { return audit::paris_time(read_time(at), language == Language::french); }

std::string list_of(const std::vector<WordCode>& codes, const RowWords& words, Language language) {
  std::string out;
  for (auto code : codes) out += (out.empty() ? "" : ", ") + said(words, code, language);
  return out;
}

std::string people_of(const ReviewRow& row, const RowWords& words) {
  std::string out;
  for (auto code : row.people) out += (out.empty() ? "" : ", ") + words.label(code);
  return out;
}

constexpr Column columns[] = {
    {"Numéro", "Number", [](const ReviewRow& r, const RowWords&, Language) { return r.id; }},
    {"Demandée (heure de Paris)", "Requested (Paris time)", [](const ReviewRow& r, const RowWords&, Language l) { return paris(r.requested_at, l); }},
    {"Demandée (UTC)", "Requested (UTC)", [](const ReviewRow& r, const RowWords&, Language) { return to_utc(read_time(r.requested_at)); }},
    {"Début (UTC)", "Start (UTC)", [](const ReviewRow& r, const RowWords&, Language) { return r.started_at ? to_utc(read_time(*r.started_at)) : std::string(); }},
    {"Durée active (s)", "Active time (s)", [](const ReviewRow& r, const RowWords&, Language) { return r.active_seconds ? std::to_string(*r.active_seconds) : std::string(); }},
    {"Cabinet", "Practice", [](const ReviewRow& r, const RowWords& w, Language) { return w.word(r.practice); }},
    {"Nom du cabinet", "Name of the practice", [](const ReviewRow& r, const RowWords& w, Language) { return w.practice_name(r.practice); }},
    {"Système", "System", [](const ReviewRow& r, const RowWords& w, Language) { return w.system_label(r.practice, r.system); }},
    {"Outils", "Tools", [](const ReviewRow& r, const RowWords& w, Language l) { return list_of(r.tools, w, l); }},
    {"Dossier", "Ticket", [](const ReviewRow& r, const RowWords&, Language) { return r.ticket; }},
    {"Finalité", "Purpose", [](const ReviewRow& r, const RowWords& w, Language l) { return said(w, r.purpose, l); }},
    {"Criticité", "Criticality", [](const ReviewRow& r, const RowWords& w, Language l) { return said(w, r.criticality, l); }},
    {"Binôme", "Pair", [](const ReviewRow& r, const RowWords&, Language l) { return yes(r.pair, l); }},
    {"Urgence", "Emergency", [](const ReviewRow& r, const RowWords&, Language l) { return yes(r.emergency, l); }},
    {"Suivie en direct", "Watched live", [](const ReviewRow& r, const RowWords&, Language l) { return r.watched ? yes(*r.watched, l) : std::string(); }},
    {"Personne en charge", "In charge", [](const ReviewRow& r, const RowWords& w, Language) { return w.label(r.in_charge); }},
    {"Intervenants", "Operators", [](const ReviewRow& r, const RowWords& w, Language) { return people_of(r, w); }},
    {"État", "State", [](const ReviewRow& r, const RowWords& w, Language l) { return said(w, r.state, l); }},
    {"Cause de fin", "End cause", [](const ReviewRow& r, const RowWords& w, Language l) { return said(w, r.end, l); }},
    {"Résultat", "Outcome", [](const ReviewRow& r, const RowWords& w, Language l) { return said(w, r.outcome, l); }},
    {"Non-conformités", "Non-conformities", [](const ReviewRow& r, const RowWords& w, Language l) { return list_of(r.nonconformities, w, l); }},
};

}  // namespace

const std::string& RowWords::word(WordCode code) const {
  const auto at = words.find(code);
  return at == words.end() ? nothing : at->second.word;
}

const std::string& RowWords::label(WordCode code) const {
  const auto at = words.find(code);
  return at == words.end() ? nothing : at->second.label.empty() ? at->second.word : at->second.label;
}

std::string RowWords::practice_name(WordCode practice) const {
  const auto at = practice_names.find(word(practice));
  return at == practice_names.end() ? word(practice) : at->second;
}

std::string RowWords::system_label(WordCode practice, WordCode system) const {
  const auto at = system_labels.find({word(practice), word(system)});
  return at == system_labels.end() ? label(system) : at->second;
}

inline namespace review_rows {

// A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection).
std::string csv_field(std::string_view text) {
  std::string safe;
  for (char c : audit::safe_line(text)) safe += c == '"' ? "\"\"" : std::string(1, c);
  const bool formula = !safe.empty() && std::string_view("=+-@\t\r").find(safe.front()) != std::string_view::npos;
  if (formula) safe.insert(safe.begin(), '\'');
  const bool quoted = formula || safe.find_first_of(",;\"\r\n") != safe.npos || safe.starts_with(' ') || safe.ends_with(' ');
  return quoted ? '"' + safe + '"' : safe;
}

}  // namespace review_rows

std::string csv_head(Language language) {
  std::string out;
  for (const auto& column : columns) out += (out.empty() ? "" : ",") + csv_field(language == Language::french ? column.fr : column.en);
  return out + "\r\n";
}

std::string csv_line(const ReviewRow& row, const RowWords& words, Language language) {
  std::string out;
  bool first = true;
  for (const auto& column : columns) {
    if (!first) out += ',';
    out += csv_field(column.value(row, words, language));
    first = false;
  }
  return out + "\r\n";
}

std::vector<audit::PdfColumn> paper_columns(Language language) {
  const bool french = language == Language::french;
  return {{french ? "Numéro" : "Number", 0.10}, {french ? "Demandée" : "Requested", 0.17}, {french ? "Cabinet" : "Practice", 0.20},
          {french ? "Système, outils" : "System, tools", 0.18}, {french ? "Personne en charge" : "In charge", 0.17}, {french ? "État, résultat" : "State, outcome", 0.18}};
}

std::vector<std::string> paper_line(const ReviewRow& r, const RowWords& w, Language l) {
  const auto with = [](std::string first, const std::string& second) { return second.empty() ? first : first + ", " + second; };
  return {r.id.substr(0, 8), paris(r.requested_at, l).substr(0, 16), w.practice_name(r.practice), with(w.system_label(r.practice, r.system), list_of(r.tools, w, l)),
          w.label(r.in_charge), with(said(w, r.state, l), said(w, r.outcome, l))};
}

}  // namespace pontlevis::gateway
