// Every copy of personal data that the gateway keeps beside its log: the rows of the main courante in its store, the
// facts of agents, drafts, answers kept for a repeated request, accounts and cards of people who left, exports. What the
// log forgets they forget first, so that the certificate that follows is true of them too (requirements T2, T16, A22).
// Owned by Retention; the loop's thread, in steps of a few rows.
#pragma once

#include <string>
#include <vector>

#include "gateway/core.hpp"
#include "gateway/retention/holds.hpp"
#include "gateway/retention/stripped.hpp"

namespace pontlevis::gateway {

class Copies {
 public:
  explicit Copies(Core& core) : core_(core) {}

  // What is left of one that names nobody: numbers, days, words of fixed lists. Errc::conflict while it is live.
  Result<> strip(const InterventionId& id);
  // Every text of it that holds one of `values`, in the row, its facts and its draft.
  Result<> reword(const InterventionId& id, const std::vector<std::string>& values);
  // The practice's own row, and every intervention of it.
  Awaitable<Result<std::vector<InterventionId>>> strip_practice(PracticeId practice);

  // Interventions whose term has come and that nothing holds: a year without an opening, five years with one.
  Awaitable<Result<std::vector<InterventionId>>> strip_due(std::shared_ptr<const HeldNow> held);
  // All that are over, or all that were never opened: by decision of an annual review.
  Awaitable<Result<>> strip_over(bool never_opened_only);
  // A month after the last card or the last day: card, second factor, training, account.
  Result<std::size_t> forget_people();
  // Files whose name holds a day that is over.
  std::size_t drop_old_exports();
  // Before something is destroyed on request: copies of the main courante, which can be made again, and those answers to
  // persons (rights-…) that name `about`, an intervention or a practice. The other answers are owed and stay their days.
  std::size_t drop_exports_about(const std::string& about);
  // Drafts nobody went on with for a year.
  Result<> drop_old_drafts();
  // Why something was erased or held, five years after.
  Result<> drop_old_reasons();
  // Answers that hold `text`.
  Result<> drop_answers(const std::string& text);
  // Nothing of what went stays in the store's write-ahead log.
  Result<> truncate();

 private:
  Awaitable<Result<>> strip_older(Time before, bool never_opened_only, std::shared_ptr<const HeldNow> held, std::vector<InterventionId>& gone);
  Result<> forget(const Login& login);

  Core& core_;
};

}  // namespace pontlevis::gateway
