// Where the words of one field stand again: what a person typed into a request comes back in the consent that was signed
// over it, in the report's row, in a file's name. Who destroys one field means its words (requirements B33, T12).
// Pure, but for reading the log; any thread, blocking.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "audit/log.hpp"
#include "gateway/retention/quarantine.hpp"

namespace pontlevis::gateway {

struct SameWords {
  std::vector<QuarantinedField> fields;   // the field itself first; each still open
  std::vector<std::string> values;        // the texts that were looked for, each of at least four bytes
  std::optional<InterventionId> intervention;
  std::optional<PracticeId> practice;
};

// Errc::not_found: no such record or field, or it is closed already; Errc::not_allowed: a field that names nobody.
Result<SameWords> same_words(const audit::Log& log, LeafIndex record, const std::string& field);

}  // namespace pontlevis::gateway
