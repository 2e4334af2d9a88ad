// The first look at every request of the API: where it comes from, whose it is, what its role may do.
// Deny by default: a route without roles is public, every other one names who may use it. What is
// refused is explained, and recorded a bounded number of times. Lives on the loop.
#pragma once

#include <variant>

#include "gateway/api/api_call.hpp"

namespace pontlevis::gateway {

class PeopleDesk;  // gateway/people: accounts, sessions, tokens

class ApiGuard {
 public:
  ApiGuard(Core& core, PeopleDesk& people) : core_(core), people_(people) {}

  // Origin, content type, then the cookie or the token, the role, the scope, and the step-up.
  std::variant<ApiCall, io::HttpResponse> admit(io::HttpRequest request, const ApiRoute& route);
  // The same for a WebSocket of the console: the cookie alone, and the page's own origin.
  std::variant<ApiCall, io::HttpResponse> admit_socket(io::HttpRequest request, Roles roles);

 private:
  Core& core_;
  PeopleDesk& people_;
};

// Puts the routes on the router, each behind the guard, with ETags on what is read and answers kept for
// a repeated Idempotency-Key. REQUIRES: guard and routes outlive the server.
void add_api_routes(io::Router& router, ApiGuard& guard, Core& core, const ApiRoutes& routes);

}  // namespace pontlevis::gateway
