// The SQLite side of Source: log.db, and keys.db for its personal fields.
#include "audit/destruction.hpp"
#include "audit/source.hpp"
#include "protocol/io/system.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

class FolderSource final : public Source {
 public:
  FolderSource(std::filesystem::path folder, sqlite::Database db, std::optional<KeyFile> keys)
      : folder_(std::move(folder)), db_(std::move(db)), keys_(std::move(keys)) {}

  // One snapshot for all that follows. The keys' first: whoever destroys takes the ciphertext first, so that no
  // ciphertext of the later snapshot is without its key in the earlier one.
  Result<> begin() {
    if (keys_) PL_CHECK(keys_->begin_snapshot());
    PL_CHECK(db_.run("BEGIN"));
    PL_CHECK(store::entry_count(db_));  // the first read takes it
    return {};
  }
  std::string name() const override { return folder_.string(); }
  Result<std::string> key_text() const override { return io::read_file(folder_ / "log.vkey", 4096); }

  Result<std::string> latest_checkpoint() override {
    PL_TRY(note, store::last_checkpoint(db_));
    if (!note) return fail(Errc::bad_signature, "has no checkpoint", name());
    return *std::move(note);
  }
  Result<TreeSize> size() override { return store::entry_count(db_); }
  Result<std::vector<std::string>> entries(LeafIndex first, std::size_t count) override { return store::entries(db_, first, count); }
  bool keeps_partial_tiles() const override { return false; }

