// A proof that one entry is in a log, as one text that can be kept in a file and verified offline
// (c2sp.org/tlog-proof@v1): index, inclusion path, checkpoint with whatever cosignatures it has.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "audit/checkpoint.hpp"
#include "audit/record.hpp"

namespace pontlevis::audit {

class Witness;

constexpr std::size_t max_tlog_proof_bytes = 128 * 1024;

struct TlogProof {
  std::optional<std::string> extra;  // bytes
  LeafIndex index{};
  Proof path;
  std::string checkpoint;  // the note, verbatim

  static Result<TlogProof> parse(std::string_view text);
  std::string text() const;
};

struct ProvenRecord {
  LeafIndex index{};
  std::string type;
  json::object fields;  // the open ones
  Digest leaf;
  Checkpoint checkpoint;
  std::string checkpoint_note;
};

// "No proof, no door" (design §2.3): recomputes r, E and the leaf from the disclosures (one per
// field, in order; "sha256:…" for a closed one), checks the inclusion path, the checkpoint's origin
// and signature, and, when `witness` is given, that this witness cosigned exactly this checkpoint and
// is not alarmed. Errc::bad_signature when anything does not hold.
// REQUIRES: the caller then compares the fields with what it asked for (intervention, statement_sha256).
Result<ProvenRecord> verify_inclusion(std::span<const std::string> disclosures, std::string_view proof,
                                      const NoteVerifier& log, const Witness* witness = nullptr);

}  // namespace pontlevis::audit
