// Small facts that retention remembers between two days: when it last ran, what it counted, who validated the policy.
// Table retention_state, one JSON object a name. The loop's thread.
#pragma once

#include <boost/json.hpp>

#include "audit/sqlite.hpp"

namespace pontlevis::gateway {

class KeptWords {
 public:
  explicit KeptWords(sqlite::Database& store) : store_(&store) {}
  Result<> make_table();
  Result<> keep(const std::string& name, const boost::json::object& value);
  boost::json::object find(const std::string& name) const;  // empty: never kept, or unreadable

 private:
  sqlite::Database* store_;
};

}  // namespace pontlevis::gateway
