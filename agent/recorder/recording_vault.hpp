// Where the practice keeps its recordings, and where they end: DATA/recordings/<intervention>/<stream>.cast.enc,
// the key of each recording alone in DATA/recordings/keys/<intervention>.key (0600), recording.json beside the
// files. Destroying means: the key first, then the files, then a look that nothing is there, then a certificate
// (requirements T3, T16, B20, §4.4). A destruction that was cut short is finished at the next purge.
// One per agent, owned by main. Any thread; calls wait for the disk, read() for up to max_recording_bytes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/recorder/recording.hpp"
#include "protocol/clock.hpp"
#include "protocol/random.hpp"

namespace pontlevis::agent {

// Text of all streams of one recording; a longer one ends there, and says so.
constexpr std::size_t max_recording_bytes = 64 * 1024 * 1024;
constexpr int max_recording_days = 180;  // requirements §3: ceiling of six months

struct Cast {
  unsigned stream{};
  std::string kind, login;
  std::string text;       // asciicast v2
  bool complete = true;   // false: the agent or the disk failed before its end
};

struct RecordingInfo {
  enum class State { running, complete, failed, cut_short };  // cut_short: the agent ended first
  InterventionId intervention;
  State state{};
  Time started_at{}, expires_at{};
  std::int64_t seconds = 0;
  std::uint64_t bytes = 0;
  unsigned streams = 0;
  int days_left(Time now) const;
};

enum class DestroyReason { retention, contract_end, erasure_request, spontaneous_health_data };
std::string_view destroy_reason_word(DestroyReason reason);  // RETENTION, …

// A recording that is no more. `certificate` is the record `destruction`, {intervention, …}: keep it in the
// journal, then say kept(). Until then purge() gives it again, so that a crash loses no certificate.
struct Destruction {
  InterventionId intervention;
  boost::json::object certificate;
};

struct VaultSettings {
  std::size_t max_text_bytes = max_recording_bytes;
  std::size_t max_waiting_bytes = 8 * 1024 * 1024;  // not yet written: more ends the recording
  // A flood that nobody can read is left out, and the recording says where and how much: otherwise one long
  // file on the screen would fill it.
  std::size_t burst_bytes = 4 * 1024 * 1024;
  std::size_t bytes_per_second = 256 * 1024;
  Millis flush_after{1000};
};

class RecordingVault {
 public:
  // `data` is the agent's data folder. Recordings that a crash cut short are marked so.
  static Result<std::unique_ptr<RecordingVault>> open(const std::filesystem::path& data, const Clock& clock,
                                                      Random& random, VaultSettings settings = {});
  ~RecordingVault();

  // Errc::conflict: there is one of that intervention. `executor` is the session's loop.
  Result<std::unique_ptr<Recording>> begin(boost::asio::any_io_executor executor, const InterventionId& id, int days);

  Result<std::optional<RecordingInfo>> info(const InterventionId& id) const;  // none: never made, or destroyed
  // Decrypted, in the order of the streams. Errc::conflict while it runs, Errc::not_found when there is none,
  // Errc::bad_signature when a file was changed. REQUIRES: the caller recorded who asks, before.
  Result<std::vector<Cast>> read(const InterventionId& id) const;

  // `by`: the login of the person, or nothing for the machine. Errc::conflict while it runs.
  Result<Destruction> destroy(const InterventionId& id, DestroyReason reason, std::optional<std::string> by);
  Result<> kept(const Destruction& destruction);
  // Destroys what is past its day and finishes what was begun. At start and daily. One that fails is left for
  // the next time and does not stop the others; `failures` says how many. `destroyed`: keep each certificate.
  struct Purged {
    std::vector<Destruction> destroyed;
    unsigned failures = 0;
  };
  Purged purge(Time now);

  struct State;  // private to this folder

 private:
  explicit RecordingVault(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

// The record `recording_view`, kept by the practice before the casts are shown: {intervention, viewed_by, viewed_at}.
boost::json::object recording_view(const InterventionId& id, const std::string& login, Time at);

}  // namespace pontlevis::agent
