#include "audit/printing/printed_record.hpp"

#include "audit/local_time.hpp"
#include "audit/page.hpp"
#include "protocol/json_values.hpp"

namespace pontlevis::audit {
namespace {

std::string say(Language language, std::string_view fr, std::string_view en) { return std::string(language == Language::french ? fr : en); }

// Columns that a terminal makes of blanks are said with a comma on paper.
std::string without_columns(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto gap = text.find("  ", at);
    out += text.substr(at, gap - at);
    at = gap == text.npos ? text.size() : text.find_first_not_of(' ', gap);
    if (at == text.npos) break;
    if (at < text.size()) out += ", ";
  }
  return out;
}

void draw_items(Pdf& pdf, const std::vector<PageItem>& items) {
  bool named = false;
  for (const auto& item : items) switch (item.kind) {
      case PageItem::Kind::title:  // the first names the page, the next say where it stands
        named ? pdf.paragraph(item.label + " · " + item.value) : pdf.heading(1, item.label);
        named = true;
        break;
      case PageItem::Kind::section: pdf.heading(2, item.label); break;
      case PageItem::Kind::row: pdf.row(item.label, without_columns(item.value)); break;
      case PageItem::Kind::line: pdf.row("", item.value); break;
    }
}

void draw_extras(Pdf& pdf, const PrintedExtras& extras) {
  for (const auto& section : extras.sections) {
    if (section.rows.empty()) continue;
    pdf.heading(2, section.title);
    for (const auto& [label, value] : section.rows) pdf.row(label, value);
  }
}

void draw_whole(Pdf& pdf, const Fiche& fiche, const FicheProof& proof, const PrintedExtras& extras, Language language) {
  draw_items(pdf, fiche_items(fiche, proof, language));
  draw_extras(pdf, extras);
}

std::string made_line(Time at, Language language) {
  return say(language, "Imprimé le ", "Printed on ") + paris_time(at, language == Language::french).substr(0, 10) + ", Pontlevis " + PONTLEVIS_VERSION;
}

}  // namespace

Result<std::string> print_record_pdf(const Fiche& fiche, const FicheProof& proof, const PrintedExtras& extras, Language language) {
  const auto practice = extras.practice_name.empty() ? text_of(fiche.merged, "practice") : extras.practice_name;
  const PdfSettings settings{say(language, "Intervention ", "Intervention ") + fiche.id, say(language, "fr", "en"), practice, fiche.id, made_line(extras.made_at, language), extras.made_at};
  return make_pdf(settings, [&](Pdf& pdf) { draw_whole(pdf, fiche, proof, extras, language); });
}

Result<std::string> print_list_pdf(const PrintedList& list, const std::vector<PrintedWhole>& wholes, Language language) {
  const PdfSettings settings{list.title, say(language, "fr", "en"), list.title, say(language, "main courante", "register of interventions"), made_line(list.made_at, language), list.made_at};
  return make_pdf(settings, [&](Pdf& pdf) {
    pdf.heading(1, list.title);
    for (const auto& line : list.filter) pdf.paragraph(line);
    if (!list.note.empty()) pdf.paragraph(list.note);
    pdf.table(list.columns, list.rows);
    for (const auto& whole : wholes) {
      pdf.new_page();
      draw_whole(pdf, whole.fiche, whole.proof, whole.extras, language);
    }
  });
}

}  // namespace pontlevis::audit
