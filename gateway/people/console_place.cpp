#include "gateway/people/console_place.hpp"

#include <algorithm>

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::string_view scheme = "https://";

bool is_authority(std::string_view text) {
  const auto colon = text.rfind(':');
  const bool bracketed = text.starts_with('[') && text.find(']') != text.npos;
  std::string_view name = text;
  if (colon != text.npos && (!bracketed || colon > text.find(']'))) {
    const auto port = parse_decimal(text.substr(colon + 1), 65535);
    if (!port || *port == 0 || *port == 443) return false;  // 443 has no place in an origin
    name = text.substr(0, colon);
  }
  const auto good = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || (bracketed && (c == ':' || c == '[' || c == ']'));
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), good);
}

std::unexpected<Error> bad(std::string_view text) {
  return fail(Errc::bad_input, "is not the origin of a page over HTTPS: '" + printable(text, 80) + "'", "console.origin",
              "https://gateway.vendor.example or https://gateway.vendor.example:8443, in lower case");
}

}  // namespace

Result<ConsolePlace> ConsolePlace::parse(std::string_view origins, const std::string& host, unsigned port) {
  std::vector<std::string> out;
  while (!origins.empty()) {
    const auto end = std::min(origins.find(' '), origins.size());
    const auto one = origins.substr(0, end);
    origins.remove_prefix(std::min(end + 1, origins.size()));
    if (one.empty()) continue;
    if (!one.starts_with(scheme) || !is_authority(one.substr(scheme.size()))) return bad(one);
    out.emplace_back(one);
  }
  if (!out.empty()) return ConsolePlace(std::move(out));
  const std::string name = host.find(':') == host.npos ? host : "[" + host + "]";
  return ConsolePlace({std::string(scheme) + name + (port == 443 ? "" : ":" + std::to_string(port))});
}

std::string ConsolePlace::host() const {
  const auto authority = std::string_view(origin()).substr(scheme.size());
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  return std::string(authority.substr(0, colon));
}

bool ConsolePlace::is_origin(std::string_view origin) const { return std::find(origins_.begin(), origins_.end(), origin) != origins_.end(); }

bool ConsolePlace::is_host(std::string_view host) const {
  std::string wanted(scheme);
  for (char c : host) wanted += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (wanted.ends_with(":443")) wanted.resize(wanted.size() - 4);
  return is_origin(wanted);
}

}  // namespace pontlevis::gateway
