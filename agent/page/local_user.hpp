// Which user of this machine is at the other end of a loopback connection: the kernel knows
// (/proc/net/tcp). A page that another local user could drive would be their page too.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

namespace pontlevis::agent {

// Nothing when the kernel does not list the connection (any more): treat it as a stranger's.
std::optional<uid_t> user_of_connection(unsigned short client_port, unsigned short server_port);

// One table of the kernel, as text; for tests and fuzzing.
std::optional<uid_t> find_connection(std::string_view table, unsigned short client_port, unsigned short server_port);

}  // namespace pontlevis::agent
