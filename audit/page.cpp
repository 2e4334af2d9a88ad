#include "audit/page.hpp"

#include <algorithm>
#include <utility>

#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {
constexpr std::size_t label_width = 27;
constexpr std::size_t indent = 2;
}  // namespace

std::size_t columns(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string safe_line(std::string_view text) {
  if (!is_utf8(text)) return printable(text, 1000);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool c1 = c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    // Marks that turn the direction of writing could make a name read as another.
    const bool turns = text.substr(i, 3) >= "\u202a" && text.substr(i, 3) <= "\u202e";
    const bool isolates = text.substr(i, 3) >= "\u2066" && text.substr(i, 3) <= "\u2069";
    if (c == '\n') out += ' ';
    else if (c < 0x20 || c == 0x7f) out += '?';
    else if (c1) out += '?', ++i;
    else if (turns || isolates) out += '?', i += 2;
    else out += text[i];
  }
  return out;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out = safe_line(text);
  if (columns(out) > width) {
    std::size_t end = 0, seen = 0;
    while (end < out.size() && seen + 1 < width) {
      ++end;
      while (end < out.size() && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) ++end;
      ++seen;
    }
    out = out.substr(0, end) + "…";
  }
  return out + std::string(width - columns(out), ' ');
}

std::vector<std::string> Page::wrap(std::string_view text, std::size_t width) const {
  std::vector<std::string> lines{""};
  std::string rest = safe_line(text) + " ";
  for (std::size_t at = 0, space; (space = rest.find(' ', at)) != rest.npos; at = space + 1) {
    std::string word = rest.substr(at, space - at);
    const std::size_t used = columns(lines.back());
    if (used > 0 && used + 1 + columns(word) > width) lines.emplace_back();
    for (; columns(word) > width; word.erase(0, width)) lines.back() = word.substr(0, width), lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

void Page::title(std::string_view left, std::string_view right) {
  const auto l = safe_line(left), r = safe_line(right);
  items_.push_back({PageItem::Kind::title, l, r});
  const auto used = columns(l) + columns(r);
  out_ += l + std::string(used < width_ ? width_ - used : 1, ' ') + r + "\n";
}

void Page::rule() {
  for (std::size_t i = 0; i < width_; ++i) out_ += "─";
  out_ += "\n";
}

void Page::section(std::string_view name) { pending_ = std::string(name); }

// A heading is written with the first line under it, so that no section stands empty.
void Page::head_once() {
  if (pending_.empty()) return;
  out_ += "\n" + pending_ + "\n";
  items_.push_back({PageItem::Kind::section, std::exchange(pending_, {}), {}});
}

void Page::row(std::string_view label, std::string_view value) {
  if (value.empty()) return;
  head_once();
  items_.push_back({PageItem::Kind::row, std::string(label), std::string(value)});
  out_ += std::string(indent, ' ') + padded(label, label_width) + " ";
  bool first = true;
  for (const auto& part : wrap(value, width_ - indent - label_width - 1)) {
    if (!first) out_ += std::string(indent + label_width + 1, ' ');
    out_ += part + "\n";
    first = false;
  }
}

void Page::line(std::string_view text) {
  head_once();
  items_.push_back({PageItem::Kind::line, {}, std::string(text)});
  for (const auto& part : wrap(text, width_ - indent - label_width - 1)) out_ += std::string(indent + label_width + 1, ' ') + part + "\n";
}

}  // namespace pontlevis::audit
