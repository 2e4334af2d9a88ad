// A ZIP archive, as a person without any tool opens it: entries are stored, not compressed, so that what lies inside is
// byte for byte what was put there (APPNOTE 6.3.10 §4.3). Written once, front to back. Any thread; blocks for the disk.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/clock.hpp"
#include "protocol/result.hpp"

namespace pontlevis::gateway {

class ZipFile {
 public:
  // Mode 0600; whole or absent: it has its name once finish() has said so.
  static Result<ZipFile> create(const std::filesystem::path& path, Time made_at);
  ZipFile(ZipFile&&) noexcept = default;
  ZipFile& operator=(ZipFile&&) = delete;
  ~ZipFile();

  Result<> add(std::string_view name, std::string_view content);  // at most 4 GiB, and 65,535 entries in all
  Result<> add_folder(const std::filesystem::path& folder, const std::string& prefix);  // in the order of the names
  Result<> finish();

 private:
  struct Close {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
  };
  struct Entry {
    std::string name;
    std::uint32_t crc, size, offset;
  };
  ZipFile(std::filesystem::path path, std::filesystem::path part, std::FILE* file, std::uint32_t time) : path_(std::move(path)), part_(std::move(part)), file_(file), time_(time) {}
  Result<> write(std::string_view bytes);
  std::string head(const Entry& entry, bool central) const;

  std::filesystem::path path_, part_;
  std::unique_ptr<std::FILE, Close> file_;
  std::uint32_t time_;  // as DOS writes it
  std::uint64_t at_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace pontlevis::gateway
