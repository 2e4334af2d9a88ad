// From a signed statement to a record: the members whose names the type's schema knows become
// fields, and the statement itself goes in whole, so nothing is lost and nothing is written twice
// by hand. Used by the gateway and by the practice alike: both logs hold the same fact.
#pragma once

#include "audit/record.hpp"

namespace pontlevis::audit {

Result<Record> fact_record(std::string_view type, const json::object& body, std::string_view practice,
                           std::string_view note);

}  // namespace pontlevis::audit
