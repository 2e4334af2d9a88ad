// The routes and verbs of requests of persons (web/review/contract.ts). The loop's thread.
#pragma once

#include "gateway/registers/rights/rights_desk.hpp"

namespace pontlevis::gateway {

class RightsApi {
 public:
  explicit RightsApi(RightsDesk& desk) : desk_(desk) {}
  ApiRoutes routes();
  VerbTable verbs();

 private:
  ApiAnswer list(ApiCall call);
  ApiAnswer search(ApiCall call);
  ApiAnswer file(ApiCall call);
  RightsDesk& desk_;
};

}  // namespace pontlevis::gateway
