#include "gateway/registers/common/deadlines.hpp"

#include <algorithm>

namespace pontlevis::gateway {
namespace {

using std::chrono::days;

Time midnight(Time at) { return std::chrono::floor<days>(at); }

constexpr days first_term{30}, term_in_all{60};

}  // namespace

inline namespace register_deadlines {

Time month_after(Time at) {
  const auto day = std::chrono::floor<days>(at);
  std::chrono::year_month_day date(day);
  date += std::chrono::months(1);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return std::chrono::sys_days(date) + (at - day);
}

}  // namespace register_deadlines

Time first_due(Time received) { return std::min<Time>(midnight(received) + first_term, midnight(month_after(received))); }
Time extended_due(Time received) { return midnight(received) + term_in_all; }
Time end_of_day(Time day) { return midnight(day) + days(1) - Millis(1); }

std::int64_t days_until(Time day, Time now) { return std::chrono::duration_cast<days>(midnight(day) - midnight(now)).count(); }

}  // namespace pontlevis::gateway
