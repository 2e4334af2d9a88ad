// What people ask of retention, each act one function over JSON: the command line's verbs and the API's routes are the
// same functions (requirements B15-B20, B33, A17, A22-A24). Every change is a record with the name of who made it.
// Owned by Retention; the loop's thread.
#pragma once

#include "gateway/memory/area.hpp"
#include "gateway/retention/annual_review.hpp"
#include "gateway/retention/contract_end.hpp"
#include "gateway/retention/spontaneous.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {

class RetentionDesk {
 public:
  using Answer = Awaitable<Result<json::object>>;
  RetentionDesk(RetentionParts parts, DailyPurge& purge, Erasures& erasures, AnnualReviews& reviews, ContractEnds& ends, SpontaneousData& spontaneous)
      : p_(parts), purge_(purge), erasures_(erasures), reviews_(reviews), ends_(ends), spontaneous_(spontaneous) {}
  VerbTable verbs();

  Answer state(json::object request);
  Answer run(json::object request);
  Answer validate(json::object request);
  Answer erase(json::object request);
  Answer certificates(json::object request);
  Answer certificate(json::object request);
  Answer certificate_words(json::object request);
  Answer destructions(json::object request);  // for a restore: what destruction records say, and nothing else

  Answer holds(json::object request);
  Answer place_hold(json::object request);
  Answer review_hold(json::object request);
  Answer lift_hold(json::object request);
  void say_holds();  // whose day of review has come

  Answer reviews(json::object request);
  Answer review(json::object request);
  Answer decide(json::object request);
  Answer sign(json::object request);

  Answer contract_ends(json::object request);
  Answer choose(json::object request);
  Answer confirm(json::object request);

  Answer spontaneous(json::object request);
  Answer quarantine(json::object request);
  Answer destroy_spontaneous(json::object request);
  Answer sweep(json::object request);

 private:
  Answer change_hold(Hold hold, std::string event, std::string words, std::string by);
  json::array class_rows(bool french) const;

  RetentionParts p_;
  DailyPurge& purge_;
  Erasures& erasures_;
  AnnualReviews& reviews_;
  ContractEnds& ends_;
  SpontaneousData& spontaneous_;
};

// A strict reader that knows what every verb carries: its own name, and who asks.
StrictObject verb_reader(const json::object& request, std::string where);
std::string who_asks(const json::object& request);  // empty: at the machine's own prompt

}  // namespace pontlevis::gateway
