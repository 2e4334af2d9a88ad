#include "agent/live_view.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pontlevis::agent {

namespace {
constexpr std::size_t held_for_a_watcher = 256 * 1024;
constexpr auto look_again = std::chrono::seconds(3);
}

io::Awaitable<LiveView::Watcher::Output> LiveView::Watcher::next() {
  if (pending_.empty() && !ended_) {
    news_.expires_after(look_again);
    co_await news_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  Output out{std::exchange(pending_, {}), std::exchange(skipped_, 0), ended_};
  co_return out;
}

void LiveView::Watcher::add(std::string_view bytes) {
  pending_.append(bytes);
  if (pending_.size() > held_for_a_watcher) {
    const auto extra = pending_.size() - held_for_a_watcher;
    pending_.erase(0, extra);
    skipped_ += extra;
  }
  news_.cancel();
}

std::shared_ptr<LiveView::Watcher> LiveView::watch() {
  // The deleter tells the session that somebody stopped watching; `alive` outlives neither.
  std::shared_ptr<Watcher> watcher(new Watcher(executor_), [this, alive = std::weak_ptr(alive_)](Watcher* w) {
    delete w;
    if (!alive.expired()) left();
  });
  watchers_.push_back(watcher);
  on_presence_(true);
  return watcher;
}

void LiveView::left() {
  watchers_.remove_if([](const auto& w) { return w.expired(); });
  if (watchers_.empty()) on_presence_(false);
}

void LiveView::output(std::span<const char> bytes) noexcept {
  for (const auto& weak : watchers_)
    if (auto watcher = weak.lock()) watcher->add({bytes.data(), bytes.size()});
}

void LiveView::end() {
  for (const auto& weak : watchers_)
    if (auto watcher = weak.lock()) {
      watcher->ended_ = true;
      watcher->news_.cancel();
    }
}

}  // namespace pontlevis::agent
