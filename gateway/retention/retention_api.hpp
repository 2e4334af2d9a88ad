// The routes of retention (web/review/contract.ts, member by member): each asks one act of RetentionDesk in the name of the
// person at the console. Who may is the route's row; the guard has decided before. Owned by Retention; the loop's thread.
#pragma once

#include "gateway/retention/retention_desk.hpp"

namespace pontlevis::gateway {

class RetentionApi {
 public:
  RetentionApi(RetentionDesk& desk, DailyPurge& purge, ContractEnds& ends, Core& core) : desk_(desk), purge_(purge), ends_(ends), core_(core) {}
  ApiRoutes routes();

 private:
  ApiAnswer run(ApiCall call);
  ApiAnswer certificate_words(ApiCall call);
  ApiAnswer return_pack(ApiCall call);

  RetentionDesk& desk_;
  DailyPurge& purge_;
  ContractEnds& ends_;
  Core& core_;
};

}  // namespace pontlevis::gateway
