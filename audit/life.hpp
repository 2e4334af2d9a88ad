// Whether the records of each intervention tell a whole story, in order: audit-log design §2.5, checks 8 and 9. Fed
// one record after another.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "audit/record_check.hpp"

namespace pontlevis::audit {

class LifeCheck {
 public:
  using Report = std::function<void(LeafIndex, std::string)>;

  void see(const RecordFacts& record, const Report& finding);
  // After the last record: what was begun, whose time passed more than a day ago (by the log's own time), and what
  // has neither a result nor a recovery. What is younger is still open, or its practice is offline.
  void finish(Time now, const Report& finding, const Report& remark) const;

  // Whether a session of it was seen so far.
  bool was_opened(const std::string& intervention) const {
    const auto it = lives_.find(intervention);
    return it != lives_.end() && it->second.opened;
  }
  std::size_t interventions() const noexcept { return lives_.size(); }
  std::size_t sessions() const noexcept { return sessions_; }

 private:
  struct Life {
    bool consent = false, opened = false, ended = false, pair = false, together = false;
    std::optional<LeafIndex> asked, agreed;  // a request without an answer, a consent without a result
    LeafIndex opened_at{};
    std::optional<Time> answer_by, result_by, deadline;
    std::set<std::string> here;  // who is connected
  };
  void see_request(const RecordFacts& record, Life& life);
  void see_answer(const RecordFacts& record, Life& life);
  void see_consent(const RecordFacts& record, Life& life);
  void see_session(const RecordFacts& record, Life& life, const Report& finding);
  void see_connection(const RecordFacts& record, Life& life, const Report& finding);
  void see_work(const RecordFacts& record, const Life& life, const Report& finding);
  std::unordered_map<std::string, Life> lives_;
  std::size_t sessions_ = 0;
};

}  // namespace pontlevis::audit
