// Looks through the whole log for one person, on a thread of its own, one search at a time. Reads what the log
// publishes, writes files, and tells the loop when it has ended. Owned by RightsDesk; called on the loop.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <thread>

#include "audit/log.hpp"
#include "gateway/registers/rights/rights_files.hpp"

namespace pontlevis::gateway {

struct SearchOrder {
  std::string request;
  PersonSought person;
  json::object head;  // of the JSON file: who was looked for, and what the registers of accounts say
  std::filesystem::path exports;
  Time now{};
};
struct SearchDone {
  std::uint64_t found = 0;
  std::vector<AnswerFile> files;
  std::vector<InterventionId> interventions;  // that name the person: must not be destroyed before the answer
};

class RightsSearch {
 public:
  explicit RightsSearch(const audit::Log& log) : log_(log) {}
  ~RightsSearch() { stop(); }

  // Errc::unavailable: another one runs. `done` is called on `loop`, once, unless stop() came first.
  using Done = std::function<void(Result<SearchDone>)>;
  Result<> start(SearchOrder order, boost::asio::any_io_executor loop, Done done);
  bool running(const std::string& request) const { return running_ == request; }
  void stop();  // within the time of one step

 private:
  const audit::Log& log_;
  std::string running_;  // the request; empty: none
  std::atomic<bool> stopping_ = false;
  std::shared_ptr<bool> alive_;
  std::thread thread_;
};

}  // namespace pontlevis::gateway
