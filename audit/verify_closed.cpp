// Checks 6 and 7: what is closed or gone was declared destroyed, later in the tree, in its scope and in time, else
// erasure becomes a way to hide; and what had to be destroyed is.
#include <algorithm>

#include "audit/retention.hpp"
#include "audit/verification.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

json::object open_of(const RecordFacts& facts) {
  json::object out{{"type", facts.type()}};
  if (!facts.practice.empty()) out["practice"] = facts.practice;
  if (!facts.intervention.empty()) out["intervention"] = facts.intervention;
  return out;
}

std::string number(std::size_t n) { return std::to_string(n); }

}  // namespace

// Scopes are many over the years, and few of them touch one stretch of records.
void ClaimIndex::turn_to(LeafIndex index, const std::vector<DestructionDeclared>& claims) {
  const auto block = index / tile_width;
  if (block_ == block) return;
  block_ = block;
  near_.clear();
  for (const auto& claim : claims)
    for (const auto& scope : claim.says.scope)
      if (scope.first < (block + 1) * tile_width && scope.last >= block * tile_width) near_.emplace_back(&claim, &scope);
}

// Empty: valid, or late, which is judged when the whole log was seen.
std::string Verification::why_invalid(const DestructionDeclared& claim, const RecordFacts& facts, const RecordFacts::Closed& field) const {
  if (claim.at <= facts.index) return "the destruction that covers it stands before it, as record " + number(claim.at);
  const auto performed = claim.says.performed_at.value_or(claim.recorded);
  const auto due = from_date(field.expires_on);
  // What was thought to be no personal datum, and turned out to be one, may go when somebody asks.
  if (!due) return may_come_early(claim.says.reason) ? std::string() : "it has no day on which it may be closed, and " + claim.says.reason + " closes no such field";
  if (claim.says.reason == never_opened) {
    const bool good = facts.type() == "request" && facts.time && performed >= never_opened_from(*facts.time);
    return good ? std::string() : "record " + number(claim.at) + " destroyed it as a request of a year ago, and it is none";
  }
  if (performed < *due && !may_come_early(claim.says.reason)) return "record " + number(claim.at) + " destroyed it before its day, " + field.expires_on;
  return {};
}

const DestructionDeclared* Verification::claim_for(const RecordFacts& facts, const RecordFacts::Closed& field, const json::object& open, std::string& why_not) {
  claim_index_.turn_to(facts.index, claims);
  const DestructionDeclared* late = nullptr;
  for (const auto& [claim, scope] : claim_index_.near()) {
    if (!scope->covers(facts.index, open, field.cls, field.name)) continue;
    if (auto why = why_invalid(*claim, facts, field); !why.empty()) {
      why_not = std::move(why);
      continue;
    }
    const auto due = from_date(field.expires_on);
    if (!due || claim->recorded <= *due + purge_tolerance) return claim;
    if (!late) late = claim;
  }
  return late;
}

void Verification::judge_closed(const RecordFacts& facts) {
  const auto open = open_of(facts);
  for (const auto& field : facts.closed) {
    std::string why = "no destruction in the log covers it";
    const auto* claim = claim_for(facts, field, open, why);
    const auto what = "field '" + printable(field.name, 64) + "' is closed: ";
    if (!claim) {
      if (is_unfinished(facts, field, open)) remark(Check::destruction, facts.index, what + "its destruction has begun and is not recorded yet");
      else fail_check(Check::destruction, facts.index, what + why);
      continue;
    }
    ++closed_good_;
    if (claim->says.reason == never_opened) unopened_.insert_or_assign(facts.index, std::pair(facts.intervention, claim->at));
    const auto due = from_date(field.expires_on);
    if (!due || claim->says.performed_at.value_or(claim->recorded) < *due) ++early_good_;
    if (due && claim->recorded > *due + purge_tolerance) late_.push_back({facts.index, field.name, field.cls, facts.practice, facts.intervention, *due, claim->recorded, claim->at});
  }
}

bool Verification::is_unfinished(const RecordFacts& facts, const RecordFacts::Closed& field, const json::object& open) const {
  return std::any_of(unfinished_.begin(), unfinished_.end(), [&](const auto& scope) {
    return scope.covers(facts.index, open, field.cls, field.name) || scope.covers_whole(facts.index);
  });
}

// Nothing of it can be read any more, its day neither: a destruction on its day must be younger than the longest term.
void Verification::judge_gone(const RecordFacts& facts) {
  constexpr auto longest_term = std::chrono::days(1826);
  claim_index_.turn_to(facts.index, claims);
  const auto newest = last_.value_or(Time{});  // of the records before it
  std::string why = "no destruction in the log covers it";
  for (const auto& [claim, scope] : claim_index_.near()) {
    if (!scope->covers_whole(facts.index) || claim->at <= facts.index) continue;
    if (may_come_early(claim->says.reason) || claim->says.performed_at.value_or(claim->recorded) >= newest + longest_term) return void(++closed_good_);
    why = "record " + number(claim->at) + " destroyed it before its day";
  }
  const RecordFacts::Closed whole{};
  if (is_unfinished(facts, whole, {})) return remark(Check::destruction, facts.index, "its destruction has begun and is not recorded yet");
  fail_check(Check::destruction, facts.index, "is gone: " + why);
}

void Verification::judge_overdue(const RecordFacts& facts) {
  constexpr std::size_t most = 100000;
  ++overdue_count_;
  if (overdue_.size() < most) overdue_.push_back({facts.index, facts.overdue->name, facts.overdue->cls, facts.practice, facts.intervention, from_date(facts.overdue->expires_on).value_or(Time{}), {}, {}});
}

