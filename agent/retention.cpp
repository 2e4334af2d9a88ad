#include "agent/retention.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/io/events/events.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {

constexpr auto look_every = std::chrono::minutes(15);
constexpr std::size_t most_certificates = 10'000;

audit::RemanencePaths stores_in(const std::filesystem::path& data) {
  audit::RemanencePaths out;
  for (const auto* name : {"agent.db", "agent.db-wal", "page.db", "page.db-wal"}) out.also.push_back(data / name);
  return out;
}

io::Awaitable<Result<audit::PurgeReport>> run_on_worker(audit::Retention* retention, Time now, std::stop_token stop) {
  co_return retention->run(now, std::move(stop));
}

void tell(const audit::PurgeReport& report) {
  for (const auto* made : {&report.finished, &report.destroyed, &report.completed})
    for (const auto& one : *made)
      io::event(io::Level::info, "retention.destroyed", {{"certificate", one.id}, {"rule", text_of(one.fields, "rule")}, {"index", one.index}});
  for (const auto& failure : report.failures) io::event(io::Level::error, "retention.failed", {{"what", failure.what}});
}

}  // namespace

Result<std::unique_ptr<JournalRetention>> JournalRetention::make(Journal& journal, Store& store, PageStore& page_store,
                                                                 const std::filesystem::path& data, const Clock& clock) {
  audit::RetentionSettings settings;
  settings.look_at = stores_in(data);
  settings.policy_version = "practice/1";
  PL_TRY(retention, audit::Retention::make(journal.log(), std::move(settings)));
  return std::unique_ptr<JournalRetention>(new JournalRetention(store, page_store, clock, std::move(retention)));
}

JournalRetention::~JournalRetention() {
  stop_.request_stop();
  worker_.join();
}

// The journal is the memory; these are copies out of it and end no later.
Result<> JournalRetention::forget_copies(Time now) {
  PL_TRY(old, page_store_.past_their_term(now));
  for (const auto& id : old) {
    PL_CHECK(store_.forget_request(id));
    PL_CHECK(page_store_.forget(id));
  }
  PL_CHECK(page_store_.forget_acts(now));
  if (old.empty()) return {};
  PL_CHECK(store_.truncate());
  return page_store_.truncate();
}

io::Awaitable<Result<audit::PurgeReport>> JournalRetention::run_once() {
  const Time now = clock_.now();
  if (const auto forgotten = forget_copies(now); !forgotten) io::event(io::Level::error, "retention.failed", {{"what", forgotten.error().what}});
  auto work = run_on_worker(&retention_, now, stop_.get_token());
  auto report = co_await net::co_spawn(worker_, std::move(work), net::use_awaitable);
  if (report) tell(*report);
  else io::event(io::Level::error, "retention.failed", {{"what", report.error().what}});
  co_return report;
}

io::Awaitable<void> JournalRetention::run_daily() {
  std::string done;
  net::steady_timer timer(co_await net::this_coro::executor);
  for (;;) {
    const auto today = to_date(clock_.now());
    if (today != done) {
      const auto report = co_await run_once();
      if (report && report->failures.empty()) done = today;
    }
    timer.expires_after(look_every);
    co_await timer.async_wait(net::as_tuple(net::use_awaitable));
  }
}

namespace {

struct Explained {
  audit::DestructionClaim claim;
  std::string at;
};

Result<std::vector<Explained>> claims_of(const audit::Log& log) {
  PL_TRY(lines, audit::certificates(log, {}, most_certificates));
  std::vector<Explained> out;
  for (const auto& line : lines) {
    PL_TRY(record, log.record(line.index));
    PL_TRY(fields, record.open());
    if (auto claim = audit::read_claim(fields)) out.push_back({*std::move(claim), line.performed_at});
  }
  return out;
}

// The first certificate that names the field is the one that destroyed it; lines come newest first.
const Explained* explaining(const std::vector<Explained>& claims, const audit::StoredRecord& record, const json::object& open, const audit::StoredField& field) {
  const Explained* out = nullptr;
  for (const auto& one : claims)
    for (const auto& scope : one.claim.scope)
      if (scope.covers(record.index, open, field.cls, field.name)) out = &one;
  return out;
}

}  // namespace

Result<json::array> destroyed_of(const audit::Log& log, const std::vector<audit::StoredRecord>& records) {
  json::array out;
  std::optional<std::vector<Explained>> claims;
  for (const auto& record : records) {
    std::map<const Explained*, json::array> by;
    for (const auto& field : record.fields) {
      if (field.state() != audit::FieldState::closed) continue;
      if (!claims) {
        PL_TRY(read, claims_of(log));
        claims = std::move(read);
      }
      PL_TRY(open, record.open());
      by[explaining(*claims, record, open, field)].emplace_back(field.name);
    }
    for (auto& [claim, fields] : by)
      out.push_back(json::object{{"index", record.index}, {"fields", std::move(fields)}, {"at", claim ? json::value(claim->at) : json::value(nullptr)},
                                 {"certificate", claim ? json::value(claim->claim.certificate_id) : json::value(nullptr)}});
  }
  return out;
}

}  // namespace pontlevis::agent
