// Enrolment codes: permits of the offline staff key, each for one practice, once, for 24 hours.
// The gateway holds only hashes: it can neither mint a code nor read one (design §3).
// Owned by Core; the loop's thread.
#pragma once

#include "audit/sqlite.hpp"
#include "certs/enrolment_code.hpp"

namespace pontlevis::gateway {

class Codes {
 public:
  explicit Codes(sqlite::Database& db) : db_(&db) {}
  Result<> import(const certs::CodePermit& permit, const std::string& note);  // Errc::conflict: known already
  // The code is used from now on, also when what follows fails. Errc::not_allowed for every reason,
  // in the same words: a stranger learns nothing from the answer.
  Result<> use(const Digest& secret_sha256, const PracticeId& practice, Time now);

 private:
  sqlite::Database* db_;
};

}  // namespace pontlevis::gateway
