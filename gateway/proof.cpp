#include "gateway/proof.hpp"

#include "audit/witness.hpp"
#include "protocol/json_values.hpp"

namespace pontlevis::gateway {

Result<ProofAndSize> prove_consent(const Core& core, const Intervention& iv, audit::TreeSize cosigned) {
  const std::string note = core.log->latest_checkpoint();
  PL_TRY(checkpoint, audit::open_checkpoint(note, core.log->verifier()));
  audit::Proof from_cosigned;
  if (cosigned > 0 && cosigned < checkpoint.size) {
    PL_TRY(consistency, core.log->consistency(cosigned, checkpoint.size));
    from_cosigned = std::move(consistency);
  }
  PL_TRY(record, core.log->record(iv.consent_index));
  // After a log was closed and another began, an index of the old one names something else.
  PL_TRY(fields, record.open());
  if (record.type() != "consent" || text_of(fields, "intervention") != iv.id().text())
    return fail(Errc::not_found, "the consent is not in this log", "intervention " + iv.id().text().substr(0, 8));
  PL_TRY(path, core.log->prove(iv.consent_index, checkpoint.size));
  std::vector<std::string> disclosures;
  for (auto& field : record.fields) disclosures.push_back(std::move(field.disclosure));
  audit::TlogProof proof{std::nullopt, iv.consent_index, std::move(path), note};
  audit::AddCheckpointRequest extend{cosigned, std::move(from_cosigned), note};
  return ProofAndSize{frame::Proof{iv.id(), std::move(disclosures), proof.text(), extend.text()}, checkpoint.size};
}

}  // namespace pontlevis::gateway
