#include "audit/printing/pdf.hpp"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>

#include "audit/page.hpp"
#include "audit/printing/pdf_language.hpp"
#include "protocol/text.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
// Fontconfig keeps a pattern of 256 bytes for as long as the program lives.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }
#endif
#endif

namespace pontlevis::audit {
namespace {

// Points. A4, margins of 18 mm.
constexpr double page_width = 595.28, page_height = 841.89, margin = 51, label_width = 150, gap = 10;
constexpr double width = page_width - 2 * margin, top = margin + 26, bottom = page_height - margin - 18;
constexpr const char* family = "DejaVu Sans";

struct Unref {
  void operator()(PangoLayout* l) const noexcept { g_object_unref(l); }
  void operator()(PangoContext* c) const noexcept { g_object_unref(c); }
  void operator()(PangoFontMap* m) const noexcept { g_object_unref(m); }
  void operator()(PangoFontDescription* d) const noexcept { pango_font_description_free(d); }
  void operator()(cairo_t* c) const noexcept { cairo_destroy(c); }
  void operator()(cairo_surface_t* s) const noexcept { cairo_surface_destroy(s); }
};
template <class T>
using Handle = std::unique_ptr<T, Unref>;

cairo_status_t take(void* closure, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

struct Style {
  double size;
  bool bold = false;
  double grey = 0.1;
};
constexpr Style of_heading[] = {{16, true}, {11.5, true, 0.0}, {10, true}};
constexpr Style plain{9}, label_style{9, false, 0.35}, small{7.8, false, 0.35}, head_of_table{8, true}, cell{8};

}  // namespace

struct Pdf::State {
  const PdfSettings& settings;
  Handle<cairo_surface_t> surface;
  Handle<cairo_t> cairo;
  Handle<PangoFontMap> fonts{pango_cairo_font_map_new()};  // its own: it ends with the document
  Handle<PangoContext> context{pango_font_map_create_context(fonts.get())};
  int pages = 1, of = 0;
  double y = top;

  Handle<PangoLayout> layout(std::string_view text, const Style& style, double at_most) const {
    Handle<PangoLayout> out(pango_layout_new(context.get()));
    Handle<PangoFontDescription> font(pango_font_description_new());
    pango_font_description_set_family(font.get(), family);
    pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
    pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(out.get(), font.get());
    pango_layout_set_width(out.get(), static_cast<int>(at_most * PANGO_SCALE));
    pango_layout_set_wrap(out.get(), PANGO_WRAP_WORD_CHAR);
    const auto safe = safe_line(text);
    pango_layout_set_text(out.get(), safe.data(), static_cast<int>(safe.size()));
    return out;
  }
  static double height(PangoLayout* l) {
    int h = 0;
    pango_layout_get_size(l, nullptr, &h);
    return static_cast<double>(h) / PANGO_SCALE;
  }
  void show(PangoLayout* l, const Style& style, double x, double at_y) const {
    cairo_set_source_rgb(cairo.get(), style.grey, style.grey, style.grey);
    cairo_move_to(cairo.get(), x, at_y);
    pango_cairo_show_layout(cairo.get(), l);
  }
  void line(double at_y, double grey) const {
    cairo_set_source_rgb(cairo.get(), grey, grey, grey);
    cairo_set_line_width(cairo.get(), 0.6);
    cairo_move_to(cairo.get(), margin, at_y);
    cairo_line_to(cairo.get(), page_width - margin, at_y);
    cairo_stroke(cairo.get());
  }
  void open_tag(const char* name) const { cairo_tag_begin(cairo.get(), name, nullptr); }
  void close_tag(const char* name) const { cairo_tag_end(cairo.get(), name); }
  void tagged(const char* name, PangoLayout* l, const Style& style, double x, double at_y) const {
    open_tag(name);
    show(l, style, x, at_y);
    close_tag(name);
  }

