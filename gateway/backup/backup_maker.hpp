// One backup from beginning to end: consistent copies in a folder of its own, the copy of the log verified as a stranger
// would, then sealed for the recovery key. The data go into one file, the keys of the log's fields into another that lives
// a week: what was destroyed can be read from no copy older than that (requirements A12, A24, T5).
// A value for the worker's thread; blocks for the disk.
#pragma once

#include <optional>

#include "audit/log.hpp"
#include "gateway/backup/manifest.hpp"
#include "gateway/data_folder.hpp"

namespace pontlevis::gateway {

struct MadeBackup {
  BackupKind kind{};
  std::string file, sha256;  // the file's name in the backup folder
  std::uint64_t bytes{};
  audit::TreeSize log_size{};
};

struct BackupMaker {
  const audit::Log* log;
  DataFolder data;
  std::filesystem::path folder;  // where backups are put
  std::string recipient;
  Time now;

  // Both files, or neither. Errc::bad_signature: the log's copy does not verify; it is not worth keeping.
  Result<std::vector<MadeBackup>> operator()() const;

 private:
  std::filesystem::path work() const { return data.root / "backup-work"; }
  Result<> copy() const;
  Result<audit::Checkpoint> verify(std::string& note) const;
  Result<MadeBackup> seal(BackupKind kind, const audit::Checkpoint& checkpoint, const std::string& note) const;
  Result<> write_destructions() const;
};

}  // namespace pontlevis::gateway
