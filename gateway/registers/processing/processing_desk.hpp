// The register of processing over time: written anew when the facts change, each version kept, hashed and recorded,
// validated by the data-protection officer, looked at again within a year (requirements B31, §4.5).
// Owned by Registers; the loop's thread.
#pragma once

#include "gateway/registers/common/acts.hpp"
#include "gateway/registers/common/bell.hpp"
#include "gateway/registers/processing/processing_entry.hpp"

namespace pontlevis::gateway {

struct ProcessingVersion {
  std::string entry;
  std::int64_t version = 0;
  Time created_at{};
  std::string fields;  // JSON, as hashed
  std::string sha256;
  std::optional<std::string> validated_by;
  std::optional<Time> validated_at;
  std::optional<std::string> next_review_on;  // a day
};

class ProcessingDesk {
 public:
  explicit ProcessingDesk(Core& core, Bell& bell) : core_(core), bell_(bell) {}
  Result<> open();
  // Once a day, and before anybody reads for the first time: a new version where the text has changed.
  Awaitable<Result<>> look();
  Awaitable<void> keep_house();

  Awaitable<Result<json::object>> list(std::string, json::object words, ActBy by);
  Awaitable<Result<json::object>> show(std::string id, json::object words, ActBy by);      // {version?}
  Awaitable<Result<json::object>> validate(std::string id, json::object words, ActBy by);  // {version}
  Awaitable<Result<json::object>> assess(std::string id, json::object words, ActBy by);    // {required, date, reference}: the impact assessment
  // The page of a version, or of the newest (0).
  Awaitable<Result<std::string>> page(std::string id, std::int64_t version, Tongue tongue);
  // The practice's own entry; recorded as an export (A06). `format`: html or json.
  Awaitable<Result<std::string>> practice_entry(std::string practice, Tongue tongue, std::string format, ActBy by);

 private:
  Result<std::vector<ProcessingVersion>> versions(const std::string& id) const;  // newest first
  Result<ProcessingVersion> version_of(const std::string& id, std::int64_t version) const;
  Result<Dpia> dpia_of(const std::string& id) const;
  Awaitable<Result<>> look_at(std::string id);
  Result<json::object> whole(const std::string& id, std::int64_t version) const;
  json::object view(const std::vector<ProcessingVersion>& all) const;
  json::array controllers(const std::string& id) const;

  Core& core_;
  Bell& bell_;
  std::string looked_on_;  // day
  bool looking_ = false;
};

}  // namespace pontlevis::gateway
