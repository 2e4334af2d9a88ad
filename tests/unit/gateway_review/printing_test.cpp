// A record on paper: the text that comes out of the PDF is the text that went in, and its frame is what readers of
// screens need. Uses pdftotext and pdfinfo (poppler-utils).
#include "audit/printing/printed_record.hpp"

#include <cstdio>

#include "audit/local_time.hpp"
#include "audit/printing/pdf_language.hpp"
#include "tests/unit/gateway_review/review_fixture.hpp"

namespace pontlevis::gateway {
namespace {

std::string squeezed(std::string_view text) {
  std::string out;
  for (char c : text)
    if (c != ' ' && c != '\n' && c != '\f' && c != '\r') out += c;
  return out;
}

class PrintingTest : public ReviewTest {
 protected:
  std::string output_of(const std::string& command) {
    std::string out;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (!pipe) return {};
    char chunk[4096];
    for (std::size_t n; (n = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;) out.append(chunk, n);
    EXPECT_EQ(::pclose(pipe), 0) << command;
    return out;
  }
  std::string kept(const std::string& pdf, const std::string& name) {
    const auto file = temporary.path() / name;
    EXPECT_TRUE(io::write_file(file, pdf, io::FileMode::owner_only));
    if (const char* keep = std::getenv("KEEP_PDF")) static_cast<void>(io::write_file(std::filesystem::path(keep) / name, pdf, io::FileMode::everyone_reads));
    return file.string();
  }
  std::string printed(const InterventionId& id, const std::string& language, const std::string& cookie) {
    const auto answer = read("/api/v1/review/interventions/" + id.text() + "/record?format=pdf&language=" + language, cookie);
    EXPECT_EQ(answer.status, 200u) << answer.body.substr(0, 300);
    return answer.body;
  }
};

TEST_F(PrintingTest, the_text_of_the_paper_is_the_text_of_the_record) {
  const auto id = whole();
  const auto dpo = in("dpo");
  for (const std::string language : {"fr", "en"}) {
    const auto pdf = printed(id, language, dpo);
    const auto text = squeezed(output_of("pdftotext -layout -enc UTF-8 " + kept(pdf, "record-" + language + ".pdf") + " -"));
    const auto source = *audit::open_folder(folder.root);
    const auto records = core->log->find(id);
    const auto fiche = *audit::read_fiche(*source, id.text());
    const auto proof = *audit::read_proof(*source, fiche);
    std::size_t compared = 0;
    for (const auto& item : audit::fiche_items(fiche, proof, language == "fr" ? audit::Language::french : audit::Language::english)) {
      if (item.value.size() > 60 || item.label.starts_with("feuille") || item.label.starts_with("leaf")) continue;  // wrapped lines interleave with their labels
      EXPECT_NE(text.find(squeezed(item.label)), text.npos) << item.label;
      EXPECT_NE(text.find(squeezed(item.value)), text.npos) << item.label << ": " << item.value;
      ++compared;
    }
    EXPECT_GT(compared, 30u);
    for (const auto* word : {"Filed'impressionvidée,servicerelancé.", "DocteurExemple", "Personnealice"}) EXPECT_NE(text.find(word), text.npos) << word;
    EXPECT_NE(text.find(language == "fr" ? "LESDEUXJOURNAUX" : "BOTHJOURNALS"), text.npos);
  }
}

TEST_F(PrintingTest, it_is_tagged_titled_and_has_its_fonts_and_language) {
  const auto id = whole();
  const auto file = kept(printed(id, "fr", in("dpo")), "frame.pdf");
  const auto info = output_of("pdfinfo " + file);
  EXPECT_NE(info.find("Tagged:          yes"), info.npos) << info;
  EXPECT_NE(info.find("Intervention " + id.text()), info.npos);
  EXPECT_NE(info.find("A4"), info.npos);
  const auto fonts = output_of("pdffonts " + file);
  EXPECT_NE(fonts.find("DejaVuSans"), fonts.npos);
  EXPECT_EQ(fonts.find(" no  "), fonts.npos) << "a font is not in the file\n" << fonts;
  const auto structure = output_of("pdfinfo -struct " + file);
  for (const auto* tag : {"Document", "H1", "H2", "P"}) EXPECT_NE(structure.find(tag), structure.npos) << tag;
  EXPECT_NE(io::read_file(file)->find("/Lang (fr)"), std::string::npos);
}

TEST_F(PrintingTest, a_long_list_runs_over_pages_with_its_head_on_each) {
  audit::PrintedList list{"Main courante", {"Filtre practice : cabinet-exemple"}, {{"Numéro", 0.3}, {"Cabinet", 0.7}}, {}, "120 interventions", clock.now()};
  for (int i = 0; i < 120; ++i) list.rows.push_back({"n" + std::to_string(i), "Cabinet Exemple " + std::to_string(i)});
  const auto pdf = audit::print_list_pdf(list, {}, audit::Language::french);
  ASSERT_TRUE(pdf) << pdf.error().text();
  const auto file = kept(*pdf, "list.pdf");
  const auto text = output_of("pdftotext -layout -enc UTF-8 " + file + " -");
  std::size_t heads = 0;
  for (auto at = text.find("Numéro"); at != text.npos; at = text.find("Numéro", at + 1)) ++heads;
  const auto info = output_of("pdfinfo " + file);
  EXPECT_NE(info.find("Pages:           " + std::to_string(heads)), info.npos) << heads << "\n" << info;
  for (int i = 0; i < 120; ++i) EXPECT_NE(text.find("Cabinet Exemple " + std::to_string(i)), text.npos);
  EXPECT_NE(text.find("page 1 / " + std::to_string(heads)), text.npos);
  EXPECT_NE(output_of("pdfinfo -struct " + file).find("TH"), std::string::npos);
}

TEST_F(PrintingTest, hostile_words_are_only_words) {
  audit::PrintedList list{"x", {std::string("\x1b[31m\xe2\x80\xae") + "à l'envers"}, {{"a", 1.0}}, {{std::string(20'000, 'w')}, {"<b>&amp;"}}, "", clock.now()};
  const auto pdf = audit::print_list_pdf(list, {}, audit::Language::english);
  ASSERT_TRUE(pdf) << pdf.error().text();
  const auto text = output_of("pdftotext -layout -enc UTF-8 " + kept(*pdf, "hostile.pdf") + " -");
  EXPECT_NE(text.find("<b>&amp;"), text.npos) << "markup is text";
  EXPECT_EQ(text.find('\x1b'), text.npos);
}

TEST(PdfLanguage, leaves_alone_what_it_does_not_know) {
  EXPECT_EQ(audit::with_language("no pdf", "fr"), "no pdf");
  EXPECT_EQ(audit::with_language("trailer\n<< /Root 9 0 R /Size 3\n>>\nstartxref\n5\n%%EOF\n", "fr"), "trailer\n<< /Root 9 0 R /Size 3\n>>\nstartxref\n5\n%%EOF\n");
}

}  // namespace
}  // namespace pontlevis::gateway
