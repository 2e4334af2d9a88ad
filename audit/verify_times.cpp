// Check 8: claimed times inside what witnesses and authorities saw. A record below a checkpoint is not younger than its
// cosignature, one above it is not older; times go forward (seen in the walk), so the two records at the edge decide.
#include <algorithm>
#include <set>

#include "audit/verification.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

const std::string authority_name = "the timestamp authority";

std::string minutes_between(Time a, Time b) { return std::to_string(std::chrono::ceil<std::chrono::minutes>(a - b).count()) + " minutes"; }

}  // namespace

void Verification::contradict(const std::string& who, LeafIndex index, std::string what) {
  auto [it, fresh] = contradictions_.emplace(who, std::pair{index, what});
  if (!fresh && index < it->second.first) it->second = {index, std::move(what)};
}

// REQUIRES: times has an element for each record.
void Verification::check_bounds(TreeSize size, Time at, const std::string& who, Millis skew) {
  ++bounds_;
  if (size > 0 && size <= times.size() && times[size - 1] && *times[size - 1] > at + skew) {
    const auto bad = std::partition_point(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(size), [&](const auto& t) { return !t || *t <= at + skew; });
    const auto index = static_cast<LeafIndex>(bad - times.begin());
    contradict(who, index, "is dated " + minutes_between(*times[size - 1], at) + " after " + who + " saw it");
  }
  if (size < times.size() && times[size] && *times[size] < at - skew)
    contradict(who, size, "is dated " + minutes_between(at, *times[size]) + " before " + who + " saw the log without it");
}

// One clock of many that stands alone is probably wrong itself; half of them, or an authority, are believed.
void Verification::judge_clocks() {
  std::set<std::string> seen;
  for (const auto& c : cosigned_) seen.insert(c.witness);
  const auto against = static_cast<std::size_t>(std::count_if(contradictions_.begin(), contradictions_.end(), [](const auto& c) { return c.first != authority_name; }));
  for (const auto& [who, fault] : contradictions_) {
    const bool believed = who == authority_name || against * 2 >= seen.size();
    if (believed) fail_check(Check::times, fault.first, fault.second);
    else remark(Check::times, fault.first, fault.second + "; most witnesses say otherwise, so its clock is doubted");
  }
}

Result<> Verification::check_times() {
  for (const auto& c : cosigned_) check_bounds(c.size, c.time, c.witness, options.skew);
  for (const auto& s : stamped) check_bounds(s.size, s.time, authority_name, options.skew);
  judge_clocks();
  if (report.records == report.gone_records) return not_applicable(Check::times, "no dated record is here"), Result<>{};
  passed(Check::times, "times go forward" + (bounds_ == 0 ? std::string("; no witness and no authority bounds them") : ", inside the bounds of " + std::to_string(bounds_) + " cosignatures and timestamps"));
  return {};
}

}  // namespace pontlevis::audit
