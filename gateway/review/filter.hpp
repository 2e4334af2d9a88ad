// What a reader searches for: `Filter` of web/review/contract.ts, read strictly from an address or a body, with one
// canonical form, so that the same search is the same record. Pure; the loop's thread. Fuzz target: tests/fuzz.
#pragma once

#include <boost/json.hpp>

#include "gateway/review/review_index.hpp"
#include "protocol/io/http/http_message.hpp"

namespace pontlevis::gateway {

namespace json = boost::json;

class ReviewFilter {
 public:
  // Errc::bad_input names the member: an unknown one, a value outside its list, a day that is none.
  static Result<ReviewFilter> from_query(const io::HttpRequest& request);
  static Result<ReviewFilter> from_json(const json::object& filter);

  // Members in the order of the contract, those that are set.
  const json::object& json() const { return members_; }
  std::string text() const { return json::serialize(members_); }
  ReviewQuery resolve(const ReviewIndex& index) const;

 private:
  static Result<ReviewFilter> checked(const std::map<std::string, std::string>& given);
  json::object members_;
};

// Midnight in Paris at the beginning of that day, in milliseconds since 1970 UTC.
std::optional<std::int64_t> paris_midnight(std::string_view day);
std::string day_after(std::string_view day);  // REQUIRES: a day

}  // namespace pontlevis::gateway
