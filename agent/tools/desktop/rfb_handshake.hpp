// The first words of RFB (RFC 6143 §7.1), at both ends: the agent is the VNC server's only client, with the
// password that it alone knows, and a server without a password to the operator's client, whose sealed
// connection has proved a card's key and a one-time password already (decision 0011).
// Versions 3.3, 3.7 and 3.8. On the session's loop; the streams are the caller's; no deadline of its own.
#pragma once

#include "protocol/io/byte_stream.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::agent {

// To the server, up to its "OK"; ClientInit comes next. not_allowed: it asks for no password, or refuses
// ours; bad_frame: it does not speak RFB.
io::Awaitable<Result<>> log_in_to_vnc(io::ByteStream& server, const Secret& password);

// To the operator's client, up to our "OK"; its ClientInit comes next. bad_frame: it does not speak RFB.
io::Awaitable<Result<>> welcome_vnc_client(io::ByteStream& client);

}  // namespace pontlevis::agent
