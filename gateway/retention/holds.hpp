// What must not be destroyed although its day has come: legal holds (requirements B18) and the pending requests of
// persons (T14). A hold has a reason, an author and a day on which it is looked at again; it is never about network
// addresses (A24): their day does not move. Owned by Retention; the loop's thread. HeldNow is a value for the purge.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/retention.hpp"
#include "audit/sqlite.hpp"
#include "gateway/retention/deferrals.hpp"

namespace pontlevis::gateway {

namespace json = boost::json;

struct Hold {
  std::string id;
  std::optional<PracticeId> practice;
  std::optional<InterventionId> intervention;
  std::string from, until;  // days of the records, both included; empty: open
  std::string reason, review_on, by;
  Time placed_at{};
  std::optional<Time> lifted_at;
};

// As a purge asks it, some thousand times: what holds a field, or nothing. Any thread; it never changes.
class HeldNow {
 public:
  HeldNow(std::vector<Hold> holds, std::vector<PendingRequest> requests) : holds_(std::move(holds)), requests_(std::move(requests)) {}
  std::optional<std::string> by(const audit::DueField& field) const;
  std::optional<std::string> by(const PracticeId& practice, const InterventionId& intervention, Time at) const;
  // Anything at all of that practice, or of anybody without it.
  std::optional<std::string> any(const std::optional<PracticeId>& practice) const;
  bool empty() const { return holds_.empty() && requests_.empty(); }

 private:
  std::vector<Hold> holds_;
  std::vector<PendingRequest> requests_;
};

class Holds {
 public:
  explicit Holds(sqlite::Database& store) : store_(&store) {}

  Result<> make_tables();
  Result<> put(const Hold& hold);  // new, or as it is now
  Result<std::optional<Hold>> find(const std::string& id) const;
  Result<std::vector<Hold>> all(bool lifted_too) const;  // newest first
  Result<std::shared_ptr<const HeldNow>> now() const;

 private:
  sqlite::Database* store_;
};

// As its record says it and pontlevis-audit reads it: {"practice", "intervention", "first", "last"}; all that is there must
// fit. Days become the records of those days: a verifier counts records.
Result<json::object> recorded_scope(const Hold& hold, const audit::Log& log);
json::object hold_json(const Hold& hold, Time now);

}  // namespace pontlevis::gateway
