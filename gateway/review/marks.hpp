// What readers note about an intervention: seen, a question, a finding with its last day, an answer, resolved. Each is a
// record of the log, with words and name there alone (requirements A15). The clocks of findings run here.
// Owned by Review; the loop's thread.
#pragma once

#include "audit/printing/printed_record.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/review/index_keeper.hpp"
#include "gateway/review/mark_rows.hpp"

namespace pontlevis::gateway {

// `Mark` of web/review/contract.ts; the words come out of the log, and are empty once they were destroyed there.
Result<json::object> mark_json(Core& core, const MarkRow& mark);
Result<json::array> marks_json(Core& core, const InterventionId& id);  // oldest first

// The hold that keeps an intervention from being destroyed, if any.
Result<std::optional<std::string>> hold_of(sqlite::Database& store, const InterventionId& id, std::int64_t requested_at, const std::string& practice);

// What a printed record says beside the log's own words: both journals compared, marks.
Result<audit::PrintedExtras> printed_extras(Core& core, const InterventionId& id, bool french);

class ReviewMarks {
 public:
  ReviewMarks(Core& core, IndexKeeper& keeper) : core_(core), keeper_(keeper) {}
  ApiRoutes routes();
  Result<> open() { return make_mark_tables(*core_.store); }
  // Fires the clock of every finding that nobody resolved; once a day.
  void tell_clocks();

 private:
  ApiAnswer add(ApiCall call);
  ApiAnswer list(ApiCall call);
  Awaitable<Result<MarkRow>> make(ApiCall call);
  void tell_clock(const MarkRow& finding, bool settled) const;

  Core& core_;
  IndexKeeper& keeper_;
};

}  // namespace pontlevis::gateway
