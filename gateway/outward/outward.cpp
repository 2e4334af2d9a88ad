#include "gateway/outward/outward.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "gateway/events.hpp"
#include "gateway/hub.hpp"
#include "gateway/outward/webhook.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;

void failed(const Error& error) { event(Level::error, "outward.failed", {{"what", error.what}, {"where", error.where}}); }

}  // namespace

Outward::Outward(Core& core)
    : core_(core), outbox_(*core.store), crm_(core, outbox_), post_(core, outbox_), csv_(core, outbox_, crm_), deliveries_(core, outbox_, crm_, post_), follower_(core),
      webhooks_(core, outbox_, crm_, Channel::webhook, [this] { return crm_.wanted(); }, [this](Message m) { return send_webhook(core_, std::move(m)); },
                [this](const Message& m, const Settled& s) { told(m, s); }),
      letters_(core, outbox_, crm_, Channel::mail, [this] { return post_.wanted(); }, [this](Message m) { return post_.send(std::move(m)); },
               [this](const Message& m, const Settled& s) { told(m, s); }) {
  deliveries_.on_retry([this] { wake(); });
}

Result<> Outward::open() {
  PL_CHECK(outbox_.make_tables());
  PL_CHECK(crm_.make_tables());
  PL_CHECK(post_.make_tables());
  PL_CHECK(csv_.make_tables());
  return follower_.open();
}

// What is half configured would be silent for years: it refuses to serve instead.
Result<> Outward::check_options() const {
  if (crm_.wanted()) PL_CHECK(check_webhook(core_.options));
  if (post_.wanted()) PL_CHECK(check_mail(core_.options));
  if (!core_.options.text("syslog.host").empty()) PL_CHECK(check_siem(core_.options));
  if (csv_.wanted() && !std::filesystem::is_directory(core_.options.text("csv.folder")))
    return fail(Errc::bad_input, "is not a folder", core_.options.text("csv.folder"), "make it, for the gateway's user alone; csv.folder names it");
  return {};
}

Result<> Outward::start(Hub& hub) { return start_on(hub.executor()); }

Result<> Outward::start_on(asio::any_io_executor executor) {
  PL_CHECK(check_options());
  executor_ = executor;
  listen();
  if (!core_.options.text("syslog.host").empty()) {
    siem_.emplace(core_, executor);
    log_timer_.emplace(executor);
    asio::co_spawn(executor, watch_log(), asio::detached);
  }
  webhooks_.start(executor);
  letters_.start(executor);
  look_soon();  // what a crash left
  return {};
}

template <class Write>
void Outward::write(Write work) {
  const Result<bool> done = work();
  if (!done) return failed(done.error());
  if (*done) letters_.wake();
}

void Outward::listen() {
  core_.interventions.on_saved([this](const Intervention&) { look_soon(); });
  core_.signals.destroyed.listen([this](const json::object&) { look_soon(); });
  core_.signals.mail.listen([this](const std::string& to, const std::string& subject, const std::string& text) {
    write([&] { return post_.notice(to, subject, text); });
  });
  core_.signals.clock.listen([this](const ClockNotice& n) {
    if (n.settled) return;
    const auto key = "clock " + n.kind + " " + n.subject + " " + to_utc(n.due) + (n.late ? " late" : "");
    write([&] { return post_.write("clock", key, "", clock_letter(n)); });
  });
  core_.signals.trouble.listen([this](const std::string& kind, const json::object&) {
    const auto now = core_.clock.now();
    if (siem_) siem_->trouble(kind);
    write([&] { return post_.write("alarm", "alarm " + kind + " " + to_date(now), "", alarm_letter(kind, now)); });
  });
}

// ---- looking around: notes of changes, new records, and what has no record yet ----

void Outward::look_soon() {
  if (!executor_ || stopping_) return;
  look_again_ = true;
  if (std::exchange(looking_, true)) return;
  // Never inside what is being done now: that may be in the middle of a transaction.
  asio::post(*executor_, [this] { asio::co_spawn(*executor_, look_around(), asio::detached); });
}

