// The administrator's acts, each one function over JSON: the command line calls them through the control socket
// of a serving gateway, or directly when nobody serves. No act here opens anything at a practice. Every
// change is a record in the log. Owned by Gateway or by the command line; the loop's thread.
#pragma once

#include <functional>

#include "gateway/memory/area.hpp"

namespace pontlevis::gateway {

// What a serving gateway does besides; empty when nobody serves.
struct LiveEffects {
  std::function<bool(const PracticeId&)> link_up;
  std::function<void(const std::string& note, const std::optional<Login>& person)> revoked_card;
  std::function<void(const PracticeId&, const std::vector<std::string>& serials)> revoked_agent;
  std::function<void(const Login&)> ended_account;  // reset or removed: PeopleDesk::end_person
};

class Admin {
 public:
  explicit Admin(Core& core, LiveEffects live = {}) : core_(core), live_(std::move(live)) {}
  // Verbs of the areas of the memory, beside its own.
  void use(VerbTable verbs) { verbs_.merge(std::move(verbs)); }
  // {"verb":"practice add",…}; an unknown verb or member is Errc::bad_input.
  Awaitable<Result<boost::json::object>> act(boost::json::object request);

 private:
  Awaitable<Result<boost::json::object>> add_practice(boost::json::object request);
  Awaitable<Result<boost::json::object>> set_contract(boost::json::object request);
  Awaitable<Result<boost::json::object>> add_code(boost::json::object request);
  Awaitable<Result<boost::json::object>> add_technician(boost::json::object request);
  Awaitable<Result<boost::json::object>> revoke_technician(boost::json::object request);
  Awaitable<Result<boost::json::object>> revoke_agent(boost::json::object request);
  Result<boost::json::object> list_practices(const boost::json::object& request) const;
  Result<boost::json::object> list_technicians(const boost::json::object& request) const;
  Result<boost::json::object> list_interventions(const boost::json::object& request) const;

  Core& core_;
  LiveEffects live_;
  VerbTable verbs_;
};

}  // namespace pontlevis::gateway
