// The routes and verbs of the register of processing (web/review/contract.ts). The loop's thread.
#pragma once

#include "gateway/registers/processing/processing_desk.hpp"

namespace pontlevis::gateway {

class ProcessingApi {
 public:
  explicit ProcessingApi(ProcessingDesk& desk) : desk_(desk) {}
  ApiRoutes routes();
  VerbTable verbs();

 private:
  ApiAnswer show(ApiCall call);
  ApiAnswer text(ApiCall call);
  ApiAnswer of_practice(ApiCall call);
  Awaitable<Result<json::object>> print(json::object request);
  ProcessingDesk& desk_;
};

}  // namespace pontlevis::gateway
