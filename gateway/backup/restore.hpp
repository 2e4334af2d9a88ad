// A gateway from its backup, in an empty folder (requirements A12): unpacked, found to be exactly what its manifest says, the
// log verified, and everything destroyed again that a destruction covers, those that came after the backup too. The
// log is marked: the gateway that starts on it asks its witnesses before it continues. Blocking; the command line.
#pragma once

#include <filesystem>
#include <optional>

#include "gateway/data_folder.hpp"
#include "protocol/clock.hpp"
#include "protocol/random.hpp"
#include "protocol/result.hpp"

namespace pontlevis::gateway {

struct RestoreRequest {
  std::filesystem::path from;                         // pontlevis-data-….tar.gz.age
  std::optional<std::filesystem::path> keys;          // pontlevis-keys-…; without it, no personal field of the log can be read again
  std::filesystem::path identity;                     // the recovery key's secret half
  std::optional<std::filesystem::path> destructions;  // destructions.json, the newest there is
  DataFolder to;
};

struct Restored {
  std::uint64_t log_size{}, replayed{}, rows{};  // fields destroyed again, interventions of the store
  bool with_keys = false;
  std::string made_at, sha256, verified;         // of the data file; what verification found, in one line
};

// Errc::conflict: the folder is not empty. After an error it is emptied again.
Result<Restored> restore(const RestoreRequest& request, const Clock& clock, Random& random);

// DATA/restored.json, for the first start: the record of the restore is written once the log may go on.
std::filesystem::path restored_note(const DataFolder& folder);

}  // namespace pontlevis::gateway
