#include "audit/local_time.hpp"

#include <date/tz.h>

#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

// Without time-zone data on the machine UTC is shown, and says so.
const date::time_zone* paris() {
  static const date::time_zone* zone = [] {
    try {
      return date::locate_zone("Europe/Paris");
    } catch (const std::exception&) {
      return static_cast<const date::time_zone*>(nullptr);
    }
  }();
  return zone;
}

}  // namespace

std::string paris_time(Time t, bool french) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t);
  if (!paris()) return to_utc(t).substr(0, 10) + " " + to_utc(t).substr(11, 8) + " UTC";
  return date::format(french ? "%d/%m/%Y %H:%M:%S" : "%Y-%m-%d %H:%M:%S", date::make_zoned(paris(), seconds).get_local_time());
}

std::string paris_time(std::string_view utc, bool french) {
  const auto t = from_utc(utc);
  return t ? paris_time(*t, french) : printable(utc, 40);
}

std::optional<Time> from_paris_time(std::string_view text) {
  if (const auto utc = from_utc(text)) return utc;
  if (text.size() != 16 || text[10] != 'T') return std::nullopt;
  const auto as_if_utc = from_utc(std::string(text) + ":00.000Z");
  if (!as_if_utc || !paris()) return std::nullopt;
  try {
    const date::local_time<Millis> local(as_if_utc->time_since_epoch());
    return std::chrono::time_point_cast<Millis>(paris()->to_sys(local));
  } catch (const std::exception&) {  // an hour that is not there, or is there twice
    return std::nullopt;
  }
}

std::string duration_text(std::int64_t seconds) {
  const auto h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60;
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  if (h > 0) return std::to_string(h) + " h " + two(m) + " min";
  if (m > 0) return std::to_string(m) + " min " + two(s) + " s";
  return std::to_string(s) + " s";
}

}  // namespace pontlevis::audit
