#include "audit/log_store.hpp"

#include "protocol/text.hpp"

namespace pontlevis::audit::store {
namespace {

using sqlite::Blob;
using sqlite::Database;

// Text of the schema in two parts, because an upgrade makes the second in a file that has the first.
#define PL_LOG_TREE_SQL R"sql(
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
-- What a record is filed under, so that it is found without opening it; derived, and gone with a whole record.
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
)sql"
#define PL_LOG_FIELDS_SQL R"sql(
-- The openings: the only table that holds personal data, and the one that retention empties. A personal field
-- is ciphertext (keys.db opens it); an open-class field lies as it is.
CREATE TABLE fields(
  idx        INTEGER NOT NULL,
  pos        INTEGER NOT NULL,                   -- place in the schema of the type
  name       TEXT NOT NULL,
  class      TEXT NOT NULL CHECK(class IN ('open', 'person', 'ip', 'text', 'statement')),
  expires_on TEXT,                               -- first day on which it must be closed
  disclosure BLOB,                               -- open class: salt, name and value; NULL once destroyed
  ct         BLOB,                               -- other classes: nonce, AES-256-GCM(disclosure), tag; NULL once destroyed
  digest     BLOB CHECK(digest IS NULL OR length(digest) = 32),  -- of the disclosure, wherever that does not lie beside it
  PRIMARY KEY(idx, pos),
  CHECK((disclosure IS NULL) <> (digest IS NULL)),
  CHECK(class = 'open' OR disclosure IS NULL),
  CHECK(class <> 'open' OR ct IS NULL)
) STRICT, WITHOUT ROWID;
-- What is due, and the oldest of each class that is still there.
CREATE INDEX fields_due ON fields(class, expires_on, idx, pos) WHERE ct IS NOT NULL;
CREATE INDEX records_of_practice ON records(practice, idx) WHERE practice IS NOT NULL;
CREATE INDEX destructions ON records(idx) WHERE type = 'destruction';
-- Destructions that were decided and are not yet recorded: what a crash leaves is finished from here.
CREATE TABLE destructions_open(
  id       TEXT PRIMARY KEY,                     -- of the certificate
  intent   TEXT NOT NULL,                        -- the order and what it met, JSON; never a value or a salt
  begun_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Certificates that wait for the end of the backups.
CREATE TABLE destructions_partial(
  idx           INTEGER PRIMARY KEY,             -- of the record
  backup_expiry TEXT NOT NULL,
  found_in      TEXT NOT NULL                    -- files that held a copy, JSON: they must be gone as well
) STRICT;
-- A third party's time on a checkpoint (RFC 3161).
CREATE TABLE timestamps(
  size  INTEGER PRIMARY KEY,                     -- of the checkpoint
  token BLOB NOT NULL                            -- DER, as it came
) STRICT;
-- What the upgrade of an older file still has to do.
CREATE TABLE chores(what TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
)sql"

constexpr sqlite::Sql schema = PL_LOG_TREE_SQL PL_LOG_FIELDS_SQL;
constexpr std::uint32_t application_id = 0x504c6f67;  // PLog

std::unexpected<Error> damaged(const Database& db, std::string what) {
  return fail(Errc::io, std::move(what), db.path().string(), "run pontlevis-audit verify");
}

std::optional<std::string> text_of(const json::object& o, std::string_view name) {
  const auto* v = o.if_contains(name);
  return v && v->is_string() ? std::optional<std::string>(v->get_string()) : std::nullopt;
}

Result<> insert_field(Database& db, LeafIndex index, std::size_t pos, const StoredField& f, const FieldKey& secret, Random& random) {
  std::optional<Blob> disclosure, ct, digest;
  std::string sealed;
  if (f.cls == FieldClass::open && f.is_open()) {
    disclosure = Blob{f.disclosure};
  } else {
    digest = Blob{f.digest.view()};
    if (f.is_open()) ct = Blob{sealed = seal_field(secret.of_field(pos), index, pos, f.disclosure, random)};
  }
  return db.run("INSERT INTO fields(idx, pos, name, class, expires_on, disclosure, ct, digest) VALUES (?,?,?,?,?,?,?,?)",
                index, pos, f.name, class_name(f.cls), f.expires_on, disclosure, ct, digest);
}

// A ciphertext is believed only when it opens and is what the digest beside it says.
void open_sealed_field(StoredField& field, const RecordKeys& keys, LeafIndex index, std::size_t pos, const std::string& ct) {
  const auto key = keys.of(pos);
  field.unread = key ? FieldState::altered : FieldState::no_key;
  if (!key) return;
  auto disclosure = open_field(*key, index, pos, ct);
  if (disclosure && disclosure_digest(*disclosure) == field.digest) field.disclosure = *std::move(disclosure);
}

// name, class, expires_on, disclosure, ct, digest, pos
Result<StoredField> read_field(const Database& db, const sqlite::Rows& rows, LeafIndex index, const RecordKeys& keys) {
  StoredField out;
  out.name = rows.text(0);
  const auto cls = class_from(rows.text(1));
  if (!cls) return damaged(db, "holds a field of an unknown class");
  out.cls = *cls;
  out.expires_on = rows.optional_text(2);
  if (!rows.is_null(3)) {
    out.disclosure = rows.blob(3);
    out.digest = disclosure_digest(out.disclosure);
    return out;
  }
  const auto digest = rows.blob(5);
  if (digest.size() != 32) return damaged(db, "holds a closed field without its digest");
  out.digest = Digest::from(digest);
  if (!rows.is_null(4)) open_sealed_field(out, keys, index, static_cast<std::size_t>(rows.integer(6)), rows.blob(4));
  return out;
}

}  // namespace

sqlite::Options options(sqlite::Access access, sqlite::Check check) {
  return {.application_id = application_id, .user_version = current_version, .schema = schema, .access = access, .check = check};
}

sqlite::Sql fields_schema() { return PL_LOG_FIELDS_SQL; }

Indexed index_of(const json::object& opened) {
  return {text_of(opened, "type").value_or(""), text_of(opened, "time").value_or(""),
          text_of(opened, "intervention"), text_of(opened, "practice")};
}

Result<> insert_record(Database& db, const StoredRecord& record, const FieldKey& secret, Random& random) {
  PL_CHECK(db.run("INSERT INTO entries(idx, e) VALUES (?, ?)", record.index, Blob{record.entry}));
  for (std::size_t i = 0; i < record.fields.size(); ++i) PL_CHECK(insert_field(db, record.index, i, record.fields[i], secret, random));
  return {};
}

Result<> insert_index(Database& db, LeafIndex index, const Indexed& row) {
  return db.run("INSERT INTO records(idx, type, time, intervention, practice) VALUES (?,?,?,?,?)", index, row.type,
                row.time, row.intervention, row.practice);
}

Result<> insert_tile(Database& db, const Tile& t) {
  return db.run("INSERT INTO tiles(level, n, data) VALUES (?,?,?)", t.level, t.n, Blob{t.data});
}

Result<> insert_checkpoint(Database& db, TreeSize size, const std::string& note) {
  return db.run("INSERT INTO checkpoints(size, note) VALUES (?,?)", size, note);
}

Result<TreeSize> entry_count(Database& db) {
  PL_TRY(last, db.integer("SELECT max(idx) FROM entries"));
  return last ? static_cast<TreeSize>(*last) + 1 : 0;
}

Result<std::optional<std::string>> last_checkpoint(Database& db) {
  return db.text("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1");
}

Result<std::optional<std::string>> checkpoint_at(Database& db, TreeSize size) {
  return db.text("SELECT note FROM checkpoints WHERE size = ?", size);
}

Result<std::vector<std::string>> checkpoints(Database& db, std::optional<TreeSize> above, std::size_t count) {
  PL_TRY(rows, db.query("SELECT note FROM checkpoints WHERE size > ? ORDER BY size LIMIT ?",
                        above ? static_cast<std::int64_t>(*above) : -1, count));
  std::vector<std::string> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back(rows.text(0));
  }
}

