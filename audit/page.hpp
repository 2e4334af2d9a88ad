// A page of plain text for a terminal: title, sections, labelled values wrapped at its width. Whatever
// it is given is made safe to show first: no control character of a record reaches the terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pontlevis::audit {

std::size_t columns(std::string_view utf8);  // code points: enough for French and English
std::string safe_line(std::string_view text);
std::string padded(std::string_view text, std::size_t width);  // cut with … when too long

// What was put on a page, for those who lay it out otherwise (audit/printing/). `label` of a title is its left side.
struct PageItem {
  enum class Kind : unsigned char { title, section, row, line } kind{};
  std::string label, value;
};

class Page {
 public:
  explicit Page(std::size_t width = 92) : width_(width) {}
  void title(std::string_view left, std::string_view right);
  void rule();
  void section(std::string_view name);
  void row(std::string_view label, std::string_view value);  // nothing for an empty value
  void line(std::string_view text);                          // in the column of the values
  const std::string& text() const noexcept { return out_; }
  const std::vector<PageItem>& items() const noexcept { return items_; }

 private:
  std::vector<std::string> wrap(std::string_view text, std::size_t width) const;
  void head_once();
  std::size_t width_;
  std::string out_;
  std::string pending_;  // heading of a section that has no line yet
  std::vector<PageItem> items_;
};

}  // namespace pontlevis::audit
