// The system's random source, and files that must be whole or absent. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "protocol/clock.hpp"
#include "protocol/random.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::io {

// RAND_bytes; ends the process if the generator fails.
class SystemRandom final : public Random {
 public:
  void fill(std::span<unsigned char> out) override;
};

// Reads at most `max` bytes; longer is an error.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t max = 1 << 20);
// The same for a private key or password: refuses a file that others than its owner can read.
Result<Secret> read_secret_file(const std::filesystem::path& path, std::size_t max = 1 << 16);

// Whole or absent: temporary file in the same folder, fsync, rename, fsync of the folder.
enum class FileMode { everyone_reads = 0644, owner_only = 0600 };
Result<> write_file(const std::filesystem::path& path, std::string_view content, FileMode mode);

// A folder with mode 0700, made with its parents where missing.
Result<> make_private_folder(const std::filesystem::path& path);

}  // namespace pontlevis::io
