// What the CRM is told of an intervention: the members of docs/outward.md §2 and no others (requirements A39 to A45). Never a
// network address, a password, a patient datum or what the practice wrote in free words. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "gateway/intervention.hpp"
#include "gateway/practices.hpp"

namespace pontlevis::gateway {

constexpr std::string_view crm_schema = "pontlevis-crm-1";

// What the practice said about the report, without its words: they stay with the practice and in the record.
struct PracticeComment {
  std::string at;
  bool contested = false;
};
std::optional<PracticeComment> last_comment(const std::vector<TakenFact>& facts);

// Of a closed one: the whole, without version and time. `withheld`: members whose values were destroyed, null in it.
json::object crm_content(const Intervention& iv, const Practice* practice, const std::optional<PracticeComment>& comment,
                         const std::vector<std::string>& withheld);
// The members of crm_content() that a field of the records `intervention` and `report` fills; empty: none.
std::string_view crm_member_of(std::string_view record_field);

// {"type":"intervention.<what>","timestamp","schema","data":{…}}
std::string crm_body(std::string_view what, Time at, std::int64_t version, json::object data);

json::object crm_refusal(const Intervention& iv, std::string_view decided_at);
json::object crm_withdrawal(const Intervention& iv);
// `certificate`: number of the destruction certificate; empty: the store itself no longer holds the row.
json::object crm_deletion(const std::string& intervention, const std::string& practice, const std::string& crm_ref, const std::string& certificate);

}  // namespace pontlevis::gateway
