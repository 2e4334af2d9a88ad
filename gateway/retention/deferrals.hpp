// Requests of persons that are not answered yet: the data they ask for must not be destroyed meanwhile (requirements
// B17, T14). Whoever keeps the requests says here what waits, and takes it back with the answer; the daily purge
// reads it. Never network addresses: their day does not move (A24). Table pending_requests; the loop's thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/sqlite.hpp"
#include "protocol/clock.hpp"
#include "protocol/ids.hpp"

namespace pontlevis::gateway {

// One of both: everything of a practice, or these interventions.
struct PendingRequest {
  std::string ref;  // its number, as it will stand in certificates; never a name
  std::optional<PracticeId> practice;
  std::vector<InterventionId> interventions;
};

Result<> make_deferral_tables(sqlite::Database& store);
// Replaces what was said for the same request before.
Result<> defer_for_request(sqlite::Database& store, const PendingRequest& request, Time now);
Result<> request_answered(sqlite::Database& store, const std::string& ref);
Result<std::vector<PendingRequest>> pending_requests(sqlite::Database& store);

}  // namespace pontlevis::gateway
