#include "gateway/backup/restore.hpp"

#include "audit/destruction.hpp"
#include "audit/verify.hpp"
#include "gateway/backup/manifest.hpp"
#include "gateway/backup/pipeline.hpp"
#include "gateway/interventions.hpp"
#include "gateway/practices.hpp"
#include "gateway/retention/destructions_list.hpp"
#include "gateway/retention/stripped.hpp"
#include "gateway/store.hpp"
#include "gateway/witnesses/behind.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

// Emptied again unless all went well: half a gateway must never be started.
class NewFolder {
 public:
  static Result<NewFolder> make(const std::filesystem::path& path) {
    std::error_code ec;
    if (std::filesystem::exists(path, ec) && !std::filesystem::is_empty(path, ec))
      return fail(Errc::conflict, "is not empty", path.string(), "restore into a new folder, look at it, then move it");
    PL_CHECK(io::make_private_folder(path));
    return NewFolder(path);
  }
  NewFolder(NewFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  NewFolder& operator=(NewFolder&&) = delete;
  ~NewFolder() {
    if (path_.empty()) return;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(path_, ignored)) std::filesystem::remove_all(entry.path(), ignored);
  }
  void keep() { path_.clear(); }

 private:
  explicit NewFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

void make_private(const std::filesystem::path& folder) {
  std::error_code ec;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ec)) {
    using enum std::filesystem::perms;
    std::filesystem::permissions(entry.path(), entry.is_directory(ec) ? owner_all : owner_read | owner_write, ec);
  }
  std::filesystem::permissions(folder / "keys" / "ca.pem", std::filesystem::perms(0644), ec);
}

Result<Manifest> unpack(const std::filesystem::path& from, const RestoreRequest& r, const std::filesystem::path& to, BackupKind kind) {
  PL_CHECK(unseal_files(from, r.identity, to));
  PL_TRY(manifest, check_files(to, kind));
  std::error_code ec;
  std::filesystem::remove(to / "manifest.json", ec);
  return manifest;
}

// The keys may be of another day than the data: what was destroyed between is destroyed again below.
Result<> unpack_keys(const RestoreRequest& r, const Manifest& data) {
  if (!r.keys) return {};
  const auto apart = r.to.root / "restore-keys";
  PL_CHECK(io::make_private_folder(apart));
  PL_TRY(manifest, unpack(*r.keys, r, apart, BackupKind::keys));
  if (manifest.origin != data.origin) return fail(Errc::conflict, "are the keys of another log, " + printable(manifest.origin, 100), r.keys->string());
  std::error_code ec;
  std::filesystem::rename(apart / "log" / "keys.db", r.to.log() / "keys.db", ec);
  if (ec) return fail(Errc::io, "cannot be moved into place", (apart / "log" / "keys.db").string());
  std::filesystem::remove_all(apart, ec);
  return {};
}

Result<std::unique_ptr<audit::Log>> open_log(const RestoreRequest& r, const Clock& clock, Random& random) {
  PL_TRY(key, io::read_secret_file(r.to.log_key()));
  PL_TRY(signer, NoteSigner::parse(key));
  audit::LogSettings settings;
  settings.folder = r.to.log();
  settings.keys = audit::Keys::may_be_missing;
  return audit::Log::open(std::move(settings), std::move(signer), clock, random);
}

Result<std::vector<json::object>> later_destructions(const RestoreRequest& r, const Manifest& manifest) {
  if (!r.destructions) return std::vector<json::object>();
  PL_TRY(text, io::read_file(*r.destructions, max_destructions_bytes));
  PL_TRY(list, read_destructions(text, r.destructions->string()));
  if (list.origin != manifest.origin) return fail(Errc::conflict, "is about another log, " + printable(list.origin, 100), r.destructions->string());
  return std::move(list.destructions);
}

