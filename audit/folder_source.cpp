// The SQLite side of Source.
#include "audit/source.hpp"
#include "protocol/io/system.hpp"

namespace pontlevis::audit {
namespace {

class FolderSource final : public Source {
 public:
  FolderSource(std::filesystem::path folder, sqlite::Database db) : folder_(std::move(folder)), db_(std::move(db)) {}

  Result<> begin() { return db_.run("BEGIN"); }  // one snapshot for all that follows
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
  bool holds_all_records() const override { return true; }
  Result<std::optional<StoredRecord>> record(LeafIndex index) override {
    PL_TRY(one, store::record(db_, index));
    return std::optional(std::move(one));
  }
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
    return store::of_intervention(db_, id, max_tree_size);
  }

  Result<> each_checkpoint(const std::function<Result<>(TreeSize, const std::string&)>& visit) override {
    PL_TRY(rows, db_.query("SELECT size, note FROM checkpoints ORDER BY size"));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      PL_CHECK(visit(static_cast<TreeSize>(rows.integer(0)), rows.text(1)));
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
  std::filesystem::path folder_;
  sqlite::Database db_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_folder(const std::filesystem::path& data) {
  const auto folder = data / "log";
  PL_TRY(db, sqlite::Database::open(folder / "log.db", store::options(sqlite::Access::read_only, sqlite::Check::quick)));
  auto out = std::make_unique<FolderSource>(folder, std::move(db));
  PL_CHECK(out->begin());
  return std::unique_ptr<Source>(std::move(out));
}

}  // namespace pontlevis::audit
