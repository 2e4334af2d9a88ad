#include "gateway/timestamps/timestamps.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/events.hpp"
#include "gateway/timestamps/filter_program.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;

constexpr auto most_difference = std::chrono::minutes(10);

Awaitable<Result<std::string>> run_slowly(std::vector<std::string> argv, std::string question, const std::atomic<bool>* stop) {
  co_return run_filter(argv, question, {}, *stop);
}

Awaitable<Result<>> keep_slowly(audit::Log* log, audit::TreeSize size, std::string token) {
  co_return log->run_now([size, token = std::move(token)](sqlite::Database& db) {
    return db.run("INSERT OR IGNORE INTO timestamps(size, token) VALUES (?,?)", size, sqlite::Blob{token});
  });
}

}  // namespace

Timestamps::~Timestamps() {
  stop();
  thread_.join();
}

void Timestamps::stop() { stopping_ = true; }

Result<> Timestamps::open() {
  PL_TRY(settings, StampSettings::read(core_.options));
  if (settings.asked_for()) PL_CHECK(audit::TimestampTrust::from_file(settings.ca_file));
  return {};
}

Awaitable<void> Timestamps::keep_house() {
  const auto settings = StampSettings::read(core_.options);
  if (stopping_ || busy_ || !settings || !settings->asked_for() || core_.clock.since_boot() < next_try_) co_return;
  if (const auto due = is_due(); !due || !*due) co_return;
  busy_ = true;
  asio::co_spawn(co_await asio::this_coro::executor, try_once(), asio::detached);
}

Awaitable<void> Timestamps::try_once() {
  const auto named = co_await name_unnamed();
  if (!named) event(Level::warn, "timestamp.not_recorded", {{"what", named.error().what}});
  const auto done = co_await stamp();
  busy_ = false;
  if (stopping_) co_return;
  failures_ = done ? 0 : failures_ + 1;
  next_try_ = core_.clock.since_boot() + (done ? Millis(0) : wait_after(failures_));
  if (done) event("timestamp.made", {{"authority", done->authority}, {"time", to_utc(done->time)}});
  else event(Level::warn, "timestamp.failed", {{"what", done.error().text()}, {"tries", failures_}, {"next_in_minutes", wait_after(failures_).count() / 60'000}});
}

// Once a calendar day (UTC), and only what was not stamped yet.
Result<bool> Timestamps::is_due() const {
  const auto size = core_.log->size();
  PL_TRY(before, last());
  if (size == 0 || size <= before.size) return false;
  if (before.size == 0) return true;
  const auto said = audit::TimestampReply::parse(before.token);
  return !said || to_date(said->time) < to_date(core_.clock.now());
}

Result<Timestamps::Last> Timestamps::last() const {
  Last out;
  PL_CHECK(core_.log->read([&out](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query("SELECT size, token FROM timestamps ORDER BY size DESC LIMIT 1"));
    PL_TRY(found, rows.next());
    if (found) out = {static_cast<TreeSize>(rows.integer(0)), rows.blob(1)};
    return {};
  }));
  return out;
}

Awaitable<Result<audit::TimestampReply>> Timestamps::stamp() {
  PL_CO_TRY(settings, StampSettings::read(core_.options));
  if (!settings.asked_for()) co_return fail(Errc::not_found, "is not asked for", "timestamp", "set timestamp.command or timestamp.url, and timestamp.ca");
  PL_CO_TRY(trust, audit::TimestampTrust::from_file(settings.ca_file));
  const auto note = core_.log->latest_checkpoint();
  PL_CO_TRY(checkpoint, audit::peek_checkpoint(note));
  PL_CO_TRY(before, last());
  if (checkpoint.size <= before.size) co_return fail(Errc::conflict, "has nothing new since the last one", "timestamp");
  PL_CO_TRY(part, audit::stamped_part(note));
  const Digest imprint = sha256(part);
  const auto query = audit::make_timestamp_query(imprint, core_.random);
  auto asking = ask(std::move(settings), query.der);
  PL_CO_TRY(token, co_await std::move(asking));
  PL_CO_TRY(said, trust.verify(token, imprint, query.nonce));
  const auto apart = said.time > core_.clock.now() ? said.time - core_.clock.now() : core_.clock.now() - said.time;
  if (apart > most_difference) event(Level::warn, "timestamp.clocks_differ", {{"seconds", std::chrono::floor<std::chrono::seconds>(apart).count()}});
  PL_CO_CHECK(co_await keep(checkpoint.size, token));
  PL_CO_CHECK(co_await record(checkpoint.size, token, imprint, said));
  co_return said;
}

Awaitable<Result<std::string>> Timestamps::ask(StampSettings settings, std::string query) {
  if (!settings.command.empty()) {
    auto running = run_slowly(std::move(settings.command), std::move(query), &stopping_);
    co_return co_await asio::co_spawn(thread_, std::move(running), asio::use_awaitable);
  }
  PL_CO_TRY(tls, io::public_trust({}));
  auto call = *std::move(settings.address);
  call.body = std::move(query);
  PL_CO_TRY(answer, co_await io::https_call(std::move(tls), std::move(call)));
  if (answer.status != 200) co_return fail(Errc::unavailable, "the authority answered " + std::to_string(answer.status), "timestamp.url");
  co_return std::move(answer.body);
}

Awaitable<Result<>> Timestamps::keep(TreeSize size, std::string token) {
  PL_CO_CHECK(core_.ready());
  auto keeping = keep_slowly(core_.log.get(), size, std::move(token));
  co_return co_await asio::co_spawn(thread_, std::move(keeping), asio::use_awaitable);
}

Awaitable<Result<>> Timestamps::record(TreeSize size, std::string token, Digest imprint, audit::TimestampReply said) {
  const boost::json::object fields{{"checkpoint_size", size}, {"checkpoint_sha256", to_hex(imprint.view())}, {"stamped_at", to_utc(said.time)},
                                   {"authority", said.authority}, {"token_sha256", sha256_hex(token)}};
  PL_CO_CHECK(co_await core_.append(audit::Record::make("timestamp", fields)));
  co_return Result<>{};
}

// A crash between token and record leaves the newest token without its name in the log: it gets it now.
Awaitable<Result<>> Timestamps::name_unnamed() {
  if (std::exchange(looked_back_, true)) co_return Result<>{};
  PL_CO_TRY(before, last());
  if (before.size == 0) co_return Result<>{};
  std::optional<std::int64_t> index;
  PL_CO_CHECK(core_.log->read([&index](sqlite::Database& db) -> Result<> {
    PL_TRY(found, db.integer("SELECT max(idx) FROM records WHERE type = 'timestamp'"));
    index = found;
    return {};
  }));
  if (index && static_cast<TreeSize>(*index) >= before.size) co_return Result<>{};  // it stands above the checkpoint it names
  PL_CO_TRY(said, audit::TimestampReply::parse(before.token));
  co_return co_await record(before.size, before.token, said.imprint, said);
}

}  // namespace pontlevis::gateway
