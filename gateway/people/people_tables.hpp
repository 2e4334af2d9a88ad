// The tables of the vendor's people in gateway.db. Each has one class that reads and writes it: Accounts,
// SecondFactors, Sessions, Tokens, PasskeyShelf; KeptAnswers of gateway/api has the last. None holds a network
// address (requirements A24), a password, or a cookie or token that could be used: only hashes of them.
#pragma once

#include "audit/sqlite.hpp"

namespace pontlevis::gateway {

// Makes what is missing. Second factors that technicians had in their own table are moved: one home for both doors.
Result<> make_people_tables(sqlite::Database& db);

}  // namespace pontlevis::gateway
