// What a tool starts with: the agent's user and a small environment. Any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace pontlevis::agent {

struct User {
  std::string name, home, shell;
};
User this_user();  // the effective user; "/" and /bin/sh where the system does not know it

// PATH, HOME, USER, LOGNAME, SHELL and LANG of that user, and of `asked` only the names that
// `allowed` lists (a trailing '*' stands for any end). Values with control characters or longer
// than 256 bytes are dropped.
std::vector<std::string> tool_environment(const std::vector<std::string>& allowed,
                                          const std::map<std::string, std::string>& asked);

}  // namespace pontlevis::agent
