// The main courante as compliance and auditors read it: search, one intervention, marks, copies, clocks (requirements A15,
// B12, B30; docs/review.md). Owned by Memory; the loop's thread.
#pragma once

#include <memory>

#include "gateway/memory/area.hpp"

namespace pontlevis::gateway {

class Review final : public Area {
 public:
  explicit Review(Core& core);
  ~Review() override;

  Result<> open() override;
  Result<> start(Hub& hub) override;
  Awaitable<void> keep_house() override;
  ApiRoutes routes() override;
  VerbTable verbs() override;
  void stop() override;

  // Reads the main courante on this thread, where nobody waits for a loop: tools and tests.
  Result<> read_now();

 private:
  Awaitable<Result<boost::json::object>> rebuild(boost::json::object request);
  void once_a_day();

  struct Parts;
  Core& core_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace pontlevis::gateway
