#include "audit/sqlite.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace pontlevis::sqlite {

void detail::StmtClose::operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
void detail::DbClose::operator()(sqlite3* d) const noexcept { sqlite3_close_v2(d); }

// Prepared statements are kept by the address of their literal; one in use is prepared again.
struct detail::Shared {
  std::filesystem::path path;
  std::unique_ptr<sqlite3, DbClose> db;
  std::map<const char*, Stmt> idle;  // closed before db: declared after it
};

namespace {

std::unexpected<Error> sqlite_error(const detail::Shared& shared, int code) {
  const bool busy = code == SQLITE_BUSY || code == SQLITE_LOCKED;
  return fail(busy ? Errc::unavailable : Errc::io,
              std::string("SQLite: ") + sqlite3_errstr(code) + " (" + std::to_string(code) + ")", shared.path.string());
}

std::unexpected<Error> last_error(const detail::Shared& shared) {
  return sqlite_error(shared, sqlite3_extended_errcode(shared.db.get()));
}

Result<> exec(detail::Shared& shared, const char* sql) {
  const int code = sqlite3_exec(shared.db.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return last_error(shared);
  return {};
}

// A database nobody has open has no -wal file; then it is read as it lies, so that reading creates nothing.
std::string uri(const std::filesystem::path& path, Access access) {
  std::string out = "file:";
  for (char c : path.string()) {
    if (c == '%' || c == '?' || c == '#') {
      constexpr std::string_view hex = "0123456789ABCDEF";
      out += {'%', hex[static_cast<unsigned char>(c) >> 4], hex[c & 15]};
    } else {
      out += c;
    }
  }
  std::error_code ec;
  const bool at_rest = !std::filesystem::exists(path.string() + "-wal", ec);
  return access == Access::read_only && at_rest ? out + "?immutable=1" : out;
}

// SQLite would make the file with the umask's mode; it holds personal data.
void make_private_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
}

Result<> connect(detail::Shared& shared, const Options& options) {
  const bool write = options.access == Access::read_write;
  if (write) make_private_file(shared.path);
  std::error_code ec;
  if (!std::filesystem::exists(shared.path, ec)) return fail(Errc::not_found, "does not exist", shared.path.string());
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  const int code = sqlite3_open_v2(uri(shared.path, options.access).c_str(), &raw, flags, nullptr);
  shared.db.reset(raw);
  if (code != SQLITE_OK) return sqlite_error(shared, code);
  sqlite3_busy_timeout(raw, options.busy_timeout_ms);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return {};
}

}  // namespace

Rows::Rows(detail::Shared* shared, const char* key, detail::Stmt stmt)
    : shared_(shared), key_(key), stmt_(std::move(stmt)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows& Rows::operator=(Rows&& other) noexcept {
  std::swap(shared_, other.shared_);
  std::swap(key_, other.key_);
  std::swap(stmt_, other.stmt_);
  return *this;
}

Rows::~Rows() {
  if (!stmt_) return;
  sqlite3_reset(stmt_.get());
  sqlite3_clear_bindings(stmt_.get());
  shared_->idle.try_emplace(key_, std::move(stmt_));
}

Result<bool> Rows::next() {
  const int code = sqlite3_step(stmt_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return sqlite_error(*shared_, code);
}

std::int64_t Rows::integer(int column) const { return sqlite3_column_int64(stmt_.get(), column); }

std::string Rows::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(stmt_.get(), column));
  return data ? std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(stmt_.get(), column))) : std::string();
}

std::string Rows::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(stmt_.get(), column));
  return data ? std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(stmt_.get(), column))) : std::string();
}

bool Rows::is_null(int column) const { return sqlite3_column_type(stmt_.get(), column) == SQLITE_NULL; }

std::optional<std::string> Rows::optional_text(int column) const {
  return is_null(column) ? std::nullopt : std::optional(text(column));
}
std::optional<std::int64_t> Rows::optional_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

