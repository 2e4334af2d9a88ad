#include "audit/cosignatures.hpp"

#include <future>

#include "audit/log_store.hpp"
#include "audit/witness.hpp"

namespace pontlevis::audit {
namespace {

Result<std::vector<NoteVerifier>> read_witnesses(sqlite::Database& db) {
  PL_TRY(rows, db.query("SELECT vkey FROM witnesses ORDER BY vkey"));
  std::vector<NoteVerifier> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(key, NoteVerifier::parse(rows.text(0)));
    out.push_back(std::move(key));
  }
}

Result<std::vector<Cosignature>> read_cosignatures(sqlite::Database& db, TreeSize size) {
  PL_TRY(rows, db.query("SELECT witness, ts, line FROM cosig WHERE size = ? ORDER BY witness, ts", size));
  std::vector<Cosignature> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back({rows.text(0), static_cast<std::uint64_t>(rows.integer(1)), rows.text(2)});
  }
}

// One line over the text of a checkpoint: whose, and when.
Result<Cosignature> verify_line(const std::string& text, std::string line, const std::vector<NoteVerifier>& witnesses) {
  PL_TRY(note, SignedNote::parse(text + "\n" + line));
  const auto& signature = note.signatures().front();
  for (const auto& witness : witnesses) {
    if (witness.name() != signature.name || witness.id() != signature.key_id) continue;
    PL_TRY(time, note.verify_cosignature(witness));
    return Cosignature{witness.name(), time, std::move(line)};
  }
  return fail(Errc::not_allowed, "is of a witness that is not enrolled", "cosignature");
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty() && out.size() < SignedNote::max_signatures) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    out.emplace_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return out;
}

template <class Start>
Result<> wait_for(Start start) {
  auto promise = std::make_shared<std::promise<Result<>>>();
  auto answer = promise->get_future();
  start([promise](Result<> result) { promise->set_value(std::move(result)); });
  return answer.get();
}

}  // namespace

void CosignatureStore::enrol(const NoteVerifier& witness, Done done) {
  if (witness.type() != NoteKeyType::cosignature)
    return done(fail(Errc::bad_input, "is not a cosignature key", "witness " + witness.name()));
  log_.enqueue([vkey = witness.text()](sqlite::Database& db) { return db.run("INSERT OR IGNORE INTO witnesses(vkey) VALUES (?)", vkey); },
               std::move(done));
}

Result<std::vector<Cosignature>> CosignatureStore::verify(TreeSize size, std::string_view lines) const {
  PL_TRY(note, log_.checkpoint_at(size));
  PL_TRY(checkpoint, peek_checkpoint(note));
  PL_TRY(known, witnesses());
  std::vector<Cosignature> out;
  for (auto& line : split_lines(lines)) {
    PL_TRY(cosignature, verify_line(checkpoint.text(), std::move(line), known));
    out.push_back(std::move(cosignature));
  }
  if (out.empty()) return fail(Errc::bad_input, "is empty", "cosignature");
  return out;
}

void CosignatureStore::add(TreeSize size, std::string_view lines, Done done) {
  auto verified = verify(size, lines);
  if (!verified) return done(std::unexpected(std::move(verified).error()));
  log_.enqueue(
      [size, list = *std::move(verified)](sqlite::Database& db) -> Result<> {
        for (const auto& c : list)
          PL_CHECK(db.run("INSERT OR IGNORE INTO cosig(size, witness, ts, line) VALUES (?,?,?,?)", size, c.witness, c.time, c.line));
        return {};
      },
      std::move(done));
}

Result<> CosignatureStore::enrol_now(const NoteVerifier& witness) {
  return wait_for([&](Done done) { enrol(witness, std::move(done)); });
}
Result<> CosignatureStore::add_now(TreeSize size, std::string_view lines) {
  return wait_for([&](Done done) { add(size, lines, std::move(done)); });
}

Result<std::vector<NoteVerifier>> CosignatureStore::witnesses() const {
  std::vector<NoteVerifier> out;
  PL_CHECK(log_.read([&out](sqlite::Database& db) -> Result<> {
    PL_TRY(found, read_witnesses(db));
    out = std::move(found);
    return {};
  }));
  return out;
}

Result<std::vector<Cosignature>> CosignatureStore::of(TreeSize size) const {
  std::vector<Cosignature> out;
  PL_CHECK(log_.read([&out, size](sqlite::Database& db) -> Result<> {
    PL_TRY(found, read_cosignatures(db, size));
    out = std::move(found);
    return {};
  }));
  return out;
}

Result<TreeSize> CosignatureStore::largest(const NoteVerifier& witness) const {
  TreeSize out = 0;
  PL_CHECK(log_.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(size, db.integer("SELECT max(size) FROM cosig WHERE witness = ?", witness.name()));
    out = static_cast<TreeSize>(size.value_or(0));
    return {};
  }));
  return out;
}

Result<std::string> CosignatureStore::cosigned_checkpoint(TreeSize size) const {
  std::optional<std::int64_t> found;
  PL_CHECK(log_.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(at, db.integer("SELECT max(size) FROM cosig WHERE size >= ?", size));
    found = at;
    return {};
  }));
  if (!found) return fail(Errc::not_found, "no witness cosigned so far", "log");
  PL_TRY(note, log_.checkpoint_at(static_cast<TreeSize>(*found)));
  PL_TRY(lines, of(static_cast<TreeSize>(*found)));
  for (const auto& c : lines) note += c.line;
  return note;
}

Result<std::string> CosignatureStore::request_for(const NoteVerifier& witness) const {
  PL_TRY(old_size, largest(witness));
  const auto note = log_.latest_checkpoint();
  return request_from(old_size, note);
}

Result<std::string> CosignatureStore::request_from(TreeSize old_size, const std::string& note) const {
  PL_TRY(checkpoint, peek_checkpoint(note));
  AddCheckpointRequest out{old_size, {}, note};
  if (old_size > 0) {
    PL_TRY(proof, log_.consistency(old_size, checkpoint.size));
    out.proof = std::move(proof);
  }
  return out.text();
}

}  // namespace pontlevis::audit
