// One session channel of a technician: exec runs a command of ours, a plain shell shows the help. No program is
// ever started here.
#pragma once

#include "gateway/commands/command.hpp"
#include "protocol/io/ssh/ssh_handler.hpp"

namespace pontlevis::gateway {

std::unique_ptr<io::SessionChannelHandler> make_command_channel(Counter& counter, Login login, io::SshChannelPtr channel,
                                                                boost::asio::any_io_executor executor);

}  // namespace pontlevis::gateway
