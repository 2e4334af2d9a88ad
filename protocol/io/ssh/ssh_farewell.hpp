// A whole SSH server in two lines, for a client that cannot be let through: it prints `why`. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace pontlevis::io {

// A version line, then SSH_MSG_DISCONNECT in the clear, as is allowed before the key exchange (RFC 4253 §4.2,
// §6, §11.1). Nothing secret is said and no key is used. Control characters of `why` are removed.
std::string ssh_farewell(std::string_view why);

}  // namespace pontlevis::io
