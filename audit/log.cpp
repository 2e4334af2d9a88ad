#include "audit/log.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "audit/destruction.hpp"
#include "audit/log_store.hpp"
#include "protocol/io/system.hpp"
#include "protocol/secret.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

// One writer: the lock is the process's, and the kernel drops it whatever way the process ends.
class FolderLock {
 public:
  static Result<FolderLock> take(const std::filesystem::path& file) {
    FolderLock out(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (out.fd_ < 0) return fail(Errc::io, "cannot create the lock", file.string());
    if (::flock(out.fd_, LOCK_EX | LOCK_NB) != 0)
      return fail(Errc::conflict, "is in use by another process", file.string(), "one daemon a folder");
    return out;
  }
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (fd_ >= 0) ::close(fd_);
  }

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

struct Item {
  std::optional<Record> record;  // an append,
  Log::Job job;                  // or a job, or both in one transaction
  bool alone = false;            // a job without a transaction
  Log::Completion done;
  std::move_only_function<void(Result<>)> job_done;

  void refuse(const Error& error) {
    if (record) done(std::unexpected(error));
    else job_done(std::unexpected(error));
  }
};

// Salts and nonces, drawn from the source some hundred at a time: a record needs thirty, and a call of the
// system's generator costs more than the bytes. The writer thread's. What was handed out is wiped.
class SaltPool final : public Random {
 public:
  explicit SaltPool(Random& source) : source_(source) {}
  SaltPool(const SaltPool&) = delete;
  SaltPool& operator=(const SaltPool&) = delete;
  ~SaltPool() override { wipe_bytes({reinterpret_cast<char*>(bytes_.data()), bytes_.size()}); }

  void fill(std::span<unsigned char> out) override {
    for (auto& byte : out) {
      if (used_ == bytes_.size()) source_.fill(bytes_), used_ = 0;
      byte = std::exchange(bytes_[used_++], static_cast<unsigned char>(0));
    }
  }

 private:
  Random& source_;
  std::array<unsigned char, 4096> bytes_{};
  std::size_t used_ = bytes_.size();
};

// What readers see: durable and acknowledged.
struct Published {
  TreeEdge edge;
  Checkpoint checkpoint;
  std::string note;
};

}  // namespace

struct Log::State {
  LogSettings settings;
  NoteSigner signer;
  const Clock& clock;
  Random& random;
  SaltPool salts{random};
  FolderLock lock;
  sqlite::Database db;  // the writer thread's, once it runs
  mutable KeyFile keys;
  std::deque<FieldKey> ahead;  // secrets of the next records, durable; the writer thread's
  mutable std::mutex destroying;

  mutable std::mutex read_mutex;
  mutable sqlite::Database reader;

  mutable std::mutex mutex;  // of all below
  std::condition_variable wake;
  std::deque<Item> queue;
  bool stopping = false;
  std::optional<Error> failed;
  std::shared_ptr<const Published> published;

  Time last_time{};  // of the last record; the writer thread's
  std::thread writer;

  State(LogSettings s, NoteSigner key, const Clock& c, Random& r, FolderLock l, sqlite::Database write, KeyFile k, sqlite::Database read, Published p)
      : settings(std::move(s)), signer(std::move(key)), clock(c), random(r), lock(std::move(l)), db(std::move(write)), keys(std::move(k)),
        reader(std::move(read)), published(std::make_shared<Published>(std::move(p))) {}

  std::shared_ptr<const Published> now() const {
    const std::lock_guard guard(mutex);
    return published;
  }

  Result<> fill_ahead(std::size_t at_least);
  Result<> admit() const;
  void push(Item item);
  void run();
  bool take(std::vector<Item>& batch);
  void commit(std::vector<Item>& batch);
  void perform_alone(Item& item);
  Result<std::shared_ptr<const Published>> write(std::vector<Item>& batch, std::vector<Appended>& out);
  Result<Appended> write_record(const Record& record, LeafIndex index);
  void give_up(const Error& error, std::vector<Item>& batch);
};

