// One forwarded channel of an operator, joined to the session's desktop (ssh -L 5901:desktop:5900 …), when the
// consent grants it. Lives on the loop; keeps its endpoint while it runs.
#pragma once

#include <memory>

#include "protocol/io/ssh/ssh_handler.hpp"

namespace pontlevis::agent {

class Endpoint;
class Session;

// `desktop`, with VIEW or CONTROL; the host's name is the tool's, whatever the port.
bool leads_to_desktop(const Session& session, const io::DirectTcpip& where);

// Starts the session's VNC server where it does not run yet, answers the channel, and serves it to its end.
// While the session is on hold nothing is started. What fails is an attempt, with its reason.
io::Awaitable<void> carry_desktop(std::shared_ptr<Endpoint> endpoint, io::DirectTcpipReply reply);

}  // namespace pontlevis::agent
