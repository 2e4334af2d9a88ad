// Keeps the index in step with the store: read once on a thread of its own when the gateway starts, then told of every
// intervention that changes. Until it is read, whoever searches is asked to wait. Owned by Review; the loop's thread.
#pragma once

#include <memory>
#include <set>

#include "gateway/core.hpp"
#include "gateway/memory/worker.hpp"
#include "gateway/review/review_index.hpp"

namespace pontlevis::gateway {

class IndexKeeper {
 public:
  explicit IndexKeeper(Core& core) : core_(core) {}

  void listen();             // REQUIRES: once, before load(); outlives Core's interventions' last change
  Awaitable<void> load();    // reads the store again from the beginning; what changes meanwhile is not lost
  Result<> load_now();       // on this thread: tools and tests
  // Errc::unavailable until it is read.
  Result<ReviewIndex*> ready();
  bool loading() const { return loading_; }

  // Rows of interventions as they stand in the store, in the order of `numbers`; one that vanished is left out.
  Result<std::vector<ReviewRow>> rows(const std::vector<std::uint32_t>& numbers) const;
  void marks_changed(const InterventionId& id);

 private:
  void take(const InterventionId& id);
  Result<> put(const InterventionId& id, ReviewIndex& index) const;
  void use(Result<std::unique_ptr<ReviewIndex>> read);

  Core& core_;
  Worker worker_;
  std::unique_ptr<ReviewIndex> index_;
  std::optional<Error> problem_;
  bool loading_ = false;
  std::set<InterventionId> missed_;  // changed while the store was being read
};

// Everything of the store, on any thread with a connection of its own.
Result<std::unique_ptr<ReviewIndex>> read_index(sqlite::Database& db);

}  // namespace pontlevis::gateway
