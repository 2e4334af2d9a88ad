#include "agent/recorder/recording.hpp"

#include <boost/asio.hpp>

#include "agent/recorder/recording_state.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

using std::chrono::steady_clock;
using Event = Recording::State::Event;

constexpr unsigned max_streams = 4096;
constexpr std::size_t kept_of_a_flood = 16 * 1024;  // its newest part
constexpr std::size_t event_overhead = 160;  // what an event weighs beside its bytes

// ---- the writing thread's side: streams to files ----

struct Stream {
  std::unique_ptr<SealedWriter> file;  // null once closed
  CastOutput text;
  std::string waiting;                 // whole lines, less than a chunk
  Digest digest;                       // once closed
  std::uint64_t bytes = 0;
};

class Files {
 public:
  explicit Files(Recording::State& state) : state_(state) {}

  Result<> take(const Event& event) {
    if (event.kind == Event::Kind::opened) return open(event);
    const auto found = streams_.find(event.stream);
    if (found == streams_.end() || !found->second.file) return {};
    auto& stream = found->second;
    last_ = event.at;
    switch (event.kind) {
      case Event::Kind::output: return add(stream, stream.text.lines(event.at, event.bytes));
      case Event::Kind::resized: return add(stream, cast_resize(event.at, event.of.cols, event.of.rows));
      default: return close(stream);
    }
  }

  // Everything taken so far is in the kernel, and on the disk.
  Result<> flush() {
    for (auto& [number, stream] : streams_) {
      if (!stream.file || stream.waiting.empty()) continue;
      PL_CHECK(stream.file->write(std::exchange(stream.waiting, {})));
      PL_CHECK(stream.file->sync());
    }
    return {};
  }

  Result<> close_all() {
    for (auto& [number, stream] : streams_)
      if (stream.file) PL_CHECK(close(stream));
    return {};
  }

  // Without their last mark: a recording that did not end well says so by itself.
  void leave_all() {
    static_cast<void>(flush());
    for (auto& [number, stream] : streams_)
      if (stream.file) settle(stream);
  }

  void sum_up(RecordingInfo& info, RecordingSummary& summary) const {
    std::vector<std::pair<unsigned, Digest>> digests;
    for (const auto& [number, stream] : streams_) {
      digests.emplace_back(number, stream.digest);
      summary.bytes += stream.bytes;
    }
    summary.sha256 = content_digest(digests);
    summary.streams = info.streams = static_cast<unsigned>(streams_.size());
    info.bytes = summary.bytes;
  }
  Millis last() const noexcept { return last_; }

 private:
  Result<> open(const Event& event) {
    if (streams_.contains(event.stream)) return {};
    if (streams_.size() >= max_streams) return fail(Errc::unavailable, "has more than " + std::to_string(max_streams) + " streams", "recording");
    const auto& id = state_.info.intervention;
    PL_TRY(file, SealedWriter::create(state_.vault->folder.cast(id, event.stream), state_.key, id, event.stream));
    auto& stream = streams_[event.stream];
    stream.file = std::move(file);
    return add(stream, cast_header(event.stream, event.of, state_.info.started_at + event.at));
  }

  Result<> add(Stream& stream, std::string_view lines) {
    total_ += lines.size();
    if (total_ > state_.vault->settings.max_text_bytes)
      return fail(Errc::unavailable, "is full: more than " + std::to_string(state_.vault->settings.max_text_bytes >> 20) + " MiB were shown", "recording",
                  "the session goes on without a recording");
    while (!lines.empty()) {
      const auto line = lines.substr(0, lines.find('\n') + 1);
      if (stream.waiting.size() + line.size() > max_chunk_bytes) PL_CHECK(stream.file->write(std::exchange(stream.waiting, {})));
      stream.waiting += line;
      lines.remove_prefix(line.size());
    }
    return {};
  }

