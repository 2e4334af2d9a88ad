// What the CRM answers to a webhook: bytes from outside. Pure; any thread. requirements A39.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/clock.hpp"

namespace pontlevis::gateway {

constexpr std::size_t most_crm_answer_bytes = 16 * 1024, most_crm_ref_bytes = 64;

// The CRM's own number: letters, digits and . _ : / # - alone, because it goes into a record that is kept for ever.
bool is_crm_ref(std::string_view text);

// {"crm_ref": "…", …} → that number. Any other members are the CRM's own; anything else is no number.
std::optional<std::string> read_crm_ref(std::string_view body);

// Retry-After in seconds, at most an hour; a date or anything else is none.
std::optional<Millis> read_retry_after(std::string_view header);

// What an answer means for the message (docs/outward.md §2).
enum class Verdict : unsigned char {
  taken,    // 2xx; and 410 for a deletion: there is nothing of it left
  refused,  // the message itself is not acceptable, now or later: 400, 409, 410, 413, 415, 422
  later,    // all else: 5xx, 408, 425, 429, and what looks like a wrong setting (401, 403, 404, redirects)
};
Verdict verdict_of(unsigned status, bool deletion);

}  // namespace pontlevis::gateway
