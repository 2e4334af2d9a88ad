// A letter as a mail server takes it: RFC 5322 and MIME, plain text in UTF-8, quoted-printable. Its number names it at every
// try, so a copy that went out twice is one letter for the reader's program. Nothing given to it can become a header of its
// own. Pure; any thread.
#pragma once

#include <string>

#include "protocol/clock.hpp"

namespace pontlevis::gateway {

struct LetterParts {
  std::string id;  // UUID
  std::string from, from_name, to;
  std::string subject, text;
  std::string language = "fr";  // of what comes first
  Time date{};
};

// The longest beginning of at most `max` bytes that ends between two characters.
std::size_t whole_characters(std::string_view text, std::size_t max);
std::string quoted_printable(std::string_view text);          // lines of at most 76, ended by CRLF
std::string encoded_words(std::string_view text);             // RFC 2047, for a header; ASCII stays as it is
std::string mail_date(Time t);                                // Sun, 22 Nov 2026 10:00:00 +0000
std::string print_letter(const LetterParts& parts);

}  // namespace pontlevis::gateway
