#include "agent/tools/desktop/desktop_tool.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "agent/tools/process.hpp"

namespace pontlevis::agent {
namespace {

using Words = std::vector<std::string>;

Words& operator+=(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// No control channel, no program of its own, no option file: what it may do stands on this line.
Words x11vnc(DesktopRight right) {
  Words out{"x11vnc", "-display", "{display}", "-rfbport", "{port}", "-rfbauth", "{password_file}", "-listen", "127.0.0.1",
            "-localhost", "-no6", "-noipv6", "-forever", "-shared", "-norc", "-safer", "-nocmds", "-nolookup", "-nobell", "-quiet"};
  if (right == DesktopRight::view) out += {"-viewonly", "-nosel"};
  return out;
}

// Without a blacklist: five wrong passwords of another local user would shut out the agent itself.
Words xtigervnc(const DesktopTool& tool, DesktopRight right) {
  Words out{"Xtigervnc", "{display}", "-auth", "{authority}", "-rfbport", "{port}", "-SecurityTypes", "VncAuth", "-PasswordFile",
            "{password_file}", "-localhost", "-UseIPv6=0", "-AlwaysShared", "-UseBlacklist=0", "-desktop", "Pontlevis",
            "-geometry", tool.geometry, "-depth", "24", "-nolisten", "tcp", "-noreset"};
  if (right == DesktopRight::view)
    out += {"-AcceptKeyEvents=0", "-AcceptPointerEvents=0", "-AcceptCutText=0", "-SendCutText=0", "-SendPrimary=0", "-AcceptSetDesktopSize=0"};
  return out;
}

void replace_all(std::string& text, std::string_view name, const std::string& value) {
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size())) text.replace(at, name.size(), value);
}

bool has_program(const std::string& name) {
  if (name.contains('/')) return ::access(name.c_str(), X_OK) == 0;
  std::string_view path = default_path;
  while (!path.empty()) {
    const auto end = std::min(path.find(':'), path.size());
    if (::access((std::string(path.substr(0, end)) + "/" + name).c_str(), X_OK) == 0) return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

}  // namespace

bool DesktopTool::makes_display() const {
  if (!display.empty()) return false;
  return command.empty() || std::ranges::any_of(command, [](const auto& word) { return word.contains("{display}"); });
}

Words vnc_command(const DesktopTool& tool, DesktopRight right, const DesktopPlace& place) {
  Words out = !tool.command.empty() ? tool.command : tool.display.empty() ? xtigervnc(tool, right) : x11vnc(right);
  if (!tool.command.empty() && right == DesktopRight::view) out += tool.view_only;
  for (auto& word : out) {
    replace_all(word, "{port}", std::to_string(place.port));
    replace_all(word, "{password_file}", place.password_file());
    replace_all(word, "{authority}", place.authority());
    replace_all(word, "{display}", place.display);
  }
  return out;
}

Words shown_program(const DesktopTool& tool, const DesktopPlace& place) {
  if (tool.start.empty()) return {};
  Words out = tool.prefix;
  out += {"env", "DISPLAY=" + place.display, "XAUTHORITY=" + place.authority()};
  out += tool.start;
  return out;
}

Result<unsigned short> free_loopback_port() {
  using boost::asio::ip::tcp;
  boost::asio::io_context nobody;
  tcp::socket probe(nobody);
  boost::system::error_code error;
  probe.open(tcp::v4(), error);
  if (!error) probe.bind({boost::asio::ip::address_v4::loopback(), 0}, error);
  const auto place = probe.local_endpoint(error);
  if (error) return fail(Errc::io, "no free port on loopback: " + error.message(), "desktop");
  return place.port();
}

std::optional<std::string> missing_program(const DesktopTool& tool) {
  Words needed{vnc_command(tool, DesktopRight::control, {}).front()};
  if (!tool.prefix.empty()) needed.push_back(tool.prefix.front());
  if (!tool.start.empty()) needed.push_back(tool.start.front());
  const auto missing = std::ranges::find_if_not(needed, has_program);
  return missing == needed.end() ? std::nullopt : std::optional(*missing);
}

}  // namespace pontlevis::agent
