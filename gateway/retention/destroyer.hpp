// How the gateway destroys: the copies have gone before (Copies), then the log's own fields on the worker's thread, then
// everybody who listens is told of each certificate. One order may need several certificates.
// Owned by Retention; the loop's thread.
#pragma once

#include "gateway/core.hpp"
#include "gateway/memory/worker.hpp"

#include "audit/destruction.hpp"
#include "audit/retention.hpp"

namespace pontlevis::gateway {

class Destroyer {
 public:
  Destroyer(Core& core, Worker& worker) : core_(core), worker_(worker) {}

  // The numbers of its certificates; none when nothing in the scope was open any more. Its copies must be gone.
  Awaitable<Result<std::vector<std::string>>> destroy(audit::DestructionOrder order, std::vector<InterventionId> interventions);
  // Certificates of a purge that ran on the worker.
  void tell(const std::vector<audit::Certificate>& certificates, const std::vector<InterventionId>& interventions) const;

  // The files that the byte scan looks through beside the log's own.
  audit::RemanencePaths look_at() const;
  // Until when a copy of the store or of a key may lie in a backup; nothing when none are made.
  std::optional<Time> backup_expiry() const;
  std::chrono::days keys_in_backups() const;
  // Nothing is written to a log that its witnesses know to be longer.
  Result<> may_write() const;

 private:
  Core& core_;
  Worker& worker_;
};

}  // namespace pontlevis::gateway
