// The account of one open handle: what went in and out, in which order, with which hash.
// Private to the decoder; any one thread.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agent/tools/sftp_decoder.hpp"
#include "protocol/c_handle.hpp"

namespace pontlevis::agent {

// SHA-256 of bytes that come one after another.
class RunningHash {
 public:
  void add(std::string_view content);
  std::uint64_t bytes() const noexcept { return bytes_; }
  std::string hex();  // ends it

 private:
  CHandle<EVP_MD_CTX, EVP_MD_CTX_free> hash_;
  std::uint64_t bytes_ = 0;
};

// What was written to a file. The hash stands only while bytes come in order from byte 0: what is
// written a second time is another content.
class WrittenContent {
 public:
  void passed(std::uint64_t offset, std::string_view content);  // in the order of the wire
  void disturb() noexcept { in_order_ = false; }
  std::uint64_t next() const noexcept { return hash_.bytes(); }  // where the gapless part from 0 ends
  std::optional<std::string> sha256();                           // hex; ends the hash

 private:
  RunningHash hash_;
  bool in_order_ = true;
};

// What was read of a file. Clients read ahead, in parallel, and some (paramiko) read a block twice:
// each byte counts as it first went through, and a little that comes early waits for its turn.
class ReadContent {
 public:
  static constexpr std::size_t most_early = 256 * 1024;

  void passed(std::uint64_t offset, std::string_view content);
  bool used() const noexcept { return used_; }
  std::uint64_t next() const noexcept { return hash_.bytes(); }  // where the gapless part from 0 ends
  std::uint64_t bytes() const noexcept;                          // each once, as far as it could be told
  std::optional<std::string> sha256();                           // hex, if nothing is missing; ends the hash

 private:
  void catch_up();
  void keep(std::uint64_t offset, std::string_view content);
  RunningHash hash_;
  std::map<std::uint64_t, std::string> early_;  // by offset, after a gap
  std::size_t early_bytes_ = 0;
  std::uint64_t untold_ = 0;                    // too early to be kept
  bool used_ = false;
};

struct OpenFile {
  std::string path;  // as for the record
  bool folder = false, reads = false, writes = false, append = false;
  bool lands = true;               // the landing folder, if there is one, lets it be changed
  bool refusal_told = false;       // one line for a file, not one for a packet
  WrittenContent in;               // upload
  ReadContent out;                 // download
  std::uint64_t written = 0;       // acknowledged
  std::uint64_t passed = 0;        // sent on to be written
  bool write_failed = false;
  bool read_to_end = false;
  bool read_short = false;         // the last answer to READ held less than was asked
  std::optional<std::uint64_t> size;  // as the server told
  unsigned in_flight = 0;          // requests on it without an answer
  std::optional<bool> closed;      // the answer to CLOSE: done or failed
  bool reported = false;
};

// Tells the events once, for each direction that was used.
void report(OpenFile& file, FileEvents& events);

// Control characters and broken UTF-8 as \xNN, so that a name can be shown and stored.
std::string name_for_record(std::string_view name);

}  // namespace pontlevis::agent
