#include "audit/disclosure_scan.hpp"

#include <array>
#include <cstring>

#include "audit/record.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t salt_characters = 22;
constexpr unsigned char not_a_digit = 0xff;

constexpr std::array<unsigned char, 256> digits = [] {
  std::array<unsigned char, 256> out{};
  out.fill(not_a_digit);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (std::size_t i = 0; i < alphabet.size(); ++i) out[static_cast<unsigned char>(alphabet[i])] = static_cast<unsigned char>(i);
  return out;
}();

// A digit already where it belongs in three bytes; what is no digit sets a bit above them.
struct Placed {
  std::array<std::uint32_t, 256> at;
};
constexpr std::uint32_t no_digit = 1u << 24;
constexpr Placed placed(unsigned shift) {
  Placed out{};
  for (std::size_t i = 0; i < 256; ++i) out.at[i] = digits[i] == not_a_digit ? no_digit : static_cast<std::uint32_t>(digits[i]) << shift;
  return out;
}
constexpr Placed first_digit = placed(18), second_digit = placed(12), third_digit = placed(6), fourth_digit = placed(0);

// Bytes of a word that are special, as their highest bits (the usual arithmetic on eight bytes at a time; a borrow may
// mark a byte behind a special one, never one before it).
constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
constexpr std::uint64_t zero_bytes(std::uint64_t v) { return (v - ones) & ~v & highs; }
constexpr std::uint64_t special_bytes(std::uint64_t v) {
  return zero_bytes(v ^ ones * '"') | zero_bytes(v ^ ones * '\\') | ((v - ones * 0x20) & ~v & highs);
}

unsigned digit(char c) { return digits[static_cast<unsigned char>(c)]; }

// Canonical JSON, recognised and not built. What it does not know (escapes by number, fractions, deep or wide
// values) it leaves to the parser: no is "not surely", never "no".
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool whole_value() { return value(0) && at_ == end_; }

 private:
  static constexpr int deepest = 8;
  static constexpr std::size_t widest = 24;

  bool take(char c) { return at_ != end_ && *at_ == c && (++at_, true); }
  bool word(std::string_view w) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(w)) return false;
    at_ += w.size();
    return true;
  }
  bool value(int depth) {
    if (at_ == end_ || depth == deepest) return false;
    switch (*at_) {
      case '"': return text();
      case 'n': return word("null");
      case 't': return word("true");
      case 'f': return word("false");
      case '[': return array(depth + 1);
      case '{': return object(depth + 1);
      default: return whole_number();
    }
  }
  bool text() {
    ++at_;
    for (;;) {
      at_ += plain_run({at_, static_cast<std::size_t>(end_ - at_)}, Plain::any);
      if (at_ == end_ || *at_ != '\\') return take('"');
      if (++at_ == end_ || std::string_view("bfnrt\"\\").find(*at_) == std::string_view::npos) return false;
      ++at_;
    }
  }
  bool whole_number() {
    const bool negative = take('-');
    const char* first = at_;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    const auto n = at_ - first;
    return n > 0 && n <= 18 && (*first != '0' || (n == 1 && !negative));
  }
  bool array(int depth) {
    ++at_;
    if (take(']')) return true;
    do {
      if (!value(depth)) return false;
    } while (take(','));
    return take(']');
  }
  bool object(int depth) {
    std::array<std::string_view, widest> names;
    std::size_t count = 0;
    ++at_;
    if (take('}')) return true;
    do {
      const char* first = at_;
      if (count == widest || at_ == end_ || *at_ != '"' || !text()) return false;
      names[count] = {first, static_cast<std::size_t>(at_ - first)};
      for (std::size_t i = 0; i < count; ++i)
        if (names[i] == names[count]) return false;
      ++count;
      if (!take(':') || !value(depth)) return false;
    } while (take(','));
    return take('}');
  }

  const char* at_;
  const char* end_;
};

