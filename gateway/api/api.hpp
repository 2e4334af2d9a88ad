// The gateway's API and console together: who may come in, each area's routes, the two sockets and the page's
// own files. What is asked here is decided where the SSH front's commands are: by Desk and Admin.
// Owned by Gateway; the loop's thread. docs/api.md.
#pragma once

#include "gateway/api/api_accounts.hpp"
#include "gateway/api/api_guard.hpp"
#include "gateway/api/api_interventions.hpp"
#include "gateway/api/api_practices.hpp"
#include "gateway/api/api_relay.hpp"
#include "gateway/api/api_sign_in.hpp"
#include "gateway/people/people_desk.hpp"

namespace pontlevis::gateway {

class Front;

class Api {
 public:
  Api(Core& core, Desk& desk, Links& links, RelayDesk& relays, Front& front, Admin& admin);

  // Routes of the areas of the memory, beside its own. REQUIRES: before routes() and add_to().
  void use(ApiRoutes routes) { memory_routes_ = std::move(routes); }
  PeopleDesk& people() { return people_; }
  // Every route of the API, as the matrix of roles is tested and docs/api/openapi.json describes.
  ApiRoutes routes();
  // REQUIRES: outlives the server that got the router.
  void add_to(io::Router& router);

 private:
  DoorFacts door_facts() const;

  Core& core_;
  Front& front_;
  PeopleDesk people_;
  ApiGuard guard_;
  ApiInterventions interventions_;
  ApiPractices practices_;
  ApiRegister register_;
  ApiAccounts accounts_;
  ApiRelay relay_;
  ApiRoutes memory_routes_;
  ApiRoutes routes_;  // those the server answers by
  ApiRoutes served_;  // the router refers to it
};

}  // namespace pontlevis::gateway
