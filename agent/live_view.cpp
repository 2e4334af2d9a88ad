#include "agent/live_view.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pontlevis::agent {

namespace {
constexpr std::size_t kept_for_newcomers = 64 * 1024;
constexpr std::size_t most_streams = 64;  // what a session shows at one time; the oldest closed ones go first
constexpr auto look_again = std::chrono::seconds(3);
}  // namespace

// ---- a watcher ----------------------------------------------------------------------------------

io::Awaitable<LiveView::Watcher::Output> LiveView::Watcher::next() {
  if (pending_.empty() && !ended_) {
    news_.expires_after(look_again);
    co_await news_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  Output out;
  out.pieces.assign(std::make_move_iterator(pending_.begin()), std::make_move_iterator(pending_.end()));
  out.ended = ended_;
  out.cause = cause_;
  pending_.clear();
  held_ = 0;
  co_return out;
}

// The oldest output goes first when a reader is too slow; news of a stream are never lost.
void LiveView::Watcher::add(Piece piece) {
  held_ += piece.bytes.size();
  const bool joins = !piece.info && !pending_.empty() && !pending_.back().info && pending_.back().stream == piece.stream;
  if (joins) pending_.back().bytes += piece.bytes;
  else pending_.push_back(std::move(piece));
  for (auto& old : pending_) {
    if (held_ <= limit_) break;
    const auto cut = std::min(old.bytes.size(), held_ - limit_);
    old.bytes.erase(0, cut);
    old.skipped += cut;
    held_ -= cut;
  }
  news_.cancel();
}

std::string LiveView::Watcher::Output::bytes() const {
  std::string out;
  for (const auto& piece : pieces) out += piece.bytes;
  return out;
}

std::uint64_t LiveView::Watcher::Output::skipped() const {
  std::uint64_t out = 0;
  for (const auto& piece : pieces) out += piece.skipped;
  return out;
}

// ---- the streams --------------------------------------------------------------------------------

class LiveView::StreamTap final : public Tap {
 public:
  StreamTap(LiveView& view, std::weak_ptr<bool> alive, unsigned number) : view_(view), alive_(std::move(alive)), number_(number) {}
  ~StreamTap() override {
    change([](StreamInfo& info) { info.open = false; });
  }
  void output(std::span<const char> bytes) noexcept override {
    if (!alive_.expired()) view_.show(number_, {bytes.data(), bytes.size()});
  }
  void resized(unsigned cols, unsigned rows) noexcept override {
    if (cols && rows) change([=](StreamInfo& info) { info.cols = cols, info.rows = rows; });
  }

 private:
  template <class Change>
  void change(Change how) noexcept {
    if (alive_.expired()) return;
    const auto found = view_.streams_.find(number_);
    if (found == view_.streams_.end()) return;
    how(found->second.info);
    view_.tell(found->second.info);
  }
  LiveView& view_;
  std::weak_ptr<bool> alive_;
  unsigned number_;
};

std::shared_ptr<Tap> LiveView::open_stream(std::string kind, std::string login, unsigned cols, unsigned rows) {
  const auto oldest = std::find_if(streams_.begin(), streams_.end(), [](const auto& s) { return s.first != 0 && !s.second.info.open; });
  if (streams_.size() >= most_streams && oldest != streams_.end()) streams_.erase(oldest);
  // A terminal that says no size is shown at the usual one.
  const StreamInfo info{++last_number_, std::move(kind), std::move(login), cols ? cols : 80, rows ? rows : 24, true};
  streams_.emplace(info.number, Stream{info, {}});
  tell(info);
  return std::make_shared<StreamTap>(*this, alive_, info.number);
}

void LiveView::show(unsigned number, std::string_view bytes) noexcept {
  if (const auto found = streams_.find(number); found != streams_.end()) {
    auto& tail = found->second.tail;
    tail.append(bytes);
    if (tail.size() > 2 * kept_for_newcomers) tail.erase(0, tail.size() - kept_for_newcomers);
  }
  if (sink_) sink_->output(number, bytes);
  if (!watchers_.empty()) give({number, std::nullopt, std::string(bytes), 0});
}

void LiveView::tell(const StreamInfo& info) noexcept {
  if (sink_) sink_->stream(info);
  give({info.number, info, {}, 0});
}

void LiveView::give(const Piece& piece) noexcept {
  for (const auto& weak : watchers_)
    if (auto watcher = weak.lock()) watcher->add(piece);
}

void LiveView::say(std::string_view line) {
  streams_.try_emplace(0, Stream{StreamInfo{}, {}});
  show(0, line);
}

std::vector<StreamInfo> LiveView::streams() const {
  std::vector<StreamInfo> out;
  for (const auto& [number, stream] : streams_)
    if (number != 0) out.push_back(stream.info);
  return out;
}

// ---- who watches --------------------------------------------------------------------------------

std::shared_ptr<LiveView::Watcher> LiveView::watch(std::size_t limit) {
  // The deleter tells the session that somebody stopped watching; `alive` outlives neither.
  std::shared_ptr<Watcher> watcher(new Watcher(executor_, limit), [this, alive = std::weak_ptr(alive_)](Watcher* w) {
    delete w;
    if (!alive.expired()) left();
  });
  for (const auto& [number, stream] : streams_) {
    if (number != 0) watcher->add({number, stream.info, {}, 0});
    const auto shown = std::min(stream.tail.size(), kept_for_newcomers);
    if (shown > 0 && number != 0) watcher->add({number, std::nullopt, stream.tail.substr(stream.tail.size() - shown), 0});
  }
  watchers_.push_back(watcher);
  on_presence_(true);
  return watcher;
}

void LiveView::left() {
  watchers_.remove_if([](const auto& w) { return w.expired(); });
  if (watchers_.empty()) on_presence_(false);
}

void LiveView::end(std::string_view cause) {
  for (const auto& weak : watchers_)
    if (auto watcher = weak.lock()) {
      watcher->ended_ = true;
      watcher->cause_ = cause;
      watcher->news_.cancel();
    }
}

}  // namespace pontlevis::agent
