#include "audit/sqlite.hpp"

#include "tests/unit/audit/audit_support.hpp"

namespace pontlevis::audit::test {
namespace {

using sqlite::Access;
using sqlite::Database;
using sqlite::Transaction;

const sqlite::Options sample{.application_id = 0x74657374, .user_version = 3,
                             .schema = "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c BLOB)"};

TEST(Sqlite, values_come_back_as_they_went_in) {
  TemporaryFolder folder;
  auto db = must(Database::open(folder.path() / "x.db", sample));
  must(db.run("INSERT INTO t(a, b, c) VALUES (?,?,?)", 5, "é\n'", sqlite::Blob{std::string_view("\0\xff", 2)}));
  must(db.run("INSERT INTO t(a, b, c) VALUES (?,?,?)", 6, std::optional<std::string>(), nullptr));
  auto rows = must(db.query("SELECT a, b, c FROM t ORDER BY a"));
  ASSERT_TRUE(must(rows.next()));
  EXPECT_EQ(rows.integer(0), 5);
  EXPECT_EQ(rows.text(1), "é\n'");
  EXPECT_EQ(rows.blob(2), std::string_view("\0\xff", 2));
  ASSERT_TRUE(must(rows.next()));
  EXPECT_EQ(rows.optional_text(1), std::nullopt);
  EXPECT_TRUE(rows.is_null(2));
  EXPECT_FALSE(must(rows.next()));
}

TEST(Sqlite, a_query_inside_the_same_query_has_its_own_rows) {
  TemporaryFolder folder;
  auto db = must(Database::open(folder.path() / "x.db", sample));
  for (int i = 0; i < 3; ++i) must(db.run("INSERT INTO t(a) VALUES (?)", i));
  const auto count = [&](auto&& self, int depth) -> int {
    constexpr sqlite::Sql all = "SELECT a FROM t";
    auto rows = must(db.query(all));
    int n = 0;
    while (must(rows.next())) n += depth == 0 ? 1 : self(self, depth - 1);
    return n;
  };
  EXPECT_EQ(count(count, 2), 27);
}

TEST(Sqlite, a_transaction_that_is_not_committed_leaves_nothing) {
  TemporaryFolder folder;
  auto db = must(Database::open(folder.path() / "x.db", sample));
  {
    auto t = must(Transaction::begin(db));
    must(db.run("INSERT INTO t(a) VALUES (1)"));
  }
  EXPECT_EQ(must(db.integer("SELECT count(*) FROM t")), 0);
  auto t = must(Transaction::begin(db));
  must(db.run("INSERT INTO t(a) VALUES (1)"));
  must(t.commit());
  EXPECT_EQ(must(db.integer("SELECT count(*) FROM t")), 1);
}

TEST(Sqlite, another_programs_file_is_refused) {
  TemporaryFolder folder;
  must(Database::open(folder.path() / "x.db", sample));
  auto other = sample;
  other.application_id = 1;
  EXPECT_EQ(Database::open(folder.path() / "x.db", other).error().code, Errc::conflict);
  auto newer = sample;
  newer.user_version = 4;
  EXPECT_EQ(Database::open(folder.path() / "x.db", newer).error().code, Errc::conflict);
  must(io::write_file(folder.path() / "y.db", std::string(5000, 'x'), io::FileMode::owner_only));
  EXPECT_FALSE(Database::open(folder.path() / "y.db", sample));
}

TEST(Sqlite, reading_works_beside_a_writer_and_creates_nothing_at_rest) {
  TemporaryFolder folder;
  auto reading = sample;
  reading.access = Access::read_only;
  EXPECT_EQ(Database::open(folder.path() / "x.db", reading).error().code, Errc::not_found);
  {
    auto db = must(Database::open(folder.path() / "x.db", sample));
    must(db.run("INSERT INTO t(a) VALUES (1)"));
    auto reader = must(Database::open(folder.path() / "x.db", reading));
    EXPECT_EQ(must(reader.integer("SELECT count(*) FROM t")), 1);
    EXPECT_FALSE(reader.run("INSERT INTO t(a) VALUES (2)"));
  }
  auto reader = must(Database::open(folder.path() / "x.db", reading));
  EXPECT_EQ(must(reader.integer("SELECT count(*) FROM t")), 1);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "x.db-wal"));
}

TEST(Sqlite, it_is_durable_private_and_erases_what_it_deletes) {
  TemporaryFolder folder;
  auto db = must(Database::open(folder.path() / "x.db", sample));
  EXPECT_EQ(must(db.integer("PRAGMA synchronous")), 2);
  EXPECT_EQ(must(db.integer("PRAGMA secure_delete")), 1);
  EXPECT_EQ(must(db.text("PRAGMA journal_mode")), "wal");
  EXPECT_EQ(std::filesystem::status(folder.path() / "x.db").permissions() & std::filesystem::perms(077), std::filesystem::perms::none);
}

TEST(Sqlite, a_damaged_file_is_refused) {
  TemporaryFolder folder;
  const auto file = folder.path() / "x.db";
  {
    auto db = must(Database::open(file, sample));
    for (int i = 0; i < 500; ++i) must(db.run("INSERT INTO t(a, b) VALUES (?, ?)", i, std::string(100, 'b')));
  }
  auto bytes = must(io::read_file(file, 1 << 24));
  for (std::size_t i = 4096; i < 4200; ++i) bytes[i] = '\x5a';
  must(io::write_file(file, bytes, io::FileMode::owner_only));
  EXPECT_FALSE(Database::open(file, sample));
}

}  // namespace
}  // namespace pontlevis::audit::test