// A hold that was in force on the day (requirements B18, T14); never over a network address.
bool Verification::is_held(const Waiting& field, LeafIndex before) const {
  if (field.cls == FieldClass::ip) return false;
  std::map<std::string, bool> in_force;
  for (const auto& hold : holds) {
    if (hold.index >= before) break;
    const auto id = text_of(hold.said, "hold_id"), event = text_of(hold.said, "event");
    if (event == "PLACED" && hold_covers(hold.said, field) && hold.time && *hold.time <= field.due + purge_tolerance) in_force[id] = true;
    // Lifted long before the destruction: it does not explain the wait any more.
    if (event == "LIFTED" && field.recorded != Time{} && hold.time && *hold.time + purge_tolerance < field.recorded) in_force[id] = false;
    if (event == "LIFTED" && field.recorded == Time{} && hold.time && *hold.time + purge_tolerance < now) in_force[id] = false;
  }
  return std::any_of(in_force.begin(), in_force.end(), [](const auto& h) { return h.second; });
}

// {"practice", "intervention", "first", "last"}: all that it names must fit; {} is everything.
bool Verification::hold_covers(const json::object& hold, const Waiting& field) {
  const auto* scope = hold.if_contains("scope");
  if (!scope || !scope->is_object()) return false;
  const auto& o = scope->get_object();
  const auto practice = text_of(o, "practice"), intervention = text_of(o, "intervention");
  const auto* first = o.if_contains("first");
  const auto* last = o.if_contains("last");
  const bool ranged = first && last && first->is_int64() && last->is_int64();
  if (!practice.empty() && practice != field.practice) return false;
  if (!intervention.empty() && intervention != field.intervention) return false;
  return !ranged || (first->get_int64() <= static_cast<std::int64_t>(field.index) && static_cast<std::int64_t>(field.index) <= last->get_int64());
}

// A machine that was off cannot destroy; when it wrote again, its purge ran. The ceiling of A24 knows no excuse.
bool Verification::was_off(const Waiting& field) const {
  const auto from = field.due + std::chrono::days(1);
  const auto first = std::partition_point(dated_.begin(), dated_.end(), [&](const auto& t) { return t < from; });
  return first != dated_.end() && field.recorded <= *first + purge_tolerance;
}

// Known only when every record was seen.
void Verification::check_unopened() {
  for (const auto& [index, by] : unopened_)
    if (life_.was_opened(by.first)) fail_check(Check::destruction, index, "was destroyed as a request that never opened, by record " + number(by.second) + ", and a session of it stands in the log");
}

Result<> Verification::check_destructions() {
  for (const auto& t : times)
    if (t) dated_.push_back(*t);
  for (const auto& late : late_) {
    const auto days = std::chrono::floor<std::chrono::days>(late.recorded - late.due).count();
    const auto what = "field '" + printable(late.field, 64) + "' was destroyed " + std::to_string(days) + " days late, by record " + number(late.by);
    const bool past_ceiling = late.cls == FieldClass::ip && late.recorded > late.due + std::chrono::days(ip_days_in_all - ip_days_live);
    if (past_ceiling) fail_check(Check::destruction, late.index, what + ": past the ceiling of six months");
    else if (is_held(late, late.by)) ++held_;
    else if (was_off(late)) remark(Check::destruction, late.index, what + ": nothing was written meanwhile, and it was done when the log went on");
    else fail_check(Check::destruction, late.index, what);
  }
  check_claims();
  check_unopened();
  if (closed_good_ == 0 && claims.empty()) return not_applicable(Check::destruction, "nothing is closed, nothing is gone"), Result<>{};
  std::string what = number(report.closed_fields) + " closed fields and " + number(report.gone_records) + " records gone, explained by " + number(claims.size()) + " destructions";
  if (early_good_ > 0) what += "; " + number(early_good_) + " before their day, for a reason that allows it";
  if (held_ > 0) what += "; " + number(held_) + " waited for a hold";
  passed(Check::destruction, std::move(what));
  return {};
}

// What the certificates say of themselves.
void Verification::check_claims() {
  for (const auto& claim : claims) {
    const auto& says = claim.says;
    if (says.performed_at && *says.performed_at > claim.recorded + options.skew) fail_check(Check::destruction, claim.at, "says that it destroyed after it was written");
    if (says.found > 0) remark(Check::destruction, claim.at, "met " + std::to_string(says.found) + " copies in other files");
    const bool final_came = std::any_of(claims.begin(), claims.end(), [&](const auto& other) { return other.says.completes == says.certificate_id && other.at > claim.at; });
    if (says.state == "PARTIAL" && !final_came && says.backup_expiry && *says.backup_expiry + purge_tolerance < now)
      remark(Check::destruction, claim.at, "is still PARTIAL, and its backups have expired");
  }
}

Result<> Verification::check_retention() {
  std::size_t waiting = 0;
  for (const auto& field : overdue_) {
    if (is_held(field, tree.size())) {
      ++waiting;
      continue;
    }
    const auto what = "field '" + printable(field.field, 64) + "' is open past its last day, " + to_date(field.due);
    // On a bundle without a date of the verifier's own the log's last record is "today": a purge may still run that day.
    if (!options.now && field.due + purge_tolerance >= now) remark(Check::retention, field.index, what + ": its purge is due");
    else fail_check(Check::retention, field.index, what);
  }
  if (overdue_count_ > overdue_.size()) fail_check(Check::retention, std::nullopt, number(overdue_count_ - overdue_.size()) + " more fields are open past their last day");
  if (report.open_fields == 0) return not_applicable(Check::retention, "no field is open"), Result<>{};
  passed(Check::retention, "no personal field is open past its last day, as of " + report.as_of + (waiting > 0 ? "; " + number(waiting) + " wait for a hold" : ""));
  return {};
}

}  // namespace pontlevis::audit
