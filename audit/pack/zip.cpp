// ZIP files, by libzip: written as one reads them anywhere, read as if a stranger had made them.
#include <zip.h>

#include <fstream>

#include "audit/pack/pack.hpp"
#include "protocol/c_handle.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

namespace fs = std::filesystem;
using ZipFile = CHandle<zip_file_t, zip_fclose>;

struct Discard {
  void operator()(zip_t* z) const noexcept { zip_discard(z); }
};
using Zip = std::unique_ptr<zip_t, Discard>;

std::unexpected<Error> trouble(zip_t* zip, const std::string& where) { return fail(Errc::io, zip_strerror(zip), where); }

Result<> add(zip_t* zip, const fs::path& file, const std::string& name) {
  zip_source_t* source = zip_source_file(zip, file.c_str(), 0, -1);
  if (!source) return trouble(zip, file.string());
  const auto at = zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (at >= 0) return {};
  zip_source_free(source);
  return trouble(zip, name);
}

// A link, a device or the like is no file of ours.
bool is_plain(zip_t* zip, zip_uint64_t at) {
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  if (zip_file_get_external_attributes(zip, at, 0, &system, &attributes) != 0 || system != ZIP_OPSYS_UNIX) return true;
  const auto kind = attributes >> 16 & 0170000;
  return kind == 0 || kind == 0100000;
}

Result<> take_out(zip_t* zip, zip_uint64_t at, const fs::path& to, std::uint64_t& left) {
  zip_stat_t stat;
  if (zip_stat_index(zip, at, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_NAME) || !(stat.valid & ZIP_STAT_SIZE)) return trouble(zip, "ZIP");
  const std::string name = stat.name;
  if (!is_pack_name(name) || !is_plain(zip, at)) return fail(Errc::bad_input, "is no name of a pack", printable(name, 120));
  if (stat.size > max_pack_file_bytes || stat.size > left) return fail(Errc::bad_input, "is larger than a pack may be", name);
  left -= stat.size;
  ZipFile file(zip_fopen_index(zip, at, 0));
  if (!file) return trouble(zip, name);
  std::error_code ec;
  fs::create_directories((to / name).parent_path(), ec);
  if (fs::exists(to / name, ec)) return fail(Errc::bad_input, "stands twice", name);
  std::ofstream out(to / name, std::ios::binary | std::ios::trunc);
  std::string chunk(1 << 16, '\0');
  for (std::uint64_t rest = stat.size;;) {
    const auto n = zip_fread(file.get(), chunk.data(), chunk.size());
    if (n < 0 || static_cast<std::uint64_t>(n) > rest) return fail(Errc::bad_input, "is damaged", name);
    if (n == 0) break;
    out.write(chunk.data(), n);
    rest -= static_cast<std::uint64_t>(n);
  }
  out.close();
  if (!out) return fail(Errc::io, "cannot be written", (to / name).string());
  return {};
}

}  // namespace

Result<> write_zip(const fs::path& folder, const fs::path& file) {
  int error = 0;
  Zip zip(zip_open(file.c_str(), ZIP_CREATE | ZIP_EXCL, &error));
  if (!zip) return fail(Errc::io, "cannot be made", file.string());
  std::vector<fs::path> files;
  std::error_code ec;
  for (fs::recursive_directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec))
    if (it->is_regular_file()) files.push_back(it->path());
  if (ec) return fail(Errc::io, "cannot be read", folder.string());
  std::sort(files.begin(), files.end());
  for (const auto& one : files) PL_CHECK(add(zip.get(), one, fs::relative(one, folder, ec).generic_string()));
  if (zip_close(zip.get()) != 0) return trouble(zip.get(), file.string());
  static_cast<void>(zip.release());
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, ec);
  return {};
}

Result<> read_zip(const fs::path& file, const fs::path& to) {
  int error = 0;
  Zip zip(zip_open(file.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (!zip) return fail(error == ZIP_ER_NOENT ? Errc::not_found : Errc::bad_input, error == ZIP_ER_NOENT ? "is not there" : "is not a ZIP file, or a damaged one", file.string());
  const auto count = zip_get_num_entries(zip.get(), 0);
  if (count < 0 || static_cast<std::size_t>(count) > max_pack_files) return fail(Errc::bad_input, "holds too many files", file.string());
  PL_CHECK(io::make_private_folder(to));
  std::uint64_t left = max_pack_bytes;
  for (zip_int64_t i = 0; i < count; ++i) PL_CHECK(take_out(zip.get(), static_cast<zip_uint64_t>(i), to, left));
  return {};
}

}  // namespace pontlevis::audit
