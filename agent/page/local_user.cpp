#include "agent/page/local_user.hpp"

#include <charconv>
#include <fstream>
#include <sstream>
#include <vector>

namespace pontlevis::agent {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  while (!line.empty()) {
    const auto start = line.find_first_not_of(' ');
    if (start == line.npos) break;
    line.remove_prefix(start);
    const auto end = std::min(line.find(' '), line.size());
    out.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return out;
}

std::optional<unsigned> number(std::string_view text, int base) {
  unsigned out = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<unsigned> port_of(std::string_view address) {
  const auto colon = address.rfind(':');
  return colon == address.npos ? std::nullopt : number(address.substr(colon + 1), 16);
}

std::string read_table(const char* path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

}  // namespace

// sl local_address rem_address st tx:rx tr:when retrnsmt uid …; the client's own end is its line.
std::optional<uid_t> find_connection(std::string_view table, unsigned short client_port, unsigned short server_port) {
  while (!table.empty()) {
    const auto end = std::min(table.find('\n'), table.size());
    const auto words = words_of(table.substr(0, end));
    table.remove_prefix(std::min(end + 1, table.size()));
    if (words.size() < 8 || port_of(words[1]) != client_port || port_of(words[2]) != server_port) continue;
    if (const auto uid = number(words[7], 10)) return static_cast<uid_t>(*uid);
  }
  return std::nullopt;
}

std::optional<uid_t> user_of_connection(unsigned short client_port, unsigned short server_port) {
  for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"})
    if (const auto uid = find_connection(read_table(path), client_port, server_port)) return uid;
  return std::nullopt;
}

}  // namespace pontlevis::agent
