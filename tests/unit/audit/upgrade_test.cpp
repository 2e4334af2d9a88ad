// A log that an earlier version of the program wrote, with personal fields in clear.
#include "audit/source.hpp"
#include "tests/unit/audit/memory_support.hpp"

namespace pontlevis::audit::test {
namespace {

constexpr sqlite::Options version_1{.application_id = 0x504c6f67, .user_version = 1, .schema = R"sql(
-- The tree. 34 bytes a record, no personal datum, kept for ever.
CREATE TABLE entries(
  idx INTEGER PRIMARY KEY,                       -- place in the tree, from 0
  e   BLOB NOT NULL CHECK(length(e) = 34)        -- 0x01 | class | SHA-256 of the record's body
) STRICT;
-- Every checkpoint this log signed: one a commit.
CREATE TABLE checkpoints(
  size INTEGER PRIMARY KEY,                      -- records it covers
  note TEXT NOT NULL                             -- signed note, verbatim
) STRICT;
-- What witnesses answered.
CREATE TABLE cosig(
  size    INTEGER NOT NULL,                      -- of the checkpoint
  witness TEXT NOT NULL,                         -- key name
  ts      INTEGER NOT NULL,                      -- Unix seconds, as signed
  line    TEXT NOT NULL,                         -- signature line, verbatim
  PRIMARY KEY(size, witness, ts)
) STRICT, WITHOUT ROWID;
-- Whose cosignatures count.
CREATE TABLE witnesses(
  vkey TEXT PRIMARY KEY                          -- name+hash+key, type 04
) STRICT, WITHOUT ROWID;
-- Full tiles only, derived from the entries; partial tiles are derived when asked for.
CREATE TABLE tiles(
  level INTEGER NOT NULL, n INTEGER NOT NULL,
  data  BLOB NOT NULL CHECK(length(data) = 8192),
  PRIMARY KEY(level, n)
) STRICT, WITHOUT ROWID;
-- The openings: the only table that holds personal data, and the one that retention empties.
CREATE TABLE fields(
  idx        INTEGER NOT NULL,
  pos        INTEGER NOT NULL,                   -- place in the schema of the type
  name       TEXT NOT NULL,
  class      TEXT NOT NULL CHECK(class IN ('open', 'person', 'ip', 'text', 'statement')),
  expires_on TEXT,                               -- first day on which it must be closed
  disclosure BLOB,                               -- salt, name and value; NULL once destroyed
  digest     BLOB CHECK(digest IS NULL OR length(digest) = 32),  -- kept only once destroyed
  PRIMARY KEY(idx, pos),
  CHECK((disclosure IS NULL) <> (digest IS NULL))
) STRICT, WITHOUT ROWID;
-- An index over open fields, so that records are found without opening them; derived.
CREATE TABLE records(
  idx INTEGER PRIMARY KEY, type TEXT NOT NULL, time TEXT NOT NULL, intervention TEXT, practice TEXT
) STRICT;
CREATE INDEX records_of_intervention ON records(intervention, idx) WHERE intervention IS NOT NULL;

CREATE TRIGGER entries_stay       BEFORE DELETE ON entries     BEGIN SELECT RAISE(ABORT, 'entries are for ever'); END;
CREATE TRIGGER entries_hold       BEFORE UPDATE ON entries     BEGIN SELECT RAISE(ABORT, 'entries are for ever'); END;
CREATE TRIGGER checkpoints_stay   BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are for ever'); END;
CREATE TRIGGER checkpoints_hold   BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are for ever'); END;
CREATE TRIGGER cosignatures_stay  BEFORE DELETE ON cosig       BEGIN SELECT RAISE(ABORT, 'cosignatures are for ever'); END;
CREATE TRIGGER cosignatures_hold  BEFORE UPDATE ON cosig       BEGIN SELECT RAISE(ABORT, 'cosignatures are for ever'); END;
)sql"};

class UpgradeTest : public MemoryTest {
 protected:
  // The same log as version 1 would have written it: same entries, checkpoints and openings.
  void make_version_1() {
    std::vector<StoredRecord> records;
    std::vector<std::pair<TreeSize, std::string>> notes;
    {
      auto log = open();
      append_life(*log, clock_);
      records = must(log->records(0, log->size()));
      for (TreeSize size = 0; size <= log->size(); ++size) notes.emplace_back(size, must(log->checkpoint_at(size)));
    }
    for (auto name : {"log.db", "keys.db"}) std::filesystem::remove(log_folder() / name);
    auto db = must(sqlite::Database::open(log_folder() / "log.db", version_1));
    for (const auto& [size, note] : notes) must(db.run("INSERT INTO checkpoints VALUES (?, ?)", size, note));
    for (const auto& record : records) write(db, record);
  }
  static void write(sqlite::Database& db, const StoredRecord& record) {
    must(db.run("INSERT INTO entries VALUES (?, ?)", record.index, sqlite::Blob{record.entry}));
    const auto at = store::index_of(must(record.open()));
    must(db.run("INSERT INTO records VALUES (?, ?, ?, ?, ?)", record.index, at.type, at.time, at.intervention, at.practice));
    for (std::size_t pos = 0; pos < record.fields.size(); ++pos) {
      const auto& f = record.fields[pos];
      must(db.run("INSERT INTO fields VALUES (?, ?, ?, ?, ?, ?, NULL)", record.index, pos, f.name, class_name(f.cls), f.expires_on, sqlite::Blob{f.disclosure}));
    }
  }
};

TEST_F(UpgradeTest, personal_fields_are_encrypted_where_they_lie_and_nothing_is_left_of_them) {
  make_version_1();
  const auto canary = [&] {
    const auto source = must(open_folder(data()));
    EXPECT_TRUE(check_record(*must(source->record(0)))) << "version 1 is still read";
    return field(*must(source->record(0)), "source_ip").disclosure;
  }();
  EXPECT_FALSE(files_with(data(), canary).empty());
  std::vector<StoredRecord> before;
  {
    const auto source = must(open_folder(data()));
    for (LeafIndex i = 0; i < 8; ++i) before.push_back(*must(source->record(i)));
  }
  auto log = open();
  EXPECT_TRUE(files_with(data(), canary).empty());
  for (const auto& record : before)
    for (const auto& f : record.fields)
      if (f.cls != FieldClass::open) EXPECT_TRUE(files_with(data(), f.disclosure.substr(0, 40)).empty()) << f.name;
  for (LeafIndex i = 0; i < 8; ++i) {
    const auto after = must(log->record(i));
    for (std::size_t pos = 0; pos < after.fields.size(); ++pos) EXPECT_EQ(after.fields[pos].disclosure, before[i].fields[pos].disclosure);
    expect_proved(*log, i);
  }
  must(log->append_now(security_record(1)));
  must(destroy(*log, erasure({field_of_record(0, "source_ip")}), {}));
  expect_verified();
  log.reset();
  EXPECT_EQ(open()->size(), 10u) << "and it goes on";
}

TEST_F(UpgradeTest, an_upgrade_cut_short_before_its_rewriting_is_finished) {
  make_version_1();
  const auto canary = field(*must(must(open_folder(data()))->record(0)), "source_ip").disclosure;
  { open(); }
  {
    auto db = raw();
    must(db.run("INSERT INTO chores(what) VALUES ('rewrite')"));
    must(db.script("PRAGMA secure_delete=OFF; CREATE TABLE left_over(a BLOB)"));
    must(db.run("INSERT INTO left_over VALUES (?)", sqlite::Blob{canary}));
    must(db.script("DROP TABLE left_over"));
  }
  ASSERT_FALSE(files_with(data(), canary).empty());
  auto log = open();
  EXPECT_TRUE(files_with(data(), canary).empty());
  EXPECT_EQ(must(raw(sqlite::Access::read_only).integer("SELECT count(*) FROM chores")), 0);
}

TEST_F(UpgradeTest, a_key_that_is_not_its_own_upgrades_nothing) {
  make_version_1();
  std::filesystem::remove(log_folder() / "log.vkey");
  const auto before = read_all(log_folder() / "log.db");
  EXPECT_EQ(Log::open({.folder = log_folder()}, log_signer("audit.editeur.example/log", 7), clock_, random_).error().code, Errc::conflict);
  EXPECT_FALSE(std::filesystem::exists(log_folder() / "keys.db"));
  EXPECT_EQ(open()->size(), 8u);
}

}  // namespace
}  // namespace pontlevis::audit::test
