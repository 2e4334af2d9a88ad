// Both notes of the alarm, as one file for whoever is to verify them (docs/page.md; audit/evidence.hpp).
#include "agent/page/page.hpp"

namespace pontlevis::agent {

Page::Answer Page::evidence(PageCall call) {
  auto file = parts_.bridge.witness_watch().evidence_file();
  if (!file) co_return refusal(PageFault::not_found, file.error());
  act(call, "evidence_downloaded", {}, {});
  co_return answer(*std::move(file));
}

}  // namespace pontlevis::agent
