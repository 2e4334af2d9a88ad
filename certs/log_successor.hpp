// When a vendor's log has lost its past (a restore, a damaged disk) it is closed for ever and a new one begins. Practices
// pinned the old log's key at enrolment: that another key speaks from now on is said by the offline staff key,
// which they pinned too, and never by the gateway alone (docs/decisions/0018; audit-log design §2.3).
// Public; any thread.
#pragma once

#include <string>
#include <string_view>

#include "protocol/clock.hpp"
#include "protocol/crypto/signed_note.hpp"
#include "protocol/result.hpp"

namespace pontlevis::certs {

constexpr std::string_view log_successor_type = "log_successor";

struct LogSuccessor {
  NoteVerifier old_log;
  NoteVerifier new_log;       // another key under another name
  std::uint64_t last_size{};  // the largest size of the old log that the vendor knows to be cosigned
  std::string cause;          // RESTORE, ROLLBACK or DAMAGE
  Time issued_at{};
};

// Errc::bad_input when the two logs have a name or a key in common, or the cause is none of the three.
Result<std::string> sign_log_successor(const LogSuccessor& successor, const NoteSigner& staff);
Result<LogSuccessor> open_log_successor(std::string_view note, const NoteVerifier& staff);

}  // namespace pontlevis::certs
