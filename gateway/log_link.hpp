// A log that lost its past is closed and another one begins under a new name and key (audit-log design §2.3). Asked by an
// administrator with the staff key's statement in hand, done at the next start, in steps that a crash may cut
// anywhere: the old folder and key are put aside, never deleted, trust.json changes last, and the new log's
// first record is `link`. Enrolment codes made before name the old log and are good for nothing any more.
#pragma once

#include <optional>
#include <string>

#include "audit/cosignatures.hpp"
#include "certs/log_successor.hpp"
#include "certs/trust_bundle.hpp"
#include "gateway/data_folder.hpp"
#include "gateway/practices.hpp"
#include "protocol/random.hpp"

namespace pontlevis::gateway {

// What is written into the first record of the new log.
struct LinkRequest {
  std::string successor;        // the statement, verbatim
  std::string last_checkpoint;  // the largest that a witness cosigned, as far as known
  audit::TreeSize last_size{}, own_size{};
  std::string done_by;
};

// Makes the next log's key where there is none (keys/log-next.key): <origin>-2, -3, …
Result<NoteVerifier> prepare_link(const DataFolder& folder, const NoteVerifier& old_log, Random& random);
// Checks everything and leaves DATA/link.json for the next start.
Result<> request_link(const DataFolder& folder, const certs::TrustBundle& trust, const LinkRequest& request);
// Before anything else is opened: moves the old log aside when a link was requested.
Result<> move_to_new_log(const DataFolder& folder);
// When it was: the new log's first records, and the witnesses that count from now on.
Result<> begin_linked_log(const DataFolder& folder, audit::Log& log, audit::CosignatureStore& cosignatures, const Practices& practices,
                          const certs::TrustBundle& trust);

// The statements that lead from `old_log` to the log in use, in order; empty when none does.
Result<std::vector<std::string>> successors_since(const DataFolder& folder, const NoteVerifier& staff, std::string_view old_log);

}  // namespace pontlevis::gateway