namespace {

std::unexpected<Error> not_itself(const std::filesystem::path& folder, std::string what) {
  return fail(Errc::conflict, std::move(what), folder.string(),
              "run pontlevis-audit verify; never continue a log that lost its past: start a new one with a link to it");
}

// The public key beside the log: whoever verifies it needs no other file. A key that is not this log's
// own is refused before anything is read, and one is written only after the past was found to be its own.
Result<bool> has_key_file(const std::filesystem::path& folder, const NoteVerifier& key) {
  const auto file = folder / "log.vkey";
  const auto found = io::read_file(file, 4096);
  if (!found && found.error().code == Errc::not_found) return false;
  if (!found) return std::unexpected(found.error());
  if (*found != key.text() + "\n") return fail(Errc::conflict, "is the key of another log", file.string(), "use this log's own key, or another folder");
  return true;
}

// Opening, in this order: nothing is written before the past was found to be this log's own.
struct Opening {
  const LogSettings& settings;
  const NoteSigner& signer;
  Random& random;

  std::filesystem::path file() const { return settings.folder / "log.db"; }
  Result<Published> begin_empty(sqlite::Database& db) const;
  Result<Published> load_tree(sqlite::Database& db) const;
  Result<KeyFile> open_keys(sqlite::Database& db, TreeSize size) const;
  Result<> check_keys(sqlite::Database& db, const KeyFile& keys, TreeSize size) const;
  Result<std::pair<sqlite::Database, KeyFile>> open_files(Published& out) const;
};

Result<Published> Opening::begin_empty(sqlite::Database& db) const {
  Published first;
  first.checkpoint = {signer.verifier().name(), 0, empty_root(), {}};
  first.note = sign_checkpoint(first.checkpoint, signer);
  PL_TRY(transaction, sqlite::Transaction::begin(db));
  PL_CHECK(store::insert_checkpoint(db, 0, first.note));
  PL_CHECK(transaction.commit());
  return first;
}

Result<Published> Opening::load_tree(sqlite::Database& db) const {
  PL_TRY(size, store::entry_count(db));
  PL_TRY(note, store::last_checkpoint(db));
  if (!note && size == 0) return begin_empty(db);
  if (!note) return not_itself(settings.folder, "has records but no checkpoint");
  const auto checkpoint = open_checkpoint(*note, signer.verifier());
  if (!checkpoint) return not_itself(settings.folder, "has a last checkpoint that does not verify: " + checkpoint.error().what);
  if (checkpoint->size != size)
    return not_itself(settings.folder, "has " + std::to_string(size) + " records, its checkpoint says " + std::to_string(checkpoint->size));
  PL_TRY(edge, store::rebuild_edge(db, size));
  if (edge.root() != checkpoint->root) return not_itself(settings.folder, "does not have the root its checkpoint says");
  return Published{std::move(edge), *checkpoint, *std::move(note)};
}

std::unexpected<Error> wrong_keys(const std::filesystem::path& folder, std::string what) {
  return fail(Errc::conflict, std::move(what), (folder / "keys.db").string(),
              "put back the newest keys.db of this log; what it opened is lost without it, and such a log opens by choice only");
}

// The last encrypted record opens: the keys are this log's, and as new as it.
Result<> Opening::check_keys(sqlite::Database& db, const KeyFile& keys, TreeSize size) const {
  PL_TRY(last, store::last_sealed(db));
  if (!last) return {};
  PL_TRY(made, keys.next());
  if (made < size) return wrong_keys(settings.folder, made == 0 ? "is missing or empty, and the log has fields that only it opens" : "is older than the log beside it");
  PL_TRY(newest, store::record(db, &keys, *last));
  for (const auto& field : newest.fields)
    if (field.is_unreadable()) return wrong_keys(settings.folder, "does not open record " + std::to_string(*last) + ": it belongs to another log, or that record was changed");
  return {};
}

Result<KeyFile> Opening::open_keys(sqlite::Database& db, TreeSize size) const {
  PL_TRY(version, db.integer("PRAGMA user_version"));
  std::error_code ec;
  const bool sealed = version == store::current_version && settings.keys == Keys::required;
  const auto path = settings.folder / "keys.db";
  const auto bytes = std::filesystem::file_size(path, ec);
  if (sealed && (ec || bytes == 0)) {  // not made as a side effect of the refusal
    PL_TRY(last, store::last_sealed(db));
    if (last) return wrong_keys(settings.folder, "is missing or empty, and the log has fields that only it opens");
  }
  PL_TRY(keys, KeyFile::open(path, signer.verifier().text(), sqlite::Access::read_write));
  if (sealed) PL_CHECK(check_keys(db, keys, size));
  return keys;
}

// log.db of this version: as it was, new, or upgraded from version 1.
Result<std::pair<sqlite::Database, KeyFile>> Opening::open_files(Published& out) const {
  PL_TRY(before, store::open_version_1(file()));
  if (!before) {
    PL_TRY(db, sqlite::Database::open(file(), store::options(sqlite::Access::read_write, sqlite::Check::quick)));
    before.emplace(std::move(db));
  }
  auto& db = *before;
  PL_TRY(tree, load_tree(db));
  out = std::move(tree);
  PL_TRY(keys, open_keys(db, out.checkpoint.size));
  PL_TRY(version, db.integer("PRAGMA user_version"));
  if (version == 1) {
    PL_CHECK(keys.make(0, out.checkpoint.size, random));
    PL_CHECK(store::upgrade_version_1(db, keys, random));
  }
  PL_CHECK(store::finish_upgrade(db));
  return std::pair(std::move(db), std::move(keys));
}

}  // namespace

