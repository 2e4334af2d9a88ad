// Passwords of approvers and accounts at rest: scrypt, in the text form `scrypt$N$r$p$salt$hash` (base64).
// Both functions take about 100 ms and 64 MiB on purpose: limit who may call them. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "protocol/random.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::certs {

struct ScryptCost {
  unsigned n = 1u << 16;
  unsigned r = 8;
  unsigned p = 1;
};

Result<std::string> hash_password(const Secret& password, Random& random, ScryptCost cost = {});
// Constant time in the hash. A malformed text, or costs outside 2^15..2^20 × 8..32 × 1..16, is an error, not a no.
Result<bool> verify_password(const Secret& password, std::string_view stored);
// PGSSI-S 4.5.1.1 and common sense: 10 to 128 characters, not the login.
Result<> check_new_password(const Secret& password, std::string_view login);

}  // namespace pontlevis::certs
