#include "audit/witness.hpp"

#include <algorithm>

#include "audit/log_store.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

using sqlite::Blob;
using sqlite::Database;

constexpr std::int64_t max_evidence = 16;  // under one alarm: one pair is enough to convict; more would only fill the disk

constexpr sqlite::Sql schema = R"sql(
-- Whose log is watched, and with which key: pinned when the practice joined.
CREATE TABLE keys(role TEXT PRIMARY KEY CHECK(role IN ('log', 'witness')), vkey TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- Every checkpoint this witness cosigned; the largest is its state.
CREATE TABLE cosigned(
  size INTEGER PRIMARY KEY,
  root BLOB NOT NULL CHECK(length(root) = 32),
  note TEXT NOT NULL,                            -- as the log signed it
  seen TEXT NOT NULL                             -- UTC
) STRICT;
-- Pairs of notes of one size with different roots: the log lied to somebody.
CREATE TABLE evidence(
  id INTEGER PRIMARY KEY, known TEXT NOT NULL, conflicting TEXT NOT NULL UNIQUE, seen TEXT NOT NULL
) STRICT;
CREATE TRIGGER cosigned_stays BEFORE DELETE ON cosigned BEGIN SELECT RAISE(ABORT, 'a witness does not forget'); END;
CREATE TRIGGER cosigned_holds BEFORE UPDATE ON cosigned BEGIN SELECT RAISE(ABORT, 'a witness does not forget'); END;
CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is for ever'); END;
CREATE TRIGGER evidence_holds BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is for ever'); END;
CREATE TRIGGER keys_hold BEFORE UPDATE ON keys BEGIN SELECT RAISE(ABORT, 'a key is pinned for ever'); END;
)sql";

// Made where they are missing: a file of an earlier version has only the tables above.
constexpr sqlite::Sql more_tables = R"sql(
-- What else the log was caught at: the table `evidence` holds two notes of one size.
CREATE TABLE IF NOT EXISTS accusations(
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, size INTEGER NOT NULL, known TEXT NOT NULL, conflicting TEXT NOT NULL,
  detail TEXT NOT NULL, seen TEXT NOT NULL
) STRICT;
-- An owner of the practice has read so many pieces of evidence and goes on.
CREATE TABLE IF NOT EXISTS cleared(
  read INTEGER PRIMARY KEY, at TEXT NOT NULL, by TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS accusations_stay BEFORE DELETE ON accusations BEGIN SELECT RAISE(ABORT, 'evidence is for ever'); END;
CREATE TRIGGER IF NOT EXISTS accusations_hold BEFORE UPDATE ON accusations BEGIN SELECT RAISE(ABORT, 'evidence is for ever'); END;
CREATE TRIGGER IF NOT EXISTS cleared_stays BEFORE DELETE ON cleared BEGIN SELECT RAISE(ABORT, 'who cleared it stays'); END;
CREATE TRIGGER IF NOT EXISTS cleared_holds BEFORE UPDATE ON cleared BEGIN SELECT RAISE(ABORT, 'who cleared it stays'); END;
)sql";

Result<> pin(Database& db, std::string_view role, const NoteVerifier& key) {
  PL_TRY(found, db.text("SELECT vkey FROM keys WHERE role = ?", role));
  if (!found) return db.run("INSERT INTO keys(role, vkey) VALUES (?, ?)", role, key.text());
  if (*found != key.text())
    return fail(Errc::conflict, "was made for another " + std::string(role) + " key", db.path().string(), "enrol again in an empty folder");
  return {};
}

Result<WitnessState> read_state(Database& db) {
  PL_TRY(rows, db.query("SELECT size, root, note FROM cosigned ORDER BY size DESC LIMIT 1"));
  PL_TRY(found, rows.next());
  if (!found) return WitnessState{0, empty_root(), {}};
  return WitnessState{static_cast<TreeSize>(rows.integer(0)), Digest::from(rows.blob(1)), rows.text(2)};
}

