// A disclosure read as a verifier of a million records reads it: decoded once, its form judged without building a
// value. Accepts exactly what open_disclosure() accepts (tests/fuzz/audit_disclosure_scan.cpp holds them together).
// Pure; any thread. See docs/record-format.md §1.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/clock.hpp"

namespace pontlevis::audit {

struct ScannedDisclosure {
  std::string name;
  std::string_view value;  // canonical JSON, inside `text`
};

// `text` is room that the caller lends, used again for every field. Nothing when it is not a disclosure.
bool scan_disclosure(std::string_view disclosure, std::string& text, ScannedDisclosure& out);

// How many bytes at the start of `text` stand for themselves in a JSON text: up to the first quote, backslash or control
// character, or with `ascii` any byte outside of ASCII.
enum class Plain { ascii, any };
std::size_t plain_run(std::string_view text, Plain which);

// The characters of a JSON text without escapes; nothing when it is another value.
std::optional<std::string_view> plain_text(std::string_view value);

// What from_utc() does, at the speed of a scan.
std::optional<Time> scan_utc(std::string_view text);

// Appends the bytes of a base64url text in its one form; false when it is none.
bool append_base64url(std::string_view text, std::string& out);

}  // namespace pontlevis::audit
