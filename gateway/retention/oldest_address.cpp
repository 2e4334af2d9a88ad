#include "gateway/retention/oldest_address.hpp"

#include "audit/schema.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

std::optional<std::uint64_t> oldest_address_days(sqlite::Database& store, Time now) {
  const auto day = store.text("SELECT json_extract(value, '$.oldest_ip') FROM retention_state WHERE name = 'counts'");
  const auto last_day = day && *day ? from_date(**day) : std::nullopt;
  if (!last_day) return std::nullopt;
  const auto written = *last_day - std::chrono::days(audit::ip_days_live);
  return now <= written ? 0 : static_cast<std::uint64_t>(std::chrono::floor<std::chrono::days>(now - written).count());
}

}  // namespace pontlevis::gateway
