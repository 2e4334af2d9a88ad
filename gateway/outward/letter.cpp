#include "gateway/outward/letter.hpp"

#include <algorithm>

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t longest_line = 76, most_word_bytes = 45;  // 45 bytes are 60 characters of base64

std::string hex_escape(char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'=', digits[byte >> 4], digits[byte & 15]};
}

// One line without its end, folded by "=" CRLF.
std::string encoded_line(std::string_view line) {
  std::string out;
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool last = i + 1 == line.size();
    const bool plain = (c > ' ' && c < 0x7f && c != '=') || (c == ' ' && !last);
    const auto piece = plain ? std::string(1, c) : hex_escape(c);
    if (width + piece.size() > longest_line - 1) {
      out += "=\r\n";
      width = 0;
    }
    out += piece;
    width += piece.size();
  }
  return out;
}

// A header's text on one line: whatever would end it becomes a blank.
std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  return is_utf8(out) ? out : std::string("?");
}

bool plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; }) && text.find("=?") == text.npos;
}

std::string two(long long number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string domain_of(std::string_view address) { return std::string(address.substr(std::min(address.find('@') + 1, address.size()))); }

std::string sender(const LetterParts& parts) {
  return parts.from_name.empty() ? "<" + parts.from + ">" : encoded_words(parts.from_name) + " <" + parts.from + ">";
}

}  // namespace

std::size_t whole_characters(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text.size();
  while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xc0) == 0x80) --max;
  return max;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out += encoded_line(line) + "\r\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string encoded_words(std::string_view text) {
  const auto line = one_line(text);
  const bool special = line.find_first_of("<>\"(),:;@[]\\") != line.npos;
  if (plain_ascii(line) && !special && line.size() <= 60) return line;
  std::string out;
  for (std::string_view rest = line; !rest.empty();) {
    const auto n = whole_characters(rest, most_word_bytes);
    out += (out.empty() ? "" : "\r\n ") + std::string("=?UTF-8?B?") + to_base64(rest.substr(0, n)) + "?=";
    rest.remove_prefix(n);
  }
  return out;
}

std::string mail_date(Time t) {
  constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(t - day));
  const auto name = std::string(days[std::chrono::weekday(day).c_encoding()]), month = std::string(months[static_cast<unsigned>(date.month()) - 1]);
  return name + ", " + two(static_cast<unsigned>(date.day())) + " " + month + " " + std::to_string(static_cast<int>(date.year())) + " " +
         two(time.hours().count()) + ":" + two(time.minutes().count()) + ":" + two(time.seconds().count()) + " +0000";
}

std::string print_letter(const LetterParts& p) {
  std::string out = "From: " + sender(p) + "\r\nTo: <" + p.to + ">\r\nSubject: " + encoded_words(p.subject) + "\r\nDate: " + mail_date(p.date) +
                    "\r\nMessage-ID: <" + p.id + "@" + domain_of(p.from) + ">\r\nAuto-Submitted: auto-generated\r\nContent-Language: " + p.language + ", en" +
                    "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
  return out + quoted_printable(p.text);
}

}  // namespace pontlevis::gateway
