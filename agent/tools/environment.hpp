// What a tool starts with: the agent's user and a small environment. Any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pontlevis::agent {

struct User {
  std::string name, home, shell;
};
// May a tool's environment hold it: a shell's name of 1 to 64 characters, and none that loads code into
// programs (LD_*) or is the agent's own (PONTLEVIS_*)?
bool is_variable_name(std::string_view name);

User this_user();  // the effective user; "/" and /bin/sh where the system does not know it

// PATH, HOME, USER, LOGNAME, SHELL and LANG of that user, and of `asked` only the names that
// `allowed` lists (a trailing '*' stands for any end). Values with control characters or longer
// than 256 bytes are dropped. What the practice gives comes last: nobody can ask it away.
std::vector<std::string> tool_environment(const std::vector<std::string>& allowed,
                                          const std::map<std::string, std::string>& asked,
                                          const std::map<std::string, std::string>& given = {});

}  // namespace pontlevis::agent