  Result<> close(Stream& stream) {
    PL_CHECK(add(stream, stream.text.rest(last_)));
    PL_CHECK(stream.file->finish(std::exchange(stream.waiting, {})));
    settle(stream);
    return {};
  }
  void settle(Stream& stream) {
    stream.digest = stream.file->digest();
    stream.bytes = stream.file->bytes();
    stream.file.reset();
  }

  Recording::State& state_;
  std::map<unsigned, Stream> streams_;
  std::size_t total_ = 0;
  Millis last_{0};
};

}  // namespace

// ---- the loop's side ----

// As much as a person may see. What goes beyond is counted, and its newest part kept until there is room again.
void Recording::State::show(unsigned stream, std::string_view bytes) {
  const auto open = streams.find(stream);
  if (open == streams.end()) return;
  auto& skipped = open->second;
  const auto& rule = vault->settings;
  const auto since = std::min<std::int64_t>((at() - allowed_at).count(), 3'600'000);
  allowance = std::min(rule.burst_bytes, allowance + static_cast<std::size_t>(since) * rule.bytes_per_second / 1000);
  allowed_at = at();
  const bool room = bytes.size() + skipped.last.size() <= allowance;
  // Once it leaves out, it goes on only when a second's worth fits: not by drops.
  const bool flows = room && (skipped.bytes == 0 || allowance >= std::min(rule.burst_bytes, rule.bytes_per_second));
  if (flows) {
    allowance -= bytes.size() + skipped.last.size();
    end_skip(stream, skipped);
    return push({Event::Kind::output, stream, at(), std::string(bytes), {}});
  }
  skipped.bytes += bytes.size();
  skipped.last += bytes;
  if (skipped.last.size() > kept_of_a_flood) skipped.last.erase(0, skipped.last.size() - kept_of_a_flood);
}

void Recording::State::end_skip(unsigned stream, Skipped& skipped) {
  if (skipped.bytes == 0) return;
  const auto left_out = skipped.bytes - skipped.last.size();
  skipped_bytes += left_out;
  const std::string mark = left_out == 0 ? "" : "\x1b[0m\r\n[pontlevis] " + std::to_string(left_out) + " bytes not recorded\r\n";
  push({Event::Kind::output, stream, at(), mark + skipped.last, {}});
  skipped = {};
}

// Copies and leaves: neither the disk nor the cipher is waited for.
void Recording::State::push(Event event) noexcept {
  try {
    const std::lock_guard hold(mutex);
    if (failure || ended) return;
    const auto weight = event.bytes.size() + event_overhead;
    if (waiting_bytes + weight > vault->settings.max_waiting_bytes)
      return fail_now({Errc::unavailable, "the disk did not keep up with what was shown", "recording", "the session goes on without a recording"});
    waiting_bytes += weight;
    queue.push_back(std::move(event));
    news.notify_one();
  } catch (...) {
    failure = Error{Errc::unavailable, "no memory is left for it", "recording", {}};
  }
}

// REQUIRES: the lock is held. The first fault stays; it is told on the loop.
void Recording::State::fail_now(Error error) {
  if (failure) return;
  failure = error;
  queue.clear();
  news.notify_one();
  auto self = shared_from_this();
  boost::asio::post(executor, [self, error = std::move(error)] {
    if (self->owner && self->owner->on_failed) self->owner->on_failed(error);
  });
}