struct Counts {
  std::int64_t kept = 0;     // pieces of evidence
  std::int64_t cleared = 0;  // of them, read and cleared
  bool alarm() const { return kept > cleared; }
};

Result<Counts> read_counts(Database& db) {
  Counts out;
  PL_TRY(kept, db.integer("SELECT (SELECT count(*) FROM evidence) + (SELECT count(*) FROM accusations)"));
  PL_TRY(cleared, db.integer("SELECT max(read) FROM cleared"));
  out.kept = kept.value_or(0);
  out.cleared = cleared.value_or(0);
  return out;
}

Result<bool> has_alarm(Database& db) {
  PL_TRY(counts, read_counts(db));
  return counts.alarm();
}

// Inside the caller's transaction; nothing when the same stands already under this alarm, or enough does.
Result<> insert_accusation(Database& db, const Evidence& e) {
  PL_TRY(counts, read_counts(db));
  if (counts.kept - counts.cleared >= max_evidence) return {};
  PL_TRY(same, db.integer("SELECT count(*) FROM accusations WHERE kind = ? AND size = ? AND conflicting = ? AND detail = ?", word(e.kind), e.size,
                          e.conflicting, e.detail));
  if (counts.alarm() && same.value_or(0) > 0) return {};
  return db.run("INSERT INTO accusations(kind, size, known, conflicting, detail, seen) VALUES (?,?,?,?,?,?)", word(e.kind), e.size, e.known,
                e.conflicting, e.detail, to_utc(e.seen));
}

EvidenceKind kind_of_word(std::string_view text) {
  const auto& words = Spelling<EvidenceKind>::words;
  const auto at = std::find(words.begin(), words.end(), text);
  return at == words.end() ? EvidenceKind::two_histories : static_cast<EvidenceKind>(at - words.begin());
}

// What the specification answers when the request must not be cosigned, given what is remembered.
std::optional<WitnessAnswer> refusal(const WitnessState& known, const AddCheckpointRequest& request, const Checkpoint& checkpoint) {
  if (request.old_size != known.size) return WitnessAnswer{409, std::to_string(known.size) + "\n"};
  if (request.old_size == 0 || request.old_size == checkpoint.size) {
    const bool same = request.old_size != checkpoint.size || checkpoint.root == known.root;
    return same && request.proof.empty() ? std::nullopt : std::optional(WitnessAnswer{422, {}});
  }
  const auto extends = verify_consistency_proof(request.proof, known.size, checkpoint.size, known.root, checkpoint.root);
  return extends ? std::nullopt : std::optional(WitnessAnswer{422, {}});
}

// 200 when the checkpoint is one of this log's, else the answer.
int who_signed(const std::string& note, const NoteVerifier& log) {
  const auto checkpoint = peek_checkpoint(note);
  if (!checkpoint) return 400;
  if (checkpoint->origin != log.name()) return 404;
  return open_checkpoint(note, log) ? 200 : 403;
}

}  // namespace

Result<AddCheckpointRequest> AddCheckpointRequest::parse(std::string_view body) {
  const auto bad = [](const char* what) { return fail(Errc::bad_input, what, "add-checkpoint"); };
  if (body.size() > max_bytes) return bad("is longer than 128 KiB");
  AddCheckpointRequest out;
  for (bool first = true;; first = false) {
    const auto end = body.find('\n');
    if (end == body.npos) return bad("has no checkpoint");
    const auto line = body.substr(0, end);
    body.remove_prefix(end + 1);
    if (first) {
      const auto size = line.starts_with("old ") ? parse_decimal(line.substr(4), max_tree_size) : std::nullopt;
      if (!size) return bad("does not start with the old size");
      out.old_size = *size;
      continue;
    }
    if (line.empty()) break;
    const auto hash = from_base64(line);
    if (!hash || hash->size() != 32) return bad("holds a line that is not a hash");
    if (out.proof.size() == max_proof_hashes) return bad("has more than 63 hashes");
    out.proof.push_back(Digest::from(*hash));
  }
  out.checkpoint = body;
  PL_CHECK(peek_checkpoint(out.checkpoint));
  return out;
}

