#include "gateway/retention/daily_purge.hpp"

#include <set>

#include "gateway/events.hpp"
#include "gateway/retention/closed_logs.hpp"
#include "gateway/store.hpp"
#include "gateway/retention/policy.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto day = std::chrono::days(1);
constexpr auto pause_after_failure = std::chrono::minutes(10);

Time midnight(Time t) { return Time(std::chrono::floor<std::chrono::days>(t)); }

struct Running {
  explicit Running(bool& flag) : running(flag) { running = true; }
  ~Running() { running = false; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  bool& running;
};

// The thread's part of a run.
struct PurgeJob {
  audit::Log* log;
  audit::RetentionSettings settings;
  std::shared_ptr<const HeldNow> held;
  Time now;

  Result<audit::PurgeReport> operator()() const {
    const auto holds = [held = held](const audit::DueField& field) { return held->by(field); };
    PL_TRY(retention, audit::Retention::make(*log, settings, holds));
    return retention.run(now);
  }
};

struct ClosedLogsJob {
  DataFolder folder;
  const Clock* clock;
  Random* random;
  Result<std::vector<ClosedLogPurge>> operator()() const { return purge_closed_logs(folder, *clock, *random); }
};

// What is kept and how old it is, by rule.
struct CountJob {
  audit::Log* log;
  std::shared_ptr<const HeldNow> held;
  Time now;

