#include "audit/verify.hpp"

#include "audit/life.hpp"
#include "audit/policy.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t max_findings = 100;  // the first ones tell; a forged log has one for each record

class Verifier {
 public:
  Verifier(Source& source, const VerifyOptions& options) : source_(source), options_(options) { report_.source = source.name(); }

  Result<VerifyReport> run() {
    if (!read_key() || !read_checkpoint()) return std::move(report_);
    PL_CHECK(tolerate("tree", check_entries()));
    if (tree_.size() != checkpoint_.size) return std::move(report_);
    PL_CHECK(tolerate("tree", check_tiles()));
    PL_CHECK(tolerate("history", check_history()));
    PL_CHECK(tolerate("witnesses", check_witnesses()));
    PL_CHECK(tolerate("records", check_records()));
    return std::move(report_);
  }

 private:
  void find(std::string check, std::optional<LeafIndex> index, std::string what) {
    if (report_.findings.size() < max_findings) report_.findings.push_back({std::move(check), index, std::move(what)});
  }
  void remark(std::string check, std::optional<LeafIndex> index, std::string what) {
    if (report_.remarks.size() < max_findings) report_.remarks.push_back({std::move(check), index, std::move(what)});
  }
  // What is broken in the data is a finding; what keeps us from reading it is an error.
  Result<> tolerate(const char* check, Result<> result) {
    if (result || result.error().code == Errc::unavailable) return result;
    find(check, std::nullopt, result.error().where + ": " + result.error().what);
    return {};
  }

  bool read_key() {
    const auto text = source_.key_text();
    const auto key = text ? NoteVerifier::parse(std::string_view(*text).substr(0, text->find('\n'))) : std::unexpected(text.error());
    if (!key || *text != key->text() + "\n" || key->type() != NoteKeyType::ed25519) return find("signature", std::nullopt, "log.vkey is missing or is not a log's public key"), false;
    key_ = *key;
    if (options_.key && *options_.key != *key_) return find("signature", std::nullopt, "log.vkey is not the key that was expected"), false;
    return true;
  }

  bool read_checkpoint() {
    auto note = source_.latest_checkpoint();
    auto checkpoint = note ? open_checkpoint(*note, *key_) : std::unexpected(note.error());
    if (!checkpoint) return find("signature", std::nullopt, checkpoint.error().what), false;
    note_ = *note;
    checkpoint_ = *checkpoint;
    report_.origin = checkpoint_.origin;
    report_.size = checkpoint_.size;
    report_.root = to_base64(checkpoint_.root.view());
    return true;
  }

  Result<> check_entries() {
    PL_TRY(size, source_.size());
    if (size != checkpoint_.size) find("tree", std::min(size, checkpoint_.size), "there are " + std::to_string(size) + " entries, the checkpoint says " + std::to_string(checkpoint_.size));
    for (LeafIndex first = 0; first < checkpoint_.size && first < size; first += tile_width) {
      const auto count = static_cast<std::size_t>(std::min<TreeSize>(tile_width, checkpoint_.size - first));
      PL_TRY(entries, source_.entries(first, count));
      for (const auto& e : entries) {
        if (!parse_entry(e)) find("tree", tree_.size(), "is not an entry");
        tree_.append(leaf_hash(e));
      }
    }
    if (tree_.size() == checkpoint_.size && tree_.root() != checkpoint_.root) find("tree", std::nullopt, "the entries do not have the root that is signed");
    return {};
  }

  Result<> check_tiles() {
    for (unsigned level = 0; tree_.size() >> (8 * level) != 0; ++level) {
      const std::uint64_t hashes = tree_.size() >> (8 * level);
      for (std::uint64_t n = 0; n * tile_width < hashes; ++n) {
        const auto width = static_cast<unsigned>(std::min<std::uint64_t>(tile_width, hashes - n * tile_width));
        if (width < tile_width && !source_.keeps_partial_tiles()) continue;
        PL_TRY(stored, source_.tile(level, n, width));
        if (stored != tile_data(level, n, width)) find("tree", n * tile_width << (8 * level), tile_path(level, n, width) + " is not what the entries say");
      }
    }
    return {};
  }

  std::string tile_data(unsigned level, std::uint64_t n, unsigned width) const {
    std::string out;
    for (unsigned i = 0; i < width; ++i)
      if (const auto hash = tree_.node(8 * level, n * tile_width + i)) out += hash->view();
    return out;
  }

  void check_prefix(const std::string& note, std::optional<TreeSize> said) {
    const auto old = open_checkpoint(note, *key_);
    ++report_.checkpoints;
    if (!old) return find("history", said, "an older checkpoint does not verify: " + old.error().what);
    if (said && *said != old->size) return find("history", said, "a checkpoint is filed under another size");
    if (old->size > tree_.size()) return find("history", old->size, "a checkpoint is larger than the log: records are missing");
    if (tree_.root(old->size) != old->root) find("history", old->size, "the log had another past when it had " + std::to_string(old->size) + " records");
  }