  // What every page bears: no part of the text.
  void frame() const {
    const auto left = layout(settings.head_left, small, width / 2), right = layout(settings.head_right, small, width / 2);
    pango_layout_set_alignment(right.get(), PANGO_ALIGN_RIGHT);
    show(left.get(), small, margin, margin - 14);
    show(right.get(), small, margin + width / 2, margin - 14);
    line(margin + 4, 0.75);
    const auto number = (settings.language == "fr" ? "page " : "page ") + std::to_string(pages) + (of ? " / " + std::to_string(of) : std::string());
    const auto foot = layout(settings.foot, small, width * 0.8), page = layout(number, small, width * 0.2);
    pango_layout_set_alignment(page.get(), PANGO_ALIGN_RIGHT);
    line(page_height - margin - 8, 0.75);
    show(foot.get(), small, margin, page_height - margin - 3);
    show(page.get(), small, margin + width * 0.8, page_height - margin - 3);
  }
  void turn() {
    cairo_show_page(cairo.get());
    ++pages;
    y = top;
    frame();
  }
  // Room for that much, on this page or the next.
  bool room(double needed) {
    if (y + needed <= bottom || y <= top) return true;
    turn();
    return false;
  }
};

namespace {

// A value longer than a page is cut between its lines.
std::vector<std::string> in_parts(std::string_view text) {
  constexpr std::size_t part = 3000;
  std::vector<std::string> out;
  while (text.size() > part) {
    auto end = text.rfind(' ', part);
    if (end == text.npos || end == 0) end = part;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  out.emplace_back(text);
  return out;
}

}  // namespace

void Pdf::heading(int level, std::string_view text) {
  const auto& style = of_heading[std::clamp(level, 1, 3) - 1];
  const auto l = state_.layout(text, style, width);
  const auto tall = State::height(l.get());
  state_.y += level == 1 ? 0 : 7;
  state_.room(tall + 40);  // never alone at the foot of a page
  const char* const tag = level == 1 ? "H1" : level == 2 ? "H2" : "H3";
  state_.tagged(tag, l.get(), style, margin, state_.y);
  state_.y += tall + 3;
  if (level == 2) state_.line(state_.y, 0.6), state_.y += 4;
}

void Pdf::paragraph(std::string_view text) {
  for (const auto& part : in_parts(text)) {
    const auto l = state_.layout(part, plain, width);
    state_.room(State::height(l.get()));
    state_.tagged("P", l.get(), plain, margin, state_.y);
    state_.y += State::height(l.get()) + 4;
  }
}

void Pdf::row(std::string_view label, std::string_view value) {
  if (value.empty()) return;
  bool first = true;
  for (const auto& part : in_parts(value)) {
    const auto left = state_.layout(first ? label : std::string_view(), label_style, label_width), right = state_.layout(part, plain, width - label_width - gap);
    const auto tall = std::max(State::height(left.get()), State::height(right.get()));
    state_.room(tall);
    state_.open_tag("P");
    state_.show(left.get(), label_style, margin, state_.y);
    state_.show(right.get(), plain, margin + label_width + gap, state_.y);
    state_.close_tag("P");
    state_.y += tall + 1.8;
    first = false;
  }
}

namespace {

struct Line {
  std::vector<Handle<PangoLayout>> cells;
  double tall = 0;
};

Line line_of(const Pdf::State& state, const std::vector<PdfColumn>& columns, const std::vector<std::string>& texts, const Style& style) {
  Line out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out.cells.push_back(state.layout(i < texts.size() ? texts[i] : std::string(), style, width * columns[i].share - 4));
    out.tall = std::max(out.tall, Pdf::State::height(out.cells.back().get()));
  }
  return out;
}

void put_line(Pdf::State& state, const std::vector<PdfColumn>& columns, const Line& line, const Style& style, const char* tag) {
  double x = margin;
  state.open_tag("TR");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    state.tagged(tag, line.cells[i].get(), style, x, state.y);
    x += width * columns[i].share;
  }
  state.close_tag("TR");
  state.y += line.tall + 3;
}

}  // namespace

void Pdf::table(const std::vector<PdfColumn>& columns, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.name);
  const auto head = [&] {
    const auto line = line_of(state_, columns, names, head_of_table);
    put_line(state_, columns, line, head_of_table, "TH");
    state_.line(state_.y - 1.5, 0.6);
    state_.y += 1.5;
  };
  state_.room(60);
  state_.open_tag("Table");
  head();
  for (const auto& row : rows) {
    const auto line = line_of(state_, columns, row, cell);
    if (!state_.room(line.tall)) head();
    put_line(state_, columns, line, cell, "TD");
  }
  state_.close_tag("Table");
  state_.y += 6;
}

void Pdf::new_page() {
  if (state_.y > top) state_.turn();
}

namespace {

void describe(cairo_surface_t* surface, const PdfSettings& settings) {
  cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, settings.title.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Pontlevis " PONTLEVIS_VERSION);
  const auto at = to_utc(settings.made_at).substr(0, 19) + "Z";
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, at.c_str());
}

Result<std::string> pass(const PdfSettings& settings, const std::function<void(Pdf&)>& draw, int of, int& pages) {
  std::string out;
  Pdf::State state{.settings = settings, .surface = Handle<cairo_surface_t>(cairo_pdf_surface_create_for_stream(take, &out, page_width, page_height)), .cairo = nullptr};
  describe(state.surface.get(), settings);
  state.cairo.reset(cairo_create(state.surface.get()));
  state.of = of;
  state.frame();
  cairo_tag_begin(state.cairo.get(), "Document", nullptr);
  Pdf pdf(state);
  draw(pdf);
  cairo_tag_end(state.cairo.get(), "Document");
  cairo_show_page(state.cairo.get());
  cairo_surface_finish(state.surface.get());
  const auto status = cairo_status(state.cairo.get());
  pages = state.pages;
  if (status != CAIRO_STATUS_SUCCESS) return fail(Errc::io, std::string("the page could not be drawn (") + cairo_status_to_string(status) + ")", "PDF");
  return out;
}

}  // namespace

Result<std::string> make_pdf(const PdfSettings& settings, const std::function<void(Pdf&)>& draw) {
  int pages = 0;
  PL_CHECK(pass(settings, draw, 0, pages));
  PL_TRY(out, pass(settings, draw, pages, pages));
  return with_language(std::move(out), settings.language);
}

}  // namespace pontlevis::audit
