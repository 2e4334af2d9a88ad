// How a log lies in SQLite: the tables, and the few statements that read and write them. Shared by the
// Log (writer and reader) and by pontlevis-audit, which reads the same file from outside.
// The statement of each table's purpose stands in log_store.cpp beside its columns.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/checkpoint.hpp"
#include "audit/field_keys.hpp"
#include "audit/merkle.hpp"
#include "audit/record.hpp"
#include "audit/sqlite.hpp"

namespace pontlevis::audit::store {

// The file's identity; read_only changes nothing and works while the daemon writes.
sqlite::Options options(sqlite::Access access, sqlite::Check check);
constexpr int current_version = 2;
sqlite::Sql fields_schema();  // what version 2 has and version 1 had otherwise
// A log of this version or of version 1 (personal fields in clear), to read; the queries below fit both.
Result<sqlite::Database> open_to_read(const std::filesystem::path& file, sqlite::Check check);

// A file of version 1, or nothing when it is none (also when there is no file).
Result<std::optional<sqlite::Database>> open_version_1(const std::filesystem::path& file);
// Encrypts the personal fields of version 1 where they lie, then rewrites the file so that nothing is left of
// them. REQUIRES: keys are made for every record; nobody else writes.
Result<> upgrade_version_1(sqlite::Database& db, const KeyFile& keys, Random& random);
// Finishes the rewriting of an upgrade that was cut short.
Result<> finish_upgrade(sqlite::Database& db);

// All that was written is in the file, and the write-ahead log is empty; false: a reader is in the way.
Result<bool> truncate_wal(sqlite::Database& db);
// VACUUM INTO a file that does not exist yet: mode 0600, fsynced. Errc::conflict when it does.
Result<> copy_database(const std::filesystem::path& from, const sqlite::Options& options, const std::filesystem::path& to);

// Writing: inside the caller's transaction. Personal fields are encrypted under keys derived from `secret`.
Result<> insert_record(sqlite::Database& db, const StoredRecord& record, const FieldKey& secret, Random& random);
Result<> insert_tile(sqlite::Database& db, const Tile& tile);
Result<> insert_checkpoint(sqlite::Database& db, TreeSize size, const std::string& note);

// Reading.
Result<TreeSize> entry_count(sqlite::Database& db);
Result<std::optional<std::string>> last_checkpoint(sqlite::Database& db);
Result<std::optional<std::string>> checkpoint_at(sqlite::Database& db, TreeSize size);
Result<std::vector<std::string>> checkpoints(sqlite::Database& db, std::optional<TreeSize> above, std::size_t count);
Result<std::optional<std::string>> tile(sqlite::Database& db, unsigned level, std::uint64_t n);
Result<std::vector<std::string>> entries(sqlite::Database& db, LeafIndex first, std::size_t count);
// Without `keys`, or without the key of a field, the field is there and unreadable (FieldState::no_key).
Result<StoredRecord> record(sqlite::Database& db, const KeyFile* keys, LeafIndex index);
Result<std::vector<StoredRecord>> records(sqlite::Database& db, const KeyFile* keys, LeafIndex first, std::size_t count, TreeSize below);
Result<std::vector<StoredRecord>> of_intervention(sqlite::Database& db, const KeyFile* keys, std::string_view intervention, TreeSize below);
// The last record with an encrypted field, if there is any.
Result<std::optional<LeafIndex>> last_sealed(sqlite::Database& db);
Result<std::optional<std::string>> last_time(sqlite::Database& db);

struct Indexed {  // what the table `records` says of a record
  std::string type, time;
  std::optional<std::string> intervention, practice;
  bool operator==(const Indexed&) const = default;
};
Result<std::optional<Indexed>> indexed(sqlite::Database& db, LeafIndex index);
Result<> insert_index(sqlite::Database& db, LeafIndex index, const Indexed& row);
Indexed index_of(const json::object& opened);

// The right edge of the stored tree of `size`, from full tiles and the last entries.
Result<TreeEdge> rebuild_edge(sqlite::Database& db, TreeSize size);

// Any node of the stored tree. REQUIRES: both outlive it; for one proof, on one thread.
class StoredTree final : public HashSource {
 public:
  StoredTree(sqlite::Database& db, const TreeEdge& edge) : db_(db), edge_(edge) {}
  Result<Digest> node(unsigned level, std::uint64_t index) const override;

 private:
  sqlite::Database& db_;
  const TreeEdge& edge_;
  mutable std::map<std::pair<unsigned, std::uint64_t>, std::string> tiles_;
};

}  // namespace pontlevis::audit::store
