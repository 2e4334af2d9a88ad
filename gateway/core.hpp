// Everything a gateway keeps, opened together under one lock: keys, log, store and what was read of it.
// `serve` builds the listeners on top of it; the administrator's commands use it alone when nobody
// serves. Owned by main(); the loop's thread, except where a member says "any thread".
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "audit/cosignatures.hpp"
#include "audit/log.hpp"
#include "certs/agent_ca.hpp"
#include "certs/trust_bundle.hpp"
#include "gateway/certificates.hpp"
#include "gateway/codes.hpp"
#include "gateway/data_folder.hpp"
#include "gateway/interventions.hpp"
#include "gateway/options.hpp"
#include "gateway/practices.hpp"
#include "gateway/technicians.hpp"
#include "gateway/vendor_register.hpp"
#include "protocol/clock.hpp"
#include "protocol/io/byte_stream.hpp"
#include "protocol/random.hpp"

namespace pontlevis::gateway {

using io::Awaitable;

// One process per data folder. Released with the process, however it ends.
class FolderLock {
 public:
  static Result<FolderLock> take(const std::filesystem::path& file);
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

// What areas of the memory tell each other; each area listens where it needs to. Listeners do not throw and return at
// once. The loop's thread.
template <class... Facts>
class Signal {
 public:
  void listen(std::function<void(Facts...)> listener) { listeners_.push_back(std::move(listener)); }
  void operator()(Facts... facts) const {
    for (const auto& listener : listeners_) listener(facts...);
  }

 private:
  std::vector<std::function<void(Facts...)>> listeners_;
};

// A clock that runs out or ran out: of a rights request, a breach, a hold, an annual review, a finding. Fired daily while
// it runs and at each change; the last word about a kind and subject counts.
struct ClockNotice {
  std::string kind;     // rights_request, breach, hold, annual_review, contract_end, finding, backup, purge, restore_test
  std::string subject;  // its number; never a name
  Time due;
  bool late = false;
  bool settled = false;  // what was due is done: nobody waits for it any more
};

struct Signals {
  // The log is damaged, or a hostile act was recorded: one of a few words, and facts without a person (B06).
  Signal<const std::string&, const boost::json::object&> trouble;
  // A destruction certificate was recorded: its fields, as in the record. Copies elsewhere must go too (T2).
  Signal<const boost::json::object&> destroyed;
  Signal<const ClockNotice&> clock;
  // A notice to send: recipient (an address, or empty for the compliance mailbox), subject, text. French and English as the text says.
  Signal<const std::string&, const std::string&, const std::string&> mail;
};

struct Core {
  DataFolder folder;
  Options options;
  const Clock& clock;
  Random& random;
  FolderLock lock;
  certs::TrustBundle trust;
  certs::AgentCa ca;
  std::unique_ptr<sqlite::Database> store;
  Practices practices;
  Certificates certificates;
  Codes codes;
  Technicians technicians;
  Interventions interventions;
  VendorRegister vendor_register;
  std::unique_ptr<audit::Log> log;
  audit::CosignatureStore cosignatures;

  Signals signals{};

  // What the metrics say about appends.
  std::uint64_t appends = 0;
  Millis append_time{0};
  std::optional<Error> store_problem{};  // why the store takes nothing any more
  std::optional<Error> log_closed{};     // why nothing may be appended: the log is behind what its witnesses saw
  std::uint64_t records_dropped = 0;  // beyond the bound on strangers' records

  static constexpr int strangers_records_an_hour = 2000;
  Millis hour_began{0};
  int records_this_hour = 0;

  static Result<std::unique_ptr<Core>> open(const DataFolder& folder, Options options, const Clock& clock, Random& random);

  // The record in the log, durably, or an error that says so to a person. One place for all of them.
  Awaitable<Result<audit::Appended>> append(Result<audit::Record> record);
  // For what strangers and broken agents cause (failed sign-ins, bad frames): nobody waits, a failure is an
  // event, and no more than strangers_records_an_hour are written, so that a flood cannot fill the log.
  void append_and_go_on(Result<audit::Record> record);

  Result<> ready() const;  // log healthy and not behind, store open
  // The store could not take a row: as with the log, nothing is done from then on until a restart.
  Error store_refused(const Error& cause);
  LockoutRule lockout_rule() const;
};

}  // namespace pontlevis::gateway
