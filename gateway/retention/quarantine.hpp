// Fields that nobody is shown any more, between the moment somebody sees health data in them and their destruction
// (requirements B33). Every view of a record goes through hide(); what the store knows of the same words is taken out
// when they are put here. Table quarantined; the loop's thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "audit/record.hpp"
#include "audit/sqlite.hpp"
#include "protocol/ids.hpp"

namespace pontlevis::gateway {

using audit::LeafIndex;

struct QuarantinedField {
  LeafIndex record{};
  std::string field;
  auto operator<=>(const QuarantinedField&) const = default;
};

class Quarantine {
 public:
  explicit Quarantine(sqlite::Database& store) : store_(&store) {}

  Result<> make_table();
  Result<> put(const std::string& case_id, std::span<const QuarantinedField> fields);
  Result<> release(const std::string& case_id);  // destroyed
  Result<std::vector<QuarantinedField>> of_case(const std::string& case_id) const;
  // The names of a record's fields that nobody may be shown.
  Result<std::vector<std::string>> fields_of(LeafIndex record) const;
  // Such fields are closed in `record`, as if they were destroyed: digest, no opening.
  Result<> hide(audit::StoredRecord& record) const;

 private:
  sqlite::Database* store_;
};

}  // namespace pontlevis::gateway
