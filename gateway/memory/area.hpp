// One area of the gateway's memory: retention, backups, registers, review, the witnesses, what goes out to the
// vendor's world. Each is built over Core alone, so that the administrator's commands work on a gateway that
// does not serve; what it does besides is given when one does. Owned by Memory; the loop's thread. No area
// opens anything at a practice.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <string>

#include "gateway/api/api_call.hpp"
#include "gateway/core.hpp"

namespace pontlevis::gateway {

class Hub;

// {"verb": "hold place", …} as the command line and the API ask it; strict, as Admin's own verbs are.
// REQUIRES: a member coroutine or a free one, called with the request by value.
using VerbHandler = std::function<Awaitable<Result<boost::json::object>>(boost::json::object)>;
using VerbTable = std::map<std::string, VerbHandler>;

// Rows name members of `area`: `const auto to = verbs_of(this);` then `{"hold place", to(&Area::place)}`. REQUIRES: outlives the table.
template <class A>
auto verbs_of(A* area) {
  return [area](Awaitable<Result<boost::json::object>> (A::*handler)(boost::json::object)) -> VerbHandler {
    return [area, handler](boost::json::object request) { return (area->*handler)(std::move(request)); };
  };
}

class Area {
 public:
  virtual ~Area() = default;
  // Makes its tables in the store where they are missing and reads what it keeps. Before anything else, also
  // when nobody serves. An error refuses to serve.
  virtual Result<> open() { return {}; }
  // Before the listeners take anybody; `hub` outlives the area's work. An error refuses to serve.
  virtual Result<> start(Hub& hub) { static_cast<void>(hub); return {}; }
  // Every 30 seconds while serving, after open() and start(), one area after another: look at the clock, do what
  // is due in bounded steps, return. What takes long runs on a thread of the area's own.
  virtual Awaitable<void> keep_house() { co_return; }
  virtual ApiRoutes routes() { return {}; }
  virtual VerbTable verbs() { return {}; }
  // The gateway is stopping: no new work; what runs ends within two seconds.
  virtual void stop() {}
};

}  // namespace pontlevis::gateway