  Result<std::string> tile(unsigned level, std::uint64_t n, unsigned) override {
    PL_TRY(data, store::tile(db_, level, n));
    return data.value_or("");
  }
  Result<std::optional<StoredRecord>> record(LeafIndex index) override {
    PL_TRY(one, store::record(db_, keys(), index));
    return std::optional(std::move(one));
  }
  bool is_live() const override { return true; }
  bool has_index() const override { return true; }
  Result<std::optional<store::Indexed>> indexed(LeafIndex index) override { return store::indexed(db_, index); }
  Result<std::vector<std::string>> interventions(const std::string& prefix, std::size_t limit) override {
    PL_TRY(rows, db_.query("SELECT intervention FROM records WHERE intervention IS NOT NULL AND substr(intervention, 1, ?) = ? "
                           "GROUP BY intervention ORDER BY max(idx) DESC LIMIT ?", prefix.size(), prefix, limit));
    std::vector<std::string> out;
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return out;
      out.push_back(rows.text(0));
    }
  }
  Result<std::vector<StoredRecord>> of_intervention(const std::string& id) override {
    return store::of_intervention(db_, keys(), id, max_tree_size);
  }

  Result<> each_checkpoint(const std::function<Result<>(TreeSize, const std::string&)>& visit) override {
    PL_TRY(rows, db_.query("SELECT size, note FROM checkpoints ORDER BY size"));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      PL_CHECK(visit(static_cast<TreeSize>(rows.integer(0)), rows.text(1)));
    }
  }

  Result<std::vector<TimestampedCheckpoint>> timestamps() override {
    if (!is_current()) return std::vector<TimestampedCheckpoint>();
    PL_TRY(rows, db_.query("SELECT t.size, c.note, t.token FROM timestamps t JOIN checkpoints c ON c.size = t.size ORDER BY t.size"));
    std::vector<TimestampedCheckpoint> out;
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return out;
      out.push_back({static_cast<TreeSize>(rows.integer(0)), rows.text(1), rows.blob(2)});
    }
  }

  Result<std::optional<std::string>> fault_of_files() override {
    PL_TRY(pages, db_.text("PRAGMA integrity_check(1)"));
    if (pages != "ok") return "log.db is damaged: " + printable(pages.value_or(""), 120);
    PL_TRY(field, db_.integer("SELECT idx FROM fields GROUP BY idx HAVING min(pos) <> 0 OR max(pos) + 1 <> count(*) LIMIT 1"));
    if (field) return "the fields of record " + std::to_string(*field) + " do not stand one after another";
    if (!is_current()) return std::nullopt;
    return fault_of_schema();
  }

  Result<std::vector<DestructionScope>> unfinished() override {
    std::vector<DestructionScope> out;
    if (!is_current()) return out;
    PL_TRY(rows, db_.query("SELECT intent FROM destructions_open"));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return out;
      PL_TRY(scope, scope_of_intent(rows.text(0)));
      out.insert(out.end(), scope.begin(), scope.end());
    }
  }

  Result<std::vector<NoteVerifier>> witnesses() override {
    PL_TRY(rows, db_.query("SELECT vkey FROM witnesses ORDER BY vkey"));
    std::vector<NoteVerifier> out;
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return out;
      PL_TRY(key, NoteVerifier::parse(rows.text(0)));
      out.push_back(std::move(key));
    }
  }

  Result<> each_cosignature(const std::function<Result<>(TreeSize, const Cosignature&)>& visit) override {
    PL_TRY(rows, db_.query("SELECT size, witness, ts, line FROM cosig ORDER BY size, witness, ts"));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      const Cosignature one{rows.text(1), static_cast<std::uint64_t>(rows.integer(2)), rows.text(3)};
      PL_CHECK(visit(static_cast<TreeSize>(rows.integer(0)), one));
    }
  }

 private:
  const KeyFile* keys() const { return keys_ ? &*keys_ : nullptr; }
  bool is_current() {
    const auto found = db_.integer("PRAGMA user_version");
    return found && *found == store::current_version;
  }

  // SQLite keeps the text of each statement that made a table; a change there may lift a rule without touching a row.
  Result<std::optional<std::string>> fault_of_schema() {
    const std::string_view whole = store::options(sqlite::Access::read_only, sqlite::Check::none).schema.text();
    std::size_t found = 0, wanted = 0;
    for (auto at = whole.find("\nCREATE "); at != whole.npos; at = whole.find("\nCREATE ", at + 1)) ++wanted;
    PL_TRY(rows, db_.query("SELECT name, tbl_name, sql, CASE WHEN typeof(type) || typeof(name) || typeof(tbl_name) = 'texttexttext' "
                          "AND typeof(sql) IN ('text', 'null') THEN type END FROM sqlite_schema"));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) break;
      const auto name = rows.text(0), table = rows.text(1), sql = rows.text(2), type = rows.text(3);
      const bool typed = (type == "table" && sql.starts_with("CREATE TABLE ")) || (type == "index" && (rows.is_null(2) || sql.starts_with("CREATE INDEX "))) ||
                         (type == "trigger" && sql.starts_with("CREATE TRIGGER "));
      if (!typed) return "log.db has another schema: " + printable(name, 60);
      const bool automatic = rows.is_null(2) && name.starts_with("sqlite_autoindex_" + table + "_") && whole.contains("CREATE TABLE " + table + "(");
      const bool ours = !rows.is_null(2) && whole.contains(sql) && sql.contains(" " + name) && sql.contains(" " + table);
      if (!automatic && !ours) return "log.db has another schema: " + printable(name, 60);
      found += ours ? 1 : 0;
    }
    if (found != wanted) return "log.db has " + std::to_string(found) + " tables, indexes and triggers, not " + std::to_string(wanted);
    return std::nullopt;
  }

  std::filesystem::path folder_;
  sqlite::Database db_;
  std::optional<KeyFile> keys_;
};

// A copy without its keys is read as far as it goes; keys of another log are an error.
Result<std::optional<KeyFile>> keys_of(const std::filesystem::path& folder) {
  std::error_code ec;
  if (!std::filesystem::exists(folder / "keys.db", ec)) return std::nullopt;
  PL_TRY(vkey, io::read_file(folder / "log.vkey", 4096));
  PL_TRY(keys, KeyFile::open(folder / "keys.db", std::string_view(vkey).substr(0, vkey.find('\n')), sqlite::Access::read_only));
  return std::optional(std::move(keys));
}

}  // namespace

Result<std::unique_ptr<Source>> open_folder(const std::filesystem::path& data) {
  const auto folder = data / "log";
  PL_TRY(db, store::open_to_read(folder / "log.db", sqlite::Check::quick));
  PL_TRY(keys, keys_of(folder));
  auto out = std::make_unique<FolderSource>(folder, std::move(db), std::move(keys));
  PL_CHECK(out->begin());
  return std::unique_ptr<Source>(std::move(out));
}

}  // namespace pontlevis::audit
