// The retention policy as one object (requirements B15, §3): for each class of data its term, the ceiling that no option
// passes, where it lies, in which form, and which text asks for it. The days of the log's classes are those of
// audit/schema.cpp, where each field's last day is fixed when it is written. Pure; any thread.
#pragma once

#include <boost/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace pontlevis::gateway {

struct PolicyClass {
  std::string_view id;       // of the log's classes: the rule as audit::rule_of() names it
  unsigned days;             // 0: for ever
  unsigned ceiling_days;     // 0: none
  bool in_log;               // its fields are counted and purged in the log
  bool may_be_deleted;       // by decision of the annual review, before its day
  std::string_view source_fr, source_en, conditions_fr, conditions_en, format_fr, format_en;
};

std::span<const PolicyClass> policy_classes();
const PolicyClass* find_policy_class(std::string_view id);
// Changes with every word above: what a DPO validated is that text and no other.
std::string policy_version();   // "1-" and 8 hex digits
std::string policy_sha256();
boost::json::object policy_json(const PolicyClass& cls, bool french);

}  // namespace pontlevis::gateway
