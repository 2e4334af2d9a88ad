#include "gateway/certificates.hpp"

#include "gateway/store.hpp"

namespace pontlevis::gateway {

Result<Certificates> Certificates::load(sqlite::Database& db) {
  Certificates out(db);
  PL_TRY(rows, db.query("SELECT serial, practice, revoked_at, not_after FROM certificates"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(practice, PracticeId::parse(rows.text(1)));
    out.by_serial_.emplace(rows.text(0), Entry{std::move(practice), read_time(rows.integer(3)), !rows.is_null(2)});
  }
}

Result<> Certificates::issued(const std::string& serial, const PracticeId& practice, Time not_after) {
  PL_CHECK(db_->run("INSERT INTO certificates(serial, practice, not_after) VALUES(?,?,?)", serial, practice.text(),
                    stored(not_after)));
  by_serial_.emplace(serial, Entry{practice, not_after, false});
  return {};
}

Result<std::vector<std::string>> Certificates::revoke(const PracticeId& practice, Time now) {
  PL_CHECK(db_->run("UPDATE certificates SET revoked_at=? WHERE practice=? AND revoked_at IS NULL", stored(now),
                    practice.text()));
  std::vector<std::string> ended;
  for (auto& [serial, entry] : by_serial_) {
    if (entry.practice != practice || entry.revoked) continue;
    entry.revoked = true;
    ended.push_back(serial);
  }
  return ended;
}

std::size_t Certificates::good_ones(const PracticeId& practice, Time now) const {
  return static_cast<std::size_t>(std::count_if(by_serial_.begin(), by_serial_.end(), [&](const auto& entry) {
    return entry.second.practice == practice && !entry.second.revoked && entry.second.not_after > now;
  }));
}

bool Certificates::is_revoked(std::string_view serial) const {
  const auto at = by_serial_.find(serial);
  return at == by_serial_.end() || at->second.revoked;
}

}  // namespace pontlevis::gateway
