#include "gateway/store.hpp"

#include "gateway/people/people_tables.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::uint32_t store_application_id = 0x504c6777;  // "PLgw"

constexpr int store_version = 2;

Result<sqlite::Database> open_at(const std::filesystem::path& file, int version) {
  sqlite::Options options;
  options.application_id = store_application_id;
  options.user_version = version;
  options.schema = R"sql(
    -- A customer's site; the second half is filled when its agent enrols.
    CREATE TABLE practices(
      id TEXT PRIMARY KEY, name TEXT NOT NULL, contract TEXT NOT NULL,
      valid_from INTEGER NOT NULL, valid_until INTEGER NOT NULL, hosting TEXT NOT NULL,
      practice_vkey TEXT, witness_vkey TEXT, host_keys TEXT, systems TEXT, enrolled_at INTEGER) STRICT;
    -- Client certificates we issued. One that is not here is not believed.
    CREATE TABLE certificates(
      serial TEXT PRIMARY KEY, practice TEXT NOT NULL REFERENCES practices(id),
      not_after INTEGER NOT NULL, revoked_at INTEGER) STRICT;
    -- Enrolment codes: the hash of each secret, under a permit of the staff key.
    CREATE TABLE codes(
      secret_sha256 TEXT PRIMARY KEY, practice TEXT NOT NULL, note TEXT NOT NULL,
      expires_at INTEGER NOT NULL, used_at INTEGER) STRICT;
    -- Technicians: the staff card verbatim; the second factor is in people/people_tables.cpp.
    CREATE TABLE technicians(login TEXT PRIMARY KEY, card TEXT NOT NULL) STRICT;
    -- Revocations of staff cards, verbatim.
    CREATE TABLE revocations(card TEXT PRIMARY KEY, note TEXT NOT NULL) STRICT;
    -- One row of the main courante; `view` is what is known of it, as JSON.
    CREATE TABLE interventions(
      id TEXT PRIMARY KEY, practice TEXT NOT NULL, system TEXT NOT NULL, lead TEXT NOT NULL,
      phase TEXT NOT NULL, state TEXT NOT NULL, requested_at INTEGER NOT NULL,
      live INTEGER NOT NULL, -- 1 while a frame about it may still come or go
      view TEXT NOT NULL) STRICT;
    CREATE INDEX interventions_live ON interventions(live) WHERE live = 1;
    CREATE INDEX interventions_by_time ON interventions(requested_at);
    CREATE INDEX interventions_by_lead ON interventions(lead, requested_at);
    -- The signed facts taken from agents, each once.
    CREATE TABLE facts(
      sha256 TEXT PRIMARY KEY, intervention TEXT NOT NULL REFERENCES interventions(id),
      type TEXT NOT NULL, body TEXT NOT NULL, log_index INTEGER NOT NULL) STRICT;
    CREATE INDEX facts_of ON facts(intervention, log_index);
  )sql";
  return sqlite::Database::open(file, options);
}

// What version 2 added, in a new store and in one of version 1 alike.
Result<> make_later_tables(sqlite::Database& db) {
  PL_CHECK(db.script(R"sql(
    -- A report that is being written; gone when it is sent.
    CREATE TABLE IF NOT EXISTS report_drafts(
      intervention TEXT PRIMARY KEY REFERENCES interventions(id), author TEXT NOT NULL, draft TEXT NOT NULL,
      at INTEGER NOT NULL) STRICT;
    -- The vendor's register: sub-processors (A19), the day each technician was trained, settings.
    CREATE TABLE IF NOT EXISTS subprocessors(
      id TEXT PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, guarantee TEXT NOT NULL, task TEXT NOT NULL,
      state TEXT NOT NULL, since INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS trainings(login TEXT PRIMARY KEY, trained_on INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    -- The ways a purge takes: those that still name somebody, all, never opened, and of one practice.
    CREATE INDEX IF NOT EXISTS interventions_nameable ON interventions(requested_at, id) WHERE lead <> '';
    CREATE INDEX IF NOT EXISTS interventions_never_opened ON interventions(requested_at, id)
      WHERE lead <> '' AND state IN ('REFUSED', 'EXPIRED', 'NOT_ASKED', 'CANCELLED');
    CREATE INDEX IF NOT EXISTS interventions_of_practice ON interventions(practice, requested_at, id) WHERE lead <> '';
  )sql"));
  return make_people_tables(db);
}

Result<sqlite::Database> upgrade(const std::filesystem::path& file) {
  PL_TRY(db, open_at(file, 1));
  PL_CHECK(make_later_tables(db));
  PL_CHECK(db.set_identity(store_application_id, store_version));
  return db;
}

}  // namespace

Result<sqlite::Database> open_store(const std::filesystem::path& file) {
  auto db = open_at(file, store_version);
  if (!db && db.error().code == Errc::conflict)
    if (auto upgraded = upgrade(file)) return upgraded;
  if (!db) return db;
  PL_CHECK(make_later_tables(*db));
  return db;
}

Result<sqlite::Database> open_store_reader(const std::filesystem::path& file) {
  sqlite::Options options;
  options.application_id = store_application_id;
  options.user_version = store_version;
  options.access = sqlite::Access::read_only;
  options.check = sqlite::Check::none;
  return sqlite::Database::open(file, options);
}

}  // namespace pontlevis::gateway
