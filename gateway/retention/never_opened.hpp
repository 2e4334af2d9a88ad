// What was asked and never opened (refused, lapsed, not asked, cancelled) goes after a year, in the log too: there a
// `request` keeps its words five years, as when it was written nobody knew how it would end (requirements §3).
// Owned by DailyPurge; the loop's thread.
#pragma once

#include "gateway/retention/copies.hpp"
#include "gateway/retention/destroyer.hpp"
#include "gateway/retention/kept_words.hpp"

namespace pontlevis::gateway {

struct RetentionParts;

class NeverOpened {
 public:
  explicit NeverOpened(const RetentionParts& parts) : p_(parts) {}
  // Which requests are due, written down before their copies go: a crash between the two forgets none.
  Awaitable<Result<>> remember(std::shared_ptr<const HeldNow> held);
  // After the copies. The numbers of the certificates.
  Awaitable<Result<std::vector<std::string>>> destroy();

 private:
  std::vector<audit::LeafIndex> remembered() const;
  Result<std::optional<audit::LeafIndex>> request_of(const InterventionId& id) const;

  const RetentionParts& p_;
};

}  // namespace pontlevis::gateway
