#include "gateway/registers/common/html_page.hpp"

#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}dt{font-weight:600;margin-top:.8rem}dd{margin:0 0 0 1rem}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600;padding:.5rem 0}"
    "th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}p{white-space:pre-line}";

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  return out;
}

HtmlPage::HtmlPage(Tongue tongue, std::string_view title) {
  const auto name = html_escaped(title);
  out_ = "<!doctype html>\n<html lang=\"" + std::string(code_of(tongue)) + "\">\n<head>\n<meta charset=\"utf-8\">\n<title>" + name + "</title>\n<style>" +
         std::string(style) + "</style>\n</head>\n<body>\n<main>\n<h1>" + name + "</h1>\n";
}

void HtmlPage::heading(std::string_view text) { out_ += "<h2>" + html_escaped(text) + "</h2>\n"; }
void HtmlPage::paragraph(std::string_view text) { out_ += "<p>" + html_escaped(text) + "</p>\n"; }

void HtmlPage::pairs(const std::vector<Labelled>& rows) {
  out_ += "<dl>\n";
  for (const auto& row : rows) {
    out_ += "<dt>" + html_escaped(row.label) + "</dt>\n";
    for (const auto& value : row.values) out_ += "<dd>" + html_escaped(value) + "</dd>\n";
  }
  out_ += "</dl>\n";
}

void HtmlPage::table(std::string_view caption, const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  out_ += "<table>\n<caption>" + html_escaped(caption) + "</caption>\n<thead><tr>";
  for (const auto& cell : head) out_ += "<th scope=\"col\">" + html_escaped(cell) + "</th>";
  out_ += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    out_ += "<tr>";
    for (const auto& cell : row) out_ += "<td>" + html_escaped(cell) + "</td>";
    out_ += "</tr>\n";
  }
  out_ += "</tbody>\n</table>\n";
}

std::string HtmlPage::finish() { return std::move(out_) + "</main>\n</body>\n</html>\n"; }

std::string html_page_policy() {
  static const std::string policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" + to_base64(sha256(style).view()) + "'";
  return policy;
}

}  // namespace pontlevis::gateway
