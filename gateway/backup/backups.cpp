#include "gateway/backup/backups.hpp"

#include "gateway/backup/restore.hpp"
#include "gateway/events.hpp"
#include "gateway/store.hpp"
#include "protocol/io/system.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
constexpr auto day_long = std::chrono::days(1);
constexpr auto year = std::chrono::days(365);
constexpr auto pause_after_failure = std::chrono::minutes(30);

Time midnight(Time t) { return Time(std::chrono::floor<std::chrono::days>(t)); }
json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

}  // namespace

Result<> Backups::open() {
  std::error_code ignored;  // of a crash: the one place where a copy lies in the clear
  std::filesystem::remove_all(core_.folder.root / "backup-work", ignored);
  return core_.store->script(R"sql(
    -- Backups made, removed or failed; the files lie in backup.folder.
    CREATE TABLE IF NOT EXISTS backups(
      id TEXT PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
      log_size INTEGER NOT NULL, expires_on TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS backups_by_time ON backups(at);
    -- Restores that somebody tried, once a year at least.
    CREATE TABLE IF NOT EXISTS restore_tests(at INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, by TEXT NOT NULL) STRICT;
  )sql");
}

// ---- rows ----

Result<> Backups::put(const BackupRow& r) {
  return core_.store->run("INSERT OR REPLACE INTO backups(id, at, kind, file, sha256, bytes, log_size, expires_on, state, why) VALUES(?,?,?,?,?,?,?,?,?,?)", r.id, stored(r.at),
                          word(r.kind), r.file, r.sha256, r.bytes, r.log_size, r.expires_on, r.state, r.why);
}

Result<std::vector<BackupRow>> Backups::rows() const {
  PL_TRY(found, core_.store->query("SELECT id, at, kind, file, sha256, bytes, log_size, expires_on, state, why FROM backups ORDER BY at DESC, kind LIMIT 400"));
  std::vector<BackupRow> out;
  for (;;) {
    PL_TRY(more, found.next());
    if (!more) return out;
    out.push_back({found.text(0), read_time(found.integer(1)), found.text(2) == "KEYS" ? BackupKind::keys : BackupKind::data, found.text(3), found.text(4), found.text(7),
                   static_cast<std::uint64_t>(found.integer(5)), static_cast<std::uint64_t>(found.integer(6)), found.text(8), found.text(9)});
  }
}

std::optional<Time> Backups::last() const {
  const auto at = core_.store->integer("SELECT max(at) FROM backups WHERE state <> 'FAILED'");
  return at && *at ? std::optional(read_time(**at)) : std::nullopt;
}

bool Backups::wanted() const { return !core_.options.text("backup.folder").empty(); }

Time Backups::next() const {
  const auto hour = std::chrono::hours(core_.options.integer("backup.hour"));
  const auto made = last();
  return made ? midnight(*made - hour) + day_long + hour : core_.clock.now();
}

bool Backups::due() const { return wanted() && core_.clock.now() >= next() && core_.clock.since_boot() >= try_after_; }

// A year after the last one; after the first backup when there was none.
std::optional<Time> Backups::restore_test_due() const {
  const auto tested = core_.store->integer("SELECT max(at) FROM restore_tests");
  const auto first = core_.store->integer("SELECT min(at) FROM backups WHERE state <> 'FAILED'");
  if (tested && *tested) return read_time(**tested) + year;
  return first && *first ? std::optional(read_time(**first) + year) : std::nullopt;
}

// ---- making ----

Awaitable<Result<>> Backups::record(BackupRow r, std::string what, std::string by) {
  json::object fields{{"event", what}, {"kind", word(r.kind)}, {"sha256", or_null(r.sha256)}, {"bytes", r.bytes}, {"log_size", r.log_size}, {"expires_on", or_null(r.expires_on)},
                      {"cause", or_null(r.why)}, {"done_by", or_null(by)}};
  PL_CO_CHECK(co_await core_.append(audit::Record::make("backup", fields)));
  event("backup." + what, {{"kind", word(r.kind)}, {"file", r.file}});
  co_return Result<>{};
}

Awaitable<Result<>> Backups::failed(Error why, std::string by) {
  const auto now = core_.clock.now();
  try_after_ = core_.clock.since_boot() + pause_after_failure;
  core_.signals.clock(ClockNotice{"backup", to_date(now), now, true});
  BackupRow row{make_uuid(core_.random), now, BackupKind::data, {}, {}, {}, 0, 0, "FAILED", printable(why.text(), 500)};
  PL_CO_CHECK(put(row));
  row.why = io::errc_name(why.code);  // a record stays for years: no path of this machine in it
  co_return co_await record(std::move(row), "FAILED", std::move(by));
}

Awaitable<Result<>> Backups::keep_made(std::vector<MadeBackup> made, std::string by) {
  const auto now = core_.clock.now();
  for (auto& one : made) {
    const auto days = one.kind == BackupKind::data ? core_.options.integer("backup.keep_days") : core_.options.integer("backup.keys_keep_days");
    BackupRow row{make_uuid(core_.random), now, one.kind, one.file, one.sha256, to_date(now + std::chrono::days(days)), one.bytes, one.log_size, "KEPT", {}};
    PL_CO_CHECK(put(row));
    PL_CO_CHECK(co_await record(std::move(row), "MADE", by));
  }
  core_.signals.clock(ClockNotice{"backup", to_date(now), next(), false, true});
  co_return Result<>{};
}

Backups::Answer Backups::make_one(std::string by) {
  if (!wanted()) co_return fail(Errc::not_found, "has no folder to put it", "backup.folder", "name one in gateway.toml, and backup.recipient");
  if (core_.log_closed) co_return std::unexpected(*core_.log_closed);
  BackupMaker maker{core_.log.get(), core_.folder, core_.options.text("backup.folder"), core_.options.text("backup.recipient"), core_.clock.now()};
  auto made = co_await worker_.run(std::move(maker));
  if (!made) {
    auto error = std::move(made).error();
    event(Level::error, "backup.failed", {{"what", error.text()}});
    PL_CO_CHECK(co_await failed(error, by));
    co_return std::unexpected(std::move(error));
  }
  PL_CO_CHECK(co_await keep_made(*made, by));
  PL_CO_CHECK(co_await remove_expired());
  json::array files;
  for (const auto& one : *made) files.push_back(json::object{{"kind", word(one.kind)}, {"file", one.file}, {"sha256", one.sha256}, {"bytes", one.bytes}, {"log_size", one.log_size}});
  co_return json::object{{"backups", std::move(files)}};
}

// On its day a copy goes, also when nothing new was made.
Awaitable<Result<>> Backups::remove_expired() {
  PL_CO_TRY(all, rows());
  const auto today = to_date(core_.clock.now());
  for (auto& row : all) {
    if (row.state != "KEPT" || row.expires_on > today) continue;
    std::error_code ec;
    std::filesystem::remove(std::filesystem::path(core_.options.text("backup.folder")) / row.file, ec);
    if (ec) {
      event(Level::error, "backup.not_removed", {{"file", row.file}});
      core_.signals.clock(ClockNotice{"backup", row.file, *from_date(row.expires_on), true});
      continue;
    }
    if (!core_.ready()) continue;  // recorded once the log takes it
    PL_CO_CHECK(co_await record(row, "EXPIRED", ""));
    row.state = "EXPIRED";
    PL_CO_CHECK(put(row));
  }
  // What has gone for a year is in the log alone.
  co_return core_.store->run("DELETE FROM backups WHERE state <> 'KEPT' AND at < ?", stored(core_.clock.now() - year));
}

// ---- by itself ----

void Backups::say_clocks() {
  const auto now = core_.clock.now();
  if (said_ == to_date(now)) return;
  said_ = to_date(now);
  if (wanted() && last() && now >= next() + day_long) core_.signals.clock(ClockNotice{"backup", to_date(next()), next(), true});
  if (const auto test = restore_test_due(); test && now + std::chrono::days(30) >= *test) core_.signals.clock(ClockNotice{"restore_test", to_date(*test), *test, now > *test});
}

// The first time this gateway may write after a restore, it says that there was one.
Awaitable<Result<>> Backups::tell_restore() {
  const auto file = restored_note(core_.folder);
  auto text = io::read_file(file, 4096);
  if (!text) co_return Result<>{};
  PL_CO_TRY(object, parse_object(*text, 4096, file.string(), JsonForm::any));
  StrictObject in(object, file.string());
  const auto sha256 = in.text("sha256", 64, 64), made_at = in.text("made_at", 20, 30);
  const auto size = in.integer("log_size", 0, INT64_MAX), replayed = in.integer("replayed", 0, INT64_MAX);
  const bool with_keys = in.boolean("with_keys");
  PL_CO_CHECK(in.finish());
  const json::object fields{{"event", "RESTORED"}, {"kind", with_keys ? "KEYS" : "DATA"}, {"sha256", sha256}, {"log_size", size}, {"replayed", replayed}, {"cause", "backup of " + made_at}};
  PL_CO_CHECK(co_await core_.append(audit::Record::make("backup", fields)));
  std::error_code ec;
  std::filesystem::remove(file, ec);
  event(Level::warn, "backup.RESTORED", {{"log_size", size}, {"replayed", replayed}});
  co_return Result<>{};
}

Awaitable<void> Backups::day() {
  const bool may_write = core_.ready().has_value();
  if (may_write)
    if (auto told = co_await tell_restore(); !told) event(Level::error, "backup.restore_not_recorded", {{"what", told.error().text()}});
  say_clocks();
  if (wanted())  // also while nothing may be recorded: the file goes on its day, its record follows
    if (auto removed = co_await remove_expired(); !removed) event(Level::error, "backup.not_removed", {{"what", removed.error().text()}});
  if (may_write && due()) static_cast<void>(co_await make_one(""));
  busy_ = false;
}

Awaitable<void> Backups::keep_house() {
  if (busy_ || stopping_) co_return;
  busy_ = true;
  asio::co_spawn(co_await asio::this_coro::executor, day(), asio::detached);
}

}  // namespace pontlevis::gateway
