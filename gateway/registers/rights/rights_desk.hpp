// Requests of persons from the day they come to the answer: the clock, who answers, whose identity was checked and how,
// what was found, what was told. Each step is a record in the log before it counts (requirements A16, A27, A28, B17,
// B21-B24, T7). Owned by Registers; the loop's thread, the search on its own.
#pragma once

#include <set>

#include "gateway/registers/common/acts.hpp"
#include "gateway/registers/common/bell.hpp"
#include "gateway/registers/rights/rights_case.hpp"
#include "gateway/registers/rights/rights_search.hpp"

namespace pontlevis::gateway {

class RightsDesk {
 public:
  RightsDesk(Core& core, Bell& bell) : core_(core), bell_(bell), search_(*core.log) {}
  Result<> open();
  void keep_house();
  void stop() { search_.stop(); }

  Result<json::object> list(bool only_open, const PageAsked& page) const;
  Awaitable<Result<json::object>> list_all(std::string, json::object words, ActBy by);       // {open?}
  Awaitable<Result<json::object>> show(std::string id, json::object words, ActBy by);
  Awaitable<Result<json::object>> receive(std::string, json::object words, ActBy by);        // NewRightsRequest
  Awaitable<Result<json::object>> identify(std::string id, json::object words, ActBy by);    // {method, result}
  Awaitable<Result<json::object>> extend(std::string id, json::object words, ActBy by);      // {reason}
  Awaitable<Result<json::object>> forward(std::string id, json::object words, ActBy by);     // {to, address?}
  // {login, name}: answers when the search has ended, or after two seconds while it goes on.
  Awaitable<Result<json::object>> search(std::string id, json::object words, ActBy by);
  Awaitable<Result<json::object>> answer(std::string id, json::object words, ActBy by);      // {outcome, words, language}
  // Errc::not_found, or expired once its last day is over.
  Result<std::string> file(const std::string& id, const std::string& name) const;

 private:
  Result<RightsCase> find(const std::string& id) const;
  Result<RightsCase> find_open(const std::string& id) const;  // Errc::conflict when it was answered
  Result<> save(const RightsCase& c);
  // The step in the log, then in the case, then in the store.
  Awaitable<Result<>> record(RightsCase& c, std::string_view event, json::object more, const ActBy& by);
  Awaitable<Result<>> pass_on(RightsCase& c, PracticeId to, std::string address, const ActBy& by);
  Awaitable<Result<>> looked_for(RightsCase c, ActBy by, std::shared_ptr<Result<SearchDone>> done);
  Awaitable<Result<>> record_view(const RightsCase& c, const ActBy& by);
  Result<> write_answer(RightsCase& c, Tongue tongue);
  json::array held_about(const std::string& login) const;
  json::object view(const RightsCase& c) const;
  Result<> ring();

  Core& core_;
  Bell& bell_;
  RightsSearch search_;
  std::set<std::string> in_hand_;  // being changed right now: one change at a time
};

}  // namespace pontlevis::gateway
