// A page of paper: headings, labelled values and tables laid out on A4 and written as a tagged PDF with its fonts in it,
// so that a screen reader follows it and it still looks the same in ten years. Text is laid out by Pango, drawn by Cairo.
// One thread at a time. What it is given is made safe to show first (audit/page.hpp).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/clock.hpp"
#include "protocol/result.hpp"

namespace pontlevis::audit {

struct PdfSettings {
  std::string title;      // of the document, for its metadata and its first line
  std::string language;   // "fr" or "en"
  std::string head_left, head_right;  // of every page: the practice, the number
  std::string foot;       // of every page, before its number
  Time made_at{};
};

struct PdfColumn {
  std::string name;
  double share;  // of the width; all of them make 1
};

class Pdf {
 public:
  struct State;
  explicit Pdf(State& state) : state_(state) {}
  void heading(int level, std::string_view text);  // 1 to 3
  void paragraph(std::string_view text);
  void row(std::string_view label, std::string_view value);  // of a list of labelled values; nothing for an empty value
  void table(const std::vector<PdfColumn>& columns, const std::vector<std::vector<std::string>>& rows);
  void new_page();

 private:
  State& state_;
};

// `draw` is called twice: once to count the pages. Errc::io: the libraries could not make it.
Result<std::string> make_pdf(const PdfSettings& settings, const std::function<void(Pdf&)>& draw);

}  // namespace pontlevis::audit
