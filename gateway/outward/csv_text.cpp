#include "gateway/outward/csv_text.hpp"

#include "protocol/json_values.hpp"

namespace pontlevis::gateway {
namespace {

struct Column {
  std::string_view member, fr, en;
};
constexpr Column columns[] = {
    {"intervention", "Numéro d'intervention", "Intervention number"}, {"practice", "Code du cabinet", "Practice code"},
    {"practice_name", "Cabinet", "Practice"}, {"contract", "Contrat", "Contract"}, {"ticket", "Dossier", "Ticket"},
    {"purpose", "Finalité", "Purpose"}, {"criticality", "Criticité", "Criticality"}, {"person_in_charge", "Personne en charge", "Person in charge"},
    {"requested_at", "Demandée le (UTC)", "Requested at (UTC)"}, {"started_at", "Début (UTC)", "Start (UTC)"}, {"ended_at", "Fin (UTC)", "End (UTC)"},
    {"duration_seconds", "Durée (s)", "Duration (s)"}, {"active_seconds", "Durée active (s)", "Active time (s)"}, {"end_cause", "Cause de fin", "Cause of the end"},
    {"systems", "Systèmes", "Systems"}, {"tools", "Outils", "Tools"}, {"tasks_summary", "Tâches effectuées", "Tasks done"}, {"outcome", "Résultat", "Outcome"},
    {"additional_staff", "Personnels qualifiés consultés", "Qualified staff consulted"}, {"nonconformities", "Non-conformités", "Non-conformities"},
    {"practice_comment", "Observation du cabinet", "Comment of the practice"}};

std::string shown(const json::value& value);

std::string shown_object(const json::object& object) {
  if (object.contains("label")) return text_of(object, "label");
  if (object.contains("contested")) return object.at("contested").get_bool() ? "CONTESTED" : "COMMENTED";
  return text_of(object, "name") + " (" + text_of(object, "qualification") + ")";
}

std::string shown(const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_object()) return shown_object(value.get_object());
  if (!value.is_array()) return json::serialize(value);
  std::string out;
  for (const auto& item : value.get_array()) out += (out.empty() ? "" : " ; ") + shown(item);
  return out;
}

// What begins a formula in one spreadsheet or another, full-width forms included.
bool looks_like_formula(std::string_view text) {
  for (std::string_view sign : {"=", "+", "-", "@", "\t", "\r", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"})
    if (text.starts_with(sign)) return true;
  return false;
}

template <class Cell>
std::string line_of(Cell cell) {
  std::string out;
  for (const auto& column : columns) out += (out.empty() ? "" : ",") + csv_cell(cell(column));
  return out + "\r\n";
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string out = looks_like_formula(text) ? "'" : "";
  bool quote = false;
  for (char c : text) {
    if (c == '"') out += '"';
    quote = quote || c == '"' || c == ',' || c == '\n' || c == '\r' || c == ';';
    out += c;
  }
  return quote ? '"' + out + '"' : out;
}

std::string csv_headings() {
  return line_of([](const Column& c) { return std::string(c.fr) + " / " + std::string(c.en); });
}

std::string csv_line(const boost::json::object& content) {
  return line_of([&](const Column& c) {
    const auto* value = content.if_contains(c.member);
    return value ? shown(*value) : std::string();
  });
}

}  // namespace pontlevis::gateway
