// A small RAII layer over SQLite, shared by the logs and by the operational stores of the gateway
// and the agent (library pontlevis_sqlite). Every database opened here is WAL, synchronous=FULL,
// secure_delete=ON (requirements T16), defensive, and carries its own application id.
//
//   PL_TRY(db, sqlite::Database::open(path, {.application_id = 0x504c6167, .user_version = 1, .schema = "CREATE…"}));
//   PL_CHECK(db.run("INSERT INTO t(a, b) VALUES (?, ?)", 5, "text"));
//   PL_TRY(rows, db.query("SELECT a, b FROM t WHERE a > ?", 3));
//   while (true) { PL_TRY(more, rows.next()); if (!more) break; use(rows.integer(0), rows.text(1)); }
//
// SQL is a literal of the program: sqlite::Sql has no run-time constructor, so no outside text can
// become SQL. Values are bound: whole numbers, bool, text, sqlite::Blob, nullptr, std::optional of these.
// One Database belongs to one thread at a time. Errors name the file and SQLite's words, never a bound value.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "protocol/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace pontlevis::sqlite {

// SQL text known at compile time.
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {}  // NOLINT: implicit on purpose
  const char* text() const noexcept { return text_; }

 private:
  const char* text_;
};

// Bytes, as opposed to text. Does not own them.
struct Blob {
  std::string_view bytes;
};

enum class Access { read_write, read_only };
enum class Check { quick, none };  // PRAGMA quick_check at open

struct Options {
  std::uint32_t application_id{};     // four letters; another one in the file = refused
  int user_version{};                 // version of the schema; another one in the file = refused
  Sql schema = "";                    // run once, in the transaction that makes the file
  Access access = Access::read_write; // read_only fails when the file does not exist, and changes nothing
  Check check = Check::quick;
  int busy_timeout_ms = 5000;
};

namespace detail {
struct StmtClose {
  void operator()(sqlite3_stmt* s) const noexcept;
};
struct DbClose {
  void operator()(sqlite3* d) const noexcept;
};
using Stmt = std::unique_ptr<sqlite3_stmt, StmtClose>;
struct Shared;  // the connection and its prepared statements
}  // namespace detail

// The rows of one query, read forward once. Destroying it ends the query.
class Rows {
 public:
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) noexcept;
  ~Rows();

  Result<bool> next();  // true: a row stands; false: no more
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  std::string blob(int column) const;
  bool is_null(int column) const;
  std::optional<std::string> optional_text(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;

 private:
  friend class Database;
  Rows(detail::Shared* shared, const char* key, detail::Stmt stmt);
  detail::Shared* shared_;
  const char* key_;
  detail::Stmt stmt_;
};

class Database {
 public:
  // Makes the file (mode 0600) with `schema` where it is missing and access allows it.
  static Result<Database> open(const std::filesystem::path& path, const Options& options);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  template <class... Values>
  Result<Rows> query(Sql sql, const Values&... values) {
    PL_TRY(rows, prepare(sql));
    int at = 0;
    Result<> bound;
    ((bound = bound ? bind(rows, ++at, values) : bound), ...);
    if (!bound) return std::unexpected(std::move(bound).error());
    return rows;
  }

  // A statement that returns no row.
  template <class... Values>
  Result<> run(Sql sql, const Values&... values) {
    PL_TRY(rows, query(sql, values...));
    PL_CHECK(rows.next());
    return {};
  }

  // The first row's first column.
  template <class... Values>
  Result<std::optional<std::int64_t>> integer(Sql sql, const Values&... values) {
    PL_TRY(rows, query(sql, values...));
    PL_TRY(found, rows.next());
    return found ? rows.optional_integer(0) : std::nullopt;
  }
  template <class... Values>
  Result<std::optional<std::string>> text(Sql sql, const Values&... values) {
    PL_TRY(rows, query(sql, values...));
    PL_TRY(found, rows.next());
    return found ? rows.optional_text(0) : std::nullopt;
  }

  Result<> script(Sql sql);                 // several statements, no values
  std::int64_t changes() const;             // rows changed by the last run()
  std::int64_t last_insert_rowid() const;
  const std::filesystem::path& path() const;
  Result<> set_identity(std::uint32_t application_id, int user_version);  // open() does it; migrations may

 private:
  explicit Database(std::unique_ptr<detail::Shared> shared);
  Result<Rows> prepare(Sql sql);
  Result<> bind_integer(Rows& rows, int at, std::int64_t value);
  Result<> bind_text(Rows& rows, int at, std::string_view value);
  Result<> bind_blob(Rows& rows, int at, std::string_view value);
  Result<> bind_null(Rows& rows, int at);

  template <class T>
  Result<> bind(Rows& rows, int at, const T& value) {
    if constexpr (std::is_same_v<T, Blob>)
      return bind_blob(rows, at, value.bytes);
    else if constexpr (std::is_same_v<T, std::nullptr_t>)
      return bind_null(rows, at);
    else if constexpr (std::is_integral_v<T>)
      return bind_integer(rows, at, static_cast<std::int64_t>(value));
    else
      return bind_text(rows, at, value);
  }
  template <class T>
  Result<> bind(Rows& rows, int at, const std::optional<T>& value) {
    return value ? bind(rows, at, *value) : bind_null(rows, at);
  }

  std::unique_ptr<detail::Shared> shared_;
};

// BEGIN … COMMIT; rolls back when destroyed before commit(). REQUIRES: the Database outlives it.
class Transaction {
 public:
  enum class Kind { deferred, immediate };  // immediate takes the write lock at once
  static Result<Transaction> begin(Database& db, Kind kind = Kind::immediate);
  Transaction(Transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<> commit();

 private:
  explicit Transaction(Database& db) : db_(&db) {}
  Database* db_;
};

}  // namespace pontlevis::sqlite
