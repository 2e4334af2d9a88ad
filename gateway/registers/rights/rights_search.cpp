#include "gateway/registers/rights/rights_search.hpp"

#include <boost/asio/post.hpp>
#include <set>

namespace pontlevis::gateway {
namespace {

constexpr std::size_t records_a_step = 256, most_interventions = 20'000;

Result<SearchDone> look_through(const audit::Log& log, SearchOrder order, const std::atomic<bool>& stopping) {
  FoundFiles files(order.exports, order.request, std::move(order.head), order.now);
  std::set<std::string> interventions;
  const auto size = log.size();
  for (audit::LeafIndex at = 0; at < size; at += records_a_step) {
    if (stopping) return fail(Errc::closed, "the gateway is stopping", "rights request", "search again");
    PL_TRY(records, log.records(at, static_cast<std::size_t>(std::min<audit::TreeSize>(records_a_step, size - at))));
    for (const auto& record : records) {
      PL_TRY(found, about_person(record, order.person));
      if (!found) continue;
      if (!found->intervention.empty() && interventions.size() < most_interventions) interventions.insert(found->intervention);
      PL_CHECK(files.add(*found));
    }
  }
  SearchDone out;
  out.found = files.count();
  PL_TRY(written, files.finish());
  out.files = std::move(written);
  for (const auto& id : interventions)
    if (auto parsed = InterventionId::parse(id)) out.interventions.push_back(*std::move(parsed));
  return out;
}

}  // namespace

Result<> RightsSearch::start(SearchOrder order, boost::asio::any_io_executor loop, Done done) {
  if (!running_.empty()) return fail(Errc::unavailable, "another search is under way", "rights request", "try again when it has ended");
  if (thread_.joinable()) thread_.join();
  running_ = order.request;
  stopping_ = false;
  alive_ = std::make_shared<bool>(true);
  const std::weak_ptr<bool> alive = alive_;
  thread_ = std::thread([this, alive, order = std::move(order), loop = std::move(loop), done = std::move(done)]() mutable {
    auto result = std::make_shared<Result<SearchDone>>(look_through(log_, std::move(order), stopping_));
    boost::asio::post(loop, [this, alive, result, done = std::move(done)] {
      if (!alive.lock()) return;  // stopped meanwhile: `this` may be gone
      running_.clear();
      done(std::move(*result));
    });
  });
  return {};
}

void RightsSearch::stop() {
  stopping_ = true;
  alive_.reset();
  if (thread_.joinable()) thread_.join();
  running_.clear();
}

}  // namespace pontlevis::gateway
