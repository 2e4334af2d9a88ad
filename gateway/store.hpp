// The gateway's operational store: what it must remember to go on working after a restart. The log is
// the evidence; this file only says where things stand. Owned by Core; lives on the loop's thread.
// Each table has one class that reads and writes it: Practices, Certificates, Codes, Technicians,
// Interventions. It holds no network address at all (requirements A24) and no password.
#pragma once

#include <filesystem>

#include "audit/sqlite.hpp"
#include "protocol/clock.hpp"
#include "protocol/result.hpp"

namespace pontlevis::gateway {

Result<sqlite::Database> open_store(const std::filesystem::path& file);
// Reads beside the one that writes, on another thread: long searches and copies.
Result<sqlite::Database> open_store_reader(const std::filesystem::path& file);

// Times are kept as milliseconds since 1970 UTC.
inline std::int64_t stored(Time t) { return t.time_since_epoch().count(); }
inline Time read_time(std::int64_t ms) { return Time(Millis(ms)); }

}  // namespace pontlevis::gateway
