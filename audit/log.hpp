// The log: an append-only, signed, durable memory. The gateway keeps one, each agent keeps one
// (its journal); the same class and the same files serve both. An append is answered only after its
// entry, fields and a signed checkpoint that covers it are on the disk in one transaction.
//
// Owner: main. One writer thread of its own; it commits whatever queued while the last commit ran,
// at most 256 records with one fdatasync and one signature. Every method may be called on any thread.
// Any error of the disk or of SQLite is final: healthy() turns false, every later append is refused at
// once with Errc::io, nothing is tried again (an fsync that failed once may have lost the pages).
// REQUIRES: destroyed before the io_contexts whose coroutines wait on append().
#pragma once

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
#include "audit/field_keys.hpp"
#include "audit/record.hpp"
#include "audit/sqlite.hpp"
#include "audit/tlog_proof.hpp"
#include "protocol/clock.hpp"
#include "protocol/crypto/signed_note.hpp"
#include "protocol/ids.hpp"
#include "protocol/io/byte_stream.hpp"
#include "protocol/random.hpp"

namespace pontlevis::audit {

struct Appended {
  LeafIndex index{};
  Digest leaf;
  std::string checkpoint;                // the signed note that covers it
  std::vector<std::string> disclosures;  // in field order: the openings, for the practice to keep
};

// keys.db opens the personal fields of log.db. A log that has such fields and finds it missing, foreign or
// older than itself is not opened; unless this was chosen, after a restore from a backup without keys: then
// what cannot be opened is unreadable for good, and everything else goes on.
enum class Keys { required, may_be_missing };

struct LogSettings {
  std::filesystem::path folder;      // DIR/log: log.db, keys.db, log.vkey, log.lock
  std::size_t queue_limit = 4096;    // more waiting appends than this: Errc::unavailable
  std::size_t batch_limit = 256;
  Keys keys = Keys::required;
  std::size_t keys_ahead = 4096;     // made before the records that use them: an append stays one fdatasync
};

class Log {
 public:
  using Completion = std::move_only_function<void(Result<Appended>)>;

  // Makes the folder and an empty log where there is none; otherwise recomputes the right edge from
  // the stored tiles and entries and refuses to go on when it is not what the last checkpoint says.
  // The origin is the signer's name. Errc::conflict: another process has it, or it is another log, or its keys
  // are not there. A file of version 1 is upgraded: personal fields are encrypted where they lie. A
  // destruction that was cut short is finished (audit/destruction.hpp).
  static Result<std::unique_ptr<Log>> open(LogSettings settings, NoteSigner signer, const Clock& clock,
                                           Random& random);
  ~Log();  // commits what is queued, then ends

  // Called back once, on the writer thread, after COMMIT (or with the error). Must not block or throw.
  // A log that has failed or whose queue is full says so at once, on the calling thread.
  void append(Record record, Completion done);
  // Resumes on the caller's executor.
  io::Awaitable<Result<Appended>> append(Record record);
  // Blocks the calling thread: start-up, tools and tests. Never on a loop. `beside` runs in the same
  // transaction, after the record: both are there, or neither.
  using Job = std::move_only_function<Result<>(sqlite::Database&)>;
  Result<Appended> append_now(Record record, Job beside = {});

  bool healthy() const;
  Result<> health() const;  // the error that ended it

  // Reads: what is published, that is durable and acknowledged. They block for a short SQLite read.
  TreeSize size() const;
  Checkpoint checkpoint() const;
  std::string latest_checkpoint() const;  // the note; of size 0 in a new log
  Result<std::string> checkpoint_at(TreeSize size) const;  // Errc::not_found unless one was signed there
  Result<Proof> prove(LeafIndex index, TreeSize size) const;
  Result<Proof> consistency(TreeSize old_size, TreeSize new_size) const;
  Result<TlogProof> proof_of(LeafIndex index) const;  // in the latest checkpoint
  Result<StoredRecord> record(LeafIndex index) const;
  Result<std::vector<StoredRecord>> records(LeafIndex first, std::size_t count) const;
  Result<std::vector<StoredRecord>> find(const InterventionId& intervention) const;  // in order
  // A short read of the tables beside the tree, on a read-only connection.
  Result<> read(const std::function<Result<>(sqlite::Database&)>& reader) const;
  const NoteVerifier& verifier() const;

  // One more statement inside a batch, on the writer thread: for the tables that live beside the tree
  // (cosignatures). An error of the job is an error of the log.
  void enqueue(Job job, std::move_only_function<void(Result<>)> done);
  Result<> run_now(Job job);  // the same, blocking
  // Between two batches, outside any transaction, on the writer thread; appends wait meanwhile. Its error is
  // the caller's alone. For what SQLite does only alone (VACUUM, wal_checkpoint). Blocking.
  Result<> run_alone(Job job);

  // Consistent copies while it runs, for backups (VACUUM INTO: no free page, no WAL, fsynced, mode 0600). Keys
  // go apart: they must be gone from every copy within longest_backup (audit/retention.hpp).
  // Errc::conflict: the file exists.
  Result<> copy_log(const std::filesystem::path& to) const;
  Result<> copy_keys(const std::filesystem::path& to) const;

  // For audit/destruction.cpp, and nobody else.
  KeyFile& keys() const;
  std::mutex& destruction_turn() const;  // one at a time
  const std::filesystem::path& folder() const;
  const Clock& clock() const;
  Random& random() const;

 private:
  struct State;
  explicit Log(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pontlevis::audit
