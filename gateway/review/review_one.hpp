// One intervention as a reviewer reads it: its records with the state of each field, both journals compared, what was
// noted and destroyed, and the evidence for the reader's own browser (requirements A15, B12, B30). The loop's thread.
#pragma once

#include "gateway/desk.hpp"
#include "gateway/memory/worker.hpp"
#include "gateway/review/certificate_rows.hpp"
#include "gateway/review/index_keeper.hpp"
#include "gateway/review/journals.hpp"
#include "gateway/review/views.hpp"

namespace pontlevis::gateway {

class ReviewOne {
 public:
  ReviewOne(Core& core, IndexKeeper& keeper, Views& views, CertificateRows& certificates) : core_(core), keeper_(keeper), views_(views), certificates_(certificates) {}
  void use(const Links& links) { links_ = &links; }
  ApiRoutes routes();

 private:
  ApiAnswer show(ApiCall call);
  ApiAnswer evidence(ApiCall call);
  ApiAnswer record(ApiCall call);

  Awaitable<Result<InterventionId>> asked(const ApiCall& call, std::string_view view);
  Result<json::object> reviewed(const InterventionId& id, const Person& reader);

  Core& core_;
  IndexKeeper& keeper_;
  Views& views_;
  CertificateRows& certificates_;
  const Links* links_ = nullptr;
  Worker worker_;
};

// Records of an intervention but those of its readers, without what is under quarantine: what every view shows.
Result<std::vector<audit::StoredRecord>> shown_records(Core& core, const InterventionId& id);
// Every key with which this practice may have signed.
std::vector<NoteVerifier> practice_keys(Core& core, const PracticeId& practice);

}  // namespace pontlevis::gateway
