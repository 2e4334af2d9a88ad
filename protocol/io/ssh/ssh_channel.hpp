// One channel of an SSH connection: a ByteStream with the words that SSH adds. Lives on the
// connection's io_context thread. May outlive its connection: everything then ends with Errc::closed.
// Both directions are bounded: a reader that stops holds the peer's window (at most 4 MiB), a writer
// waits for window and for the socket, so libssh never buffers more than one chunk per channel.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/io/byte_stream.hpp"

namespace pontlevis::io {

class SshChannel : public ByteStream {
 public:
  // The error stream of a session channel; the same back-pressure and the same one-writer rule as
  // write_all, of which it counts as a second, independent writer.
  virtual Awaitable<Result<>> write_stderr(std::span<const char> bytes) = 0;

  // Sent at once; call one of them, after the last write and before close(). Later calls do nothing.
  virtual void exit_status(int status) = 0;
  virtual void exit_signal(std::string_view name_without_sig, bool core_dumped = false) = 0;

  virtual bool is_open() const noexcept = 0;          // neither side has closed it
  virtual std::uint32_t number() const noexcept = 0;  // 1, 2, 3… within its connection
  virtual std::uint64_t bytes_in() const noexcept = 0;
  virtual std::uint64_t bytes_out() const noexcept = 0;
};

using SshChannelPtr = std::shared_ptr<SshChannel>;

}  // namespace pontlevis::io
