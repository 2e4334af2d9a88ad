// Who is signed in to the page. A session is a random token in the browser's memory of one tab, of one
// person and one user of the machine; it locks when nobody acts, and a locked one can only pause and
// stop. Forms make a decision fresh: each is for one person, one thing shown and one use.
// Nothing here is stored: a restart signs everybody out. Lives on the loop.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/consented.hpp"
#include "protocol/clock.hpp"
#include "protocol/random.hpp"

namespace pontlevis::agent {

struct PageSession {
  Approver person;
  uid_t user;
  Millis signed_in_at;
  Millis last_act;
  int mirrors = 0;      // live views on this person's screen: while there is one, nothing locks
  bool locked = false;
  struct Form {
    std::string about;  // what it decides on: act, number and what was shown
    Time shown_at;
    Millis since;
  };
  std::map<std::string, Form> forms;
};

class PageSessions {
 public:
  PageSessions(const Clock& clock, Random& random, Millis lock_after) : clock_(clock), random_(random), lock_after_(lock_after) {}

  // The token; Errc::unavailable when too many are signed in.
  Result<std::string> sign_in(Approver person, uid_t user);
  // Null when there is none (any more). Locks what has been idle for too long.
  std::shared_ptr<PageSession> find(std::string_view token);
  void sign_out(std::string_view token);
  void end_all_of(const Login& login);  // the person has left the team, or has a new password
  void touch(PageSession& session) { session.last_act = clock_.since_boot(); }
  void unlock(PageSession& session);

  std::string give_form(PageSession& session, std::string about);
  // The moment it was shown; nothing when it was used, is too old, or was about something else.
  std::optional<Time> use_form(PageSession& session, const std::string& form, const std::string& about);

 private:
  const Clock& clock_;
  Random& random_;
  Millis lock_after_;
  std::map<std::string, std::shared_ptr<PageSession>> sessions_;  // by the token's SHA-256
};

}  // namespace pontlevis::agent