Database::Database(std::unique_ptr<detail::Shared> shared) : shared_(std::move(shared)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

namespace {

Result<std::int64_t> pragma(Database& db, Sql sql) {
  PL_TRY(value, db.integer(sql));
  return value.value_or(0);
}

Result<> make_schema(Database& db, const Options& options) {
  PL_TRY(transaction, Transaction::begin(db));
  PL_TRY(tables, pragma(db, "SELECT count(*) FROM sqlite_schema"));
  PL_TRY(id, pragma(db, "PRAGMA application_id"));
  if (tables != 0 || id != 0) return {};  // made meanwhile, or not ours: check_identity() tells
  PL_CHECK(db.script(options.schema));
  PL_CHECK(db.set_identity(options.application_id, options.user_version));
  return transaction.commit();
}

Result<> check_identity(Database& db, const Options& options) {
  PL_TRY(id, pragma(db, "PRAGMA application_id"));
  PL_TRY(version, pragma(db, "PRAGMA user_version"));
  const auto where = db.path().string();
  if (static_cast<std::uint32_t>(id) != options.application_id)
    return fail(Errc::conflict, "is a database of another program", where, "choose another folder");
  if (version != options.user_version)
    return fail(Errc::conflict, "has schema version " + std::to_string(version) + ", this program writes version " +
                                    std::to_string(options.user_version), where);
  return {};
}

Result<> check_pages(Database& db) {
  PL_TRY(verdict, db.text("PRAGMA quick_check(1)"));
  if (verdict != "ok")
    return fail(Errc::io, "is damaged", db.path().string(), "restore the last backup, then run pontlevis-audit verify");
  return {};
}

Result<> prepare_writer(Database& db, const Options& options) {
  PL_TRY(mode, db.text("PRAGMA journal_mode=WAL"));
  if (mode != "wal") return fail(Errc::io, "cannot use a write-ahead log here", db.path().string(), "use a local disk");
  PL_CHECK(db.script("PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON"));
  return make_schema(db, options);
}

}  // namespace

Result<Database> Database::open(const std::filesystem::path& path, const Options& options) {
  auto shared = std::make_unique<detail::Shared>();
  shared->path = path;
  PL_CHECK(connect(*shared, options));
  Database db(std::move(shared));
  PL_CHECK(db.script("PRAGMA cell_size_check=ON"));
  if (options.access == Access::read_write) {
    PL_CHECK(prepare_writer(db, options));
  }
  PL_CHECK(check_identity(db, options));
  if (options.check == Check::quick) {
    PL_CHECK(check_pages(db));
  }
  return db;
}

// A pragma takes no bound value; both numbers come from the program, never from outside.
Result<> Database::set_identity(std::uint32_t application_id, int user_version) {
  const auto id = std::to_string(static_cast<std::int32_t>(application_id));
  return exec(*shared_, ("PRAGMA application_id=" + id + "; PRAGMA user_version=" + std::to_string(user_version)).c_str());
}

Result<> Database::script(Sql sql) { return exec(*shared_, sql.text()); }
std::int64_t Database::changes() const { return sqlite3_changes64(shared_->db.get()); }
std::int64_t Database::last_insert_rowid() const { return sqlite3_last_insert_rowid(shared_->db.get()); }
const std::filesystem::path& Database::path() const { return shared_->path; }

Result<Rows> Database::prepare(Sql sql) {
  detail::Stmt stmt;
  if (auto it = shared_->idle.find(sql.text()); it != shared_->idle.end()) {
    stmt = std::move(it->second);
    shared_->idle.erase(it);
  } else {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(shared_->db.get(), sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    stmt.reset(raw);
    if (code != SQLITE_OK) return last_error(*shared_);
  }
  return Rows(shared_.get(), sql.text(), std::move(stmt));
}

namespace {
Result<> bound(const detail::Shared& shared, int code) {
  if (code != SQLITE_OK) return sqlite_error(shared, code);
  return {};
}
// A null pointer would bind NULL; an empty text is a value.
const char* data_of(std::string_view v) { return v.empty() ? "" : v.data(); }
}  // namespace

Result<> Database::bind_integer(Rows& rows, int at, std::int64_t value) {
  return bound(*shared_, sqlite3_bind_int64(rows.stmt_.get(), at, value));
}
Result<> Database::bind_text(Rows& rows, int at, std::string_view value) {
  return bound(*shared_, sqlite3_bind_text64(rows.stmt_.get(), at, data_of(value), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}
Result<> Database::bind_blob(Rows& rows, int at, std::string_view value) {
  return bound(*shared_, sqlite3_bind_blob64(rows.stmt_.get(), at, data_of(value), value.size(), SQLITE_TRANSIENT));
}
Result<> Database::bind_null(Rows& rows, int at) { return bound(*shared_, sqlite3_bind_null(rows.stmt_.get(), at)); }

Result<Transaction> Transaction::begin(Database& db, Kind kind) {
  PL_CHECK(kind == Kind::immediate ? db.run("BEGIN IMMEDIATE") : db.run("BEGIN"));
  return Transaction(db);
}

Transaction::~Transaction() {
  if (db_) static_cast<void>(db_->run("ROLLBACK"));
}

Result<> Transaction::commit() {
  PL_CHECK(db_->run("COMMIT"));
  db_ = nullptr;
  return {};
}

}  // namespace pontlevis::sqlite