bool ascii_or_utf8(std::string_view text) {
  unsigned char all = 0;
  for (char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80 || is_utf8(text);
}

// ["salt","name",value] where salt and name are what this product writes.
bool scan_plainly(std::string_view text, ScannedDisclosure& out) {
  constexpr std::size_t name_at = 2 + salt_characters + 3;
  if (text.size() < name_at + 4 || !text.starts_with("[\"") || text.substr(2 + salt_characters, 3) != "\",\"" || !text.ends_with(']')) return false;
  for (std::size_t i = 0; i < salt_characters; ++i)
    if (digit(text[2 + i]) == not_a_digit) return false;
  if ((digit(text[1 + salt_characters]) & 15) != 0) return false;  // 16 bytes leave four bits over
  const auto end = text.find('"', name_at);
  if (end == text.npos || end + 2 >= text.size() || text[end + 1] != ',') return false;
  const auto name = text.substr(name_at, end - name_at);
  for (char c : name)
    if (c == '\\' || static_cast<unsigned char>(c) < 0x20) return false;
  out.value = text.substr(end + 2, text.size() - end - 3);
  if (!ascii_or_utf8(text) || !Scanner(out.value).whole_value()) return false;
  out.name = name;
  return true;
}

// The parser's own word, for whatever the scan was not sure of.
bool scan_by_parsing(std::string_view disclosure, std::string& text, ScannedDisclosure& out) {
  const auto opened = open_disclosure(disclosure);
  if (!opened) return false;
  out.name = opened->name;
  text = json::serialize(opened->value);
  out.value = text;
  return true;
}

template <std::size_t Width>
bool number(std::string_view text, std::size_t at, unsigned& out) {
  out = 0;
  for (std::size_t i = at; i < at + Width; ++i) {
    const auto d = static_cast<unsigned>(text[i]) - '0';
    if (d > 9) return false;
    out = out * 10 + d;
  }
  return true;
}

}  // namespace

bool append_base64url(std::string_view text, std::string& out) {
  const std::size_t tail = text.size() % 4;
  if (tail == 1) return false;
  const std::size_t before = out.size();
  out.resize(before + text.size() / 4 * 3 + (tail == 0 ? 0 : tail - 1));
  char* to = out.data() + before;
  unsigned wrong = 0;
  std::uint32_t all = 0;
  std::size_t i = 0;
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  for (; i + 4 <= text.size(); i += 4, to += 3) {
    const std::uint32_t bits = first_digit.at[from[i]] | second_digit.at[from[i + 1]] | third_digit.at[from[i + 2]] | fourth_digit.at[from[i + 3]];
    all |= bits;
    to[0] = static_cast<char>(bits >> 16);
    to[1] = static_cast<char>(bits >> 8);
    to[2] = static_cast<char>(bits);
  }
  if (all >= no_digit) return false;
  if (tail != 0) {
    const unsigned a = digit(text[i]), b = digit(text[i + 1]), c = tail == 3 ? digit(text[i + 2]) : 0;
    wrong |= a | b | c;
    const unsigned left_over = tail == 3 ? c & 3 : b & 15;  // one value has one form
    if (left_over != 0) return false;
    *to++ = static_cast<char>(a << 2 | b >> 4);
    if (tail == 3) *to++ = static_cast<char>(b << 4 | c >> 2);
  }
  return wrong < 64;
}

namespace {

template <Plain which>
std::size_t plain_words(std::string_view text) {
  const auto special = [&text](std::size_t at) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    return special_bytes(word) | (which == Plain::ascii ? (word & highs) | zero_bytes(word ^ ones * 0x7f) : 0);
  };
  std::size_t i = 0;
  while (i + 32 <= text.size() && (special(i) | special(i + 8) | special(i + 16) | special(i + 24)) == 0) i += 32;
  while (i + 8 <= text.size() && special(i) == 0) i += 8;
  return i;
}

}  // namespace

std::size_t plain_run(std::string_view text, Plain which) {
  std::size_t i = which == Plain::ascii ? plain_words<Plain::ascii>(text) : plain_words<Plain::any>(text);
  for (; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == '"' || c == '\\' || (which == Plain::ascii && c > 0x7e)) break;
  }
  return i;
}

bool scan_disclosure(std::string_view disclosure, std::string& text, ScannedDisclosure& out) {
  if (disclosure.size() > max_disclosure_bytes) return false;
  text.clear();
  if (!append_base64url(disclosure, text)) return false;
  return scan_plainly(text, out) || scan_by_parsing(disclosure, text, out);
}

std::optional<std::string_view> plain_text(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.find('\\') != value.npos) return std::nullopt;
  return value.substr(1, value.size() - 2);
}

std::optional<Time> scan_utc(std::string_view text) {
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0;
  const bool formed = text.size() == 24 && text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' && text[16] == ':' &&
                      text[19] == '.' && text[23] == 'Z' && number<4>(text, 0, year) && number<2>(text, 5, month) && number<2>(text, 8, day) &&
                      number<2>(text, 11, hour) && number<2>(text, 14, minute) && number<2>(text, 17, second) && number<3>(text, 20, millis);
  if (!formed || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return Time{std::chrono::sys_days(date)} + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) + Millis(millis);
}

}  // namespace pontlevis::audit
