// Wrong tries at the console's door, by login as it was typed and by source address. In memory only: the store
// may hold no network address (requirements A24), and a name nobody has must be locked like any other, without a
// stranger filling the store. A second factor's own lock is durable (second_factors.hpp). The loop's thread.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "gateway/people/second_factors.hpp"

namespace pontlevis::gateway {

class Tries {
 public:
  explicit Tries(const Clock& clock) : clock_(&clock) {}

  bool locked(const std::string& who);
  // True when this try was the last one.
  bool count(const std::string& who, const LockoutRule& rule);
  void forgive(const std::string& who) { tried_.erase(who); }
  std::size_t size() const { return tried_.size(); }

  static constexpr std::size_t most = 20'000;

 private:
  struct Tried {
    std::deque<Millis> at;
    Millis locked_until{0};
    Millis forgotten_at{0};
  };
  void make_room();
  const Clock* clock_;
  std::map<std::string, Tried> tried_;
};

// The part of an address that one stranger has to himself: all of IPv4's, the first 64 bits of IPv6's.
std::string source_key(const std::string& address);

}  // namespace pontlevis::gateway
