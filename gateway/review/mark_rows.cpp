#include "gateway/review/mark_rows.hpp"

namespace pontlevis::gateway {
namespace {

Result<std::vector<MarkRow>> read_all(sqlite::Rows rows) {
  std::vector<MarkRow> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(intervention, InterventionId::parse(rows.text(1)));
    out.push_back({rows.text(0), std::move(intervention), static_cast<MarkKind>(rows.integer(2)), rows.text(3), rows.text(4), rows.integer(5),
                   static_cast<std::uint64_t>(rows.integer(6)), rows.integer(7) != 0});
  }
}

}  // namespace

Result<> make_mark_tables(sqlite::Database& db) {
  return db.script(R"sql(
    -- What readers noted about interventions: kind 0 seen, 1 question, 2 finding, 3 answer, 4 resolved. Words and names are in the log.
    CREATE TABLE IF NOT EXISTS review_marks(
      id TEXT PRIMARY KEY, intervention TEXT NOT NULL, kind INTEGER NOT NULL, about TEXT NOT NULL, due TEXT NOT NULL,
      at INTEGER NOT NULL, log_index INTEGER NOT NULL UNIQUE, resolved INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS review_marks_of ON review_marks(intervention);
    CREATE INDEX IF NOT EXISTS review_marks_open ON review_marks(log_index) WHERE resolved = 0 AND kind IN (1, 2);
  )sql");
}

Result<> add_mark(sqlite::Database& db, const MarkRow& mark) {
  PL_TRY(transaction, sqlite::Transaction::begin(db));
  PL_CHECK(db.run("INSERT INTO review_marks(id, intervention, kind, about, due, at, log_index, resolved) VALUES(?,?,?,?,?,?,?,0)", mark.id,
                  mark.intervention.text(), static_cast<int>(mark.kind), mark.about, mark.due, mark.at, mark.index));
  // An answer settles a question; a finding stays until it is resolved.
  if (mark.kind == MarkKind::answer) PL_CHECK(db.run("UPDATE review_marks SET resolved=1 WHERE id=? AND kind=1", mark.about));
  if (mark.kind == MarkKind::resolved) PL_CHECK(db.run("UPDATE review_marks SET resolved=1 WHERE id=?", mark.about));
  return transaction.commit();
}

Result<std::optional<MarkRow>> find_mark(sqlite::Database& db, const std::string& id) {
  PL_TRY(rows, db.query("SELECT id, intervention, kind, about, due, at, log_index, resolved FROM review_marks WHERE id=?", id));
  PL_TRY(found, read_all(std::move(rows)));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<std::vector<MarkRow>> marks_of(sqlite::Database& db, const InterventionId& id) {
  PL_TRY(rows, db.query("SELECT id, intervention, kind, about, due, at, log_index, resolved FROM review_marks WHERE intervention=? ORDER BY log_index", id.text()));
  return read_all(std::move(rows));
}

Result<std::vector<MarkRow>> read_marks(sqlite::Database& db, bool open, std::int64_t before, std::size_t count) {
  if (open) {
    PL_TRY(rows, db.query("SELECT id, intervention, kind, about, due, at, log_index, resolved FROM review_marks WHERE resolved = 0 AND kind IN (1, 2) "
                          "AND log_index < ? ORDER BY log_index DESC LIMIT ?", before, count));
    return read_all(std::move(rows));
  }
  PL_TRY(rows, db.query("SELECT id, intervention, kind, about, due, at, log_index, resolved FROM review_marks WHERE log_index < ? ORDER BY log_index DESC LIMIT ?", before, count));
  return read_all(std::move(rows));
}

Result<std::vector<MarkRow>> open_findings(sqlite::Database& db) {
  PL_TRY(rows, db.query("SELECT id, intervention, kind, about, due, at, log_index, resolved FROM review_marks WHERE kind = 2 AND resolved = 0"));
  return read_all(std::move(rows));
}

namespace {

struct Counts { std::size_t questions = 0, findings = 0; };

}  // namespace

Result<> read_marks_into(sqlite::Database& db, ReviewIndex& index) {
  PL_TRY(rows, db.query("SELECT r.number, m.kind, m.resolved FROM review_marks m JOIN review_rows r ON r.intervention = m.intervention"));
  std::map<std::uint32_t, Counts> open;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) break;
    const auto number = static_cast<std::uint32_t>(rows.integer(0));
    const auto kind = static_cast<MarkKind>(rows.integer(1));
    index.set_seen(number);  // whoever wrote about it has seen it
    if (rows.integer(2)) continue;
    open[number].questions += kind == MarkKind::question;
    open[number].findings += kind == MarkKind::finding;
  }
  for (const auto& [number, counts] : open) index.set_open(number, counts.questions, counts.findings);
  return {};
}

Result<> put_marks_of(sqlite::Database& db, const ReviewRow& row, ReviewIndex& index) {
  PL_TRY(id, InterventionId::parse(row.id));
  PL_TRY(marks, marks_of(db, id));
  Counts open;
  for (const auto& mark : marks) {
    open.questions += mark.kind == MarkKind::question && !mark.resolved;
    open.findings += mark.kind == MarkKind::finding && !mark.resolved;
  }
  if (!marks.empty()) index.set_seen(row.number);
  index.set_open(row.number, open.questions, open.findings);
  return {};
}

}  // namespace pontlevis::gateway
