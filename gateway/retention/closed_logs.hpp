// Logs that were put aside after a restore (gateway/log_link.hpp) are never written again, and their fields have days like
// any other: what is due in them is destroyed where it lies, and the log in use records that it was (requirements A24, B16).
// Blocking: the worker's thread.
#pragma once

#include "audit/log.hpp"
#include "gateway/data_folder.hpp"

namespace pontlevis::gateway {

struct ClosedLogPurge {
  std::string origin;
  std::uint64_t fields{};
};
// Those in which something was due. An error of one does not keep the others: the last one is answered when all were tried.
Result<std::vector<ClosedLogPurge>> purge_closed_logs(const DataFolder& folder, const Clock& clock, Random& random);

}  // namespace pontlevis::gateway
