// The client certificates of agents: which were issued, to whom, and which are revoked. The TLS
// handshake asks on every connection. Owned by Core; the loop's thread. Closed on every doubt: a
// serial this store does not know counts as revoked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "audit/sqlite.hpp"
#include "protocol/clock.hpp"
#include "protocol/ids.hpp"

namespace pontlevis::gateway {

class Certificates {
 public:
  static Result<Certificates> load(sqlite::Database& db);

  Result<> issued(const std::string& serial, const PracticeId& practice, Time not_after);
  // Every certificate of the practice; the serials that were valid until now.
  Result<std::vector<std::string>> revoke(const PracticeId& practice, Time now);
  bool is_revoked(std::string_view serial) const;
  // Certificates of the practice that are good at `now`: a bound on renewals.
  std::size_t good_ones(const PracticeId& practice, Time now) const;

 private:
  explicit Certificates(sqlite::Database& db) : db_(&db) {}
  struct Entry {
    PracticeId practice;
    Time not_after;
    bool revoked;
  };
  sqlite::Database* db_;
  std::map<std::string, Entry, std::less<>> by_serial_;
};

}  // namespace pontlevis::gateway