Result<std::unique_ptr<Log>> Log::open(LogSettings settings, NoteSigner signer, const Clock& clock, Random& random) {
  if (signer.verifier().type() != NoteKeyType::ed25519) return fail(Errc::bad_input, "is not a log key", "log");
  PL_CHECK(io::make_private_folder(settings.folder));
  PL_TRY(lock, FolderLock::take(settings.folder / "log.lock"));
  PL_TRY(key_is_there, has_key_file(settings.folder, signer.verifier()));
  Published found;
  PL_TRY(files, Opening{settings, signer, random}.open_files(found));
  if (!key_is_there) PL_CHECK(io::write_file(settings.folder / "log.vkey", signer.verifier().text() + "\n", io::FileMode::everyone_reads));
  PL_TRY(reader, sqlite::Database::open(settings.folder / "log.db", store::options(sqlite::Access::read_write, sqlite::Check::none)));
  PL_CHECK(reader.script("PRAGMA query_only=ON"));
  PL_TRY(time, store::last_time(files.first));
  auto state = std::make_unique<State>(std::move(settings), std::move(signer), clock, random, std::move(lock), std::move(files.first),
                                       std::move(files.second), std::move(reader), std::move(found));
  if (time) state->last_time = from_utc(*time).value_or(Time{});
  PL_CHECK(state->fill_ahead(1));
  state->writer = std::thread([s = state.get()] { s->run(); });
  std::unique_ptr<Log> log(new Log(std::move(state)));
  // What still stands open is tried again by the next purge; the log itself must be sound.
  static_cast<void>(finish_open(*log, {}, std::chrono::seconds(5)));
  PL_CHECK(log->health());
  return log;
}

