// VNC's own password scheme (RFC 6143 §7.2.2), which the agent speaks to the VNC server it started and
// to nobody else: eight characters as a DES key, its bits reversed, over a challenge of 16 bytes. Weak by
// today's measure, so no person is ever given such a password (decision 0011). Any thread.
#pragma once

#include <array>
#include <span>

#include "protocol/random.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::agent {

using VncChallenge = std::array<char, 16>;

// Eight characters of 64: 48 bits, for one server that lives as long as its session.
Secret make_vnc_password(Random& random);

// The answer to a server's challenge. REQUIRES: a password of eight characters.
VncChallenge answer_challenge(const Secret& password, const VncChallenge& challenge);

// What a password file of x11vnc, TigerVNC and others holds: as good as the password itself, because
// the key is the same for all the world. REQUIRES: a password of eight characters.
Secret vnc_password_file(const Secret& password);

}  // namespace pontlevis::agent
