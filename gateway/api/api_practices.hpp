// What can be asked for, and what administrators keep: practices and contracts, enrolment codes, staff
// cards, sub-processors, what the vendor says of itself. Every change is a record of the log with the
// name of who made it; none of them opens anything (requirements A03, A10, A11, A19).
#pragma once

#include "gateway/admin.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/desk.hpp"

namespace pontlevis::gateway {

class ApiPractices {
 public:
  ApiPractices(Core& core, Links& links, Admin& admin) : core_(core), links_(links), admin_(admin) {}
  ApiRoutes routes();

 private:
  ApiAnswer list(ApiCall call);
  ApiAnswer show(ApiCall call);
  ApiAnswer add(ApiCall call);
  ApiAnswer set_contract(ApiCall call);
  ApiAnswer add_code(ApiCall call);
  ApiAnswer revoke_agent(ApiCall call);

  io::HttpResponse answer(const PracticeId& id, unsigned status) const;

  Core& core_;
  Links& links_;
  Admin& admin_;
};

class ApiRegister {
 public:
  ApiRegister(Core& core, Admin& admin) : core_(core), admin_(admin) {}
  ApiRoutes routes();

 private:
  ApiAnswer technicians(ApiCall call);
  ApiAnswer add_technician(ApiCall call);
  ApiAnswer revoke_card(ApiCall call);
  ApiAnswer subprocessors(ApiCall call);
  ApiAnswer add_subprocessor(ApiCall call);
  ApiAnswer subprocessor(ApiCall call);
  ApiAnswer change_subprocessor(ApiCall call);
  ApiAnswer settings(ApiCall call);
  ApiAnswer change_settings(ApiCall call);
  Awaitable<io::HttpResponse> keep(Subprocessor subprocessor, ApiCall call, unsigned status);

  Core& core_;
  Admin& admin_;
};

// Errc::conflict unless `If-Match` names what stands now: two administrators never overwrite each other unseen.
Result<> still_as_seen(const io::HttpRequest& request, const json::object& now);

}  // namespace pontlevis::gateway
