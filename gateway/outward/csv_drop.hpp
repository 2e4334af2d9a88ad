// A file a day with the interventions closed that day, for a customer-relations system that reads files: written aside,
// fsynced and renamed, its SHA-256 beside it, removed after 30 days because it is a copy, and written again without what was
// destroyed meanwhile (requirements A39, T2). Owned by Outward; the loop's thread, the disk on a thread of its own.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "gateway/outward/crm.hpp"

namespace pontlevis::gateway {

class CsvDrop {
 public:
  static constexpr int days_kept = 30;
  CsvDrop(Core& core, Outbox& outbox, Crm& crm) : core_(core), outbox_(outbox), crm_(crm) {}
  ~CsvDrop() { disk_.join(); }

  Result<> make_tables();
  bool wanted() const { return !core_.options.text("csv.folder").empty(); }

  // It closed just now, or its content changed or went: its day's file is looked at again. A transaction of the caller's.
  Result<> closed(const InterventionId& id);
  Result<> changed(const std::string& id);
  // Writes what is due: days that are over (UTC), at most a month back, and those that changed.
  Awaitable<Result<>> keep_house();

  // The content of one day's file; its number of lines without the headings.
  struct Day {
    std::string text;
    int lines = 0;
  };
  Result<Day> day(Time midnight);

 private:
  struct Due {
    Time midnight{};
    std::int64_t edition = 0;
    bool again = false;
  };
  Awaitable<Result<>> write(Due due);
  Result<std::vector<Due>> days_due();
  Result<> wrote(const Due& due, const Day& day);

  Core& core_;
  Outbox& outbox_;
  Crm& crm_;
  boost::asio::thread_pool disk_{1};
};

}  // namespace pontlevis::gateway
