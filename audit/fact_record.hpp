// From a signed statement to a record. The statement goes in whole; beside it, its members become
// fields of the schema, by one table of names, so that both logs hold the same fact in the same
// words and nothing is copied by hand. Used by the gateway and by the practice alike.
#pragma once

#include "audit/record.hpp"

namespace pontlevis::audit {

// `body` is the statement's JSON object (docs/protocol.md §3). Unknown types are Errc::bad_input.
Result<Record> fact_record(std::string_view type, const json::object& body, std::string_view practice,
                           std::string_view note);

}  // namespace pontlevis::audit
