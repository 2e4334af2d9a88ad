// A record as a line of a bundle: canonical JSON, written and read. docs/record-format.md §9.
// Nothing that is read is verified but its form. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "audit/record_view.hpp"

namespace pontlevis::audit {

constexpr std::size_t max_record_line = 16 << 20;

// {"index":N,"entry":"base64","fields":[{"name","class","expires_on","disclosure" | "digest" | "unreadable"}…]},
// no line feed. No field at all: the whole record was destroyed.
std::string print_record_json(const StoredRecord& record);
Result<StoredRecord> parse_record_json(std::string_view text);

// Reads lines one after another without building values. Accepts what parse_record_json() accepts.
class RecordLineReader {
 public:
  // What is shown lies in `line` and in this reader, until the next read(). REQUIRES: `line` stays.
  Result<> read(std::string_view line, RecordView& out);

 private:
  bool read_plainly(std::string_view line, RecordView& out);
  bool read_entry(std::string_view text);
  bool read_field(std::string_view& rest, RecordView& out);
  std::string entry_;
  std::optional<StoredRecord> parsed_;
};

}  // namespace pontlevis::audit