std::string AddCheckpointRequest::text() const {
  std::string out = "old " + std::to_string(old_size) + "\n";
  for (const auto& hash : proof) out += to_base64(hash.view()) + "\n";
  return out + "\n" + checkpoint;
}

Witness::Witness(Database db, NoteVerifier log, NoteSigner cosigner, const Clock& clock)
    : db_(std::move(db)), log_(std::move(log)), cosigner_(std::move(cosigner)), clock_(clock) {}

sqlite::Options Witness::options(sqlite::Access access) {
  return {.application_id = 0x50576974 /* PWit */, .user_version = 1, .schema = schema, .access = access};
}

Result<std::unique_ptr<Witness>> Witness::open(const std::filesystem::path& file, NoteVerifier log, NoteSigner cosigner,
                                               const Clock& clock) {
  if (cosigner.verifier().type() != NoteKeyType::cosignature) return fail(Errc::bad_input, "is not a cosignature key", "witness");
  PL_TRY(db, Database::open(file, options(sqlite::Access::read_write)));
  PL_CHECK(db.script(more_tables));
  PL_TRY(transaction, sqlite::Transaction::begin(db));
  PL_CHECK(pin(db, "log", log));
  PL_CHECK(pin(db, "witness", cosigner.verifier()));
  PL_CHECK(transaction.commit());
  return std::unique_ptr<Witness>(new Witness(std::move(db), std::move(log), std::move(cosigner), clock));
}

WitnessAnswer Witness::add_checkpoint(std::string_view body) {
  const auto request = AddCheckpointRequest::parse(body);
  if (!request) return {400, {}};
  if (const int status = who_signed(request->checkpoint, log_); status != 200) return {status, {}};
  const auto checkpoint = peek_checkpoint(request->checkpoint);
  if (request->old_size > checkpoint->size) return {400, {}};
  const std::lock_guard guard(mutex_);
  auto answer = decide(*request, *checkpoint);
  return answer ? *std::move(answer) : WitnessAnswer{500, {}};
}

// The first look refuses without taking the write lock; the second, inside the transaction, is the one
// that counts: another request may have been cosigned in between.
Result<WitnessAnswer> Witness::decide(const AddCheckpointRequest& request, const Checkpoint& checkpoint) {
  PL_CHECK(keep_evidence(checkpoint, request.checkpoint));
  PL_TRY(seen, read_state(db_));
  if (auto no = refusal(seen, request, checkpoint)) return *std::move(no);
  if (before_commit_) before_commit_();
  PL_TRY(transaction, sqlite::Transaction::begin(db_));
  PL_TRY(alarm, has_alarm(db_));
  if (alarm) return WitnessAnswer{422, {}};
  PL_TRY(known, read_state(db_));
  if (auto no = refusal(known, request, checkpoint)) return *std::move(no);
  if (checkpoint.size > known.size) {
    PL_CHECK(db_.run("INSERT INTO cosigned(size, root, note, seen) VALUES (?,?,?,?)", checkpoint.size,
                     Blob{checkpoint.root.view()}, request.checkpoint, to_utc(clock_.now())));
  }
  PL_CHECK(transaction.commit());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
  return WitnessAnswer{200, cosigner_.cosign_line(checkpoint.text(), static_cast<std::uint64_t>(seconds))};
}

