#include "gateway/backup/backup_maker.hpp"

#include "audit/verify.hpp"
#include "gateway/backup/pipeline.hpp"
#include "gateway/retention/destructions_list.hpp"
#include "gateway/store.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

using audit::Check;

// Gone whatever way the work ends: it is the only place where a copy lies in the clear.
struct WorkFolder {
  explicit WorkFolder(std::filesystem::path p) : path(std::move(p)) {}
  ~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  std::filesystem::path path;
};

Result<> copy_secret(const std::filesystem::path& from, const std::filesystem::path& to) {
  PL_TRY(content, io::read_secret_file(from, 1 << 20));
  return io::write_file(to, content.expose(), io::FileMode::owner_only);
}
Result<> copy_public(const std::filesystem::path& from, const std::filesystem::path& to) {
  PL_TRY(content, io::read_file(from));
  return io::write_file(to, content, io::FileMode::owner_only);
}

Result<> copy_store(const std::filesystem::path& from, const std::filesystem::path& to) {
  PL_TRY(db, open_store(from));
  return db.run("VACUUM INTO ?", to.string());
}

// "20261122T020000Z": sorts by age.
std::string stamp(Time t) {
  std::string out;
  for (char c : to_utc(t).substr(0, 19))
    if (c != '-' && c != ':') out += c;
  return out + "Z";
}

// What makes a copy of the log worthless. What it says of retention or life is as true of the log itself.
bool is_structural(Check check) { return check == Check::signature || check == Check::tree || check == Check::history || check == Check::records; }

}  // namespace

Result<> BackupMaker::copy() const {
  PL_CHECK(io::make_private_folder(work() / "log"));
  PL_CHECK(io::make_private_folder(work() / "keys"));
  PL_CHECK(log->copy_log(work() / "log" / "log.db"));
  PL_CHECK(log->copy_keys(work() / "log" / "keys.db"));
  PL_CHECK(copy_public(data.log() / "log.vkey", work() / "log" / "log.vkey"));
  PL_CHECK(copy_store(data.store(), work() / "gateway.db"));
  for (const auto& file : {data.config(), data.trust(), data.ca_certificate(), data.server_certificate()})
    PL_CHECK(copy_public(file, work() / file.lexically_relative(data.root)));
  for (const auto& file : {data.ca_key(), data.server_key(), data.log_key(), data.ssh_ed25519(), data.ssh_ecdsa()})
    PL_CHECK(copy_secret(file, work() / file.lexically_relative(data.root)));
  return {};
}

Result<audit::Checkpoint> BackupMaker::verify(std::string& note) const {
  audit::VerifyOptions options;
  options.key = log->verifier();
  options.now = now;
  options.threads = 1;
  PL_TRY(report, audit::verify_folder(work(), options));
  for (const auto& finding : report.findings)
    if (is_structural(finding.check)) return fail(Errc::bad_signature, "does not verify: " + finding.what, "the copy of the log", "run pontlevis-audit verify on the gateway's own folder at once");
  PL_TRY(source, audit::open_folder(work()));
  PL_TRY(latest, source->latest_checkpoint());
  note = std::move(latest);
  return audit::open_checkpoint(note, log->verifier());
}

Result<MadeBackup> BackupMaker::seal(BackupKind kind, const audit::Checkpoint& checkpoint, const std::string& note) const {
  Manifest manifest{kind, now, checkpoint.origin, checkpoint.size, note, {}};
  std::error_code ec;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(work(), ec)) {
    const auto name = entry.path().lexically_relative(work()).generic_string();
    if (!entry.is_regular_file(ec) || !may_be_backed_up(name, kind)) continue;
    PL_TRY(file, describe_file(work(), name));
    manifest.files.push_back(std::move(file));
  }
  std::sort(manifest.files.begin(), manifest.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  PL_CHECK(io::write_file(work() / "manifest.json", print_manifest(manifest), io::FileMode::owner_only));
  std::vector<std::string> names{"manifest.json"};
  for (const auto& file : manifest.files) names.push_back(file.path);
  MadeBackup made{kind, std::string("pontlevis-") + (kind == BackupKind::data ? "data-" : "keys-") + stamp(now) + ".tar.gz.age", {}, 0, checkpoint.size};
  PL_CHECK(seal_files(work(), names, recipient, folder / made.file));
  PL_TRY(sha256, file_sha256(folder / made.file));
  made.sha256 = std::move(sha256);
  made.bytes = std::filesystem::file_size(folder / made.file, ec);
  return made;
}

// Beside the backups and in the clear: what a restore of any of them must destroy again.
Result<> BackupMaker::write_destructions() const {
  PL_TRY(list, list_destructions(*log));
  return io::write_file(folder / "destructions.json", boost::json::serialize(list) + "\n", io::FileMode::owner_only);
}

Result<std::vector<MadeBackup>> BackupMaker::operator()() const {
  std::error_code ec;
  std::filesystem::remove_all(work(), ec);  // of a crash
  const WorkFolder clears(work());
  PL_CHECK(io::make_private_folder(folder));
  PL_CHECK(copy());
  std::string note;
  PL_TRY(checkpoint, verify(note));
  PL_TRY(data_file, seal(BackupKind::data, checkpoint, note));
  auto keys_file = seal(BackupKind::keys, checkpoint, note);
  if (!keys_file) {
    std::filesystem::remove(folder / data_file.file, ec);
    return std::unexpected(keys_file.error());
  }
  PL_CHECK(write_destructions());
  return std::vector<MadeBackup>{std::move(data_file), *std::move(keys_file)};
}

}  // namespace pontlevis::gateway