// Half of the secrets are left when more are made, all at once: one commit of keys.db for some thousand records.
Result<> Log::State::fill_ahead(std::size_t at_least) {
  const LeafIndex first = published->checkpoint.size;
  if (ahead.size() >= at_least && ahead.size() > settings.keys_ahead / 2) return {};
  const auto wanted = std::max(at_least, settings.keys_ahead);
  PL_TRY(made, keys.next());
  if (made < first + wanted) PL_CHECK(keys.make(std::max<LeafIndex>(first, made), static_cast<std::size_t>(first + wanted - std::max<LeafIndex>(first, made)), random));
  PL_TRY(taken, keys.take(first + ahead.size(), wanted - ahead.size()));
  for (auto& key : taken) ahead.push_back(std::move(key));
  if (ahead.size() < at_least) return fail(Errc::io, "has a gap in its secrets", keys.path().string(), "put back the newest keys.db of this log");
  return {};
}

Log::Log(std::unique_ptr<State> state) : state_(std::move(state)) {}

Log::~Log() {
  {
    const std::lock_guard guard(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  state_->writer.join();
}

// REQUIRES: mutex held.
Result<> Log::State::admit() const {
  if (failed) return std::unexpected(*failed);
  if (stopping) return fail(Errc::closed, "is ending", "log");
  if (queue.size() >= settings.queue_limit)
    return fail(Errc::unavailable, "has " + std::to_string(queue.size()) + " records waiting for the disk", "log", "try again");
  return {};
}

void Log::State::push(Item item) {
  Result<> admitted;
  {
    const std::lock_guard guard(mutex);
    admitted = admit();
    if (admitted) queue.push_back(std::move(item));
  }
  if (admitted) wake.notify_one();
  else item.refuse(admitted.error());
}

void Log::append(Record record, Completion done) {
  Item item;
  item.record.emplace(std::move(record));
  item.done = std::move(done);
  state_->push(std::move(item));
}

void Log::enqueue(Job job, std::move_only_function<void(Result<>)> done) {
  Item item;
  item.job = std::move(job);
  item.job_done = std::move(done);
  state_->push(std::move(item));
}

Result<Appended> Log::append_now(Record record, Job beside) {
  auto promise = std::make_shared<std::promise<Result<Appended>>>();
  auto answer = promise->get_future();
  Item item;
  item.record.emplace(std::move(record));
  item.job = std::move(beside);
  item.done = [promise](Result<Appended> result) { promise->set_value(std::move(result)); };
  state_->push(std::move(item));
  return answer.get();
}

namespace {

Result<> wait_for(Log::Job job, bool alone, const std::function<void(Item)>& push) {
  auto promise = std::make_shared<std::promise<Result<>>>();
  auto answer = promise->get_future();
  Item item;
  item.job = std::move(job);
  item.alone = alone;
  item.job_done = [promise](Result<> result) { promise->set_value(std::move(result)); };
  push(std::move(item));
  return answer.get();
}

}  // namespace

Result<> Log::run_now(Job job) {
  return wait_for(std::move(job), false, [this](Item item) { state_->push(std::move(item)); });
}
Result<> Log::run_alone(Job job) {
  return wait_for(std::move(job), true, [this](Item item) { state_->push(std::move(item)); });
}

namespace {

// Carries the writer's answer to the executor of the coroutine that waits, and keeps that executor
// running meanwhile.
struct BeginAppend {
  template <class Handler>
  void operator()(Handler handler, Log* log, Record record) const {
    auto work = boost::asio::make_work_guard(handler);
    log->append(std::move(record), [h = std::move(handler), w = std::move(work)](Result<Appended> result) mutable {
      const auto executor = w.get_executor();
      boost::asio::post(executor, [waiting = std::move(h), r = std::move(result)]() mutable { std::move(waiting)(std::move(r)); });
      w.reset();
    });
  }
};

}  // namespace

io::Awaitable<Result<Appended>> Log::append(Record record) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(Result<Appended>)>(
      BeginAppend{}, boost::asio::use_awaitable, this, std::move(record));
}

// The writer thread.

bool Log::State::take(std::vector<Item>& batch) {
  std::unique_lock guard(mutex);
  wake.wait(guard, [this] { return stopping || !queue.empty(); });
  while (!queue.empty() && batch.size() < settings.batch_limit) {
    if (queue.front().alone && !batch.empty()) return true;
    batch.push_back(std::move(queue.front()));
    queue.pop_front();
    if (batch.back().alone) return true;
  }
  return !batch.empty();
}

void Log::State::run() {
  std::vector<Item> batch;
  while (take(batch)) {
    if (batch.front().alone) perform_alone(batch.front());
    else commit(batch);
    batch.clear();
    static_cast<void>(fill_ahead(0));  // its failure is told by the next record that has no secret
  }
}

void Log::State::perform_alone(Item& item) {
  std::optional<Error> ended;
  {
    const std::lock_guard guard(mutex);
    ended = failed;
  }
  item.job_done(ended ? Result<>(std::unexpected(*ended)) : item.job(db));
}

void Log::State::commit(std::vector<Item>& batch) {
  std::vector<Appended> appended;
  auto result = write(batch, appended);
  if (!result) return give_up(result.error(), batch);
  {
    const std::lock_guard guard(mutex);
    published = *result;
  }
  auto next = appended.begin();
  for (auto& item : batch) {
    if (!item.record) {
      item.job_done({});
      continue;
    }
    next->checkpoint = (*result)->note;
    item.done(std::move(*next++));
  }
}

// One transaction: entries, fields, tiles, and one checkpoint over all of it.
Result<std::shared_ptr<const Published>> Log::State::write(std::vector<Item>& batch, std::vector<Appended>& out) {
  auto next = std::make_shared<Published>(*now());
  std::vector<Tile> tiles;
  PL_CHECK(fill_ahead(batch.size()));
  PL_TRY(transaction, sqlite::Transaction::begin(db));
  for (auto& item : batch) {
    if (!item.record) {
      PL_CHECK(item.job(db));
      continue;
    }
    PL_TRY(appended, write_record(*item.record, next->edge.size()));
    next->edge.append(appended.leaf, tiles);
    out.push_back(std::move(appended));
    if (item.job) PL_CHECK(item.job(db));
  }
  for (const auto& tile : tiles) PL_CHECK(store::insert_tile(db, tile));
  if (!out.empty()) {
    next->checkpoint = {signer.verifier().name(), next->edge.size(), next->edge.root(), {}};
    next->note = sign_checkpoint(next->checkpoint, signer);
    PL_CHECK(store::insert_checkpoint(db, next->edge.size(), next->note));
  }
  PL_CHECK(transaction.commit());
  return next;
}

Result<Appended> Log::State::write_record(const Record& record, LeafIndex index) {
  last_time = std::max(last_time, clock.now());
  Appended out;
  StoredRecord row{index, {}, {}};
  std::vector<Digest> digests;
  for (const auto& field : record.fields(last_time)) {
    StoredField stored{field.name, field.cls, record.schema().expires_on(field.cls, last_time), disclose(field, salts), {}, {}};
    stored.digest = disclosure_digest(stored.disclosure);
    digests.push_back(stored.digest);
    out.disclosures.push_back(stored.disclosure);
    row.fields.push_back(std::move(stored));
  }
  row.entry = record_entry(record.schema().entry_class, digests);
  const FieldKey secret = std::move(ahead.front());
  ahead.pop_front();
  PL_CHECK(store::insert_record(db, row, secret, salts));
  const auto text = [&record](std::string_view name) {
    const auto& v = record.value(name);
    return v.is_string() ? std::optional<std::string>(v.get_string()) : std::nullopt;
  };
  const store::Indexed indexed{std::string(record.type()), to_utc(last_time), text("intervention"), text("practice")};
  PL_CHECK(store::insert_index(db, index, indexed));
  out.index = index;
  out.leaf = leaf_hash(row.entry);
  return out;
}

// Whether the commit reached the disk is not known: nothing of it was shown, and nothing more is written.
void Log::State::give_up(const Error& error, std::vector<Item>& batch) {
  std::deque<Item> waiting;
  Error final_error{Errc::io, "stopped writing: " + error.what, error.where.empty() ? "log" : error.where,
                    "free the disk or replace it, then restart; no access can open meanwhile"};
  {
    const std::lock_guard guard(mutex);
    failed = final_error;
    waiting.swap(queue);
  }
  for (auto& item : batch) item.refuse(final_error);
  for (auto& item : waiting) item.refuse(final_error);
}

// Readers.

bool Log::healthy() const { return health().has_value(); }

Result<> Log::health() const {
  const std::lock_guard guard(state_->mutex);
  if (state_->failed) return std::unexpected(*state_->failed);
  return {};
}

TreeSize Log::size() const { return state_->now()->checkpoint.size; }
Checkpoint Log::checkpoint() const { return state_->now()->checkpoint; }
std::string Log::latest_checkpoint() const { return state_->now()->note; }
const NoteVerifier& Log::verifier() const { return state_->signer.verifier(); }

Result<> Log::read(const std::function<Result<>(sqlite::Database&)>& reader) const {
  const std::lock_guard guard(state_->read_mutex);
  return reader(state_->reader);
}

Result<std::string> Log::checkpoint_at(TreeSize size) const {
  const std::lock_guard guard(state_->read_mutex);
  PL_TRY(note, store::checkpoint_at(state_->reader, size));
  if (!note || size > this->size()) return fail(Errc::not_found, "signed no checkpoint of size " + std::to_string(size), "log");
  return *std::move(note);
}

Result<Proof> Log::prove(LeafIndex index, TreeSize size) const {
  const auto seen = state_->now();
  if (size > seen->edge.size()) return fail(Errc::not_found, "is not that large", "log");
  const std::lock_guard guard(state_->read_mutex);
  return inclusion_proof(store::StoredTree(state_->reader, seen->edge), index, size);
}

Result<Proof> Log::consistency(TreeSize old_size, TreeSize new_size) const {
  const auto seen = state_->now();
  if (new_size > seen->edge.size()) return fail(Errc::not_found, "is not that large", "log");
  const std::lock_guard guard(state_->read_mutex);
  return consistency_proof(store::StoredTree(state_->reader, seen->edge), old_size, new_size);
}

Result<TlogProof> Log::proof_of(LeafIndex index) const {
  const auto seen = state_->now();
  PL_TRY(path, prove(index, seen->checkpoint.size));
  return TlogProof{std::nullopt, index, std::move(path), seen->note};
}

Result<StoredRecord> Log::record(LeafIndex index) const {
  if (index >= size()) return fail(Errc::not_found, "has no record " + std::to_string(index), "log");
  const std::lock_guard guard(state_->read_mutex);
  return store::record(state_->reader, &state_->keys, index);
}

Result<std::vector<StoredRecord>> Log::records(LeafIndex first, std::size_t count) const {
  const auto below = size();
  const std::lock_guard guard(state_->read_mutex);
  return store::records(state_->reader, &state_->keys, first, count, below);
}

Result<std::vector<StoredRecord>> Log::find(const InterventionId& intervention) const {
  const auto below = size();
  const std::lock_guard guard(state_->read_mutex);
  return store::of_intervention(state_->reader, &state_->keys, intervention.text(), below);
}

Result<> Log::copy_log(const std::filesystem::path& to) const {
  return store::copy_database(state_->settings.folder / "log.db", store::options(sqlite::Access::read_only, sqlite::Check::none), to);
}
Result<> Log::copy_keys(const std::filesystem::path& to) const { return state_->keys.copy_to(to); }

KeyFile& Log::keys() const { return state_->keys; }
std::mutex& Log::destruction_turn() const { return state_->destroying; }
const std::filesystem::path& Log::folder() const { return state_->settings.folder; }
const Clock& Log::clock() const { return state_->clock; }
Random& Log::random() const { return state_->random; }

}  // namespace pontlevis::audit
