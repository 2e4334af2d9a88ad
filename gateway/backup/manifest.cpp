#include "gateway/backup/manifest.hpp"

#include <algorithm>
#include <set>

#include "gateway/backup/pipeline.hpp"
#include "protocol/io/system.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::string_view format = "pontlevis-backup-1";
constexpr std::string_view data_files[] = {"gateway.toml", "trust.json", "gateway.db", "log/log.db", "log/log.vkey", "keys/ca.pem", "keys/ca.key", "keys/server.pem",
                                           "keys/server.key", "keys/log.key", "keys/ssh_host_ed25519_key", "keys/ssh_host_ecdsa_key"};
constexpr std::string_view keys_files[] = {"log/keys.db"};

bool is_hex(std::string_view text) { return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos; }

Result<BackedUpFile> read_file_row(const json::value& value, BackupKind kind, const std::string& where) {
  StrictObject in(value, where);
  BackedUpFile out{in.text("path", 1, 100), static_cast<std::uint64_t>(in.integer("bytes", 0, INT64_MAX)), in.text("sha256", 64, 64)};
  if (!may_be_backed_up(out.path, kind)) in.blame("path", "is not a file of such a backup");
  if (!is_hex(out.sha256)) in.blame("sha256", "is not 64 hex digits");
  PL_CHECK(in.finish());
  return out;
}

}  // namespace

bool may_be_backed_up(std::string_view path, BackupKind kind) noexcept {
  if (kind == BackupKind::keys) return path == keys_files[0];
  return std::find(std::begin(data_files), std::end(data_files), path) != std::end(data_files);
}

std::string print_manifest(const Manifest& m) {
  json::array files;
  for (const auto& file : m.files) files.push_back(json::object{{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  return json::serialize(json::object{{"format", format}, {"kind", word(m.kind)}, {"made_at", to_utc(m.made_at)}, {"origin", m.origin}, {"log_size", m.log_size},
                                      {"checkpoint", m.checkpoint}, {"files", std::move(files)}});
}

Result<Manifest> parse_manifest(std::string_view text, const std::string& where) {
  PL_TRY(object, parse_object(text, max_manifest_bytes, where));
  StrictObject in(object, where);
  Manifest out;
  if (in.text("format", 1, 64) != format) in.blame("format", "is not " + std::string(format));
  out.kind = static_cast<BackupKind>(in.choice("kind", Spelling<BackupKind>::words));
  out.made_at = in.time("made_at");
  out.origin = in.text("origin", 1, 300);
  out.log_size = static_cast<audit::TreeSize>(in.integer("log_size", 0, INT64_MAX));
  out.checkpoint = in.text("checkpoint", 1, 16 * 1024, StrictObject::Lines::many);
  const auto& files = in.array("files", 1, std::size(data_files));
  PL_CHECK(in.finish());
  std::set<std::string> names;
  for (const auto& value : files) {
    PL_TRY(file, read_file_row(value, out.kind, where + ", files"));
    if (!names.insert(file.path).second) return fail(Errc::bad_input, "names a file twice", where);
    out.files.push_back(std::move(file));
  }
  return out;
}

Result<BackedUpFile> describe_file(const std::filesystem::path& folder, const std::string& path) {
  std::error_code ec;
  const auto bytes = std::filesystem::file_size(folder / path, ec);
  if (ec) return fail(Errc::not_found, "is missing", (folder / path).string());
  PL_TRY(sha256, file_sha256(folder / path));
  return BackedUpFile{path, bytes, std::move(sha256)};
}

namespace {

// No link, no device, no name that the manifest does not say.
Result<> nothing_else(const std::filesystem::path& folder, const Manifest& m) {
  std::set<std::string> expected{"manifest.json"};
  for (const auto& file : m.files) expected.insert(file.path);
  std::error_code ec;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ec)) {
    const auto status = entry.symlink_status(ec);
    if (std::filesystem::is_directory(status)) continue;
    const auto name = entry.path().lexically_relative(folder).generic_string();
    if (!std::filesystem::is_regular_file(status) || entry.hard_link_count(ec) != 1 || !expected.contains(name))
      return fail(Errc::bad_input, "holds something that its manifest does not name: " + printable(name, 100), "backup", "this is not a backup of ours");
  }
  return ec ? fail(Errc::io, "cannot be read", folder.string()) : Result<>{};
}

}  // namespace

Result<Manifest> check_files(const std::filesystem::path& folder, BackupKind kind) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(folder / "manifest.json", ec))) return fail(Errc::bad_input, "has no manifest", "backup", "this is not a backup of ours");
  PL_TRY(text, io::read_file(folder / "manifest.json", max_manifest_bytes));
  PL_TRY(manifest, parse_manifest(text, "backup, manifest.json"));
  if (manifest.kind != kind) return fail(Errc::bad_input, "is a backup of " + std::string(word(manifest.kind)), "backup", "--from takes the data, --keys the keys");
  PL_CHECK(nothing_else(folder, manifest));
  for (const auto& file : manifest.files) {
    PL_TRY(found, describe_file(folder, file.path));
    if (found.bytes != file.bytes || found.sha256 != file.sha256) return fail(Errc::bad_signature, "is not what the manifest says", "backup, " + file.path, "the backup is damaged: use another one");
  }
  return manifest;
}

}  // namespace pontlevis::gateway