Awaitable<void> Outward::look_around() {
  while (std::exchange(look_again_, false) && !stopping_ && core_.ready()) {
    if (auto taken = take_changes(); !taken) failed(taken.error());
    auto more = follow_log();
    if (!more) failed(more.error());
    if (more && *more) look_again_ = true;
    auto recording = deliveries_.record_settled();
    if (auto recorded = co_await std::move(recording); !recorded) failed(recorded.error());
  }
  looking_ = false;
  webhooks_.wake();
  letters_.wake();
}

Awaitable<void> Outward::watch_log() {
  for (auto size = core_.log->size(); !stopping_;) {
    log_timer_->expires_after(std::chrono::seconds(2));
    co_await log_timer_->async_wait(asio::as_tuple(asio::use_awaitable));
    if (const auto now = core_.log->size(); std::exchange(size, now) != now) look_soon();
  }
}

Result<> Outward::take_changes() {
  for (;;) {
    PL_TRY(changes, outbox_.changes(256));
    if (changes.empty()) return {};
    for (const auto& change : changes) PL_CHECK(take_change(change));
  }
}

Result<> Outward::take_change(const Change& change) {
  PL_TRY(transaction, sqlite::Transaction::begin(*core_.store));
  PL_CHECK(crm_.look_at(change.intervention));
  PL_CHECK(csv_.changed(change.intervention));
  if (const auto id = InterventionId::parse(change.intervention)) {
    PL_TRY(lead, core_.store->text("SELECT lead FROM interventions WHERE id = ? AND state = 'CLOSED'", id->text()));
    if (lead && !lead->empty()) {
      PL_TRY(iv, core_.interventions.find(*id));
      PL_CHECK(csv_.closed(*id));
      if (iv) PL_CHECK(post_.report(*iv));
    }
  }
  PL_CHECK(outbox_.forget_change(change.seq));
  return transaction.commit();
}

Result<bool> Outward::follow_log() {
  PL_TRY(step, follower_.look());
  PL_TRY(transaction, sqlite::Transaction::begin(*core_.store));
  for (const auto& seen : step.records) PL_CHECK(take_record(seen));
  PL_CHECK(follower_.came_to(step.next));
  PL_CHECK(transaction.commit());
  const bool destroyed = std::any_of(step.records.begin(), step.records.end(), [](const auto& seen) { return seen.type == "destruction"; });
  // What stood in queued bodies must not stay in the write-ahead log either (requirements T16).
  if (destroyed) PL_CHECK(core_.store->script("PRAGMA wal_checkpoint(TRUNCATE);"));
  return step.more;
}

Result<> Outward::take_record(const Follower::Seen& seen) {
  if (siem_) siem_->record(seen);
  return seen.type == "destruction" ? crm_.destroyed(seen.fields) : Result<>{};
}

// ---- after a delivery ----

void Outward::told(const Message& message, const Settled& how) {
  look_soon();
  const bool put_aside = how.state == DeliveryState::refused || how.state == DeliveryState::given_up;
  if (!put_aside || message.channel != Channel::webhook) return;  // a letter about a letter helps nobody
  write([&] { return post_.write("alarm", "put aside " + message.id, "", put_aside_letter(message.id, message.subject, message.subject == "deletion")); });
}

void Outward::wake() {
  look_soon();
  webhooks_.unpause();
  letters_.unpause();
}

Awaitable<void> Outward::keep_house() {
  look_soon();
  auto dropping = csv_.keep_house();
  if (auto dropped = co_await std::move(dropping); !dropped) failed(dropped.error());
  if (core_.clock.now() - swept_at_ < std::chrono::hours(24)) co_return;
  swept_at_ = core_.clock.now();
  if (auto swept = outbox_.sweep(swept_at_); !swept) failed(swept.error());
}

void Outward::stop() {
  stopping_ = true;
  webhooks_.stop();
  letters_.stop();
  post_.stop();
  if (siem_) siem_->stop();
  if (log_timer_) log_timer_->cancel();
}

}  // namespace pontlevis::gateway
