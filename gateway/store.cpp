#include "gateway/store.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::uint32_t store_application_id = 0x504c6777;  // "PLgw"

}  // namespace

Result<sqlite::Database> open_store(const std::filesystem::path& file) {
  sqlite::Options options;
  options.application_id = store_application_id;
  options.user_version = 1;
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
    -- Technicians: the staff card verbatim and the second factor.
    CREATE TABLE technicians(
      login TEXT PRIMARY KEY, card TEXT NOT NULL, totp BLOB NOT NULL,
      last_step INTEGER, locked_until INTEGER) STRICT;
    CREATE TABLE wrong_codes(login TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE INDEX wrong_codes_of ON wrong_codes(login, at);
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

}  // namespace pontlevis::gateway
