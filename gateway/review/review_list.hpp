// The main courante to be searched: list, what can be chosen, counts of a period (requirements A15, B12, B30, T11: no
// ranking of people). An answer reads the rows of its page and nothing else. The loop's thread.
#pragma once

#include "gateway/review/filter.hpp"
#include "gateway/review/index_keeper.hpp"
#include "gateway/review/views.hpp"

namespace pontlevis::gateway {

// `Row` of web/review/contract.ts.
json::object row_json(const Core& core, const ReviewIndex& index, const ReviewRow& row);


class ReviewList {
 public:
  ReviewList(Core& core, IndexKeeper& keeper, Views& views) : core_(core), keeper_(keeper), views_(views) {}
  ApiRoutes routes();

 private:
  ApiAnswer list(ApiCall call);
  ApiAnswer choices(ApiCall call);
  ApiAnswer overview(ApiCall call);

  Core& core_;
  IndexKeeper& keeper_;
  Views& views_;
};

inline constexpr Roles review_readers = Role::compliance | Role::auditor;

}  // namespace pontlevis::gateway
