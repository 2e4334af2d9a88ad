#include "gateway/registers/common/old_cases.hpp"

#include "gateway/events.hpp"
#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::chrono::days kept_for{1826};

}  // namespace

// One class of rows whose term has come, in one certificate.
struct OldCases::Gone {
  std::string cls;
  std::int64_t count = 0, oldest = 0, newest = 0;
  sqlite::Sql remove, left;
};

Result<> OldCases::open() {
  return core_.store->script(R"sql(
    -- Destructions of closed cases that a backup may still hold: the record to complete, without anybody's name.
    CREATE TABLE IF NOT EXISTS register_purges(certificate TEXT PRIMARY KEY, class TEXT NOT NULL, rows INTEGER NOT NULL, at INTEGER NOT NULL, backup_expiry INTEGER NOT NULL) STRICT;
  )sql");
}

Awaitable<void> OldCases::keep_house() {
  const auto today = to_date(core_.clock.now());
  if (done_on_ == today) co_return;
  auto done = co_await purge();
  if (done) done = co_await complete();
  if (done) done_on_ = today;
  else event(Level::error, "register.purge_failed", {{"what", done.error().text()}});
}

Awaitable<Result<>> OldCases::purge() {
  const auto before = stored(core_.clock.now() - kept_for);
  const auto counted = [&](sqlite::Sql count, std::string cls, sqlite::Sql remove, sqlite::Sql left) -> Result<Gone> {
    PL_TRY(rows, core_.store->query(count, before));
    PL_TRY(row, rows.next());
    if (!row) return fail(Errc::internal, "a count gave no row", "store");
    return Gone{std::move(cls), rows.integer(0), rows.integer(1), rows.integer(2), remove, left};
  };
  PL_CO_TRY(requests, counted("SELECT count(*), coalesce(min(closed_at), 0), coalesce(max(closed_at), 0) FROM rights_requests WHERE closed_at < ?", "RIGHTS_REQUEST",
                              "DELETE FROM rights_requests WHERE closed_at < ?", "SELECT count(*) FROM rights_requests WHERE closed_at < ?"));
  PL_CO_TRY(breaches, counted("SELECT count(*), coalesce(min(closed_at), 0), coalesce(max(closed_at), 0) FROM breaches WHERE closed_at < ?", "BREACH",
                              "DELETE FROM breaches WHERE closed_at < ?", "SELECT count(*) FROM breaches WHERE closed_at < ?"));
  PL_CO_CHECK(co_await drop(std::move(requests)));
  PL_CO_CHECK(co_await drop(std::move(breaches)));
  co_return core_.store->run("DELETE FROM processing_versions WHERE created_at < ?1 AND version < (SELECT max(v.version) FROM processing_versions v WHERE v.entry = processing_versions.entry)", before);
}

Awaitable<Result<>> OldCases::drop(Gone gone) {
  if (gone.count == 0) co_return Result<>{};
  const auto now = core_.clock.now();
  const auto before = stored(now - kept_for);
  PL_CO_CHECK(core_.store->run(gone.remove, before));
  PL_CO_CHECK(core_.store->run("PRAGMA wal_checkpoint(TRUNCATE)"));
  PL_CO_TRY(left, core_.store->integer(gone.left, before));
  const bool backups = !core_.options.text("backup.folder").empty();
  const auto expiry = now + std::chrono::days(core_.options.integer("backup.keep_days"));
  const auto id = make_uuid(core_.random);
  const boost::json::object fields{
      {"certificate_id", id}, {"issued_at", to_utc(now)}, {"reason", "RETENTION"}, {"policy_version", "registers-5-years/1"}, {"legal_basis", "RGPD art. 5(1)(e)"},
      {"retention_class", gone.cls}, {"record_count", gone.count}, {"oldest_at", to_utc(read_time(gone.oldest))}, {"newest_at", to_utc(read_time(gone.newest))},
      {"scope_commitment", sha256_hex(gone.cls + " closed before " + to_utc(now - kept_for))}, {"media", boost::json::array{"GATEWAY_STORE"}}, {"method", "ROWS_OVERWRITTEN"},
      {"performed_at", to_utc(now)}, {"operator", "AUTOMATON"}, {"verification_method", "READ_AGAIN"}, {"verified_at", to_utc(now)}, {"verified_by", "AUTOMATON"},
      {"verification_result", left.value_or(1) == 0 ? "ABSENT" : "PRESENT"}, {"backup_expiry_at", backups ? boost::json::value(to_utc(expiry)) : boost::json::value(nullptr)},
      {"state", backups ? "PARTIAL" : "FINAL"}, {"deferrals", boost::json::array{}}};
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("destruction", fields)));
  if (backups) PL_CO_CHECK(core_.store->run("INSERT INTO register_purges(certificate, class, rows, at, backup_expiry) VALUES(?,?,?,?,?)", id, gone.cls, gone.count, stored(now), stored(expiry)));
  event("register.purged", {{"class", gone.cls}, {"count", gone.count}, {"log_index", recorded.index}});
  co_return Result<>{};
}

Awaitable<Result<>> OldCases::complete() {
  const auto now = core_.clock.now();
  for (;;) {
    std::string certificate, cls;
    std::int64_t count = 0, at = 0, expiry = 0;
    {
      PL_CO_TRY(rows, core_.store->query("SELECT certificate, class, rows, at, backup_expiry FROM register_purges WHERE backup_expiry <= ? LIMIT 1", stored(now)));
      PL_CO_TRY(more, rows.next());
      if (!more) co_return Result<>{};
      certificate = rows.text(0), cls = rows.text(1), count = rows.integer(2), at = rows.integer(3), expiry = rows.integer(4);
    }
    const boost::json::object fields{
        {"certificate_id", make_uuid(core_.random)}, {"issued_at", to_utc(now)}, {"reason", "RETENTION"}, {"policy_version", "registers-5-years/1"}, {"legal_basis", "RGPD art. 5(1)(e)"},
        {"retention_class", cls}, {"record_count", count}, {"media", boost::json::array{"GATEWAY_STORE"}}, {"method", "ROWS_OVERWRITTEN"}, {"performed_at", to_utc(read_time(at))},
        {"operator", "AUTOMATON"}, {"verification_method", "BACKUPS_EXPIRED"}, {"verified_at", to_utc(now)}, {"verified_by", "AUTOMATON"}, {"verification_result", "ABSENT"},
        {"backup_expiry_at", to_utc(read_time(expiry))}, {"state", "FINAL"}, {"deferrals", boost::json::array{}}, {"completes", certificate}};
    PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("destruction", fields)));
    static_cast<void>(recorded);
    PL_CO_CHECK(core_.store->run("DELETE FROM register_purges WHERE certificate=?", certificate));
  }
}

}  // namespace pontlevis::gateway