  Result<> check_history() {
    PL_CHECK(source_.each_checkpoint([this](TreeSize size, const std::string& note) -> Result<> {
      check_prefix(note, size);
      return {};
    }));
    for (const auto& note : options_.older_checkpoints) check_prefix(note, std::nullopt);
    return {};
  }

  Result<> check_witnesses() {
    PL_TRY(witnesses, source_.witnesses());
    report_.witnesses = witnesses.size();
    PL_TRY(policy, source_.policy_text());
    if (source_.keeps_partial_tiles() && policy != Policy::print(*key_, witnesses)) find("witnesses", std::nullopt, "the policy is not that of this log and its witnesses");
    PL_TRY(note, SignedNote::parse(note_));
    for (const auto& s : note.signatures())
      if (s.name != key_->name() || s.key_id != key_->id()) check_cosignature(checkpoint_, s.name, note_, witnesses);
    return source_.each_cosignature([&](TreeSize size, const Cosignature& c) -> Result<> {
      if (size > tree_.size()) return find("witnesses", size, "a cosignature is of a checkpoint this log does not have"), Result<>{};
      const Checkpoint at{checkpoint_.origin, size, tree_.root(size), {}};
      check_cosignature(at, c.witness, at.text() + "\n" + c.line, witnesses);
      return {};
    });
  }

  void check_cosignature(const Checkpoint& at, const std::string& name, const std::string& text, const std::vector<NoteVerifier>& witnesses) {
    ++report_.cosignatures;
    const auto note = SignedNote::parse(text);
    for (const auto& w : witnesses)
      if (note && w.name() == name && note->verify_cosignature(w)) return;
    find("witnesses", at.size, "a cosignature of " + printable(name, 80) + " does not verify");
  }

  Result<> check_records() {
    const bool all = source_.holds_all_records();
    LifeCheck life;
    const auto finding = [this](LeafIndex i, std::string what) { find("life", i, std::move(what)); };
    for (LeafIndex i = 0; i < tree_.size(); ++i) {
      const auto record = source_.record(i);
      if (!record) {
        if (record.error().code == Errc::unavailable) return std::unexpected(record.error());
        find("records", i, record.error().what);
        continue;
      }
      if (!*record) continue;  // a bundle of some records
      PL_CHECK(check_one(**record, all ? &life : nullptr, finding));
    }
    life.finish(finding, [this](LeafIndex i, std::string what) { remark("life", i, std::move(what)); });
    report_.interventions = life.interventions();
    report_.sessions = life.sessions();
    report_.first_time = life.first_time();
    report_.last_time = life.last_time();
    check_days(life.last_time());
    return {};
  }

  Result<> check_one(const StoredRecord& record, LifeCheck* life, const LifeCheck::Report& finding) {
    ++report_.records;
    const auto leaf = tree_.node(0, record.index);
    if (!leaf || leaf_hash(record.entry) != *leaf) return find("records", record.index, "is not the record whose entry is in the tree"), Result<>{};
    if (const auto good = check_record(record); !good) return find("records", record.index, good.error().what), Result<>{};
    const auto open = record.open();
    if (!open) return find("records", record.index, open.error().what), Result<>{};
    if (source_.has_index()) {
      PL_TRY(row, source_.indexed(record.index));
      if (!row || *row != store::index_of(*open)) find("records", record.index, "is filed under something else than it says");
    }
    count_fields(record);
    if (life) life->see(record.index, *open, finding);
    return {};
  }

  void count_fields(const StoredRecord& record) {
    for (const auto& f : record.fields) {
      ++(f.is_open() ? report_.open_fields : report_.closed_fields);
      if (!f.is_open() && (!f.expires_on || f.cls == FieldClass::open)) find("records", record.index, "field '" + f.name + "' is closed, and has no day on which it may be");
      if (!f.is_open() && f.expires_on) last_closed_.emplace_back(record.index, *f.expires_on);
      if (f.is_open() && f.expires_on && (oldest_open_.empty() || *f.expires_on < oldest_open_)) oldest_open_ = *f.expires_on;
    }
  }

  // By the log's own time: a field closed before its day hides something; one open after it is overdue.
  void check_days(const std::string& last_time) {
    const auto today = last_time.substr(0, 10);
    for (const auto& [index, day] : last_closed_)
      if (today < day) find("records", index, "holds a field that was closed before its day, " + day);
    if (!oldest_open_.empty() && oldest_open_ < today) remark("records", std::nullopt, "a personal field is open since before " + oldest_open_ + ", its last day");
  }

  Source& source_;
  const VerifyOptions& options_;
  VerifyReport report_;
  std::optional<NoteVerifier> key_;
  std::string note_;
  Checkpoint checkpoint_;
  MemoryTree tree_;
  std::vector<std::pair<LeafIndex, std::string>> last_closed_;
  std::string oldest_open_;
};

