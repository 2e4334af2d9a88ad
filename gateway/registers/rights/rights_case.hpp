// One request of a person and what became of it (requirements A27, B21-B24). A value; no I/O.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "gateway/registers/rights/rights_words.hpp"
#include "protocol/clock.hpp"
#include "protocol/ids.hpp"
#include "protocol/result.hpp"

namespace pontlevis::gateway {

namespace json = boost::json;

struct IdentityCheck {
  std::string method;  // in a few words; never a document
  IdentityResult result{};
  Time at{};
};

struct AnswerFile {
  std::string name;   // "found.csv", as people ask for it
  std::string place;  // its name in DATA/exports, with its last day
  std::string sha256;
  std::int64_t bytes = 0;
};

struct CaseStep {
  Time at{};
  std::string what, by;
  std::optional<std::uint64_t> index;  // in the log; none while the log takes nothing
};

struct RightsCase {
  std::string id;
  RightsType type{};
  RightsChannel channel{};
  Requester status{};
  std::string requester, contact, text;
  std::optional<PracticeId> practice;
  Time received_at{};
  std::optional<Time> extended_until{};  // a day
  std::string extension_reason;
  std::optional<IdentityCheck> identity;
  std::optional<PracticeId> forwarded_to;
  Time forwarded_at{};
  std::string searched_login, searched_name;
  std::optional<std::int64_t> found;
  std::optional<RightsOutcome> outcome;
  std::string words;  // what the person was told
  Time answered_at{};
  std::vector<AnswerFile> files;
  std::vector<CaseStep> steps;

  bool open() const { return !outcome; }
  RightsRoute route() const { return route_of(status).route; }
  Time due() const;  // the last day, after an extension too
};

std::string state_of(const RightsCase& c, bool searching);
json::object case_view(const RightsCase& c, Time now, bool searching);  // web/review/contract.ts RightsRequest

// For the store. case_from(case_text(x)) == x.
std::string case_text(const RightsCase& c);
Result<RightsCase> case_from(std::string_view text);
// What a new request is, from words that come from outside.
Result<RightsCase> new_case(const json::object& words, std::string id, Time now);

json::array steps_json(const std::vector<CaseStep>& steps);
Result<std::vector<CaseStep>> steps_from(const json::array& steps, const std::string& where);

}  // namespace pontlevis::gateway