Result<std::optional<std::string>> tile(Database& db, unsigned level, std::uint64_t n) {
  PL_TRY(rows, db.query("SELECT data FROM tiles WHERE level = ? AND n = ?", level, n));
  PL_TRY(found, rows.next());
  return found ? std::optional(rows.blob(0)) : std::nullopt;
}

Result<std::vector<std::string>> entries(Database& db, LeafIndex first, std::size_t count) {
  PL_TRY(rows, db.query("SELECT idx, e FROM entries WHERE idx >= ? ORDER BY idx LIMIT ?", first, count));
  std::vector<std::string> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    if (static_cast<LeafIndex>(rows.integer(0)) != first + out.size())
      return damaged(db, "has no entry " + std::to_string(first + out.size()));
    out.push_back(rows.blob(1));
  }
}

// The keys first: whoever destroys takes the ciphertext first, so that nobody sees one without its key.
Result<StoredRecord> record(Database& db, const KeyFile* keys, LeafIndex index) {
  RecordKeys found_keys;
  if (keys) {
    PL_TRY(of_record, keys->of(index));
    found_keys = std::move(of_record);
  }
  PL_TRY(found, entries(db, index, 1));
  if (found.empty()) return fail(Errc::not_found, "has no record " + std::to_string(index), db.path().string());
  StoredRecord out{index, std::move(found[0]), {}};
  PL_TRY(rows, db.query("SELECT name, class, expires_on, disclosure, ct, digest, pos FROM fields WHERE idx = ? ORDER BY pos", index));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(field, read_field(db, rows, index, found_keys));
    out.fields.push_back(std::move(field));
  }
}

