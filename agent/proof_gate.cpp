#include "agent/proof_gate.hpp"

#include "protocol/crypto/sha256.hpp"

namespace pontlevis::agent {
namespace {

std::string text_field(const audit::json::object& fields, std::string_view name) {
  const auto* value = fields.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string{};
}

// The record must be about this very statement: a true proof of something else opens nothing.
Result<> is_about(const audit::ProvenRecord& record, const Consented& consent) {
  const auto& id = consent.request().intervention.text();
  if (record.type != "consent" || text_field(record.fields, "intervention") != id ||
      text_field(record.fields, "statement_sha256") != consent.sha256())
    return fail(Errc::bad_signature, "the proof is about another record", "proof",
                "the gateway did not log this consent as it was given");
  return {};
}

}  // namespace

std::string Consented::sha256() const { return sha256_hex(note_); }

ProofGate::Answer ProofGate::check(const Consented& consent, const frame::Proof& proof, audit::Witness& witness) {
  auto cosignature = witness.add_checkpoint(proof.add_checkpoint);
  if (cosignature.status != 200) {
    auto error = fail(Errc::bad_signature, "the gateway's log does not extend what this practice saw before", "proof",
                      "witness answer " + std::to_string(cosignature.status));
    return {std::move(cosignature), std::move(error)};
  }
  auto record = audit::verify_inclusion(proof.disclosures, proof.tlog_proof, witness.log(), &witness);
  if (!record) return {std::move(cosignature), std::unexpected(std::move(record).error())};
  if (auto about = is_about(*record, consent); !about)
    return {std::move(cosignature), std::unexpected(std::move(about).error())};
  return {std::move(cosignature), ProvedConsent(consent, record->index, record->checkpoint.size)};
}

}  // namespace pontlevis::agent
