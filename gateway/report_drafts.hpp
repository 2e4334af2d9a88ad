// A report that is being written: kept for its author, so that no lost link or closed window loses a word.
// It is no record: the log sees the report alone, when it is sent. The loop's thread.
#pragma once

#include <boost/json.hpp>
#include <optional>

#include "audit/sqlite.hpp"
#include "protocol/access_request.hpp"

namespace pontlevis::gateway {

// What is written so far: any part may be missing.
struct DraftReport {
  InterventionId intervention;
  Login author;
  std::string tasks;
  std::optional<Outcome> outcome;
  std::optional<Cleanup> cleanup;
  std::vector<AdditionalStaff> consulted;
  std::optional<std::string> none_consulted;
  Time at{};

  Report complete() &&;  // REQUIRES: outcome and cleanup are there
};
Result<DraftReport> draft_report(const json::object& body, const InterventionId& id, const Login& author, Time at);

class ReportDrafts {
 public:
  explicit ReportDrafts(sqlite::Database& db) : db_(db) {}
  // Only its author's: another person in charge begins their own.
  Result<std::optional<json::object>> find(const InterventionId& id, const Login& author) const;
  Result<> keep(const InterventionId& id, const Login& author, const json::object& draft, Time at);
  Result<> drop(const InterventionId& id);

 private:
  sqlite::Database& db_;
};

}  // namespace pontlevis::gateway
