// What an X display that is made for a session needs and leaves. Any thread.
#pragma once

#include <optional>
#include <string>

#include "protocol/random.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::agent {

// ":123", which nobody used a moment ago; somebody may take it before the server does: then the server
// ends at once, and another try is due. `first_look` spreads the tries.
std::optional<std::string> free_display(unsigned first_look);

// An Xauthority file with one fresh key for whatever display: without it every user of the machine could
// look at this one and type into it.
Secret make_authority(Random& random);

// The socket and lock of a server that was killed before it could remove them; nothing when its process,
// or another one that took the number, still runs.
void remove_stale_display(const std::string& display);

}  // namespace pontlevis::agent