Result<std::vector<StoredRecord>> records(Database& db, const KeyFile* keys, LeafIndex first, std::size_t count, TreeSize below) {
  std::vector<StoredRecord> out;
  for (LeafIndex i = first; i < below && out.size() < count; ++i) {
    PL_TRY(one, record(db, keys, i));
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::vector<StoredRecord>> of_intervention(Database& db, const KeyFile* keys, std::string_view intervention, TreeSize below) {
  PL_TRY(rows, db.query("SELECT idx FROM records WHERE intervention = ? AND idx < ? ORDER BY idx", intervention, below));
  std::vector<StoredRecord> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(one, record(db, keys, static_cast<LeafIndex>(rows.integer(0))));
    out.push_back(std::move(one));
  }
}

Result<std::optional<LeafIndex>> last_sealed(Database& db) {
  PL_TRY(any, db.integer("SELECT 1 FROM fields WHERE class IN ('person', 'ip', 'text', 'statement') AND ct IS NOT NULL LIMIT 1"));
  if (!any) return std::nullopt;
  PL_TRY(last, db.integer("SELECT idx FROM fields WHERE ct IS NOT NULL ORDER BY idx DESC LIMIT 1"));
  return last ? std::optional(static_cast<LeafIndex>(*last)) : std::nullopt;
}

Result<std::optional<std::string>> last_time(Database& db) {
  return db.text("SELECT time FROM records ORDER BY idx DESC LIMIT 1");
}

Result<std::optional<Indexed>> indexed(Database& db, LeafIndex index) {
  PL_TRY(rows, db.query("SELECT type, time, intervention, practice FROM records WHERE idx = ?", index));
  PL_TRY(found, rows.next());
  if (!found) return std::nullopt;
  return Indexed{rows.text(0), rows.text(1), rows.optional_text(2), rows.optional_text(3)};
}

namespace {

Result<std::string> full_tile(Database& db, unsigned level, std::uint64_t n) {
  PL_TRY(data, tile(db, level, n));
  if (!data) return damaged(db, "has no tile " + std::to_string(level) + "/" + std::to_string(n));
  return *std::move(data);
}

// Hashes first … first + count of one tile level: leaves of entries, or roots of the tiles below.
Result<std::string> row_of(Database& db, unsigned level, std::uint64_t first, std::uint64_t count) {
  std::string out;
  if (level == 0) {
    PL_TRY(found, entries(db, first, count));
    if (found.size() != count) return damaged(db, "has fewer entries than its checkpoint says");
    for (const auto& e : found) out += leaf_hash(e).view();
    return out;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    PL_TRY(below, full_tile(db, level - 1, first + i));
    out += tile_root(below).view();
  }
  return out;
}

}  // namespace

Result<TreeEdge> rebuild_edge(Database& db, TreeSize size) {
  TreeEdge out;
  for (unsigned level = 0; size >> (8 * level) != 0; ++level) {
    const std::uint64_t hashes = size >> (8 * level), full = hashes / tile_width;
    PL_TRY(row, row_of(db, level, full * tile_width, hashes % tile_width));
    out.adopt(level, row);
  }
  return out;
}

Result<Digest> StoredTree::node(unsigned level, std::uint64_t index) const {
  if (auto found = edge_.node(level, index)) return found;
  const auto key = std::pair{level / 8, index << level % 8 >> 8};
  auto it = tiles_.find(key);
  if (it == tiles_.end()) {
    PL_TRY(data, full_tile(db_, key.first, key.second));
    it = tiles_.emplace(key, std::move(data)).first;
  }
  return node_in_tile(it->second, level, index);
}

}  // namespace pontlevis::audit::store
