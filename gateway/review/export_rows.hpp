// Rows of the main courante as they leave the gateway: CSV (RFC 4180) and the table of a PDF, with French or English
// headings and words. Runs on the worker's thread over values it was given: no name of a person but those in the rows.
#pragma once

#include "audit/printing/printed_record.hpp"
#include "gateway/review_rows.hpp"

namespace pontlevis::gateway {

// What the codes of the rows mean, and what the loop knew of the practices when the copy was asked for.
struct RowWords {
  std::map<WordCode, ReviewWord> words;
  std::map<std::string, std::string> practice_names;                         // by code
  std::map<std::pair<std::string, std::string>, std::string> system_labels;  // by practice and system

  const std::string& word(WordCode code) const;   // empty: none
  const std::string& label(WordCode code) const;
  std::string practice_name(WordCode practice) const;
  std::string system_label(WordCode practice, WordCode system) const;
};

std::string csv_head(audit::Language language);  // with its line end
std::string csv_line(const ReviewRow& row, const RowWords& words, audit::Language language);
// What a contract's end returns has fields of its own (gateway/retention/return_pack.hpp): each area keeps its word.
inline namespace review_rows {
// One field: quoted where it must be, and never a formula where a spreadsheet opens it.
std::string csv_field(std::string_view text);
}  // namespace review_rows

// The columns that fit on paper, in order of csv_line's first ones.
std::vector<audit::PdfColumn> paper_columns(audit::Language language);
std::vector<std::string> paper_line(const ReviewRow& row, const RowWords& words, audit::Language language);

}  // namespace pontlevis::gateway
