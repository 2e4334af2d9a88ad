// The first look at every request of the API: where it comes from, whose it is, what its role may do.
// Deny by default: a route without roles is public, every other one names who may use it. What is
// refused is explained, and recorded a bounded number of times. Lives on the loop.
#pragma once

#include <variant>

#include "gateway/api/api_call.hpp"

namespace pontlevis::gateway {

class PeopleDesk;  // gateway/people: accounts, sessions, tokens
struct Session;
struct Token;

inline constexpr std::string_view session_cookie = "__Host-pontlevis";

class ApiGuard {
 public:
  ApiGuard(Core& core, PeopleDesk& people) : core_(core), people_(people) {}

  // Origin, content type, then the cookie or the token, the role, the scope, and the step-up.
  std::variant<ApiCall, io::HttpResponse> admit(io::HttpRequest request, const ApiRoute& route);
  // The same for a WebSocket of the console: the cookie alone, and the page's own origin.
  // ApiCall::session is what PeopleDesk::still_in() asks for while the connection stands.
  std::variant<ApiCall, io::HttpResponse> admit_socket(io::HttpRequest request, Roles roles);

 private:
  std::optional<io::HttpResponse> check_place(const io::HttpRequest& request, Door door);
  std::optional<io::HttpResponse> check_origin(const io::HttpRequest& request, Door door);
  std::variant<ApiCall, io::HttpResponse> admit_cookie(io::HttpRequest request, const ApiRoute& route);
  std::variant<ApiCall, io::HttpResponse> admit_token(io::HttpRequest request, const ApiRoute& route);
  std::optional<io::HttpResponse> check_token(const Token& token, const io::HttpRequest& request, const ApiRoute& route);
  std::optional<io::HttpResponse> check_role(const Person& person, const io::HttpRequest& request, const ApiRoute& route);
  std::optional<io::HttpResponse> check_session(const Session& session, const Person& person, const io::HttpRequest& request, const ApiRoute& route);
  io::HttpResponse refused(const io::HttpRequest& request, unsigned status, std::string_view code, Error error,
                           const std::string& subject = {});

  Core& core_;
  PeopleDesk& people_;
  Millis hour_began_{0};
  int recorded_ = 0;
};

// Puts the routes on the router, each behind the guard, with ETags on what is read and answers kept for
// a repeated Idempotency-Key. REQUIRES: guard, core and routes outlive the server.
void add_api_routes(io::Router& router, ApiGuard& guard, Core& core, const ApiRoutes& routes);

}  // namespace pontlevis::gateway
