// Text forms of bytes and times. Every decoder is strict: one value has one form, so
// encode(decode(x)) == x for every accepted x.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/clock.hpp"
#include "protocol/result.hpp"

namespace pontlevis {

std::string to_base64(std::string_view bytes);                      // RFC 4648 §4, padded
std::optional<std::string> from_base64(std::string_view text);
std::string to_base64url(std::string_view bytes);                   // RFC 4648 §5, not padded
std::optional<std::string> from_base64url(std::string_view text);
std::string to_hex(std::string_view bytes);                         // lower case
std::optional<std::string> from_hex(std::string_view text);
std::string to_crockford(std::string_view bytes);                   // 5 bits a character, upper case
std::optional<std::string> from_crockford(std::string_view text);   // exact multiple of 5 bytes only

std::string to_utc(Time t);                       // 2026-11-22T05:08:09.123Z
std::optional<Time> from_utc(std::string_view text);
std::string to_date(Time t);                      // 2026-11-22
std::optional<Time> from_date(std::string_view text);  // midnight UTC

// A decimal without sign, space or leading zero, at most `max`.
std::optional<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max);

bool is_utf8(std::string_view text) noexcept;           // well-formed, no surrogate, no overlong
bool has_control(std::string_view text) noexcept;       // C0 (also \t \n), DEL, or C1
std::string printable(std::string_view text, std::size_t max = 200);  // safe to show on a terminal

}  // namespace pontlevis
