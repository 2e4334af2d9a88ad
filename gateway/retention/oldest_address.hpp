// How old the oldest network address is that can still be read: the gauge of A24. Read from what the last purge counted.
#pragma once

#include <cstdint>
#include <optional>

#include "audit/sqlite.hpp"
#include "protocol/clock.hpp"

namespace pontlevis::gateway {

// Whole days since it was written; nothing when there is none, or nothing was counted yet. The loop's thread.
std::optional<std::uint64_t> oldest_address_days(sqlite::Database& store, Time now);

}  // namespace pontlevis::gateway
