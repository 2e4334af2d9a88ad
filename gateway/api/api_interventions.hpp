// The path over the API: request → … → report (design §2), for the console and for scripts. Every rule is
// the desk's, as it is for the SSH front's commands: this file reads words and shows what stands.
#pragma once

#include "gateway/api/api_call.hpp"
#include "gateway/desk.hpp"

namespace pontlevis::gateway {

class ApiInterventions {
 public:
  ApiInterventions(Core& core, Desk& desk, Links& links) : core_(core), desk_(desk), links_(links) {}
  ApiRoutes routes();

 private:
  ApiAnswer list(ApiCall call);
  ApiAnswer show(ApiCall call);
  ApiAnswer events(ApiCall call);
  ApiAnswer ask(ApiCall call);
  ApiAnswer cancel(ApiCall call);
  ApiAnswer finish(ApiCall call);
  ApiAnswer hand_over(ApiCall call);
  ApiAnswer draft(ApiCall call);
  ApiAnswer keep_draft(ApiCall call);
  ApiAnswer report(ApiCall call);

  // The one that the call names, if this person may see it: technicians see their own (B07, least privilege).
  Result<Intervention> seen(const ApiCall& call) const;
  io::HttpResponse answer(const InterventionId& id, const Person& viewer, unsigned status = 200) const;
  io::HttpResponse after(const Result<>& done, const InterventionId& id, const Person& viewer) const;

  Core& core_;
  Desk& desk_;
  Links& links_;
};

// What a technician asks for, read from `Ask` of web/console/contract.ts.
Result<Asked> asked_from(const json::object& body, const Login& lead);

}  // namespace pontlevis::gateway
