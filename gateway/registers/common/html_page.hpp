// A page for people: headings, sentences, labelled values, tables. Everything given is escaped; there is no
// script, no picture and no link out but the ones written here. A value; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/registers/common/two.hpp"

namespace pontlevis::gateway {

std::string html_escaped(std::string_view text);

class HtmlPage {
 public:
  HtmlPage(Tongue tongue, std::string_view title);
  void heading(std::string_view text);
  void paragraph(std::string_view text);  // its line ends stay
  struct Labelled { std::string label; std::vector<std::string> values; };
  void pairs(const std::vector<Labelled>& rows);
  void table(std::string_view caption, const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);
  std::string finish();  // the whole document

 private:
  std::string out_;
};

// For the answer that carries such a page: nothing in it may run or load; its one style is named by its hash.
std::string html_page_policy();

}  // namespace pontlevis::gateway
