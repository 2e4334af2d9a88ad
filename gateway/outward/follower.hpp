// Reads what the log received since last time, of the few types that concern the world outside, in order; how far it came is
// kept in the store, so that nothing is missed by a restart. Owned by Outward; the loop's thread, a short read at a time.
#pragma once

#include "gateway/core.hpp"

namespace pontlevis::gateway {

using audit::LeafIndex;

class Follower {
 public:
  static constexpr std::size_t window = 4096, most_at_once = 128;
  explicit Follower(Core& core) : core_(core) {}
  Result<> open();  // a new one begins at the log's end: what came before it is nobody's news

  struct Seen {
    LeafIndex index{};
    std::string type;
    json::object fields;
  };
  struct Step {
    std::vector<Seen> records;
    LeafIndex next{};
    bool more = false;
  };
  Result<Step> look();
  Result<> came_to(LeafIndex next);  // in the transaction of what was done about it

 private:
  Core& core_;
  LeafIndex at_{};
};

}  // namespace pontlevis::gateway
