// The door of the console (docs/api.md §2): password and code, passkey, identity provider; signing out and
// proving once more that it is you. Handlers live on the loop.
#pragma once

#include "gateway/api/api_guard.hpp"

namespace pontlevis::gateway {

class PeopleDesk;

// What the page shows before anybody has signed in, and only the parts around the people know.
struct DoorFacts {
  std::string console_sha256;  // of the bundle that is served
  bool serving = true;         // a DPO contact is named (requirements A14)
  std::string ssh_host;        // both as technicians reach them
  unsigned ssh_port = 0;
};

// REQUIRES: `people` outlives the routes. `facts` is asked each time.
ApiRoutes sign_in_routes(PeopleDesk& people, std::function<DoorFacts()> facts);

// Me of the contract, for the holder of a session.
Result<json::object> me_json(PeopleDesk& people, const ApiCall& call);
// Set-Cookie that begins and ends a session.
std::string begin_cookie(std::string_view name, const Secret& value, std::string_view same_site);
std::string end_cookie(std::string_view name);

}  // namespace pontlevis::gateway
