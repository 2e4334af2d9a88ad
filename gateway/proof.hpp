// "No proof, no door" (design §2.3), the gateway's half: the inclusion of a consent's record in a checkpoint
// that extends what the practice's witness last cosigned. Both come from one checkpoint, so that an
// append meanwhile cannot part them.
#pragma once

#include "gateway/core.hpp"
#include "protocol/frame.hpp"

namespace pontlevis::gateway {

struct ProofAndSize {
  frame::Proof frame;
  audit::TreeSize size;  // of its checkpoint: what the witness's answer is about
};

// `cosigned`: the size the practice's witness has reached as far as we know.
Result<ProofAndSize> prove_consent(const Core& core, const Intervention& intervention, audit::TreeSize cosigned);

}  // namespace pontlevis::gateway
