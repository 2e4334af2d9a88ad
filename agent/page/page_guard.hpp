// The first look at every request of the page: is it for this page by its own name, does it come from
// this page, and whose is it. What is not is refused, recorded (a bounded number of times) and
// explained: a rebound host name, a page from another origin, another user of the machine.
// Lives on the loop.
#pragma once

#include <functional>

#include "agent/journal.hpp"
#include "agent/page/page_error.hpp"
#include "agent/page/page_sessions.hpp"

namespace pontlevis::agent {

// What a handler is given once the guard has let a request through.
struct PageCall {
  io::HttpRequest request;
  std::shared_ptr<PageSession> session;  // null on the addresses before sign-in
  std::string token;
};

enum class Needs {
  nothing,    // before signing in
  signed_in,  // not locked
  pause_stop, // signed in; a locked page may too
  decides,    // not locked, and no observer
  owner,      // not locked, and an owner
};

class PageGuard {
 public:
  PageGuard(PageSessions& sessions, Journal& journal, const Clock& clock) : sessions_(sessions), journal_(journal), clock_(clock) {}
  void set_port(unsigned short port);

  // An answer refuses.
  std::optional<io::HttpResponse> check_place(const io::HttpRequest& request);  // host, origin, form of the body
  std::variant<PageCall, io::HttpResponse> admit(io::HttpRequest request, Needs needs);
  // The same for a WebSocket, whose token is its first message.
  std::variant<std::shared_ptr<PageSession>, PageFault> admit_token(const io::HttpRequest& request, std::string_view token, Needs needs);
  std::optional<uid_t> user_of(const io::HttpRequest& request) const;
  void record(std::string event, std::string detail, std::optional<Login> who = std::nullopt);
  const std::string& origin() const noexcept { return origin_; }

 private:
  PageSessions& sessions_;
  Journal& journal_;
  const Clock& clock_;
  unsigned short port_ = 0;
  std::string host_, number_host_, origin_;
  unsigned recorded_ = 0;
  Millis recorded_since_{0};
};

}  // namespace pontlevis::agent
