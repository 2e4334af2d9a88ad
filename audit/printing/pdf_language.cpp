#include "audit/printing/pdf_language.hpp"

#include <cstdio>

#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto first = text.find(before);
  if (first == text.npos) return {};
  text.remove_prefix(first + before.size());
  const auto last = text.find(after);
  return last == text.npos ? std::string_view() : text.substr(0, last);
}

}  // namespace

std::string with_language(std::string pdf, std::string_view language) {
  const auto trailer_at = pdf.rfind("trailer");
  if (trailer_at == pdf.npos) return pdf;
  const std::string trailer = pdf.substr(trailer_at);
  const std::string root(between(trailer, "/Root ", " 0 R")), size(between(trailer, "/Size ", "\n")), before(between(trailer, "startxref\n", "\n"));
  const std::string info(between(trailer, "/Info ", " 0 R"));
  const auto number = parse_decimal(root, 10'000'000);
  if (!number || !parse_decimal(before, pdf.size())) return pdf;
  const auto begins = "\n" + root + " 0 obj\n";
  const auto object_at = pdf.find(begins);
  const auto end_at = object_at == pdf.npos ? pdf.npos : pdf.find("endobj", object_at);
  if (end_at == pdf.npos) return pdf;
  std::string catalogue = pdf.substr(object_at + 1, end_at - object_at - 1);
  const auto close = catalogue.rfind(">>");
  if (close == catalogue.npos || catalogue.find("/Lang") != catalogue.npos) return pdf;
  catalogue.insert(close, "   /Lang (" + std::string(language) + ")\n   /ViewerPreferences << /DisplayDocTitle true >>\n");
  if (!pdf.ends_with('\n')) pdf += '\n';
  const auto at = pdf.size();
  pdf += catalogue + "endobj\n";
  const auto xref_at = pdf.size();
  char place[32];
  std::snprintf(place, sizeof place, "%010zu 00000 n \n", at);
  pdf += "xref\n" + root + " 1\n" + place + "trailer\n<< /Size " + size + "\n   /Root " + root + " 0 R\n   /Prev " + before + "\n" +
         (info.empty() ? "" : "   /Info " + info + " 0 R\n") + ">>\nstartxref\n" + std::to_string(xref_at) + "\n%%EOF\n";
  return pdf;
}

}  // namespace pontlevis::audit
