#include "agent/store.hpp"

#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::agent {
namespace {

constexpr const char* schema = R"sql(
CREATE TABLE requests(          -- requests of the gateway; purpose: to survive a restart
  id TEXT PRIMARY KEY, request TEXT NOT NULL, closed INTEGER NOT NULL DEFAULT 0, last_seen TEXT) STRICT;
CREATE TABLE proofs(            -- the gateway's records about us with their proofs; purpose: to prove alone
  intervention TEXT PRIMARY KEY, disclosures TEXT NOT NULL, tlog_proof TEXT NOT NULL) STRICT;
CREATE TABLE team(              -- who may decide here (A07); removed people stay, dated
  login TEXT PRIMARY KEY, name TEXT NOT NULL, role INTEGER NOT NULL, password TEXT NOT NULL,
  added_at TEXT NOT NULL, removed_at TEXT, added_by TEXT NOT NULL DEFAULT '', until TEXT,
  removed_by TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
)sql";

TeamMember read_member(const sqlite::Rows& rows, Login login) {
  const auto removed = rows.optional_text(5);
  return {std::move(login), rows.text(1), static_cast<ApproverRole>(rows.integer(2)), rows.text(3),
          from_utc(rows.text(4)).value_or(Time{}), removed ? from_utc(*removed) : std::nullopt, rows.text(6), rows.optional_text(7),
          rows.text(8)};
}

}  // namespace

Result<Store> Store::open(const std::filesystem::path& data) {
  PL_TRY(db, sqlite::Database::open(data / "agent.db",
                                    {.application_id = 0x504c6167, .user_version = 2, .schema = schema}));
  return Store(std::move(db));
}

Result<> Store::keep_request(const AccessRequest& request) {
  return db_.run("INSERT INTO requests(id, request) VALUES(?, ?)", request.intervention.text(),
                 json::serialize(to_json(request)));
}

Result<> Store::close_request(const InterventionId& id) {
  return db_.run("UPDATE requests SET closed = 1 WHERE id = ?", id.text());
}

Result<std::vector<AccessRequest>> Store::open_requests() {
  std::vector<AccessRequest> out;
  PL_TRY(rows, db_.query("SELECT request FROM requests WHERE closed = 0 ORDER BY rowid"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(object, parse_object(rows.text(0), max_frame_bytes, "agent.db, requests"));
    PL_TRY(request, access_request_from(object, "agent.db, requests"));
    out.push_back(std::move(request));
  }
}

Result<std::optional<AccessRequest>> Store::request(const InterventionId& id) {
  PL_TRY(text, db_.text("SELECT request FROM requests WHERE id = ?", id.text()));
  if (!text) return std::nullopt;
  PL_TRY(object, parse_object(*text, max_frame_bytes, "agent.db, requests"));
  PL_TRY(request, access_request_from(object, "agent.db, requests"));
  return request;
}

Result<std::vector<InterventionId>> Store::all_requests() {
  std::vector<InterventionId> out;
  PL_TRY(rows, db_.query("SELECT id FROM requests ORDER BY rowid"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(id, InterventionId::parse(rows.text(0)));
    out.push_back(std::move(id));
  }
}

Result<bool> Store::knows(const InterventionId& id) {
  PL_TRY(count, db_.integer("SELECT count(*) FROM requests WHERE id = ?", id.text()));
  return count.value_or(0) > 0;
}

Result<> Store::forget_request(const InterventionId& id) {
  PL_CHECK(db_.run("DELETE FROM requests WHERE id = ?", id.text()));
  return db_.run("DELETE FROM proofs WHERE intervention = ?", id.text());
}

Result<> Store::truncate() { return db_.run("PRAGMA wal_checkpoint(TRUNCATE)"); }

Result<> Store::seen_alive(const InterventionId& id, Time now) {
  return db_.run("UPDATE requests SET last_seen = ? WHERE id = ?", to_utc(now), id.text());
}

Result<std::optional<Time>> Store::last_seen(const InterventionId& id) {
  PL_TRY(text, db_.text("SELECT last_seen FROM requests WHERE id = ?", id.text()));
  return text ? from_utc(*text) : std::nullopt;
}

Result<> Store::keep_proof(const InterventionId& id, const frame::Proof& proof) {
  return db_.run("INSERT OR REPLACE INTO proofs(intervention, disclosures, tlog_proof) VALUES(?, ?, ?)", id.text(),
                 json::serialize(texts_json(proof.disclosures)), proof.tlog_proof);
}

Result<> Store::add_member(const TeamMember& m) {
  PL_TRY(existing, member(m.login, m.added_at));
  if (existing)
    return fail(Errc::conflict, m.login.text() + " is already in the team", "approver add", "approver remove first");
  return db_.run("INSERT OR REPLACE INTO team(login, name, role, password, added_at, added_by, until) VALUES(?, ?, ?, ?, ?, ?, ?)",
                 m.login.text(), m.name, static_cast<int>(m.role), m.password_hash, to_utc(m.added_at), m.added_by, m.until);
}

Result<> Store::remove_member(const Login& login, Time now, const std::string& by) {
  PL_CHECK(db_.run("UPDATE team SET removed_at = ?, removed_by = ? WHERE login = ? AND removed_at IS NULL", to_utc(now), by, login.text()));
  if (db_.changes() == 0) return fail(Errc::not_found, login.text() + " is not in the team", "approver remove");
  return {};
}

Result<> Store::change_password(const Login& login, const std::string& hash) {
  return db_.run("UPDATE team SET password = ? WHERE login = ? AND removed_at IS NULL", hash, login.text());
}

Result<std::optional<TeamMember>> Store::member(const Login& login, Time now) {
  PL_TRY(rows, db_.query("SELECT login, name, role, password, added_at, removed_at, added_by, until, removed_by FROM team "
                         "WHERE login = ? AND removed_at IS NULL AND (until IS NULL OR until >= ?)", login.text(), to_date(now)));
  PL_TRY(found, rows.next());
  if (!found) return std::nullopt;
  return read_member(rows, login);
}

Result<std::vector<TeamMember>> Store::team() {
  std::vector<TeamMember> out;
  PL_TRY(rows, db_.query("SELECT login, name, role, password, added_at, removed_at, added_by, until, removed_by FROM team ORDER BY added_at"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(login, Login::parse(rows.text(0)));
    out.push_back(read_member(rows, std::move(login)));
  }
}

Result<> Store::keep_revocations(const std::string& notes) { return set("revocations", notes); }

Result<std::string> Store::revocations() {
  PL_TRY(text, get("revocations"));
  return text.value_or("");
}

Result<> Store::set_recorded_below(audit::LeafIndex index) { return set("recorded_below", std::to_string(index)); }

Result<audit::LeafIndex> Store::recorded_below() {
  PL_TRY(text, get("recorded_below"));
  return text ? parse_decimal(*text, UINT64_MAX).value_or(0) : 0;
}

Result<> Store::set(std::string_view key, const std::string& value) {
  return db_.run("INSERT OR REPLACE INTO settings(key, value) VALUES(?, ?)", key, value);
}

Result<std::optional<std::string>> Store::get(std::string_view key) {
  return db_.text("SELECT value FROM settings WHERE key = ?", key);
}

}  // namespace pontlevis::agent
