// The facts whose record the gateway acknowledged and has not shown yet: for each, which place of its log it named.
// A row leaves when its proof has come; one that stays is a record that was dropped or never written
// (audit-log design §2.3). DATA/log/acknowledged.db. Lives on the loop.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "audit/merkle.hpp"
#include "audit/sqlite.hpp"
#include "protocol/clock.hpp"

namespace pontlevis::agent {

struct AcknowledgedFact {
  std::string statement_sha256;
  audit::LeafIndex index{};
  Time acknowledged_at;
};

class FactLedger {
 public:
  static Result<FactLedger> open(const std::filesystem::path& file);

  Result<> acknowledged(const std::string& log, const AcknowledgedFact& fact);
  // Those of one log below `size`, by index; `at_or_above` tells the first that such a log cannot hold.
  Result<std::vector<AcknowledgedFact>> unproved(const std::string& log, audit::TreeSize below, std::size_t count);
  Result<std::optional<AcknowledgedFact>> at_or_above(const std::string& log, audit::TreeSize size);
  Result<> asked(const std::string& log, const std::vector<AcknowledgedFact>& facts, Time now);
  // One that was asked for `times` times or more, the first time before `since`.
  Result<std::optional<AcknowledgedFact>> unanswered(const std::string& log, int times, Time since);
  Result<> proved(const std::string& log, const std::string& statement_sha256);
  // It was accused of: kept no longer here, the evidence has it.
  Result<> give_up(const std::string& log, const std::string& statement_sha256) { return proved(log, statement_sha256); }
  Result<std::size_t> count(const std::string& log);

 private:
  explicit FactLedger(sqlite::Database db) : db_(std::move(db)) {}
  Result<std::optional<AcknowledgedFact>> first(Result<sqlite::Rows> rows);
  sqlite::Database db_;
};

}  // namespace pontlevis::agent
