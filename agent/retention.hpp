// The practice's own memory forgets at its day (requirements T2, A24, B16, B20): every day the journal's fields
// that are due are destroyed, each run a `destruction` record with its certificate, and what was copied out of
// it for the page and for restarts (DATA/agent.db, DATA/page.db) goes with them. The vendor cannot ask for it,
// put it off, or hear of it: nothing here has an option.
// Owned by main; lives on the loop, the work on a thread of its own. REQUIRES: its parts outlive it.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <stop_token>

#include "agent/journal.hpp"
#include "agent/page/page_store.hpp"
#include "audit/retention.hpp"

namespace pontlevis::agent {

class JournalRetention {
 public:
  // `data` is the agent's data folder: its stores are looked through after each destruction.
  static Result<std::unique_ptr<JournalRetention>> make(Journal& journal, Store& store, PageStore& page_store,
                                                        const std::filesystem::path& data, const Clock& clock);
  ~JournalRetention();  // asks a run to stop and waits for it: what it began is finished at the next start

  // At start, then once each calendar day. Looks at the calendar every quarter of an hour, because a timer of a day
  // does not count the nights in which the machine sleeps.
  io::Awaitable<void> run_daily();
  // One run. Failures are events; the next day tries again.
  io::Awaitable<Result<audit::PurgeReport>> run_once();

 private:
  JournalRetention(Store& store, PageStore& page_store, const Clock& clock, audit::Retention retention)
      : store_(store), page_store_(page_store), clock_(clock), retention_(std::move(retention)) {}
  Result<> forget_copies(Time now);

  Store& store_;
  PageStore& page_store_;
  const Clock& clock_;
  audit::Retention retention_;
  std::stop_source stop_;
  boost::asio::thread_pool worker_{1};
};

// What was destroyed of the records of one intervention, and by which certificate:
// [{"index","fields":[name],"at":TIME,"certificate":id}]. Empty when everything is there.
Result<json::array> destroyed_of(const audit::Log& log, const std::vector<audit::StoredRecord>& records);

}  // namespace pontlevis::agent