// The log's own signature stands under both notes, whatever else the request says. What was cleared and comes
// again is kept again.
Result<> Witness::keep_evidence(const Checkpoint& checkpoint, const std::string& note) {
  PL_TRY(transaction, sqlite::Transaction::begin(db_, sqlite::Transaction::Kind::deferred));
  PL_TRY(rows, db_.query("SELECT root, note FROM cosigned WHERE size = ?", checkpoint.size));
  PL_TRY(found, rows.next());
  if (!found || rows.blob(0) == checkpoint.root.view()) return {};
  PL_TRY(counts, read_counts(db_));
  if (counts.kept - counts.cleared >= max_evidence) return {};
  const auto known = rows.text(1);
  const auto now = clock_.now();
  PL_CHECK(db_.run("INSERT OR IGNORE INTO evidence(known, conflicting, seen) VALUES (?,?,?)", known, note, to_utc(now)));
  PL_TRY(after, read_counts(db_));
  if (!after.alarm()) PL_CHECK(insert_accusation(db_, {EvidenceKind::two_histories, checkpoint.size, known, note, {}, now}));
  return transaction.commit();
}

Result<> Witness::accuse(EvidenceKind kind, TreeSize size, const std::string& conflicting, const std::string& detail) {
  const std::lock_guard guard(mutex_);
  PL_TRY(known, read_state(db_));
  PL_TRY(transaction, sqlite::Transaction::begin(db_));
  PL_CHECK(insert_accusation(db_, {kind, size, known.note, conflicting, detail, clock_.now()}));
  return transaction.commit();
}

Result<> Witness::clear(const Clearing& clearing) {
  const std::lock_guard guard(mutex_);
  PL_TRY(transaction, sqlite::Transaction::begin(db_));
  PL_TRY(counts, read_counts(db_));
  if (!counts.alarm()) return fail(Errc::not_found, "there is no alarm to clear", "alarm");
  if (static_cast<std::int64_t>(clearing.read) != counts.kept)
    return fail(Errc::conflict, "there are " + std::to_string(counts.kept) + " pieces of evidence by now", "alarm", "read them: pontlevis-agent alarm show");
  PL_CHECK(db_.run("INSERT INTO cleared(read, at, by, why) VALUES (?,?,?,?)", counts.kept, to_utc(clock_.now()), clearing.by, clearing.why));
  return transaction.commit();
}

Result<WitnessState> Witness::state() const {
  const std::lock_guard guard(mutex_);
  return read_state(db_);
}

Result<bool> Witness::has_cosigned(TreeSize size, const Digest& root) const {
  const std::lock_guard guard(mutex_);
  PL_TRY(count, db_.integer("SELECT count(*) FROM cosigned WHERE size = ? AND root = ?", size, Blob{root.view()}));
  return count.value_or(0) == 1;
}

bool Witness::alarmed() const {
  const std::lock_guard guard(mutex_);
  return has_alarm(db_).value_or(true);
}

namespace {
Result<> read_conflicts(Database& db, std::vector<Evidence>& out) {
  PL_TRY(rows, db.query("SELECT known, conflicting, seen FROM evidence ORDER BY id"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    const auto checkpoint = peek_checkpoint(rows.text(1));
    out.push_back({EvidenceKind::two_histories, checkpoint ? checkpoint->size : 0, rows.text(0), rows.text(1), {}, from_utc(rows.text(2)).value_or(Time{})});
  }
}

Result<> read_accusations(Database& db, std::vector<Evidence>& out) {
  PL_TRY(rows, db.query("SELECT kind, size, known, conflicting, detail, seen FROM accusations ORDER BY id"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    out.push_back({kind_of_word(rows.text(0)), static_cast<TreeSize>(rows.integer(1)), rows.text(2), rows.text(3), rows.text(4),
                   from_utc(rows.text(5)).value_or(Time{})});
  }
}
}  // namespace

Result<std::vector<Evidence>> Witness::evidence() const {
  const std::lock_guard guard(mutex_);
  std::vector<Evidence> out;
  PL_CHECK(read_conflicts(db_, out));
  PL_CHECK(read_accusations(db_, out));
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.seen < b.seen; });
  return out;
}

}  // namespace pontlevis::audit
