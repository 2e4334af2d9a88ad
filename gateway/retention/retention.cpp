#include "gateway/retention/retention.hpp"

#include "gateway/events.hpp"
#include "gateway/hub.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

namespace asio = boost::asio;

Retention::Retention(Core& core)
    : core_(core), holds_(*core.store), copies_(core), destroyer_(core, worker_), kept_(*core.store), parts_{core, worker_, holds_, copies_, destroyer_, kept_},
      purge_(parts_), erasures_(parts_), reviews_(parts_), ends_(parts_, erasures_), spontaneous_(parts_, erasures_),
      desk_(parts_, purge_, erasures_, reviews_, ends_, spontaneous_), api_(desk_, purge_, ends_, core) {}

Result<> Retention::open() {
  PL_CHECK(holds_.make_tables());
  PL_CHECK(kept_.make_table());
  PL_CHECK(core_.store->script(R"sql(
    -- Pending requests of persons whose deferral stands in the log.
    CREATE TABLE IF NOT EXISTS request_holds(ref TEXT PRIMARY KEY) STRICT;
  )sql"));
  PL_CHECK(erasures_.make_table());
  PL_CHECK(reviews_.make_table());
  PL_CHECK(ends_.make_table());
  return spontaneous_.make_tables();
}

Result<> Retention::start(Hub& hub) {
  ends_.on_revoked([&hub](const PracticeId& practice) { hub.end_link(practice, "this practice's contract has ended", "ask the vendor for a new one"); });
  return {};
}

// What falls due, on its own: others keep house meanwhile.
Awaitable<void> Retention::day() {
  if (purge_.due()) static_cast<void>(co_await purge_.run());
  if (auto looked = co_await ends_.look(); !looked) event(Level::error, "contract_end.failed", {{"what", looked.error().text()}});
  if (auto looked = co_await reviews_.look(); !looked) event(Level::error, "annual_review.failed", {{"what", looked.error().text()}});
  if (const auto today = to_date(core_.clock.now()); said_ != today) {
    desk_.say_holds();
    said_ = today;
  }
  busy_ = false;
}

Awaitable<void> Retention::keep_house() {
  if (busy_ || stopping_ || !core_.ready()) co_return;
  busy_ = true;
  asio::co_spawn(co_await asio::this_coro::executor, day(), asio::detached);
}

}  // namespace pontlevis::gateway
