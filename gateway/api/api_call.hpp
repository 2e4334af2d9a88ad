// What the handlers of /api/v1 are given and give back (docs/api.md). A route says who may use it; the
// guard (api_guard.hpp) has decided before a handler runs, so that no handler asks about roles.
// Handlers live on the loop.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/core.hpp"
#include "gateway/people/role.hpp"
#include "protocol/io/http/router.hpp"

namespace pontlevis::gateway {

struct ApiCall {
  io::HttpRequest request;
  Person person;        // who asks; on a public route (ApiRoute::roles is empty) nobody(): ask not
  std::string session;  // names the browser's session in the store of sessions; empty with a token
};

using ApiAnswer = Awaitable<io::HttpResponse>;
using ApiHandler = std::function<ApiAnswer(ApiCall)>;

// By which way a request may come to a route.
enum class Door : unsigned char {
  any,         // the console's page with its cookie, or a personal access token
  page,        // the console's page alone: what concerns the person's own keys
  navigation,  // the browser itself, sent here by another site: the answer of an identity provider
};

// REQUIRES: a handler is a free coroutine or a member one, called with the ApiCall by value.
struct ApiRoute {
  std::string method;   // GET, POST, PUT or DELETE
  std::string path;     // "/api/v1/interventions/<id>"
  Roles roles;          // none: public, before signing in
  Scope scope;          // that a personal access token needs; public routes ignore it
  bool fresh = false;   // the person proved to be there within the last minutes (step-up)
  ApiHandler handler;
  Door door = Door::any;
  bool secret = false;  // its answer holds a secret: it is never kept for an Idempotency-Key
};
using ApiRoutes = std::vector<ApiRoute>;

// Rows name members of `area`: `const auto to = handlers_of(this);` then `to(&Area::list)`. REQUIRES: outlives the routes.
template <class Area>
auto handlers_of(Area* area) {
  return [area](ApiAnswer (Area::*handler)(ApiCall)) -> ApiHandler { return [area, handler](ApiCall call) { return (area->*handler)(std::move(call)); }; };
}

// One of Admin's verbs, in the name of who asks: the record of what it changes says who did it.
inline json::object verb_by(const ApiCall& call, std::string_view verb) { return {{"verb", verb}, {"done_by", call.person.login.text()}}; }

// ---- bodies and answers ----

// The object that a request carries, strict and bounded; wipe what may be secret.
Result<json::object> api_body(io::HttpRequest& request);
// Of an act that needs no words: {} or nothing.
Result<> api_no_body(io::HttpRequest& request);
io::HttpResponse api_answer(const json::object& body, unsigned status = 200);
// Holds a password or a token: wiped once it is sent.
io::HttpResponse api_secret_answer(json::object body, unsigned status = 200);
// application/problem+json (RFC 9457): type, title, status, detail, code, where, hint.
io::HttpResponse api_problem(const Error& error);
io::HttpResponse api_problem(unsigned status, std::string_view code, const Error& error);

// The ETag of an answer: its bytes' SHA-256, with quotes.
std::string api_etag(std::string_view body);
// Whether a list of If-None-Match or If-Match names `etag`.
bool names_etag(std::string_view list, std::string_view etag);

// `limit` (1 to 200, 50 unless said) and `cursor` of a list; what stands after the cursor is found by `key_of`.
struct PageAsked {
  std::size_t limit = 50;
  std::string cursor;  // empty: from the beginning
};
Result<PageAsked> page_asked(const io::HttpRequest& request);
// {"items": [...], "next": cursor or null}
io::HttpResponse api_page(json::array items, const std::string& next);

}  // namespace pontlevis::gateway
