// The routes and verbs of breach files (web/review/contract.ts). The loop's thread.
#pragma once

#include "gateway/registers/breach/breach_desk.hpp"

namespace pontlevis::gateway {

class BreachApi {
 public:
  explicit BreachApi(BreachDesk& desk) : desk_(desk) {}
  ApiRoutes routes();
  VerbTable verbs();

 private:
  ApiAnswer list(ApiCall call);
  ApiAnswer change(ApiCall call);
  ApiAnswer notice(ApiCall call);
  ApiAnswer file(ApiCall call);
  Awaitable<Result<json::object>> add_from_file(json::object request);
  Awaitable<Result<json::object>> change_from_file(json::object request);
  Awaitable<Result<json::object>> print_notice(json::object request);
  BreachDesk& desk_;
};

}  // namespace pontlevis::gateway
