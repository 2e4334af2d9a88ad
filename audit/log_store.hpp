// How a log lies in SQLite: the tables, and the few statements that read and write them. Shared by the
// Log (writer and reader) and by pontlevis-audit, which reads the same file from outside.
// The statement of each table's purpose stands in log_store.cpp beside its columns.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/checkpoint.hpp"
#include "audit/merkle.hpp"
#include "audit/record.hpp"
#include "audit/sqlite.hpp"

namespace pontlevis::audit::store {

// The file's identity; read_only changes nothing and works while the daemon writes.
sqlite::Options options(sqlite::Access access, sqlite::Check check);

// Writing: inside the caller's transaction.
Result<> insert_record(sqlite::Database& db, const StoredRecord& record);
Result<> insert_tile(sqlite::Database& db, const Tile& tile);
Result<> insert_checkpoint(sqlite::Database& db, TreeSize size, const std::string& note);

// Reading.
Result<TreeSize> entry_count(sqlite::Database& db);
Result<std::optional<std::string>> last_checkpoint(sqlite::Database& db);
Result<std::optional<std::string>> checkpoint_at(sqlite::Database& db, TreeSize size);
Result<std::vector<std::string>> checkpoints(sqlite::Database& db, std::optional<TreeSize> above, std::size_t count);
Result<std::optional<std::string>> tile(sqlite::Database& db, unsigned level, std::uint64_t n);
Result<std::vector<std::string>> entries(sqlite::Database& db, LeafIndex first, std::size_t count);
Result<StoredRecord> record(sqlite::Database& db, LeafIndex index);
Result<std::vector<StoredRecord>> records(sqlite::Database& db, LeafIndex first, std::size_t count, TreeSize below);
Result<std::vector<StoredRecord>> of_intervention(sqlite::Database& db, std::string_view intervention, TreeSize below);
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
