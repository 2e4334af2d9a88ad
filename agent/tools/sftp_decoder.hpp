// Reads along an SFTP version 3 conversation (draft-ietf-secsh-filexfer-02 and OpenSSH's
// extensions) and decides packet by packet: passes each request on unchanged, or answers it itself
// when the consent or a limit does not allow it. No I/O and no clock: bytes in, bytes out, events.
// Owned by FilesRun (or a test); any one thread. Strict: a packet that is truncated, oversized,
// unknown, out of order or for an unknown request id is an Error, and the stream must be closed.
//
// Governor: a request is passed on only while less than 128 KiB of requests (and 1 MiB of expected
// data) are unanswered. OpenSSH's sftp-server reads all it can get and moves its whole queue at
// each message: without this a client that sends 1 MB ahead falls to 0.3 MB/s.
//
// Requirements A02 (transfers recorded), A38; names are as the client gave them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agent/tools/file_limits.hpp"
#include "protocol/result.hpp"

namespace pontlevis::agent {

struct FileRights {
  bool upload = false;    // TRANSFER_IN: write, rename, remove, make, change
  bool download = false;  // TRANSFER_OUT: read content (names and sizes can always be listed)
};

enum class Direction { upload, download };

// One file's content went through. Sent when the file is closed, or when the stream ends.
struct TransferDone {
  std::string path;                   // control characters and broken UTF-8 as \xNN
  Direction direction{};
  std::uint64_t bytes = 0;            // acknowledged content
  std::optional<std::string> sha256;  // hex; only if it went from byte 0 on without a gap (written: in order)
  bool complete = false;              // upload: all acknowledged and closed; download: to the end
};

enum class FileOutcome { done, failed, refused };  // refused: by us, see FileAct::why

// Any other act, also one that failed or was refused.
struct FileAct {
  std::string act;     // open write list remove mkdir rmdir rename setstat symlink hardlink copy
  std::string path;
  std::string target;  // rename, symlink, hardlink and copy: the second name
  std::string detail;  // open: "read", "write", "read write"; setstat: "mode=0644 size=10 times"
  FileOutcome outcome{};
  std::string why{};   // refused: by which limit, in a sentence; empty = for want of a right
};

// REQUIRES of an implementation: does not throw and does not block.
class FileEvents {
 public:
  virtual ~FileEvents() = default;
  virtual void transfer_done(const TransferDone& transfer) = 0;
  virtual void file_act(const FileAct& act) = 0;
};

class SftpDecoder {
 public:
  static constexpr std::size_t max_packet = 256 * 1024;       // as OpenSSH
  static constexpr std::size_t max_path = 4096;
  static constexpr std::size_t max_unanswered = 128 * 1024;   // the governor
  static constexpr std::size_t max_expected_data = 1024 * 1024;
  static constexpr std::size_t max_open_files = 256;

  // Events and account outlive it.
  SftpDecoder(FileRights rights, FileEvents& events, FileLimits limits, UploadAccount& account);
  ~SftpDecoder();

  // Bytes from one side, in any pieces. Whole packets are taken apart; after an Error nothing more
  // may be fed. Take the output below after each call.
  Result<> from_client(std::span<const char> bytes);
  Result<> from_server(std::span<const char> bytes);

  // Requests to pass on now; empty when there are none or the governor holds them. A request that
  // rights forbid is answered here, which can add to to_client().
  Result<std::string> to_server();
  // Answers for the client.
  std::string to_client();

  bool governed() const noexcept;           // a whole request waits for answers, or for to_client()
  std::size_t held() const noexcept;        // bytes from the client not passed on yet
  std::size_t answers() const noexcept;     // bytes waiting in to_client()
  std::size_t unanswered() const noexcept;  // bytes of requests passed on and not answered
  bool idle() const noexcept;               // nothing held, nothing unanswered

  // The stream is over: reports every file still open as not complete. Idempotent.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pontlevis::agent
