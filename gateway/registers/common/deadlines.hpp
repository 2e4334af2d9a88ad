// When something is due, as the law and the policy count (requirements T7, A18, B22, §2 NIS2). Pure; any thread.
// Days are those of UTC: one that came late in the evening in Paris is due on the earlier of the two.
#pragma once

#include "protocol/clock.hpp"

namespace pontlevis::gateway {

// Retention has a word of the same name that counts days, not moments: each area keeps its own.
inline namespace register_deadlines {
// The same moment one calendar month later; the last day of a shorter month.
Time month_after(Time at);
}  // namespace register_deadlines
// The last day to answer a person: 30 days or one calendar month, whichever comes first. Midnight UTC of that day.
Time first_due(Time received);
// The same after an extension: 60 days in all (GDPR 12(3) would allow three months).
Time extended_due(Time received);
// The last moment of a day.
Time end_of_day(Time day);
// Whole days until a day: 0 on the day itself, negative after it.
std::int64_t days_until(Time day, Time now);

}  // namespace pontlevis::gateway
