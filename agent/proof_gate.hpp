// "No proof, no door" (docs/protocol.md §4, audit-log §2.3): the gate between a consent and a
// password. Any error means: no password, and the reason is told to the practitioner.
#pragma once

#include "agent/consented.hpp"

namespace pontlevis::agent {

struct ProofGate {
  // What the gateway is answered in any case; the proved consent only when everything held.
  struct Answer {
    audit::WitnessAnswer cosignature;
    Result<ProvedConsent> proved;
  };
  // Blocks for one fsync of the witness file. REQUIRES: the loop has nothing more urgent.
  static Answer check(const Consented& consent, const frame::Proof& proof, audit::Witness& witness);
};

}  // namespace pontlevis::agent
