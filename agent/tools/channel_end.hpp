// The operator's end of one tool: an SSH channel, a browser's stream, or a test's double.
// The SSH server's channel implements io::ByteStream; the agent fills in this struct.
// Everything named here is owned by the caller and outlives serve(). Same loop.
#pragma once

#include <functional>

#include "agent/tools/process.hpp"
#include "protocol/io/byte_stream.hpp"

namespace pontlevis::agent {

struct ChannelEnd {
  io::ByteStream* data = nullptr;  // from the operator: input; towards the operator: output
  io::ByteStream* err = nullptr;   // written only: stderr as extended data; null = dropped
  // Called once, after all output has been written to `data` and shutdown_write() was called on it;
  // right after it `data` is closed. May be empty.
  std::function<void(const ExitStatus&)> send_exit;
};

}  // namespace pontlevis::agent
