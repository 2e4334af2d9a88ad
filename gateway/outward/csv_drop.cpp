#include "gateway/outward/csv_drop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/events.hpp"
#include "gateway/outward/crm_message.hpp"
#include "gateway/outward/csv_text.hpp"
#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
constexpr std::string_view prefix = "pontlevis-interventions-", suffix = ".csv";

Time midnight_of(Time t) { return Time(std::chrono::floor<std::chrono::days>(t)); }
std::string name_of(Time midnight) { return std::string(prefix) + to_date(midnight) + std::string(suffix); }

// The day of a file that we wrote; nobody else's file is touched.
std::optional<Time> day_of(const std::string& name) {
  std::string_view rest = name;
  if (rest.ends_with(".sha256")) rest.remove_suffix(7);
  if (!rest.starts_with(prefix) || !rest.ends_with(suffix)) return std::nullopt;
  rest.remove_prefix(prefix.size());
  rest.remove_suffix(suffix.size());
  return from_date(rest);
}

// The sum first: whoever waits for the .csv finds both.
Awaitable<Result<>> put_files(std::filesystem::path folder, std::string name, std::string text) {
  const auto sum = sha256_hex(text) + "  " + name + "\n";
  PL_CO_CHECK(io::write_file(folder / (name + ".sha256"), sum, io::FileMode::owner_only));
  co_return io::write_file(folder / name, text, io::FileMode::owner_only);
}

Awaitable<Result<>> remove_old(std::filesystem::path folder, Time before) {
  std::error_code ec;
  std::vector<std::filesystem::path> old;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ec))
    if (const auto day = day_of(entry.path().filename().string()); day && *day < before) old.push_back(entry.path());
  if (ec) co_return fail(Errc::io, "cannot be read: " + ec.message(), folder.string(), "csv.folder must be a folder that the gateway can write to");
  for (const auto& file : old)
    if (!std::filesystem::remove(file, ec) && ec) co_return fail(Errc::io, "cannot be removed: " + ec.message(), file.string());
  co_return Result<>{};
}

}  // namespace

Result<> CsvDrop::make_tables() {
  return core_.store->script(R"sql(
    -- When each intervention closed, for as long as a file may name it; and the days whose file is to be written again.
    CREATE TABLE IF NOT EXISTS closed_on(intervention TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS closed_on_at ON closed_on(at);
    CREATE TABLE IF NOT EXISTS csv_days(day INTEGER PRIMARY KEY, edition INTEGER NOT NULL, written INTEGER NOT NULL) STRICT;
  )sql");
}

Result<> CsvDrop::closed(const InterventionId& id) {
  return core_.store->run("INSERT INTO closed_on(intervention, at) VALUES(?,?) ON CONFLICT(intervention) DO NOTHING", id.text(), stored(core_.clock.now()));
}

Result<> CsvDrop::changed(const std::string& id) {
  PL_TRY(at, core_.store->integer("SELECT at FROM closed_on WHERE intervention = ?", id));
  if (!at) return {};
  return core_.store->run("UPDATE csv_days SET edition = edition + 1 WHERE day = ?", stored(midnight_of(read_time(*at))));
}

Result<CsvDrop::Day> CsvDrop::day(Time midnight) {
  Day out{csv_headings(), 0};
  std::vector<std::string> ids;
  PL_TRY(rows, core_.store->query("SELECT c.intervention FROM closed_on AS c JOIN interventions AS i ON i.id = c.intervention AND i.lead <> '' "
                                  "WHERE c.at >= ? AND c.at < ? ORDER BY c.at, c.intervention",
                                  stored(midnight), stored(midnight + std::chrono::days(1))));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) break;
    ids.push_back(rows.text(0));
  }
  for (const auto& text : ids) {
    PL_TRY(id, InterventionId::parse(text));
    PL_TRY(iv, core_.interventions.find(id));
    PL_TRY(told, crm_.row(text));
    if (!iv || (told && told->state >= CrmState::deletion_pending)) continue;
    PL_TRY(facts, core_.interventions.facts_of(id));
    out.text += csv_line(crm_content(*iv, core_.practices.find(iv->request.practice), last_comment(facts), told ? told->withheld : std::vector<std::string>{}));
    ++out.lines;
  }
  return out;
}

// The first day is the one that is over when the folder is first named; days without a gateway are made up for.
Result<std::vector<CsvDrop::Due>> CsvDrop::days_due() {
  const auto today = midnight_of(core_.clock.now());
  const auto first_kept = today - std::chrono::days(days_kept);
  PL_TRY(last, core_.store->integer("SELECT max(day) FROM csv_days"));
  auto next = last ? std::max(read_time(*last) + std::chrono::days(1), first_kept) : today - std::chrono::days(1);
  for (; next < today; next += std::chrono::days(1)) PL_CHECK(core_.store->run("INSERT INTO csv_days(day, edition, written) VALUES(?, 1, 0)", stored(next)));
  PL_CHECK(core_.store->run("DELETE FROM csv_days WHERE day < ?", stored(first_kept)));
  PL_CHECK(core_.store->run("DELETE FROM closed_on WHERE at < ?", stored(first_kept)));
  std::vector<Due> out;
  PL_TRY(rows, core_.store->query("SELECT day, edition, written FROM csv_days WHERE written < edition ORDER BY day"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back({read_time(rows.integer(0)), rows.integer(1), rows.integer(2) > 0});
  }
}

// `due.edition` is the one that was read: a change meanwhile asks for the next.
Result<> CsvDrop::wrote(const Due& due, const Day& day) {
  PL_TRY(transaction, sqlite::Transaction::begin(*core_.store));
  PL_CHECK(core_.store->run("UPDATE csv_days SET written = ? WHERE day = ?", due.edition, stored(due.midnight)));
  Message message;
  message.id = make_uuid(core_.random);
  message.channel = Channel::csv;
  message.subject = "day " + to_date(due.midnight) + (due.again ? ", written again" : "");
  message.body_sha256 = sha256_hex(day.text);  // the text itself is in the file alone
  Settled done{DeliveryState::acknowledged, 0, {}, {}, {}, {}};
  PL_CHECK(outbox_.put_settled(message, done, core_.clock.now()));
  PL_CHECK(transaction.commit());
  event("csv.written", {{"day", to_date(due.midnight)}, {"interventions", day.lines}});
  return {};
}

Awaitable<Result<>> CsvDrop::write(Due due) {
  PL_CO_TRY(content, day(due.midnight));
  auto writing = put_files(core_.options.text("csv.folder"), name_of(due.midnight), content.text);
  PL_CO_CHECK(co_await asio::co_spawn(disk_, std::move(writing), asio::use_awaitable));
  co_return wrote(due, content);
}

Awaitable<Result<>> CsvDrop::keep_house() {
  if (!wanted()) co_return Result<>{};
  PL_CO_TRY(due, days_due());
  if (due.empty()) co_return Result<>{};
  for (const auto& one : due) PL_CO_CHECK(co_await write(one));
  auto removing = remove_old(core_.options.text("csv.folder"), midnight_of(core_.clock.now()) - std::chrono::days(days_kept));
  co_return co_await asio::co_spawn(disk_, std::move(removing), asio::use_awaitable);
}

}  // namespace pontlevis::gateway
