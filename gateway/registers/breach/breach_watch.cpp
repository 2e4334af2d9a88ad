#include "gateway/registers/breach/breach_watch.hpp"

#include "gateway/events.hpp"
#include "gateway/registers/breach/breach_triggers.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::uint64_t records_a_step = 2000;
constexpr std::size_t most_counts = 20'000;
constexpr int most_told = 100;  // a flood is told once; it need not be told a thousand times
constexpr std::chrono::days looks_back{7};

// Times in the log never go back, so that a search by halves finds the first record of a moment. A record that was
// destroyed as a whole has no row: the next one stands for it.
Result<std::uint64_t> first_since(sqlite::Database& db, const std::string& time, std::uint64_t size) {
  std::uint64_t low = 0, high = size;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    PL_TRY(at, db.text("SELECT time FROM records WHERE idx >= ? ORDER BY idx LIMIT 1", static_cast<std::int64_t>(middle)));
    if (at && *at < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

Result<WatchedRecord> watched(const audit::Log& log, std::uint64_t index) {
  PL_TRY(record, log.record(index));
  PL_TRY(open, record.open());
  WatchedRecord out{index, text_of(open, "type"), text_of(open, "time").substr(0, 10), text_of(open, "event"), text_of(open, "subject"),
                    text_of(open, "practice"), text_of(open, "detail"), text_of(open, "cause")};
  return out;
}

}  // namespace

void BreachWatch::listen() {
  core_.signals.trouble.listen([this](const std::string& word, const json::object& facts) { draft(word, to_date(core_.clock.now()), facts); });
}

void BreachWatch::draft(std::string_view word, const std::string& day, const json::object& facts) {
  if (auto done = desk_.draft(word, day, facts); !done) event(Level::error, "breach.not_drafted", {{"cause", word}, {"what", done.error().text()}});
}

void BreachWatch::keep_house() {
  look_at_health();
  if (auto read = read_on(); !read) event(Level::warn, "breach.watch_failed", {{"what", read.error().text()}});
}

void BreachWatch::look_at_health() {
  const auto today = to_date(core_.clock.now());
  if (const auto health = core_.log->health(); !health && !log_failed_) {
    log_failed_ = true;
    draft("log_failed", today, {{"what", health.error().what}});
  }
  if (core_.store_problem && !store_failed_) {
    store_failed_ = true;
    draft("store_failed", today, {{"what", core_.store_problem->what}});
  }
}

Result<> BreachWatch::begin() {
  const auto since = to_utc(core_.clock.now() - looks_back);
  return core_.log->read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(first, first_since(db, since, core_.log->size()));
    next_ = first;
    return {};
  });
}

Result<> BreachWatch::read_on() {
  if (!next_) PL_CHECK(begin());
  const auto until = std::min<std::uint64_t>(core_.log->size(), *next_ + records_a_step);
  std::vector<std::uint64_t> interesting;
  PL_CHECK(core_.log->read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query("SELECT idx FROM records WHERE idx >= ? AND idx < ? AND type IN ('security', 'witness_alarm', 'link') ORDER BY idx",
                          static_cast<std::int64_t>(*next_), static_cast<std::int64_t>(until)));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      interesting.push_back(static_cast<std::uint64_t>(rows.integer(0)));
    }
  }));
  for (const auto index : interesting) {
    const auto record = watched(*core_.log, index);
    if (!record) {  // one that cannot be read blinds nobody to the next
      event(Level::warn, "breach.record_unread", {{"log_index", index}, {"what", record.error().text()}});
      continue;
    }
    next_ = index;  // a draft that could not be kept is tried again
    PL_CHECK(weigh(*record));
  }
  next_ = until;
  return {};
}

Result<> BreachWatch::weigh(const WatchedRecord& record) {
  const auto suspicion = suspicion_of(record);
  if (!suspicion) return {};
  if (counts_.size() >= most_counts) counts_.clear();  // a flood of subjects: what it hides is counted anew
  const auto count = ++counts_[record.day + " " + std::string(suspicion->word) + " " + suspicion->subject];
  const auto enough = trigger_of(suspicion->word).times;
  if (count < enough || count > enough + most_told) return {};
  json::object facts{{"record", record.type}, {"times", count}, {"index", record.index}};
  if (!record.event.empty()) facts["event"] = record.event;
  if (!record.practice.empty()) facts["practice"] = record.practice;
  if (!record.cause.empty()) facts["cause"] = record.cause;
  return desk_.draft(suspicion->word, record.day, facts);
}

}  // namespace pontlevis::gateway
