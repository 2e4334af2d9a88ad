#include "protocol/io/outward/syslog_text.hpp"

#include <boost/asio/ip/address.hpp>

#include "protocol/text.hpp"

namespace pontlevis::io {
namespace {

constexpr unsigned audit_facility = 13;  // "log audit"
constexpr std::size_t most_value_bytes = 512;

// PRINTUSASCII of at most `max`, or "-".
std::string word_of(std::string_view text, std::size_t max) {
  std::string out;
  for (char c : text.substr(0, max)) out += c > ' ' && c < 0x7f ? c : '_';
  return out.empty() ? "-" : out;
}

// SD-NAME: no '=', ' ', ']' or '"' either.
std::string name_of(std::string_view text) {
  auto out = word_of(text, 32);
  for (char& c : out)
    if (c == '=' || c == ']' || c == '"') c = '_';
  return out;
}

// At most `max` bytes, cut between two characters.
std::string_view cut(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xc0) == 0x80) --max;
  return text.substr(0, max);
}

std::string value_of(std::string_view text) {
  if (!is_utf8(text)) return {};
  std::string out;
  for (char c : cut(text, most_value_bytes)) {
    if (c == '"' || c == '\\' || c == ']') out += '\\';
    out += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? ' ' : c;
  }
  return out;
}

bool part_of_address(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' || c == ':';
}

bool is_address(std::string_view piece) {
  while (!piece.empty() && (piece.back() == '.' || (piece.back() == ':' && !piece.ends_with("::")))) piece.remove_suffix(1);
  if (piece.size() < 2 || piece.find_first_of(".:") == piece.npos) return false;
  boost::system::error_code not_one;
  boost::asio::ip::make_address(piece, not_one);
  if (!not_one) return true;
  const auto colon = piece.rfind(':');  // 192.0.2.1:443
  if (colon == piece.npos || piece.find(':') != colon) return false;
  boost::asio::ip::make_address(piece.substr(0, colon), not_one);
  return !not_one;
}

}  // namespace

bool holds_address(std::string_view text) {
  while (!text.empty()) {
    const auto begin = std::find_if(text.begin(), text.end(), part_of_address);
    const auto end = std::find_if_not(begin, text.end(), part_of_address);
    if (is_address(std::string_view(begin, end))) return true;
    text = std::string_view(end, text.end());
  }
  return false;
}

std::string print_syslog(const SyslogMessage& m) {
  const unsigned priority = audit_facility * 8 + static_cast<unsigned>(m.severity);
  const auto host = holds_address(m.host) ? std::string("-") : word_of(m.host, 255);
  std::string out = "<" + std::to_string(priority) + ">1 " + to_utc(m.time) + " " + host + " " + word_of(m.app, 48) + " - " +
                    word_of(m.msgid, 32) + " ";
  std::string data = "[" + name_of(m.sd_id);
  for (const auto& [name, value] : m.parameters) {
    if (holds_address(value)) continue;
    auto parameter = " " + name_of(name) + "=\"" + value_of(value) + "\"";
    if (out.size() + data.size() + parameter.size() + 1 > most_syslog_bytes) break;
    data += parameter;
  }
  return out + data + "]";
}

std::string syslog_frame(std::string_view message) { return std::to_string(message.size()) + " " + std::string(message); }

}  // namespace pontlevis::io
