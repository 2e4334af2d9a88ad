// Which interventions, and so which practices, a breach touches: those that lived in a stretch of time, with a person
// and on a system where these are given (requirements A18). Reads the main courante in steps that leave the loop free.
#pragma once

#include <set>

#include "gateway/core.hpp"

namespace pontlevis::gateway {

struct BreachScope {
  Time from{}, until{};
  std::string person;  // a login or a name; of an operator or of who decided at the practice. Empty: anybody
  std::string system;  // empty: any
};
struct Affected {
  std::vector<std::string> interventions;  // the first most_affected of them, by number of row
  std::set<std::string> practices;         // of all of them
  std::uint64_t count = 0;
};
inline constexpr std::size_t most_affected = 5000;

Awaitable<Result<Affected>> find_affected(Core& core, BreachScope scope);
// Of these interventions those of one practice.
Result<std::vector<std::string>> affected_of(Core& core, const std::vector<std::string>& interventions, const std::string& practice);

}  // namespace pontlevis::gateway
