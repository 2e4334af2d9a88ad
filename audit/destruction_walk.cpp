// Which fields a scope meets, as they lie in the tables. Reads only.
#include "audit/destruction_work.hpp"
#include "protocol/json_values.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t page_records = 256;

Result<LyingRecord> read_row(const sqlite::Rows& rows) {
  LyingRecord out;
  out.index = static_cast<LeafIndex>(rows.integer(0));
  out.time = rows.text(1);
  out.open = {{"type", rows.text(2)}, {"practice", or_null(rows.optional_text(3))}, {"intervention", or_null(rows.optional_text(4))}};
  return out;
}

// The next records that a scope may name, by the index that finds them best.
Result<sqlite::Rows> select(sqlite::Database& db, const DestructionScope& s, LeafIndex from) {
  if (!s.intervention.empty())
    return db.query("SELECT idx, time, type, practice, intervention FROM records WHERE intervention = ? AND idx BETWEEN ? AND ? ORDER BY idx LIMIT ?",
                    s.intervention, from, s.last, page_records);
  if (!s.practice.empty())
    return db.query("SELECT idx, time, type, practice, intervention FROM records WHERE practice = ? AND idx BETWEEN ? AND ? ORDER BY idx LIMIT ?",
                    s.practice, from, s.last, page_records);
  if (!s.type.empty())
    return db.query("SELECT idx, time, type, practice, intervention FROM records WHERE type = ? AND idx BETWEEN ? AND ? ORDER BY idx LIMIT ?",
                    s.type, from, s.last, page_records);
  return db.query("SELECT idx, time, type, practice, intervention FROM records WHERE idx BETWEEN ? AND ? ORDER BY idx LIMIT ?", from, s.last, page_records);
}

Result<std::vector<LyingField>> read_fields(sqlite::Database& db, LeafIndex index) {
  PL_TRY(rows, db.query("SELECT pos, name, class, expires_on, disclosure, ct, digest FROM fields WHERE idx = ? ORDER BY pos", index));
  std::vector<LyingField> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    const auto cls = class_from(rows.text(2));
    if (!cls) return fail(Errc::io, "holds a field of an unknown class", db.path().string(), "run pontlevis-audit verify");
    out.push_back({static_cast<std::size_t>(rows.integer(0)), rows.text(1), *cls, rows.text(3), rows.blob(4), rows.blob(5), rows.blob(6)});
  }
}

Result<std::vector<LyingRecord>> page_of(const Log& log, const DestructionScope& scope, LeafIndex from) {
  std::vector<LyingRecord> out;
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    {
      PL_TRY(rows, select(db, scope, from));
      for (;;) {
        PL_TRY(more, rows.next());
        if (!more) break;
        PL_TRY(row, read_row(rows));
        out.push_back(std::move(row));
      }
    }
    for (auto& record : out) {
      PL_TRY(fields, read_fields(db, record.index));
      record.fields = std::move(fields);
    }
    return {};
  }));
  return out;
}

DoomedRecord doomed_of(const DestructionScope& scope, LyingRecord record) {
  DoomedRecord out{record.index, std::move(record.time), text_of(record.open, "type"), text_of(record.open, "intervention"), scope.whole_record, {}, {}};
  for (auto& field : record.fields) {
    if (!field.is_there()) continue;
    if (scope.covers(record.index, record.open, field.cls, field.name)) out.fields.push_back(std::move(field));
    else if (!field.ct.empty()) out.staying.insert(field.position);
  }
  return out;
}

}  // namespace

Result<std::vector<LyingField>> lying_fields(const Log& log, LeafIndex index) {
  std::vector<LyingField> out;
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(fields, read_fields(db, index));
    out = std::move(fields);
    return {};
  }));
  return out;
}

Result<> each_doomed(const Log& log, std::span<const DestructionScope> scope, const DoomedVisitor& visit) {
  for (const auto& one : scope)
    for (LeafIndex from = one.first; from <= one.last;) {
      PL_TRY(page, page_of(log, one, from));
      if (page.empty()) break;
      from = page.back().index + 1;
      for (auto& record : page) {
        auto doomed = doomed_of(one, std::move(record));
        if (doomed.whole || !doomed.fields.empty()) PL_CHECK(visit(std::move(doomed)));
      }
    }
  return {};
}

}  // namespace pontlevis::audit
