// The record of one intervention on paper, and the main courante as a table: the same words as on the terminal
// (audit/fiche.hpp), for a doctor or an auditor to read and keep (requirements A15, B30). Blocks; any one thread at a time.
#pragma once

#include "audit/fiche.hpp"
#include "audit/printing/pdf.hpp"

namespace pontlevis::audit {

// What the log's own records do not say: both journals compared, what readers noted.
struct PrintedSection {
  std::string title;
  std::vector<std::pair<std::string, std::string>> rows;  // label, value
};
struct PrintedExtras {
  std::string practice_name;
  std::vector<PrintedSection> sections;
  Time made_at{};
};

Result<std::string> print_record_pdf(const Fiche& fiche, const FicheProof& proof, const PrintedExtras& extras, Language language);

// One row an intervention, in the order given.
struct PrintedList {
  std::string title;
  std::vector<std::string> filter;  // one line each, as the reader asked
  std::vector<PdfColumn> columns;
  std::vector<std::vector<std::string>> rows;
  std::string note;  // under the title
  Time made_at{};
};
// `wholes`: the whole records behind the table, each from a new page.
struct PrintedWhole {
  Fiche fiche;
  FicheProof proof;
  PrintedExtras extras;
};
Result<std::string> print_list_pdf(const PrintedList& list, const std::vector<PrintedWhole>& wholes, Language language);

}  // namespace pontlevis::audit
