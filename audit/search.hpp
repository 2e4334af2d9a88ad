// Which interventions a person wants to see of a log: by day, practice, system, state, and the beginning of a number or
// ticket. Read straight from the records; for a log of millions the gateway's review is the quick way. Pure.
#pragma once

#include "audit/fiche.hpp"

namespace pontlevis::audit {

struct Search {
  std::string from, until;  // days (Europe/Paris) of the first record, both included; empty: open
  std::string practice, system, state, text;

  bool empty() const { return from.empty() && until.empty() && practice.empty() && system.empty() && state.empty() && text.empty(); }
  bool fits(const Fiche& fiche) const;
};

// Errc::bad_input names what is no day.
Result<> check_search(const Search& search);
// The newest `limit` that fit.
Result<std::vector<Fiche>> find_fiches(Source& source, const Search& search, std::size_t limit);

}  // namespace pontlevis::audit
