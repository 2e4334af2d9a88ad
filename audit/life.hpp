// Whether the records of each intervention tell a whole story, in order. Fed one record after another.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "audit/record.hpp"

namespace pontlevis::audit {

class LifeCheck {
 public:
  using Report = std::function<void(LeafIndex, std::string)>;

  void see(LeafIndex index, const json::object& record, const Report& finding);
  // After the last record: sessions whose deadline passed more than a day ago (by the log's own time)
  // and that have neither an end nor a recovery. Younger ones are still open, or their practice is offline.
  void finish(const Report& finding, const Report& remark) const;

  std::size_t interventions() const noexcept { return lives_.size(); }
  std::size_t sessions() const noexcept { return sessions_; }
  const std::string& first_time() const noexcept { return first_; }
  const std::string& last_time() const noexcept { return last_; }

 private:
  struct Life {
    bool consent = false, opened = false, ended = false;
    LeafIndex opened_at{};
    std::optional<Time> deadline;
  };
  void see_intervention(LeafIndex index, Life& life, const std::string& type, const json::object& record, const Report& finding);
  std::map<std::string, Life> lives_;
  std::size_t sessions_ = 0;
  std::string first_, last_;
};

}  // namespace pontlevis::audit
