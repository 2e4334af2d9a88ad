// Whether this log may go on: a log that is smaller than what its own signature says somewhere, or that says something
// else, has lost its past (a restore, a damaged disk). It is closed for ever and another one follows it; it is
// never continued, for that would make two histories (audit-log design §2.3; docs/decisions/0018).
// What is known of it stands in DATA/log-state.json, so that a restart does not forget it. The loop's thread.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>

#include "audit/log.hpp"
#include "gateway/data_folder.hpp"

namespace pontlevis::gateway {

// A witness showed a checkpoint of this log that this log does not hold.
struct Behind {
  std::string cause;    // BEHIND: larger than ours; TWO_HISTORIES: another past
  std::string witness;  // key name
  std::string note;     // as the log signed it
  audit::TreeSize size{}, own_size{};
};

struct LogState {
  // Set by a restore: nothing is appended until the witnesses were asked (those of this set have answered).
  bool restored = false;
  audit::TreeSize restored_size{};
  std::set<std::string> asked;
  std::optional<Behind> behind;

  static Result<LogState> read(const DataFolder& folder);  // none kept: an ordinary log
  Result<> write(const DataFolder& folder) const;          // removes the file when there is nothing to say
  std::optional<Error> why_closed(const DataFolder& folder) const;
};

// For the restore: the gateway that starts on this folder asks its witnesses before it continues.
Result<> mark_restored(const DataFolder& folder, audit::TreeSize log_size);

// Compares what somebody holds of this log with the log. Nothing: it is part of it. Errc::bad_signature: not signed by it.
Result<std::optional<Behind>> compare(const audit::Log& log, const std::string& witness, const std::string& note);

// Errc::conflict, with what to do, when one of the checkpoints is not part of the log, or the folder's own state
// says that the log is behind. `checkpoints`: notes from wherever there are some (agents, bundles, backups).
Result<> refuse_if_behind(const DataFolder& folder, const audit::Log& log, std::span<const std::string> checkpoints = {});

}  // namespace pontlevis::gateway
