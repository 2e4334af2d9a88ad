// What a practice hands to a third party when the gateway's log was caught: both notes, verbatim, with the keys that
// verify them. Needs neither the practice nor the vendor to be believed: two notes of one size under one key
// with different roots convict by themselves (docs/record-format.md; audit-log design §2.3). Pure; any thread.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/witness.hpp"

namespace pontlevis::audit {

constexpr std::size_t max_evidence_bytes = 4 * 1024 * 1024;
constexpr std::string_view evidence_format = "pontlevis-evidence-v1";

boost::json::object evidence_file(std::string_view practice, const NoteVerifier& log, const NoteVerifier& witness,
                                  std::span<const Evidence> items, Time now);

// How far a piece of evidence goes by itself.
enum class Weight {
  convicts,  // two signed notes that cannot both be true
  signed_,   // two notes the log signed; that the second came after the first is the practice's word
  word,      // the practice's word
};

struct EvidenceCheck {
  struct Item {
    Evidence evidence;
    Weight weight{};
    std::optional<Checkpoint> known, conflicting;  // verified
  };
  std::string practice;
  NoteVerifier log, witness;
  std::vector<Item> items;
};

// Strict. Errc::bad_signature when a note is not the log's own, or says nothing of what it is kept for. With
// `pinned` the file must be about that log.
Result<EvidenceCheck> verify_evidence(std::string_view text, const NoteVerifier* pinned = nullptr);

// What it means, in plain words.
std::string print_evidence(const EvidenceCheck& check, bool french);

}  // namespace pontlevis::audit
