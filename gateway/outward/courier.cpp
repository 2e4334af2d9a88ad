#include "gateway/outward/courier.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "gateway/events.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr Millis look_again{30'000}, longest_away = std::chrono::minutes(5);

}  // namespace

Courier::Courier(Core& core, Outbox& outbox, Crm& crm, Channel channel, std::function<bool()> wanted, Send send, Told told)
    : core_(core), outbox_(outbox), crm_(crm), channel_(channel), wanted_(std::move(wanted)), send_(std::move(send)), told_(std::move(told)) {}

void Courier::start(asio::any_io_executor executor) {
  timer_.emplace(executor);
  asio::co_spawn(executor, run(), asio::detached);
}

void Courier::wake() {
  woken_ = true;
  if (timer_) timer_->cancel();
}

void Courier::unpause() {
  away_until_.reset();
  away_times_ = 0;
  wake();
}

void Courier::stop() {
  stopping_ = true;
  wake();
}

Awaitable<void> Courier::rest(Millis at_most) {
  if (std::exchange(woken_, false)) co_return;
  timer_->expires_after(at_most);
  co_await timer_->async_wait(quietly);
  woken_ = false;
}

Millis Courier::until_next() {
  const auto now = core_.clock.now();
  if (away_until_ && *away_until_ > now) return std::min(*away_until_ - now, look_again);
  const auto due = outbox_.next_due(channel_);
  if (!due || !*due) return look_again;
  return std::clamp(**due - now, Millis(1), look_again);
}

Awaitable<void> Courier::run() {
  while (!stopping_) {
    const bool away = away_until_ && *away_until_ > core_.clock.now();
    std::optional<Message> message;
    const bool able = wanted_() && core_.ready();
    if (able && !away)
      if (auto next = outbox_.next(channel_, core_.clock.now())) message = *std::move(next);
    if (!message || !begin(*message)) {
      co_await rest(able && !message ? until_next() : look_again);
      continue;
    }
    auto sending = send_(*message);
    const auto tried = co_await std::move(sending);
    if (stopping_) co_return;  // the next start tries it once more, under the same number
    if (auto kept = settle(*message, tried); !kept) {
      core_.store_refused(kept.error());
      co_await rest(look_again);
    }
  }
}

Result<> Courier::begin(const Message& message) {
  PL_TRY(transaction, sqlite::Transaction::begin(*core_.store));
  PL_CHECK(outbox_.trying(message.id));
  PL_CHECK(crm_.trying(message));
  return transaction.commit();
}

bool Courier::too_old(const Message& message) const {
  return core_.clock.now() - message.since >= std::chrono::hours(core_.options.integer("webhook.give_up_hours"));
}

Result<> Courier::settle(const Message& message, const Tried& tried) {
  if (tried.kind == Tried::Kind::away) {
    away_until_ = core_.clock.now() + std::min(retry_after(++away_times_, core_.random), longest_away);
  } else {
    away_times_ = 0;
    away_until_.reset();
    if (tried.wait) away_until_ = core_.clock.now() + *tried.wait;
  }
  Settled how{DeliveryState::acknowledged, tried.status, tried.why, tried.crm_ref, {}, {}};
  if (tried.kind == Tried::Kind::taken) return finish(message, std::move(how));
  how.state = DeliveryState::refused;
  if (tried.kind == Tried::Kind::refused) return finish(message, std::move(how));
  how.state = DeliveryState::given_up;
  if (too_old(message)) return finish(message, std::move(how));
  const auto wait = tried.wait.value_or(retry_after(message.tries + 1, core_.random));
  event("delivery.retried", {{"channel", word(channel_)}, {"delivery", message.id}, {"tries", message.tries + 1}, {"what", tried.why}});
  return outbox_.later(message.id, core_.clock.now() + wait, how);
}

Result<> Courier::finish(const Message& message, Settled how) {
  PL_TRY(transaction, sqlite::Transaction::begin(*core_.store));
  PL_TRY(applied, outbox_.settle(message.id, how));
  if (applied) PL_CHECK(crm_.settled(message, how));
  PL_CHECK(transaction.commit());
  if (!applied) return {};
  const bool good = how.state == DeliveryState::acknowledged;
  event(good ? Level::info : Level::warn, good ? "delivery.taken" : "delivery.put_aside",
        {{"channel", word(channel_)}, {"delivery", message.id}, {"subject", message.subject}, {"state", word(how.state)}, {"status", how.status}, {"what", how.why}});
  told_(message, how);
  return {};
}

}  // namespace pontlevis::gateway
