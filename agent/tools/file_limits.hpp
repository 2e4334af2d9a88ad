// Where the `files` tool may write and how much it may bring in: words of names and sizes alone, no
// I/O. Any thread.
// Uploads only: what goes out is bounded by the consent (TRANSFER_OUT) and by the clock.
// Requirements A02, A14.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pontlevis::agent {

struct FileLimits {
  std::string landing;                // a whole path without links, where relative names start; empty = anywhere
  std::uint64_t largest_file = 0;     // bytes; 0 = no limit
  std::uint64_t largest_session = 0;  // bytes of all uploads of a session together; 0 = no limit
};

// What one session has brought in so far; all its `files` channels share it. Lives on the loop.
struct UploadAccount {
  std::uint64_t bytes = 0;
};

// Is `name`, byte for byte as the client wrote it, strictly inside the landing folder? By its words
// alone: "..", a zero byte or the folder itself is no, links are not looked at (see confine.hpp).
bool lands_in(std::string_view landing, std::string_view name);

// Why `more` bytes that make the file `size` long may not come; empty = they may.
std::string too_much(const FileLimits& limits, const UploadAccount& account, std::uint64_t size, std::uint64_t more);

// `offset` + `length`, or the largest number when that is beyond it.
std::uint64_t end_of(std::uint64_t offset, std::uint64_t length) noexcept;

}  // namespace pontlevis::agent
