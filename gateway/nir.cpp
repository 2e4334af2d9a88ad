#include "gateway/nir.hpp"

#include <array>
#include <cstdint>

namespace pontlevis::gateway {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool separator(char c) { return c == ' ' || c == '.' || c == '-' || c == '\n'; }

// The 13 characters as a number: 2A counts as 19 and 2B as 18, as INSEE computes the key.
bool key_fits(const std::array<char, 15>& c) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 13; ++i) {
    char value = c[i];
    if (i == 5 && !digit(c[6])) value = '1';
    if (i == 6 && !digit(c[6])) value = c[6] == 'A' || c[6] == 'a' ? '9' : '8';
    number = number * 10 + static_cast<std::uint64_t>(value - '0');
  }
  const auto key = static_cast<std::uint64_t>((c[13] - '0') * 10 + (c[14] - '0'));
  return key == 97 - number % 97;
}

bool letter_of_corsica(const std::array<char, 15>& c, std::size_t at, char letter) {
  return at == 6 && c[5] == '2' && (letter == 'A' || letter == 'B' || letter == 'a' || letter == 'b');
}

bool starts_here(std::string_view text, std::size_t start) {
  std::array<char, 15> c{};
  std::size_t n = 0, at = start;
  for (; at < text.size() && n < c.size(); ++at) {
    if (separator(text[at])) continue;
    if (!digit(text[at]) && !letter_of_corsica(c, n, text[at])) return false;
    c[n++] = text[at];
  }
  if (n != c.size() || (at < text.size() && digit(text[at]))) return false;
  const bool known_first = c[0] == '1' || c[0] == '2' || c[0] == '3' || c[0] == '4' || c[0] == '7' || c[0] == '8';
  return known_first && key_fits(c);
}

}  // namespace

bool holds_nir(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (digit(text[i]) && (i == 0 || !digit(text[i - 1])) && starts_here(text, i)) return true;
  return false;
}

}  // namespace pontlevis::gateway
