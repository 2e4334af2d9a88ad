// Copies both ways between two streams until both directions ended, with one 128 KiB buffer a way.
// Back-pressure is not reading while the other side's write is under way: nothing else is queued.
#pragma once

#include <cstdint>
#include <functional>

#include "protocol/io/byte_stream.hpp"

namespace pontlevis::io {

struct SpliceCount {
  std::uint64_t a_to_b = 0;  // bytes
  std::uint64_t b_to_a = 0;
};

// Both streams are closed when it returns. `counts` (may be null) is updated while it runs.
Awaitable<void> splice(ByteStream& a, ByteStream& b, SpliceCount* counts = nullptr);

}  // namespace pontlevis::io
