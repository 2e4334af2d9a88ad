// Once a day the gateway reads its whole log and verifies it as a stranger would (audit/verify.hpp), after the day's
// destruction. It proves nothing to others, who verify for themselves; it is how a vendor learns of damage within a
// day: what is found is an alarm, from which a breach file opens by itself (requirements A15, §4.6).
// Owned by Witnesses; the loop's thread, with a thread of its own for the reading.
#pragma once

#include <atomic>

#include "audit/verify.hpp"
#include "gateway/core.hpp"
#include "gateway/memory/worker.hpp"

namespace pontlevis::gateway {

class DailyVerification {
 public:
  explicit DailyVerification(Core& core) : core_(core), began_(core.clock.now()) {}
  ~DailyVerification() { stop(); }

  Result<> make_table();
  // To the daily destruction, which the verification follows: before it, fields are open whose day has come.
  void listen();
  // Starts one when it is due: after a destruction, or 26 hours after the last one whatever happened.
  Awaitable<void> look();
  // {"at","verified","findings","what"}: the last one, `what` its first finding or null. null: there was none.
  boost::json::value last() const;
  void stop() { stopping_ = true; }

 private:
  bool due() const;
  Awaitable<void> run();
  void put_off(const Error& why);
  Result<> keep(const audit::VerifyReport& report, Time at);
  void tell(const audit::VerifyReport& report);

  Core& core_;
  Time began_;
  bool purged_ = false, busy_ = false;
  Millis try_after_{0};  // since boot
  std::atomic<bool> stopping_ = false;
  Worker worker_;  // last: it ends before what its job reads
};

}  // namespace pontlevis::gateway
