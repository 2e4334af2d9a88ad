// Every way an act of the page can fail, by the key of the sentence its reader is shown; the browser
// has each key in French and in English, and a test compares the lists (docs/page.md §2).
#pragma once

#include <array>

#include "protocol/io/http/http_message.hpp"

namespace pontlevis::agent {

enum class PageFault {
  bad_input, not_signed_in, sign_in_wrong, name_locked, page_locked, other_user, wrong_host, wrong_origin, stale,
  request_gone, request_expired, link_down, no_proof, observer, not_owner, nothing_left, bad_minutes, journal_failed,
  session_gone, weak_password, name_taken, unknown_person, last_owner, too_many, passkey_failed, recording_gone,
  rehearsal_busy, too_early, not_found, internal,
};

inline constexpr std::array<std::string_view, 30> page_fault_keys{
    "bad_input", "not_signed_in", "sign_in_wrong", "name_locked", "page_locked", "other_user", "wrong_host",
    "wrong_origin", "stale", "request_gone", "request_expired", "link_down", "no_proof", "observer", "not_owner",
    "nothing_left", "bad_minutes", "journal_failed", "session_gone", "weak_password", "name_taken", "unknown_person",
    "last_owner", "too_many", "passkey_failed", "recording_gone", "rehearsal_busy", "too_early",
    "not_found", "internal"};

constexpr std::string_view key_of(PageFault fault) { return page_fault_keys[static_cast<std::size_t>(fault)]; }

// {"error":{code, what, where, hint, key}}; `what` is for people who read English and for scripts.
io::HttpResponse refusal(PageFault fault, const Error& error);
io::HttpResponse refusal(PageFault fault, std::string what, std::string hint = {});
// The fault an error is when its handler has no better word for it.
PageFault fault_of(const Error& error);
unsigned status_of(PageFault fault);

}  // namespace pontlevis::agent
