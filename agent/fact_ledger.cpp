#include "agent/fact_ledger.hpp"

#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

constexpr sqlite::Sql schema = R"sql(
-- Acknowledged by the gateway, not shown in its log yet. No personal data: hashes and numbers.
CREATE TABLE acknowledged(
  log TEXT NOT NULL,               -- name of the gateway's log
  statement TEXT NOT NULL,         -- SHA-256 of the signed statement
  idx INTEGER NOT NULL,            -- the record it was said to be
  at TEXT NOT NULL,                -- UTC
  asked INTEGER NOT NULL DEFAULT 0, first_asked TEXT,
  PRIMARY KEY(log, statement)
) STRICT;
CREATE INDEX acknowledged_by_index ON acknowledged(log, idx);
)sql";

AcknowledgedFact read_fact(const sqlite::Rows& rows) {
  return {rows.text(0), static_cast<audit::LeafIndex>(rows.integer(1)), from_utc(rows.text(2)).value_or(Time{})};
}

}  // namespace

Result<FactLedger> FactLedger::open(const std::filesystem::path& file) {
  PL_TRY(db, sqlite::Database::open(file, {.application_id = 0x504c6b66 /* PLkf */, .user_version = 1, .schema = schema}));
  return FactLedger(std::move(db));
}

Result<> FactLedger::acknowledged(const std::string& log, const AcknowledgedFact& fact) {
  return db_.run("INSERT OR REPLACE INTO acknowledged(log, statement, idx, at) VALUES(?, ?, ?, ?)", log, fact.statement_sha256, fact.index,
                 to_utc(fact.acknowledged_at));
}

Result<std::vector<AcknowledgedFact>> FactLedger::unproved(const std::string& log, audit::TreeSize below, std::size_t count) {
  PL_TRY(rows, db_.query("SELECT statement, idx, at FROM acknowledged WHERE log = ? AND idx < ? ORDER BY idx LIMIT ?", log, below, count));
  std::vector<AcknowledgedFact> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    if (out.empty() || out.back().index != static_cast<audit::LeafIndex>(rows.integer(1))) out.push_back(read_fact(rows));
  }
}

Result<std::optional<AcknowledgedFact>> FactLedger::first(Result<sqlite::Rows> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  PL_TRY(found, rows->next());
  return found ? std::optional(read_fact(*rows)) : std::nullopt;
}

Result<std::optional<AcknowledgedFact>> FactLedger::at_or_above(const std::string& log, audit::TreeSize size) {
  return first(db_.query("SELECT statement, idx, at FROM acknowledged WHERE log = ? AND idx >= ? ORDER BY idx LIMIT 1", log, size));
}

Result<> FactLedger::asked(const std::string& log, const std::vector<AcknowledgedFact>& facts, Time now) {
  PL_TRY(transaction, sqlite::Transaction::begin(db_));
  for (const auto& fact : facts)
    PL_CHECK(db_.run("UPDATE acknowledged SET asked = asked + 1, first_asked = coalesce(first_asked, ?) WHERE log = ? AND statement = ?",
                     to_utc(now), log, fact.statement_sha256));
  return transaction.commit();
}

Result<std::optional<AcknowledgedFact>> FactLedger::unanswered(const std::string& log, int times, Time since) {
  return first(db_.query("SELECT statement, idx, at FROM acknowledged WHERE log = ? AND asked >= ? AND first_asked < ? ORDER BY idx LIMIT 1", log,
                         times, to_utc(since)));
}

Result<> FactLedger::proved(const std::string& log, const std::string& statement_sha256) {
  return db_.run("DELETE FROM acknowledged WHERE log = ? AND statement = ?", log, statement_sha256);
}

Result<std::size_t> FactLedger::count(const std::string& log) {
  PL_TRY(n, db_.integer("SELECT count(*) FROM acknowledged WHERE log = ?", log));
  return static_cast<std::size_t>(n.value_or(0));
}

}  // namespace pontlevis::agent
