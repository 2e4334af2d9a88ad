// asciicast v2 as text: a header line, then one line an event, "o" (shown) or "r" (resized) and
// nothing else: what a person types is never in it (requirements A04, T3). Any thread, one stream an
// object. Every line is shorter than max_cast_line, whatever bytes come.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "protocol/clock.hpp"
#include "protocol/result.hpp"

namespace pontlevis::agent {

constexpr std::size_t max_cast_line = 56 * 1024;

// Who and what one stream of a session is.
struct StreamOf {
  std::string kind;   // "shell" or "command"
  std::string login;  // who opened it
  unsigned cols = 80;
  unsigned rows = 24;
};

std::string cast_header(unsigned stream, const StreamOf& of, Time began);
std::string cast_resize(Millis at, unsigned cols, unsigned rows);

// Bytes of a terminal as JSON text: a character that is cut between two outputs waits for its rest,
// what is not UTF-8 becomes U+FFFD.
class CastOutput {
 public:
  // Lines for `bytes`, shown `at` after the beginning; possibly none.
  std::string lines(Millis at, std::span<const char> bytes);
  // The line of a character that never got its rest.
  std::string rest(Millis at);

 private:
  std::string waiting_;  // at most three bytes
};

// What a cast says about itself, and that every line is one of asciicast v2: strict, for a text that
// was decrypted. Errc::bad_input names the line.
struct CastHead {
  unsigned stream{};
  StreamOf of;
  Time began{};
  Millis lasted{};  // time of the last event
};
Result<CastHead> read_cast(std::string_view text);

}  // namespace pontlevis::agent
