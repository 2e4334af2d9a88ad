// The look for what should be gone: every byte of every file named, at every alignment (requirements T16, B20).
// What is looked for stands in memory only, in bytes that wipe themselves. Any thread; blocks for the disk.
// A SQLite file is opened once and kept open for the life of the process: closing it would drop the locks of
// whoever else in this process has it open (POSIX).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.hpp"

namespace pontlevis::audit {

// Besides the log's own files: backups, log files, exports. Files, or folders with all below them.
// One that does not exist is left out.
struct RemanencePaths {
  std::vector<std::filesystem::path> also;
};

struct RemanenceReport {
  std::uint64_t files{}, bytes{};
  std::uint64_t needles{};            // what was looked for
  std::uint64_t found{};              // places
  std::vector<std::string> found_in;  // the files' paths, as they were named
};

// Byte strings of 16 to 64 bytes. Wiped at the end.
class Needles {
 public:
  static constexpr std::size_t shortest = 16, longest = 64;
  Needles() = default;
  Needles(Needles&& other) noexcept;
  Needles& operator=(Needles&& other) noexcept;
  ~Needles();
  void add(std::string_view bytes);  // shorter ones are left out, longer ones cut
  std::size_t size() const noexcept { return starts_.size(); }
  std::string_view at(std::size_t i) const;

 private:
  void wipe() noexcept;
  std::vector<char> bytes_;
  std::vector<std::uint32_t> starts_;
};

// Errc::io: a file could not be read to its end (nothing is known of it then). Errc::closed: asked to stop.
Result<RemanenceReport> look_for(const Needles& needles, std::span<const std::filesystem::path> paths, std::stop_token stop = {});

}  // namespace pontlevis::audit
