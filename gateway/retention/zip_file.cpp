#include "gateway/retention/zip_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/crc.hpp>

#include "protocol/io/system.hpp"

namespace pontlevis::gateway {
namespace {

void put16(std::string& out, std::uint32_t v) { out += {static_cast<char>(v & 255), static_cast<char>(v >> 8 & 255)}; }
void put32(std::string& out, std::uint32_t v) { put16(out, v & 0xffff), put16(out, v >> 16); }

std::uint32_t dos_time(Time t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(t - day));
  const auto years = static_cast<std::uint32_t>(std::max(0, static_cast<int>(date.year()) - 1980));
  const auto days = years << 9 | static_cast<unsigned>(date.month()) << 5 | static_cast<unsigned>(date.day());
  const auto time = static_cast<std::uint32_t>(clock.hours().count()) << 11 | static_cast<std::uint32_t>(clock.minutes().count()) << 5 | static_cast<std::uint32_t>(clock.seconds().count() / 2);
  return days << 16 | time;
}

std::uint32_t crc_of(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::unexpected<Error> too_large(const std::filesystem::path& path) { return fail(Errc::unavailable, "would be larger than a ZIP archive may be", path.string(), "export the bundle with pontlevis-audit export"); }

}  // namespace

Result<ZipFile> ZipFile::create(const std::filesystem::path& path, Time made_at) {
  auto part = path;
  part += ".part";
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  auto* file = fd < 0 ? nullptr : ::fdopen(fd, "wb");
  if (!file) return fail(Errc::io, "cannot be written", part.string());
  return ZipFile(path, std::move(part), file, dos_time(made_at));
}

ZipFile::~ZipFile() {
  if (!file_) return;
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
}

Result<> ZipFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) return fail(Errc::io, "cannot be written", part_.string(), "is the disk full?");
  at_ += bytes.size();
  return {};
}

// Local header, or the same in the central directory.
std::string ZipFile::head(const Entry& e, bool central) const {
  std::string out;
  put32(out, central ? 0x02014b50 : 0x04034b50);
  if (central) put16(out, 3u << 8 | 20);  // made by: Unix, version 2.0
  put16(out, 20);
  put16(out, 1u << 11);  // names are UTF-8
  put16(out, 0);         // stored
  put32(out, time_), put32(out, e.crc), put32(out, e.size), put32(out, e.size);
  put16(out, static_cast<std::uint32_t>(e.name.size())), put16(out, 0);
  if (central) put16(out, 0), put16(out, 0), put16(out, 0), put32(out, 0100600u << 16), put32(out, e.offset);
  return out + e.name;
}

Result<> ZipFile::add(std::string_view name, std::string_view content) {
  if (content.size() > UINT32_MAX || at_ + content.size() + name.size() > UINT32_MAX || entries_.size() >= UINT16_MAX) return too_large(path_);
  entries_.push_back({std::string(name), crc_of(content), static_cast<std::uint32_t>(content.size()), static_cast<std::uint32_t>(at_)});
  PL_CHECK(write(head(entries_.back(), false)));
  return write(content);
}

Result<> ZipFile::add_folder(const std::filesystem::path& folder, const std::string& prefix) {
  std::vector<std::filesystem::path> files;
  std::error_code ec;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ec))
    if (entry.is_regular_file(ec)) files.push_back(entry.path());
  if (ec) return fail(Errc::io, "cannot be read", folder.string());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    PL_TRY(content, io::read_file(file, 256u << 20));
    PL_CHECK(add(prefix + file.lexically_relative(folder).generic_string(), content));
  }
  return {};
}

Result<> ZipFile::finish() {
  const auto start = at_;
  for (const auto& entry : entries_) PL_CHECK(write(head(entry, true)));
  const auto size = at_ - start;
  std::string end;
  put32(end, 0x06054b50), put32(end, 0);
  for (int i = 0; i < 2; ++i) put16(end, static_cast<std::uint32_t>(entries_.size()));
  put32(end, static_cast<std::uint32_t>(size)), put32(end, static_cast<std::uint32_t>(start)), put16(end, 0);
  if (at_ + end.size() > UINT32_MAX) return too_large(path_);
  PL_CHECK(write(end));
  if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0) return fail(Errc::io, "cannot be written", part_.string(), "is the disk full?");
  file_.reset();
  std::error_code ec;
  std::filesystem::rename(part_, path_, ec);
  return ec ? fail(Errc::io, "cannot be renamed", part_.string()) : Result<>{};
}

}  // namespace pontlevis::gateway
