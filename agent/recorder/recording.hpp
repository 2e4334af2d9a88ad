// The recording of one session: what its operators were shown, as it was shown (design §8; requirements
// A14, T3). Made by the RecordingVault, owned by the session, lives on its loop. The session never waits
// for it: outputs are copied into a bounded queue, a thread of its own encrypts and writes them. Of a flood
// it keeps the beginning and the last part, with a line between them that says how much is left out. Any
// fault (disk, queue, size) ends the recording, is told once, and changes nothing for the session.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/recorder/cast_text.hpp"
#include "agent/tools/input_gate.hpp"
#include "protocol/ids.hpp"

namespace pontlevis::agent {

// What is said of a recording when it has ended; `body` is that of the event `recording` (docs/protocol.md §3).
struct RecordingSummary {
  std::string sha256;       // hex, over the lines "STREAM SHA256-OF-FILE\n" in the order of the streams
  std::int64_t seconds = 0;
  std::uint64_t bytes = 0;  // of the encrypted files
  unsigned streams = 0;
  std::uint64_t skipped_bytes = 0;  // of floods, left out and marked in it
  Time expires_at{};
  std::optional<Error> failure;  // it ended before the session did

  boost::json::object body() const;  // {what ENDED|FAILED, sha256, seconds, bytes, skipped_bytes, expires_at, why}
};

class Recording {
 public:
  ~Recording();  // without finish(): written up to here and marked incomplete

  // A stream's number is used once. Unknown or ended streams are ignored.
  void opened(unsigned stream, StreamOf of) noexcept;
  void output(unsigned stream, std::span<const char> bytes) noexcept;
  void resized(unsigned stream, unsigned cols, unsigned rows) noexcept;
  void closed(unsigned stream) noexcept;

  // Once, on the loop, when it can no longer record. Set before the first opened().
  std::function<void(Error)> on_failed;
  bool failed() const noexcept;

  // The body of the event that says it began: {what STARTED, expires_at}.
  boost::json::object started_body() const;
  // Writes the rest, closes the files with their last mark, makes them durable. Call once, at the end.
  io::Awaitable<RecordingSummary> finish();

  struct State;  // private to this folder

 private:
  friend class RecordingVault;
  explicit Recording(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace pontlevis::agent
