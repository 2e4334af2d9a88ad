// What a log's file goes through beside reading and writing: the upgrade of version 1, the end of its
// write-ahead log, and copies.
#include <fcntl.h>
#include <unistd.h>

#include "audit/log_store.hpp"

namespace pontlevis::audit::store {
namespace {

using sqlite::Blob;
using sqlite::Database;

sqlite::Options version_1(sqlite::Access access, sqlite::Check check) {
  auto out = options(access, check);
  out.user_version = 1;
  out.schema = "";
  return out;
}

// In version 1 a personal field lay in clear, in `disclosure`; its own name hides the table of the file.
constexpr sqlite::Sql version_1_view =
    "PRAGMA temp_store=MEMORY;"
    "CREATE TEMP VIEW fields AS SELECT idx, pos, name, class, expires_on, disclosure, NULL AS ct, digest FROM main.fields";

// One row of version 1: idx, pos, name, class, expires_on, disclosure, digest.
Result<> move_field(Database& db, const sqlite::Rows& row, const FieldKey* secret, Random& random) {
  const auto index = static_cast<LeafIndex>(row.integer(0));
  const auto pos = static_cast<std::size_t>(row.integer(1));
  const auto disclosure = row.blob(5);
  auto digest = row.is_null(6) ? std::string() : row.blob(6);
  const bool in_clear = row.text(3) == class_name(FieldClass::open) && !row.is_null(5);
  std::string ct;
  if (!in_clear && !row.is_null(5)) {
    if (!secret) return fail(Errc::internal, "has no key for record " + std::to_string(index), db.path().string());
    digest = disclosure_digest(disclosure).text();
    ct = seal_field(secret->of_field(pos), index, pos, disclosure, random);
  }
  const auto given = [](const std::string& bytes) { return bytes.empty() ? std::nullopt : std::optional(Blob{bytes}); };
  return db.run("INSERT INTO fields(idx, pos, name, class, expires_on, disclosure, ct, digest) VALUES (?,?,?,?,?,?,?,?)", index, pos,
                row.text(2), row.text(3), row.optional_text(4), in_clear ? std::optional(Blob{disclosure}) : std::nullopt, given(ct),
                in_clear ? std::nullopt : given(digest));
}

Result<> move_fields(Database& db, const KeyFile& keys, Random& random) {
  PL_TRY(rows, db.query("SELECT idx, pos, name, class, expires_on, disclosure, digest FROM fields_1 ORDER BY idx, pos"));
  std::optional<LeafIndex> of;
  RecordKeys current;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    const auto index = static_cast<LeafIndex>(rows.integer(0));
    if (of != index) {
      PL_TRY(found, keys.of(index));
      current = std::move(found);
      of = index;
    }
    PL_CHECK(move_field(db, rows, current.secret ? &*current.secret : nullptr, random));
  }
}

}  // namespace

Result<Database> open_to_read(const std::filesystem::path& file, sqlite::Check check) {
  auto now = Database::open(file, options(sqlite::Access::read_only, check));
  if (now || now.error().code != Errc::conflict) return now;
  auto before = Database::open(file, version_1(sqlite::Access::read_only, check));
  if (!before) return now;  // what it said of the version of today
  PL_CHECK(before->script(version_1_view));
  return before;
}

Result<std::optional<Database>> open_version_1(const std::filesystem::path& file) {
  std::error_code ec;
  if (!std::filesystem::exists(file, ec) || std::filesystem::file_size(file, ec) == 0) return std::nullopt;
  auto out = Database::open(file, version_1(sqlite::Access::read_only, sqlite::Check::none));
  if (!out) return std::nullopt;
  PL_TRY(db, Database::open(file, version_1(sqlite::Access::read_write, sqlite::Check::quick)));
  return std::optional(std::move(db));
}

Result<> upgrade_version_1(Database& db, const KeyFile& keys, Random& random) {
  {
    PL_TRY(transaction, sqlite::Transaction::begin(db));
    PL_CHECK(db.script("ALTER TABLE fields RENAME TO fields_1"));
    PL_CHECK(db.script(fields_schema()));
    PL_CHECK(move_fields(db, keys, random));
    PL_CHECK(db.script("DROP TABLE fields_1; INSERT INTO chores(what) VALUES ('rewrite')"));
    PL_CHECK(db.set_identity(options(sqlite::Access::read_write, sqlite::Check::none).application_id, current_version));
    PL_CHECK(transaction.commit());
  }
  return finish_upgrade(db);
}

Result<> finish_upgrade(Database& db) {
  PL_TRY(due, db.integer("SELECT 1 FROM chores WHERE what = 'rewrite'"));
  if (!due) return {};
  PL_CHECK(db.run("VACUUM"));
  PL_TRY(empty, truncate_wal(db));
  if (!empty) return fail(Errc::unavailable, "is read by another process, and was not rewritten yet", db.path().string(), "end that process and start again");
  return db.run("DELETE FROM chores WHERE what = 'rewrite'");
}

// The wait is short: SQLite keeps the writer out while it waits for readers.
Result<bool> truncate_wal(Database& db) {
  PL_CHECK(db.run("PRAGMA busy_timeout=50"));
  bool done = false;
  Result<> asked = [&]() -> Result<> {
    PL_TRY(rows, db.query("PRAGMA wal_checkpoint(TRUNCATE)"));
    PL_TRY(row, rows.next());
    done = row && rows.integer(0) == 0 && rows.integer(1) == 0 && rows.integer(2) == 0;
    return {};
  }();
  PL_CHECK(db.run("PRAGMA busy_timeout=5000"));
  if (!asked && asked.error().code != Errc::unavailable) return std::unexpected(std::move(asked).error());
  return done;
}

namespace {

Result<> make_empty(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return fail(errno == EEXIST ? Errc::conflict : Errc::io, errno == EEXIST ? "exists already" : "cannot be made", file.string());
  ::close(fd);
  return {};
}

Result<> sync(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool good = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!good) return fail(Errc::io, "cannot be written to the disk", path.string());
  return {};
}

}  // namespace

Result<> copy_database(const std::filesystem::path& from, const sqlite::Options& how, const std::filesystem::path& to) {
  auto reading = how;
  reading.access = sqlite::Access::read_only;
  reading.check = sqlite::Check::none;
  PL_TRY(db, Database::open(from, reading));
  PL_CHECK(make_empty(to));
  Result<> made = db.run("VACUUM INTO ?", to.string());
  if (made) made = sync(to);
  if (made) made = sync(to.parent_path().empty() ? std::filesystem::path(".") : to.parent_path());
  std::error_code ec;
  if (!made) std::filesystem::remove(to, ec);
  return made;
}

}  // namespace pontlevis::audit::store
