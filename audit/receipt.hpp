// The consent receipt a practice keeps: an ISO/IEC TS 27560 consent record as JSON-LD in the words of W3C DPV
// (requirements §4.2, B13, B14), which verifies alone: it holds the signed statements verbatim, the public keys,
// the records' disclosures and their proofs in the practice's journal, and the practice's seal over all of it.
// The record in it is made from the statements alone and made again when it is verified, so that no member can
// say something else than what was signed. Pure; any thread. Format: docs/record-format.md §14.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/fiche.hpp"
#include "audit/tlog_proof.hpp"
#include "protocol/crypto/signed_note.hpp"

namespace pontlevis::audit {

constexpr std::size_t max_receipt_bytes = 8 * 1024 * 1024;

// One record of the practice's journal with its proof.
struct Proved {
  StoredRecord record;
  TlogProof proof;
};

// For what the statements do not say themselves (older ones name no parties). Empty texts are left out.
struct ReceiptParties {
  std::string controller_name;
  std::string processor_name, processor_address, processor_contact;  // contact: its DPO
  std::string recipients, transfers, rights_contact;
};

// `records`: those of one intervention; types that say nothing about its consent are passed over. `seal` is the
// practice's key, which signed the statements. Errc::not_found without a decision among them, Errc::expired when
// a statement was destroyed at its day.
bool belongs_in_receipt(std::string_view type);  // consent, refusal, lapse, withdrawal, session_end
Result<json::object> consent_receipt(std::span<const Proved> records, const NoteVerifier& journal, const NoteSigner& seal,
                                     const ReceiptParties& parties, Time now);

struct ReceiptCheck {
  std::string intervention;
  std::string practice_key, journal_key;  // vkeys in it
  bool key_pinned = false;                // one of the keys the reader brought is in it
  json::object record;                    // as made again from the statements
  std::uint64_t statements{}, journal_size{};
  std::string journal_origin;
};

// Strict. An Error says what is wrong, in which member, and what to do. `pinned`: keys the reader trusts; each
// must be the practice's or its journal's key in the receipt.
Result<ReceiptCheck> verify_receipt(std::string_view text, std::span<const NoteVerifier> pinned = {});

// What a verified receipt means, in words; and the receipt as a person reads it on paper.
std::string print_check(const ReceiptCheck& check, Language language);
std::string print_receipt(const json::object& receipt, Language language);

}  // namespace pontlevis::audit
