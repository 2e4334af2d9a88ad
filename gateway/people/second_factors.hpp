// The authenticator app of each of the vendor's people: one code, one use and one lockout for the console and
// the SSH front together. All of it is in the store, so that neither a restart nor the other door forgives.
// The loop's thread. requirements A13 (two factors).
#pragma once

#include "audit/sqlite.hpp"
#include "certs/totp.hpp"
#include "protocol/clock.hpp"
#include "protocol/ids.hpp"

namespace pontlevis::gateway {

struct LockoutRule {
  int tries = 5;                         // wrong codes …
  Millis within{std::chrono::minutes(15)};  // … in this time lock the account …
  Millis lock{std::chrono::minutes(15)};    // … for this long
};

enum class CodeVerdict {
  accepted,
  wrong,
  now_locked,  // this wrong code was the last one: record it
  locked,      // still locked: not even looked at
};

class SecondFactors {
 public:
  SecondFactors(sqlite::Database& db, const Clock& clock) : db_(&db), clock_(&clock) {}

  Result<bool> has(const Login& login) const;
  Result<> put(const Login& login, const certs::TotpSecret& secret);  // a new secret is not locked
  Result<> remove(const Login& login);
  bool locked(const Login& login) const;  // also when the store cannot say

  // A right code is spent, durably, before `accepted` is said.
  Result<CodeVerdict> check(const Login& login, const Secret& code, const LockoutRule& rule);

 private:
  Result<CodeVerdict> count_wrong(const Login& login, const LockoutRule& rule);
  Result<> spend(const Login& login, std::uint64_t step);

  sqlite::Database* db_;
  const Clock* clock_;
};

}  // namespace pontlevis::gateway
