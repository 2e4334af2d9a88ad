// What each verb of pontlevis-certs does. Reads and writes files; prints to the stream it is given. Answers with the
// exit code: 0 done or verified, 1 not verified; an Error ends the program with 2.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "protocol/clock.hpp"
#include "protocol/random.hpp"
#include "protocol/result.hpp"

namespace pontlevis::certs::tool {

constexpr int done = 0, not_verified = 1, could_not_run = 2;

struct Arguments {
  std::string name, out, staff_key, staff, card, revocations, reason, trust, practice, ca, file;
  std::string login, employer, subprocessor, country, qualification, expires;
  std::string confidentiality_ref, confidentiality_date, action_limit_ref, action_limit_date;
  std::vector<std::string> ssh_keys, hosts;
  std::string old_log, new_log, cause;
  std::uint64_t last_size = 0;
  bool as_json = false;
};

struct World {
  const Clock& clock;
  Random& random;
  std::ostream& out;
  std::ostream& err;  // warnings
};

using Verb = Result<int> (*)(const Arguments&, World&);
Result<int> staff_init(const Arguments& a, World& world);
Result<int> card_issue(const Arguments& a, World& world);
Result<int> card_show(const Arguments& a, World& world);
Result<int> card_verify(const Arguments& a, World& world);
Result<int> card_revoke(const Arguments& a, World& world);
Result<int> ca_init(const Arguments& a, World& world);
Result<int> ca_server(const Arguments& a, World& world);
Result<int> ca_show(const Arguments& a, World& world);
Result<int> code_issue(const Arguments& a, World& world);
Result<int> log_successor_issue(const Arguments& a, World& world);
Result<int> log_successor_show(const Arguments& a, World& world);

}  // namespace pontlevis::certs::tool
