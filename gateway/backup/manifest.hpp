// What a backup says of itself: manifest.json, the first file of the archive. The archive is encrypted but anybody may have
// encrypted one to us, so nothing in it is believed before its files were found to be exactly these.
//   {"format":"pontlevis-backup-1","kind":"DATA","made_at":…,"origin":…,"log_size":N,"checkpoint":NOTE,
//    "files":[{"path","bytes","sha256"}]}
// The decoder is strict and bounded. Pure but for check_files(); any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audit/checkpoint.hpp"
#include "protocol/clock.hpp"
#include "protocol/result.hpp"
#include "protocol/words.hpp"

namespace pontlevis::gateway {

enum class BackupKind { data, keys };

struct BackedUpFile {
  std::string path;  // below the data folder; one of a fixed list of names
  std::uint64_t bytes{};
  std::string sha256;
};

struct Manifest {
  BackupKind kind{};
  Time made_at{};
  std::string origin;
  audit::TreeSize log_size{};
  std::string checkpoint;  // of the log, verbatim
  std::vector<BackedUpFile> files;
};

constexpr std::size_t max_manifest_bytes = 64 * 1024;
std::string print_manifest(const Manifest& manifest);
Result<Manifest> parse_manifest(std::string_view text, const std::string& where);

// Which files a backup may hold.
bool may_be_backed_up(std::string_view path, BackupKind kind) noexcept;
Result<BackedUpFile> describe_file(const std::filesystem::path& folder, const std::string& path);
// `folder` holds manifest.json and these regular files and nothing else; each is what the manifest says.
Result<Manifest> check_files(const std::filesystem::path& folder, BackupKind kind);

}  // namespace pontlevis::gateway
template <> struct pontlevis::Spelling<pontlevis::gateway::BackupKind> {
  static constexpr std::array<std::string_view, 2> words{"DATA", "KEYS"};
};
