// The practice's side of the gateway's log: a C2SP tlog-witness for one log. It cosigns a checkpoint
// only when that extends the last one it cosigned, and remembers before it answers; so a gateway
// that shows two pasts to two practices, or forgets one, is caught by the first honest witness.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/checkpoint.hpp"
#include "audit/sqlite.hpp"
#include "protocol/clock.hpp"
#include "protocol/words.hpp"

namespace pontlevis::audit {

// The body of add-checkpoint: "old N", consistency proof, empty line, checkpoint.
struct AddCheckpointRequest {
  TreeSize old_size{};
  Proof proof;
  std::string checkpoint;  // the note, verbatim

  static constexpr std::size_t max_bytes = 128 * 1024;
  static Result<AddCheckpointRequest> parse(std::string_view body);
  std::string text() const;
};

// HTTP status and body as the specification says:
//   200 cosignature lines · 400 malformed · 403 not signed by the log · 404 another log
//   409 "N\n", the size to prove from · 422 the proof does not hold · 500 the disk said no, nothing signed
struct WitnessAnswer {
  int status{};
  std::string body;
};

struct WitnessState {
  TreeSize size{};
  Digest root;
  std::string note;
};

// What a log can be caught at. The first three are two notes under the log's own signature; the last is the word of
// the practice: a fact whose record was acknowledged and that the log does not hold.
enum class EvidenceKind { two_histories, rolled_back, no_proof, missing_record };
}  // namespace pontlevis::audit

template <> struct pontlevis::Spelling<pontlevis::audit::EvidenceKind> {
  static constexpr std::array<std::string_view, 4> words{"TWO_HISTORIES", "ROLLED_BACK", "NO_PROOF", "MISSING_RECORD"};
};

namespace pontlevis::audit {

struct Evidence {
  EvidenceKind kind{};
  TreeSize size{};           // of `conflicting`, or the record that is missing
  std::string known;         // the note that was cosigned
  std::string conflicting;   // the note that does not go with it; empty for a missing record
  std::string detail;        // words, for a missing record
  Time seen;
};

// A person's word that the evidence was read and that the practice goes on (docs/decisions/0018).
struct Clearing {
  std::size_t read{};  // how many pieces of evidence that person was shown
  std::string by;
  std::string why;
};

// Any thread. State lives in one SQLite file; several Witness objects (processes) may share it.
class Witness {
 public:
  static Result<std::unique_ptr<Witness>> open(const std::filesystem::path& file, NoteVerifier log,
                                               NoteSigner cosigner, const Clock& clock);

  // Answers one add-checkpoint request. Persists (fsync) before a 200.
  // Once alarmed it cosigns nothing more (422).
  WitnessAnswer add_checkpoint(std::string_view body);

  Result<WitnessState> state() const;  // the largest cosigned; size 0 with the empty root at first
  Result<bool> has_cosigned(TreeSize size, const Digest& root) const;
  // True once there is evidence that nobody has cleared; also true when the state cannot be read: closed on
  // every doubt. Evidence itself is kept for ever.
  bool alarmed() const;
  Result<std::vector<Evidence>> evidence() const;  // as it came
  // What the caller caught the log at, beside what add_checkpoint() finds itself: the specification lets a witness
  // answer 409 or 422 to it without a word, a practice that watches its own vendor's log does not. Bounded; the
  // same thing twice is kept once while the alarm stands.
  Result<> accuse(EvidenceKind kind, TreeSize size, const std::string& conflicting, const std::string& detail);
  // Errc::conflict when there is more evidence than that person was shown, Errc::not_found without an alarm.
  Result<> clear(const Clearing& clearing);

  static sqlite::Options options(sqlite::Access access);  // the file's identity, for readers

  const NoteVerifier& log() const noexcept { return log_; }
  const NoteVerifier& verifier() const noexcept { return cosigner_.verifier(); }

  // For tests only in its use: called between the check outside and the transaction inside, so that
  // another witness of the same file can win the race there.
  void before_commit(std::function<void()> hook) { before_commit_ = std::move(hook); }

 private:
  Witness(sqlite::Database db, NoteVerifier log, NoteSigner cosigner, const Clock& clock);
  Result<WitnessAnswer> decide(const AddCheckpointRequest& request, const Checkpoint& checkpoint);
  Result<> keep_evidence(const Checkpoint& checkpoint, const std::string& note);

  mutable std::mutex mutex_;
  mutable sqlite::Database db_;
  NoteVerifier log_;
  NoteSigner cosigner_;
  const Clock& clock_;
  std::function<void()> before_commit_;
};

}  // namespace pontlevis::audit
