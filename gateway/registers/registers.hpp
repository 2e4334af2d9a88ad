// The register of processing, requests of persons, and the breach file, with their clocks (requirements A18, A27, B21-B24, B31).
//   common/      deadlines, bells, pages in two languages
//   processing/  Article 30, written from the running configuration
//   rights/      requests of persons, from the letter to the answer
//   breach/      breach files, and the watch that opens drafts
// Owned by Memory; the loop's thread, a search of a person on its own. docs/registers.md.
#pragma once

#include "gateway/memory/area.hpp"
#include "gateway/registers/breach/breach_api.hpp"
#include "gateway/registers/breach/breach_watch.hpp"
#include "gateway/registers/common/old_cases.hpp"
#include "gateway/registers/processing/processing_api.hpp"
#include "gateway/registers/rights/rights_api.hpp"

namespace pontlevis::gateway {

class Registers final : public Area {
 public:
  explicit Registers(Core& core);

  Result<> open() override;
  Result<> start(Hub& hub) override;
  Awaitable<void> keep_house() override;
  ApiRoutes routes() override;
  VerbTable verbs() override;
  void stop() override { rights_.stop(); }

 private:
  Bell bell_;
  ProcessingDesk processing_;
  RightsDesk rights_;
  BreachDesk breaches_;
  BreachWatch watch_;
  OldCases old_cases_;
  ProcessingApi processing_api_;
  RightsApi rights_api_;
  BreachApi breach_api_;
};

}  // namespace pontlevis::gateway
