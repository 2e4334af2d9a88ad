#include "protocol/io/ssh/ssh_farewell.hpp"

#include <cstdint>

#include "protocol/io/ssh/ssh_connection_impl.hpp"

namespace pontlevis::io {
namespace {

void add_number(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}
void add_text(std::string& out, std::string_view text) {
  add_number(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

}  // namespace

std::string ssh_farewell(std::string_view why) {
  constexpr char ssh_msg_disconnect = 1;
  constexpr std::uint32_t by_application = 11;
  std::string payload(1, ssh_msg_disconnect);
  add_number(payload, by_application);
  add_text(payload, screen_text(why));
  add_text(payload, "");
  auto padding = 8 - (5 + payload.size()) % 8;
  if (padding < 4) padding += 8;
  std::string packet = "SSH-2.0-Pontlevis\r\n";
  add_number(packet, static_cast<std::uint32_t>(1 + payload.size() + padding));
  packet += static_cast<char>(padding);
  return packet + payload + std::string(padding, '\0');
}

}  // namespace pontlevis::io
