// What a Recording, its thread and its vault share. Private to this folder.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "agent/recorder/recording_folder.hpp"
#include "agent/recorder/sealed_file.hpp"

namespace pontlevis::agent {

struct RecordingVault::State {
  RecordingFolder folder;
  const Clock& clock;
  Random& random;
  VaultSettings settings;
  std::mutex mutex;  // guards the folder's files and `running`
  std::set<InterventionId> running;

  Result<Destruction> destroy(RecordingCard card, DestroyReason reason, const std::string& by);
  Result<Destruction> carry_out(const RecordingCard& card);
  boost::json::object certificate(const RecordingCard& card, Time performed) const;
  Result<> mark_cut_short(RecordingCard card);
};

// Queue between the session's loop and the writing thread; everything below `mutex` is guarded by it.
struct Recording::State : std::enable_shared_from_this<Recording::State> {
  struct Event {
    enum class Kind { opened, output, resized, closed } kind;
    unsigned stream;
    Millis at;
    std::string bytes;
    StreamOf of;  // opened; cols and rows of resized
  };

  State(boost::asio::any_io_executor loop, std::shared_ptr<RecordingVault::State> of, RecordingInfo about, Secret secret)
      : executor(loop), vault(std::move(of)), info(std::move(about)), key(std::move(secret)),
        began(vault->clock.since_boot()), written(loop, boost::asio::steady_timer::time_point::max()) {}

  // ---- fixed ----
  const boost::asio::any_io_executor executor;
  const std::shared_ptr<RecordingVault::State> vault;
  RecordingInfo info;  // the thread's, until it has ended
  const Secret key;
  const Millis began;
  // ---- the loop's ----
  Recording* owner = nullptr;
  struct Skipped {
    std::uint64_t bytes = 0;
    std::string last;  // the newest of them, to show where it went on
  };
  std::map<unsigned, Skipped> streams;  // those that are open
  std::size_t allowance = vault->settings.burst_bytes;
  Millis allowed_at{0};
  std::uint64_t skipped_bytes = 0;
  // ---- shared ----
  std::mutex mutex;
  std::condition_variable news;
  std::deque<Event> queue;
  std::size_t waiting_bytes = 0;
  bool finishing = false;   // finish() was called
  bool abandoned = false;   // the Recording is gone
  std::optional<Error> failure;
  RecordingSummary summary;  // when `ended`
  bool ended = false;        // the thread has done its last act
  // ---- the loop's ----
  boost::asio::steady_timer written;
  std::thread writer;

  Millis at() const { return vault->clock.since_boot() - began; }
  void show(unsigned stream, std::string_view bytes);
  void end_skip(unsigned stream, Skipped& skipped);
  void push(Event event) noexcept;
  void fail_now(Error error);
  void write_all();  // the thread
};

}  // namespace pontlevis::agent
