#include "agent/tools/environment.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>

#include "agent/tools/process.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

bool allows(const std::vector<std::string>& patterns, std::string_view name) {
  for (std::string_view pattern : patterns) {
    if (pattern == name) return true;
    if (pattern.ends_with('*') && name.starts_with(pattern.substr(0, pattern.size() - 1))) return true;
  }
  return false;
}

bool is_variable(std::string_view name, std::string_view value) {
  return is_variable_name(name) && value.size() <= 256 && !has_control(value);
}

}  // namespace

bool is_variable_name(std::string_view name) {
  const auto good = [](char c) { return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, good) && !(name.front() >= '0' && name.front() <= '9') &&
         !name.starts_with("LD_") && !name.starts_with("PONTLEVIS_");
}

User this_user() {
  passwd entry{}, *found = nullptr;
  std::vector<char> buffer(16 * 1024);
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found) return {"", "/", "/bin/sh"};
  const std::string shell = entry.pw_shell;
  return {entry.pw_name, entry.pw_dir, shell.empty() ? "/bin/sh" : shell};
}

std::vector<std::string> tool_environment(const std::vector<std::string>& allowed,
                                          const std::map<std::string, std::string>& asked,
                                          const std::map<std::string, std::string>& given) {
  const User user = this_user();
  std::map<std::string, std::string> env{{"PATH", std::string(default_path)}, {"HOME", user.home}, {"USER", user.name},
                                         {"LOGNAME", user.name}, {"SHELL", user.shell}, {"LANG", "C.UTF-8"}};
  for (const auto& [name, value] : asked)
    if (allows(allowed, name) && is_variable(name, value)) env[name] = value;
  for (const auto& [name, value] : given) env[name] = value;
  std::vector<std::string> out;
  for (const auto& [name, value] : env) out.push_back(name + "=" + value);
  return out;
}

}  // namespace pontlevis::agent
