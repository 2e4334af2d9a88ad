// Who may sign in to the console, as administrators keep it. A password and a seed made here are shown once;
// every change is a record with the name of who made it (requirements A13).
#pragma once

#include "gateway/admin.hpp"
#include "gateway/api/api_call.hpp"

namespace pontlevis::gateway {

class ApiAccounts {
 public:
  explicit ApiAccounts(Admin& admin) : admin_(admin) {}
  ApiRoutes routes();

 private:
  ApiAnswer list(ApiCall call);
  ApiAnswer add(ApiCall call);
  ApiAnswer reset(ApiCall call);
  ApiAnswer remove(ApiCall call);

  Admin& admin_;
};

}  // namespace pontlevis::gateway
