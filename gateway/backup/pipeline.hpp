// Programs one behind another, each reading what the one before writes: tar, gzip, age. Nothing passes through a shell, no
// secret through an argument; each has a short environment and no descriptor but its three. Blocks; any thread.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "protocol/result.hpp"

namespace pontlevis::gateway {

using Program = std::vector<std::string>;  // argv; the name is looked up in /usr/bin and /bin

// The first reads nothing, the last writes nothing of use. Every one must end with 0; else Errc::io with the words it
// said, or Errc::unavailable when it is not installed.
Result<> run_pipeline(std::span<const Program> programs);

// An age recipient as age-keygen prints it.
bool is_age_recipient(std::string_view text) noexcept;

// The named files below `folder`, as tar, compressed and encrypted, into `to` (mode 0600, fsynced, whole or absent).
Result<> seal_files(const std::filesystem::path& folder, std::span<const std::string> names, const std::string& recipient, const std::filesystem::path& to);
// The reverse, into a folder that is there. What comes out is judged by the caller.
Result<> unseal_files(const std::filesystem::path& from, const std::filesystem::path& identity, const std::filesystem::path& folder);

// SHA-256 of a file of any size, in hex.
Result<std::string> file_sha256(const std::filesystem::path& file);

}  // namespace pontlevis::gateway
