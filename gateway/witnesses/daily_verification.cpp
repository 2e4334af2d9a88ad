#include "gateway/witnesses/daily_verification.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "gateway/events.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr auto longest_without = std::chrono::hours(26);
constexpr auto pause_after_failure = std::chrono::minutes(30);
constexpr std::size_t longest_finding = 300;

struct VerifyJob {
  std::filesystem::path data;
  Time now;
  const std::atomic<bool>* stop;

  Result<audit::VerifyReport> operator()() const {
    audit::VerifyOptions options;
    options.now = now;
    options.stop = stop;
    return audit::verify_folder(data, options);
  }
};

// What the finding casts doubt on: the log itself, the days of what it keeps, or what it says happened.
const char* trouble_of(const std::vector<audit::Finding>& findings) {
  using audit::Check;
  const auto all = [&](auto... checks) {
    return std::all_of(findings.begin(), findings.end(), [&](const auto& f) { return ((f.check == checks) || ...); });
  };
  if (all(Check::retention)) return "retention_late";
  return all(Check::retention, Check::life, Check::times) ? "doubt" : "log_damaged";
}

std::string words_of(const audit::Finding& finding) {
  std::string out(audit::check_name(finding.check));
  if (finding.index) out += ", record " + std::to_string(*finding.index);
  return printable(out + ": " + finding.what, longest_finding);
}

}  // namespace

Result<> DailyVerification::make_table() {
  return core_.store->script(R"sql(
    -- The last verification of the whole log by the gateway itself: one row.
    CREATE TABLE IF NOT EXISTS last_verification(
      id       INTEGER PRIMARY KEY CHECK(id = 1),
      at       TEXT NOT NULL,
      findings INTEGER NOT NULL,
      what     TEXT                -- the first finding
    ) STRICT;
  )sql");
}

void DailyVerification::listen() {
  core_.signals.clock.listen([this](const ClockNotice& notice) { purged_ = purged_ || (notice.kind == "purge" && notice.settled); });
}

bool DailyVerification::due() const {
  if (busy_ || stopping_ || core_.clock.since_boot() < try_after_) return false;
  if (purged_) return true;
  const auto found = last();
  const auto before = found.is_object() ? from_utc(text_of(found.get_object(), "at")) : std::nullopt;
  return core_.clock.now() - before.value_or(began_) > longest_without;
}

Awaitable<void> DailyVerification::look() {
  if (!due()) co_return;
  busy_ = true;
  asio::co_spawn(co_await asio::this_coro::executor, run(), asio::detached);
}

Awaitable<void> DailyVerification::run() {
  purged_ = false;
  const auto at = core_.clock.now();
  VerifyJob job{core_.folder.root, at, &stopping_};
  const auto report = co_await worker_.run(std::move(job));
  busy_ = false;
  if (!report) co_return put_off(report.error());
  tell(*report);
  if (auto kept = keep(*report, at); !kept) put_off(kept.error());
}

// Still owed, a little later.
void DailyVerification::put_off(const Error& why) {
  purged_ = true;
  try_after_ = core_.clock.since_boot() + pause_after_failure;
  if (!stopping_) event(Level::warn, "log.not_verified", {{"what", why.text()}});
}

Result<> DailyVerification::keep(const audit::VerifyReport& report, Time at) {
  std::optional<std::string> what;
  if (!report.verified()) what = words_of(report.findings.front());
  return core_.store->run("INSERT OR REPLACE INTO last_verification(id, at, findings, what) VALUES(1,?,?,?)", to_utc(at), report.findings.size(), what);
}

void DailyVerification::tell(const audit::VerifyReport& report) {
  if (report.verified()) return event("log.verified", {{"records", report.records}});
  const auto& first = report.findings.front();
  json::object facts{{"check", json::string(audit::check_name(first.check))}, {"what", words_of(first)}};
  if (first.index) facts["index"] = *first.index;
  event(Level::error, "log.verification_failed", facts);
  core_.signals.trouble(trouble_of(report.findings), facts);
}

json::value DailyVerification::last() const {
  auto rows = core_.store->query("SELECT at, findings, what FROM last_verification");
  if (!rows) return nullptr;
  const auto found = rows->next();
  if (!found || !*found) return nullptr;
  const auto what = rows->optional_text(2);
  return json::object{{"at", rows->text(0)}, {"verified", rows->integer(1) == 0}, {"findings", rows->integer(1)}, {"what", what ? json::value(*what) : json::value(nullptr)}};
}

}  // namespace pontlevis::gateway
