// A checkpoint (C2SP tlog-checkpoint): the size and root of a log at one moment, as a signed note.
// The origin is the name of the log's key. Parse, print, compare: one value has one form.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/merkle.hpp"
#include "protocol/crypto/signed_note.hpp"
#include "protocol/result.hpp"

namespace pontlevis::audit {

constexpr std::size_t max_checkpoint_bytes = 64 * 1024;

struct Checkpoint {
  std::string origin;
  TreeSize size{};
  Digest root;
  std::vector<std::string> extensions;  // never written by this product, accepted from others

  static Result<Checkpoint> parse(std::string_view note_text);  // the text of the note, without signatures
  std::string text() const;
  bool operator==(const Checkpoint&) const = default;
};

// The note of a checkpoint, verified: signed by `log`, whose name is its origin.
Result<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& log);
// The same without any verification: for reports on what is wrong.
Result<Checkpoint> peek_checkpoint(std::string_view note);
// REQUIRES: checkpoint.origin == signer.verifier().name().
std::string sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer);

}  // namespace pontlevis::audit
