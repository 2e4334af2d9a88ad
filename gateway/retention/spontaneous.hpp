// Health data that came without being asked for (requirements B33, T12): a field that holds it is put in quarantine at
// once (no view shows it, the store's copies lose the words), then destroyed with a certificate. A sweep looks through
// what older records hold. Owned by Retention; the loop's thread.
#pragma once

#include "gateway/retention/erasures.hpp"
#include "gateway/retention/quarantine.hpp"

namespace pontlevis::gateway {

struct SpontaneousCase {
  std::string id;
  LeafIndex record{};
  std::string field;
  std::optional<InterventionId> intervention;
  std::string found_by, rule;
  Time at{};
  bool destroyed = false;
  std::string certificate;
};

class SpontaneousData {
 public:
  SpontaneousData(RetentionParts parts, Erasures& erasures) : p_(parts), erasures_(erasures), quarantine_(*parts.core.store) {}
  Result<> make_tables();

  // Errc::conflict: it is in quarantine already; Errc::not_found: no such field, or closed.
  Awaitable<Result<SpontaneousCase>> quarantine(LeafIndex record, std::string field, std::string rule, std::string by);
  Awaitable<Result<SpontaneousCase>> destroy(std::string id, std::string by);
  // Every open free text of the log that holds a social-security number: the new cases.
  Awaitable<Result<std::vector<SpontaneousCase>>> sweep(std::string by);
  Result<std::vector<SpontaneousCase>> all() const;  // newest first
  Result<SpontaneousCase> find(const std::string& id) const;

 private:
  Result<> keep(const SpontaneousCase& found);
  Awaitable<Result<>> record(SpontaneousCase found, std::string event, std::string by);

  RetentionParts p_;
  Erasures& erasures_;
  Quarantine quarantine_;
};

json::object spontaneous_json(const SpontaneousCase& found);

}  // namespace pontlevis::gateway
