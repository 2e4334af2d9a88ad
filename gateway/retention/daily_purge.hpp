// The daily purge (requirements A24, B16, T4, T5, T14): after the hour of retention.hour, or at once when a day was
// missed, the copies forget, then the log; each batch has its certificate. It says when it last ran, when the next
// run is due and how old the oldest network address is, and it cries when one gets too old.
// Owned by Retention; the loop's thread, the log's part on the worker's.
#pragma once

#include "gateway/retention/copies.hpp"
#include "gateway/retention/destroyer.hpp"
#include "gateway/retention/kept_words.hpp"
#include "gateway/retention/never_opened.hpp"

namespace pontlevis::gateway {

struct RetentionParts {
  Core& core;
  Worker& worker;
  Holds& holds;
  Copies& copies;
  Destroyer& destroyer;
  KeptWords& kept;
};

class DailyPurge {
 public:
  explicit DailyPurge(RetentionParts parts) : p_(parts), never_opened_(p_) {}

  // Whether a run is due now; says it when a day was missed.
  bool due();
  // {"destroyed", "deferred", "certificates": […]}; Errc::conflict while one runs.
  Awaitable<Result<json::object>> run();
  bool running() const { return running_; }

  std::optional<Time> last() const;  // of a run that ended well
  Time next() const;                 // the moment from which the next one is due
  bool late() const;                 // a day was missed
  std::string oldest_ip() const { return text_of(p_.kept.find("counts"), "oldest_ip"); }  // its last day; empty: there is none

 private:
  Awaitable<Result<json::object>> run_steps();
  Awaitable<Result<>> forget_copies(std::shared_ptr<const HeldNow> held, std::vector<InterventionId>& gone);
  Awaitable<Result<>> purge_closed();
  Awaitable<Result<>> record_requests();
  Awaitable<Result<>> record_request(const PendingRequest& request);
  Awaitable<Result<>> count();
  void watch_addresses(const std::string& oldest);

  RetentionParts p_;
  NeverOpened never_opened_;
  bool running_ = false;
  std::string told_;  // the day of which it was said that it is late
  Millis try_after_{0};  // since boot: after a run that failed
};

}  // namespace pontlevis::gateway
