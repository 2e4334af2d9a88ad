#include "gateway/people/people_tables.hpp"

namespace pontlevis::gateway {
namespace {

Result<bool> has_old_factors(sqlite::Database& db) {
  PL_TRY(columns, db.integer("SELECT count(*) FROM pragma_table_info('technicians') WHERE name = 'totp'"));
  return columns.value_or(0) > 0;
}

Result<> move_old_factors(sqlite::Database& db) {
  return db.script(R"sql(
    INSERT OR IGNORE INTO second_factors(login, totp, last_step, locked_until)
      SELECT login, totp, last_step, locked_until FROM technicians;
    ALTER TABLE technicians DROP COLUMN totp;
    ALTER TABLE technicians DROP COLUMN last_step;
    ALTER TABLE technicians DROP COLUMN locked_until;
  )sql");
}

}  // namespace

Result<> make_people_tables(sqlite::Database& db) {
  PL_TRY(transaction, sqlite::Transaction::begin(db));
  PL_CHECK(db.script(R"sql(
    -- The authenticator app of each person, for the console and the SSH front alike.
    CREATE TABLE IF NOT EXISTS second_factors(
      login TEXT PRIMARY KEY, totp BLOB NOT NULL, last_step INTEGER, locked_until INTEGER) STRICT;
    CREATE TABLE IF NOT EXISTS wrong_codes(login TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS wrong_codes_of ON wrong_codes(login, at);
    -- Who may sign in to the console, and as what.
    CREATE TABLE IF NOT EXISTS accounts(
      login TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL,
      created_at INTEGER NOT NULL, until INTEGER, must_change INTEGER NOT NULL,
      oidc_issuer TEXT, oidc_subject TEXT) STRICT;
    CREATE UNIQUE INDEX IF NOT EXISTS accounts_by_subject ON accounts(oidc_issuer, oidc_subject);
    -- Browsers that are signed in, by the SHA-256 of their cookie.
    CREATE TABLE IF NOT EXISTS sessions(
      id TEXT PRIMARY KEY, login TEXT NOT NULL REFERENCES accounts(login) ON DELETE CASCADE, method TEXT NOT NULL,
      signed_in_at INTEGER NOT NULL, last_seen INTEGER NOT NULL, step_up_until INTEGER) STRICT;
    CREATE INDEX IF NOT EXISTS sessions_of ON sessions(login, last_seen);
    -- Personal access tokens, by the SHA-256 of the secret.
    CREATE TABLE IF NOT EXISTS tokens(
      id TEXT PRIMARY KEY, login TEXT NOT NULL REFERENCES accounts(login) ON DELETE CASCADE, label TEXT NOT NULL,
      scopes TEXT NOT NULL, secret_sha256 TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL, last_used_at INTEGER) STRICT;
    CREATE INDEX IF NOT EXISTS tokens_of ON tokens(login, created_at);
    -- Public halves of passkeys.
    CREATE TABLE IF NOT EXISTS passkeys(
      id TEXT PRIMARY KEY, login TEXT NOT NULL REFERENCES accounts(login) ON DELETE CASCADE, label TEXT NOT NULL,
      public_key BLOB NOT NULL, count INTEGER NOT NULL, added_at INTEGER NOT NULL, last_used_at INTEGER) STRICT;
    CREATE INDEX IF NOT EXISTS passkeys_of ON passkeys(login, added_at);
    -- Answers kept for a repeated Idempotency-Key, one day; status NULL: begun, and nobody knows how it ended.
    CREATE TABLE IF NOT EXISTS kept_answers(
      key_sha256 TEXT PRIMARY KEY, login TEXT NOT NULL, body_sha256 TEXT NOT NULL, at INTEGER NOT NULL,
      status INTEGER, content_type TEXT, body TEXT) STRICT;
    CREATE INDEX IF NOT EXISTS kept_answers_of ON kept_answers(login, at);
  )sql"));
  PL_TRY(old, has_old_factors(db));
  if (old) PL_CHECK(move_old_factors(db));
  return transaction.commit();
}

}  // namespace pontlevis::gateway