Result<std::vector<json::object>> own_destructions(const audit::Log& log) {
  PL_TRY(list, list_destructions(log));
  std::vector<json::object> out;
  for (const auto& one : list.at("destructions").as_array()) out.push_back(one.as_object());
  return out;
}

// The rows of the store that a destruction names, by intervention or by practice.
Result<std::uint64_t> forget_rows(const DataFolder& folder, const std::vector<json::object>& destructions) {
  PL_TRY(db, open_store(folder.store()));
  PL_TRY(practices, Practices::load(db));
  PL_TRY(interventions, Interventions::load(db));
  std::uint64_t gone = 0;
  for (const auto& fields : destructions) {
    const auto id = InterventionId::parse(text_of(fields, "intervention"));
    PL_TRY(iv, id ? interventions.find(*id) : Result<std::optional<Intervention>>(std::nullopt));
    if (iv) PL_CHECK(interventions.strip(stripped(*iv)));
    gone += iv.has_value();
    const auto practice = PracticeId::parse(text_of(fields, "practice"));
    if (practice && text_of(fields, "reason") == "CONTRACT_END" && text_of(fields, "rule") == "contract-end" && practices.find(*practice)) PL_CHECK(practices.forget(*practice));
  }
  // Who was signed in then is not signed in now.
  PL_CHECK(db.run("DELETE FROM sessions"));
  PL_CHECK(db.run("DELETE FROM kept_answers"));
  return gone;
}

Result<std::string> verified(const DataFolder& folder, const Manifest& manifest) {
  audit::VerifyOptions options;
  options.older_checkpoints = {manifest.checkpoint};
  PL_TRY(report, audit::verify_folder(folder.root, options));
  for (const auto& finding : report.findings)
    if (finding.check == audit::Check::signature || finding.check == audit::Check::tree || finding.check == audit::Check::history)
      return fail(Errc::bad_signature, finding.what, "the restored log", "use another backup");
  if (report.size != manifest.log_size) return fail(Errc::bad_signature, "has " + std::to_string(report.size) + " records, the manifest says " + std::to_string(manifest.log_size), "the restored log");
  return report.verified() ? std::string("verified") : "verified but for " + std::to_string(report.findings.size()) + ": " + report.findings.front().what;
}

Result<> leave_note(const RestoreRequest& r, const Restored& done) {
  const json::object note{{"sha256", done.sha256}, {"made_at", done.made_at}, {"log_size", done.log_size}, {"replayed", done.replayed}, {"with_keys", done.with_keys}};
  PL_CHECK(io::write_file(restored_note(r.to), json::serialize(note) + "\n", io::FileMode::owner_only));
  return mark_restored(r.to, done.log_size);
}

}  // namespace

std::filesystem::path restored_note(const DataFolder& folder) { return folder.root / "restored.json"; }

Result<Restored> restore(const RestoreRequest& r, const Clock& clock, Random& random) {
  Restored out;
  PL_TRY(sha256, file_sha256(r.from));
  PL_TRY(fresh, NewFolder::make(r.to.root));
  PL_TRY(manifest, unpack(r.from, r, r.to.root, BackupKind::data));
  PL_TRY(destructions, later_destructions(r, manifest));
  PL_CHECK(unpack_keys(r, manifest));
  make_private(r.to.root);
  {
    PL_TRY(log, open_log(r, clock, random));
    PL_TRY(own, own_destructions(*log));
    PL_TRY(replayed, audit::replay_destructions(*log, destructions));
    out.replayed = replayed;
    destructions.insert(destructions.end(), own.begin(), own.end());
  }
  PL_TRY(rows, forget_rows(r.to, destructions));
  PL_TRY(said, verified(r.to, manifest));
  out.rows = rows, out.log_size = manifest.log_size, out.with_keys = r.keys.has_value();
  out.made_at = to_utc(manifest.made_at), out.sha256 = std::move(sha256), out.verified = std::move(said);
  PL_CHECK(leave_note(r, out));
  fresh.keep();
  return out;
}

}  // namespace pontlevis::gateway
