// Times as people of the practice read them: Europe/Paris, beside UTC (requirements A41).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/clock.hpp"

namespace pontlevis::audit {

// "22/11/2026 09:00:05" (fr) or "2026-11-22 09:00:05" (en); the offset of that day by the system's tzdata.
std::string paris_time(Time t, bool french);
// The same out of a record's text; the text itself, made printable, when it is not a time.
std::string paris_time(std::string_view utc, bool french);
// "2026-12-01T12:30" in Paris, or a time of the records (UTC, with a Z); nothing for anything else, and for an
// hour that the change of clocks leaves out or repeats.
std::optional<Time> from_paris_time(std::string_view text);
std::string duration_text(std::int64_t seconds);  // "1 h 02 min", "12 min 30 s", "45 s"

}  // namespace pontlevis::audit