// The agent's memory of the gateway's log: every note signed by the pinned key, no evidence of two pasts.
Result<> check_witness_file(const std::filesystem::path& file, VerifyReport& report) {
  PL_TRY(db, sqlite::Database::open(file, Witness::options(sqlite::Access::read_only)));
  const auto find = [&report](std::optional<LeafIndex> at, std::string what) { report.findings.push_back({"witness", at, std::move(what)}); };
  PL_TRY(pinned, db.text("SELECT vkey FROM keys WHERE role = 'log'"));
  const auto log = NoteVerifier::parse(pinned.value_or(""));
  if (!log) return find(std::nullopt, "the witness has no valid key of the gateway's log"), Result<>{};
  PL_TRY(evidence, db.integer("SELECT count(*) FROM evidence"));
  if (evidence.value_or(0) > 0) find(std::nullopt, "the gateway's log signed two different pasts: " + log->name() + "; both notes are kept in the table evidence");
  PL_TRY(rows, db.query("SELECT size, root, note FROM cosigned ORDER BY size"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    ++report.witnessed;
    const auto size = static_cast<TreeSize>(rows.integer(0));
    const auto checkpoint = open_checkpoint(rows.text(2), *log);
    if (!checkpoint || checkpoint->size != size || checkpoint->root.view() != rows.blob(1)) find(size, "a checkpoint of the gateway that this witness cosigned does not verify");
  }
}

}  // namespace

Result<VerifyReport> verify_source(Source& source, const VerifyOptions& options) { return Verifier(source, options).run(); }

Result<VerifyReport> verify_bundle(const std::filesystem::path& bundle, const VerifyOptions& options) {
  auto source = open_bundle(bundle);
  if (source) return verify_source(**source, options);
  if (source.error().code != Errc::bad_signature) return std::unexpected(std::move(source).error());
  VerifyReport out;
  out.source = bundle.string();
  out.findings.push_back({"signature", std::nullopt, source.error().where + ": " + source.error().what});
  return out;
}

Result<VerifyReport> verify_folder(const std::filesystem::path& data, const VerifyOptions& options) {
  PL_TRY(source, open_folder(data));
  PL_TRY(report, verify_source(*source, options));
  std::error_code ec;
  const auto witness = data / "log" / "witness.db";
  if (!std::filesystem::exists(witness, ec)) return report;
  PL_CHECK(check_witness_file(witness, report));
  return report;
}

namespace {

json::array list_of(const std::vector<Finding>& findings) {
  json::array out;
  for (const auto& f : findings) {
    json::object o{{"check", f.check}, {"index", nullptr}, {"what", f.what}};
    if (f.index) o["index"] = *f.index;
    out.push_back(std::move(o));
  }
  return out;
}

std::string lines_of(const std::vector<Finding>& findings, const char* mark) {
  std::string out;
  for (const auto& f : findings)
    out += std::string(mark) + f.check + (f.index ? ", record " + std::to_string(*f.index) : "") + ": " + f.what + "\n";
  return out;
}

}  // namespace

json::object VerifyReport::to_json() const {
  return {{"verified", verified()}, {"source", source}, {"origin", origin}, {"size", size}, {"root", root},
          {"records", records}, {"open_fields", open_fields}, {"closed_fields", closed_fields}, {"checkpoints", checkpoints},
          {"witnesses", witnesses}, {"cosignatures", cosignatures}, {"witnessed_checkpoints", witnessed},
          {"interventions", interventions}, {"sessions", sessions}, {"first_time", first_time}, {"last_time", last_time},
          {"findings", list_of(findings)}, {"remarks", list_of(remarks)}};
}

std::string VerifyReport::to_text() const {
  const auto n = [](std::uint64_t v) { return std::to_string(v); };
  std::string out = verified() ? "verified: " : "NOT VERIFIED: ";
  out += source + "\n";
  if (!origin.empty()) {
    out += "  log           " + origin + "\n";
    out += "  checkpoint    " + n(size) + " records, root " + root + "\n";
    out += "  records       " + n(records) + " checked, " + n(open_fields) + " fields open, " + n(closed_fields) + " closed\n";
    out += "  history       " + n(checkpoints) + " older checkpoints agree\n";
    out += "  witnesses     " + n(witnesses) + " enrolled, " + n(cosignatures) + " cosignatures\n";
    if (witnessed > 0) out += "  as witness    " + n(witnessed) + " checkpoints of the gateway\n";
    out += "  interventions " + n(interventions) + ", " + n(sessions) + " sessions\n";
    if (!first_time.empty()) out += "  from          " + first_time + " to " + last_time + "\n";
  }
  return out + lines_of(findings, "FAILED  ") + lines_of(remarks, "note    ");
}

}  // namespace pontlevis::audit