// The thread. Ends when told to, or at the first fault; what it leaves on the disk says which.
void Recording::State::write_all() {
  Files files(*this);
  auto flush_at = steady_clock::now() + vault->settings.flush_after;
  std::unique_lock hold(mutex);
  while (!failure) {
    news.wait_until(hold, flush_at, [&] { return !queue.empty() || finishing || abandoned || failure; });
    auto taken = std::exchange(queue, {});
    const bool last = finishing || abandoned;
    hold.unlock();
    Result<> done;
    std::size_t weight = 0;
    for (auto& event : taken) {
      weight += event.bytes.size() + event_overhead;
      if (done) done = files.take(event);
    }
    if (done && steady_clock::now() >= flush_at) {
      done = files.flush();
      flush_at = steady_clock::now() + vault->settings.flush_after;
    }
    hold.lock();
    waiting_bytes -= std::min(weight, waiting_bytes);
    if (!done) fail_now(done.error());
    if (last && queue.empty()) break;
  }
  const bool whole = !failure && finishing;
  hold.unlock();
  auto closed = whole ? files.close_all() : Result<>{};
  files.leave_all();
  files.sum_up(info, summary);
  const Millis lasted = vault->clock.since_boot() - began;
  info.seconds = summary.seconds = std::chrono::round<std::chrono::seconds>(whole ? lasted : files.last()).count();
  info.state = !whole || !closed ? RecordingInfo::State::failed : RecordingInfo::State::complete;
  summary.expires_at = info.expires_at;
  {
    const std::lock_guard lock(vault->mutex);
    const auto kept = vault->folder.keep_card({info, std::nullopt});
    if (closed) closed = kept;
    vault->running.erase(info.intervention);
  }
  hold.lock();
  if (!closed) fail_now(closed.error());
  summary.failure = failure;
  ended = true;
  auto self = shared_from_this();
  boost::asio::post(executor, [self] { self->written.cancel(); });
}

Recording::Recording(std::shared_ptr<State> state) : state_(std::move(state)) {
  state_->owner = this;
  state_->writer = std::thread([state = state_] { state->write_all(); });
}

Recording::~Recording() {
  state_->owner = nullptr;
  {
    const std::lock_guard hold(state_->mutex);
    state_->abandoned = true;
  }
  state_->news.notify_one();
  state_->writer.join();
}

void Recording::opened(unsigned stream, StreamOf of) noexcept {
  state_->streams.emplace(stream, State::Skipped{});
  state_->push({Event::Kind::opened, stream, state_->at(), {}, std::move(of)});
}

void Recording::output(unsigned stream, std::span<const char> bytes) noexcept { state_->show(stream, {bytes.data(), bytes.size()}); }

void Recording::resized(unsigned stream, unsigned cols, unsigned rows) noexcept {
  StreamOf size;
  size.cols = cols;
  size.rows = rows;
  state_->push({Event::Kind::resized, stream, state_->at(), {}, std::move(size)});
}

void Recording::closed(unsigned stream) noexcept {
  const auto open = state_->streams.find(stream);
  if (open == state_->streams.end()) return;
  state_->end_skip(stream, open->second);
  state_->streams.erase(open);
  state_->push({Event::Kind::closed, stream, state_->at(), {}, {}});
}

bool Recording::failed() const noexcept {
  const std::lock_guard hold(state_->mutex);
  return state_->failure.has_value();
}

boost::json::object Recording::started_body() const {
  return {{"what", "STARTED"}, {"expires_at", to_utc(state_->info.expires_at)}};
}

io::Awaitable<RecordingSummary> Recording::finish() {
  const auto state = state_;
  for (auto& [stream, skipped] : state->streams) state->end_skip(stream, skipped);
  const auto has_ended = [](State& s) {
    const std::lock_guard hold(s.mutex);
    s.finishing = true;
    return s.ended;
  };
  while (!has_ended(*state)) {
    state->news.notify_one();
    co_await state->written.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  auto summary = state->summary;
  summary.skipped_bytes = state->skipped_bytes;
  co_return summary;
}

boost::json::object RecordingSummary::body() const {
  boost::json::object out{{"what", failure ? "FAILED" : "ENDED"}, {"sha256", sha256}, {"seconds", seconds}, {"bytes", bytes},
                          {"skipped_bytes", skipped_bytes}, {"expires_at", to_utc(expires_at)}};
  // Only the sentence: where it happened is a path of this machine.
  if (failure) out.emplace("why", failure->what);
  return out;
}

}  // namespace pontlevis::agent
