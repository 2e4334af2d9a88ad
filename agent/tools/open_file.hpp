// The account of one open handle: what went in and out, in which order, with which hash.
// Private to the decoder; any one thread.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/tools/sftp_decoder.hpp"
#include "protocol/c_handle.hpp"

namespace pontlevis::agent {

// One direction of one file. The hash stands only while bytes come in order from byte 0.
class ContentWay {
 public:
  void passed(std::uint64_t offset, std::string_view content);  // in the order of the wire
  void disturb() noexcept { in_order_ = false; }
  bool used() const noexcept { return used_; }
  std::uint64_t next() const noexcept { return next_; }  // where the gapless part from 0 ends
  std::optional<std::string> sha256();                   // hex; ends the hash

 private:
  CHandle<EVP_MD_CTX, EVP_MD_CTX_free> hash_;
  std::uint64_t next_ = 0;
  bool in_order_ = true;
  bool used_ = false;
};

struct OpenFile {
  std::string path;  // as for the record
  bool folder = false, reads = false, writes = false, append = false;
  ContentWay in, out;              // upload, download
  std::uint64_t written = 0;       // acknowledged
  std::uint64_t read = 0;
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