  Result<json::object> operator()() const {
    PL_TRY(retention, audit::Retention::make(*log, {}));
    PL_TRY(all, retention.due(now + std::chrono::days(36'500)));
    PL_TRY(late, retention.due(now));
    PL_TRY(oldest, retention.oldest_day(audit::FieldClass::ip));
    json::object classes;
    for (const auto& group : all) add(classes, group, "open");
    for (const auto& group : late) add(classes, group, "due");
    return json::object{{"at", to_utc(now)}, {"classes", std::move(classes)}, {"oldest_ip", oldest ? json::value(*oldest) : json::value(nullptr)}};
  }
  static void add(json::object& classes, const audit::DueGroup& group, std::string_view what) {
    auto& cls = classes[group.rule];
    if (!cls.is_object()) cls = json::object{{"open", 0}, {"due", 0}, {"oldest", group.oldest}};
    auto& o = cls.get_object();
    o[what] = o.at(what).to_number<std::int64_t>() + static_cast<std::int64_t>(group.fields);
    if (json::string_view(group.oldest) < o.at("oldest").get_string()) o["oldest"] = group.oldest;
  }
};

json::array ids_of(const std::vector<audit::Certificate>& certificates) {
  json::array out;
  for (const auto& certificate : certificates) out.emplace_back(certificate.id);
  return out;
}

}  // namespace

std::optional<Time> DailyPurge::last() const {
  return from_utc(text_of(p_.kept.find("last_run"), "at"));
}

Time DailyPurge::next() const {
  const auto hour = std::chrono::hours(p_.core.options.integer("retention.hour"));
  const auto ran = last();
  if (!ran) return p_.core.clock.now();
  return midnight(*ran - hour) + day + hour;
}

bool DailyPurge::late() const { return last() && p_.core.clock.now() >= next() + day; }

bool DailyPurge::due() {
  const auto now = p_.core.clock.now();
  if (running_ || now < next() || p_.core.clock.since_boot() < try_after_) return false;
  if (const auto today = to_date(now); late() && told_ != today) {
    told_ = today;
    event(Level::warn, "retention.day_missed", {{"last_run", to_utc(*last())}});
    p_.core.signals.clock(ClockNotice{"purge", to_date(next()), next(), true});
  }
  return true;
}

Awaitable<Result<json::object>> DailyPurge::run() {
  if (running_) co_return fail(Errc::conflict, "is under way already", "retention");
  const Running running(running_);
  auto done = co_await run_steps();
  if (done) event("retention.ran", {{"destroyed", done->at("destroyed")}, {"deferred", done->at("deferred")}});
  else event(Level::error, "retention.failed", {{"what", done.error().text()}});
  try_after_ = done ? Millis(0) : p_.core.clock.since_boot() + pause_after_failure;
  co_return done;
}

Awaitable<Result<json::object>> DailyPurge::run_steps() {
  PL_CO_CHECK(p_.destroyer.may_write());
  PL_CO_CHECK(co_await record_requests());
  PL_CO_TRY(held, p_.holds.now());
  PL_CO_CHECK(co_await never_opened_.remember(held));
  std::vector<InterventionId> gone;
  // A copy that cannot be taken back must not keep the log from its day: it is said at the end.
  const auto forgot = co_await forget_copies(held, gone);
  PL_CO_TRY(unopened, co_await never_opened_.destroy());
  audit::RetentionSettings settings{p_.destroyer.look_at(), p_.destroyer.keys_in_backups(), policy_version()};
  PurgeJob job{p_.core.log.get(), std::move(settings), held, p_.core.clock.now()};
  PL_CO_TRY(report, co_await p_.worker.run(std::move(job)));
  p_.destroyer.tell(report.finished, {});
  p_.destroyer.tell(report.destroyed, gone);
  p_.destroyer.tell(report.completed, {});
  PL_CO_CHECK(co_await purge_closed());
  PL_CO_CHECK(co_await count());
  if (!forgot) co_return std::unexpected(forgot.error());
  if (!report.failures.empty()) co_return std::unexpected(report.failures.front());
  const auto now = p_.core.clock.now();
  auto certificates = ids_of(report.destroyed);
  for (const auto& id : unopened) certificates.emplace_back(id);
  json::object out{{"at", to_utc(now)}, {"destroyed", report.fields}, {"deferred", report.deferred}, {"certificates", std::move(certificates)},
                   {"completed", ids_of(report.completed)}};
  PL_CO_CHECK(p_.kept.keep("last_run", out));
  p_.core.signals.clock(ClockNotice{"purge", to_date(now), next(), false, true});
  co_return out;
}

Awaitable<Result<>> DailyPurge::forget_copies(std::shared_ptr<const HeldNow> held, std::vector<InterventionId>& gone) {
  PL_CO_TRY(stripped, co_await p_.copies.strip_due(held));
  gone = std::move(stripped);
  PL_CO_TRY(people, p_.copies.forget_people());
  const auto exports = p_.copies.drop_old_exports();
  PL_CO_CHECK(p_.copies.drop_old_drafts());
  PL_CO_CHECK(p_.copies.drop_old_reasons());
  if (auto emptied = p_.copies.truncate(); !emptied) event(Level::warn, "retention.store_busy", {{"what", emptied.error().what}});
  if (people + exports + gone.size() > 0) event("retention.copies_forgot", {{"interventions", gone.size()}, {"people", people}, {"exports", exports}});
  co_return Result<>{};
}

// A log that was put aside takes no record any more: this one says what was destroyed in it.
Awaitable<Result<>> DailyPurge::purge_closed() {
  ClosedLogsJob job{p_.core.folder, &p_.core.clock, &p_.core.random};
  PL_CO_TRY(done, co_await p_.worker.run(std::move(job)));
  for (const auto& one : done) {
    const auto now = to_utc(p_.core.clock.now());
    const json::object fields{{"certificate_id", make_uuid(p_.core.random)}, {"issued_at", now}, {"performed_at", now}, {"reason", "RETENTION"}, {"policy_version", policy_version()},
                              {"legal_basis", "RGPD art. 5(1)(e)"}, {"retention_class", "closed log"}, {"record_count", one.fields}, {"media", json::array{one.origin}},
                              {"method", "key and ciphertext destroyed"}, {"operator", "AUTOMATON"}, {"state", "FINAL"}};
    PL_CO_CHECK(co_await p_.core.append(audit::Record::make("destruction", fields)));
    event("retention.closed_log", {{"log", one.origin}, {"fields", one.fields}});
  }
  co_return Result<>{};
}

// ---- pending requests defer as holds do: a verifier finds them in the log ----

Awaitable<Result<>> DailyPurge::record_request(const PendingRequest& request) {
  json::object fields{{"hold_id", "request-" + request.ref}, {"event", "PLACED"}};
  if (request.practice) {
    fields["practice"] = request.practice->text();
    fields["scope"] = json::object{{"practice", request.practice->text()}};
    PL_CO_CHECK(co_await p_.core.append(audit::Record::make("hold", fields)));
  }
  for (const auto& id : request.interventions) {
    fields["intervention"] = id.text();
    fields["scope"] = json::object{{"intervention", id.text()}};
    PL_CO_CHECK(co_await p_.core.append(audit::Record::make("hold", fields)));
  }
  co_return p_.core.store->run("INSERT OR IGNORE INTO request_holds(ref) VALUES(?)", request.ref);
}

Awaitable<Result<>> DailyPurge::record_requests() {
  PL_CO_TRY(pending, pending_requests(*p_.core.store));
  std::set<std::string> waiting;
  for (const auto& request : pending) {
    waiting.insert(request.ref);
    PL_CO_TRY(known, p_.core.store->integer("SELECT 1 FROM request_holds WHERE ref=?", request.ref));
    if (!known) PL_CO_CHECK(co_await record_request(request));
  }
  std::vector<std::string> recorded;
  {
    PL_CO_TRY(rows, p_.core.store->query("SELECT ref FROM request_holds"));
    for (;;) {
      PL_CO_TRY(more, rows.next());
      if (!more) break;
      recorded.push_back(rows.text(0));
    }
  }
  for (const auto& ref : recorded) {
    if (waiting.contains(ref)) continue;
    const json::object fields{{"hold_id", "request-" + ref}, {"event", "LIFTED"}};
    PL_CO_CHECK(co_await p_.core.append(audit::Record::make("hold", fields)));
    PL_CO_CHECK(p_.core.store->run("DELETE FROM request_holds WHERE ref=?", ref));
  }
  co_return Result<>{};
}

// ---- what is kept ----

Awaitable<Result<>> DailyPurge::count() {
  PL_CO_TRY(held, p_.holds.now());
  CountJob job{p_.core.log.get(), held, p_.core.clock.now()};
  PL_CO_TRY(counts, co_await p_.worker.run(std::move(job)));
  PL_CO_CHECK(p_.kept.keep("counts", counts));
  watch_addresses(text_of(counts, "oldest_ip"));
  co_return Result<>{};
}

// After a run nothing may be left whose day has come; the ceiling knows no excuse (A24).
void DailyPurge::watch_addresses(const std::string& oldest) {
  const auto now = p_.core.clock.now();
  if (oldest.empty() || oldest > to_date(now)) return;
  event(Level::error, "retention.address_too_old", {{"last_day", oldest}});
  p_.core.signals.clock(ClockNotice{"purge", "network addresses of " + oldest, *from_date(oldest), true});
  p_.core.signals.trouble("retention_late", json::object{{"class", "ip"}, {"last_day", oldest}});
}

}  // namespace pontlevis::gateway
