#include "agent/page/page_guard.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "agent/page/local_user.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace {
constexpr unsigned records_an_hour = 60;  // a flood is not written line by line
constexpr std::string_view bearer = "Bearer ";

// The browser's own word about where a request comes from, where it gives one.
bool says_cross_site(const io::HttpRequest& request) {
  const auto site = request.header("sec-fetch-site");
  return !site.empty() && site != "same-origin" && site != "none";
}

io::HttpResponse not_admitted(PageFault fault) {
  switch (fault) {
    case PageFault::other_user: return refusal(fault, "this page was signed in by another user of this machine", "sign in yourself");
    case PageFault::page_locked: return refusal(fault, "this page is locked", "unlock it with your password");
    case PageFault::observer: return refusal(fault, "an observer may watch, pause and stop, never decide");
    case PageFault::not_owner: return refusal(fault, "only an owner changes the team");
    default: return refusal(fault, "nobody is signed in on this page", "sign in");
  }
}
}  // namespace

void PageGuard::set_port(unsigned short port) {
  port_ = port;
  host_ = "localhost:" + std::to_string(port);
  number_host_ = "127.0.0.1:" + std::to_string(port);
  origin_ = "http://" + host_;
}

void PageGuard::record(std::string event, std::string detail, std::optional<Login> who) {
  if (clock_.since_boot() > recorded_since_ + std::chrono::hours(1)) recorded_ = 0, recorded_since_ = clock_.since_boot();
  if (++recorded_ > records_an_hour) return;
  json::object fields{{"event", event}, {"subject_kind", "practice"}, {"channel", "page"}, {"detail", printable(detail, 200)}};
  if (who) fields.emplace("subject", who->text());
  journal_.keep_soon("security", std::move(fields));
}

std::optional<io::HttpResponse> PageGuard::check_place(const io::HttpRequest& request) {
  const auto host = request.header("host");
  if (host == number_host_ && request.method == "GET" && request.path == "/") {
    auto moved = io::HttpResponse::empty(308);  // one name, so that passkeys and the origin are always the same
    moved.headers.emplace_back("location", origin_ + "/");
    return moved;
  }
  if (host != host_) {
    record("a page of another name was refused", "host " + std::string(host));
    return refusal(PageFault::wrong_host, "this page answers only as " + origin_ + "/", "open " + origin_ + "/");
  }
  const bool upgrade = !request.header("upgrade").empty();
  const bool acts = request.method != "GET" && request.method != "HEAD";
  const auto origin = request.header("origin");
  const bool foreign = (acts || upgrade) ? origin != origin_ : (!origin.empty() && origin != origin_);
  if (foreign || (request.path.starts_with("/api/") && says_cross_site(request))) {
    record("an act from another page was refused", "origin " + std::string(origin.empty() ? "none" : origin));
    return refusal(PageFault::wrong_origin, "this act does not come from the practitioner's page", "open " + origin_ + "/");
  }
  if (acts && request.header("content-type") != "application/json")
    return refusal(PageFault::bad_input, "an act is sent as application/json");
  return std::nullopt;
}

std::optional<uid_t> PageGuard::user_of(const io::HttpRequest& request) const { return user_of_connection(request.remote_port, port_); }

std::variant<std::shared_ptr<PageSession>, PageFault> PageGuard::admit_token(const io::HttpRequest& request, std::string_view token, Needs needs) {
  auto session = token.empty() ? nullptr : sessions_.find(token);
  if (!session) return PageFault::not_signed_in;
  if (user_of(request) != session->user) {
    record("another user of this machine was refused", "a signed-in page of " + session->person.login.text(), session->person.login);
    return PageFault::other_user;
  }
  if (session->locked && needs != Needs::pause_stop) return PageFault::page_locked;
  if (needs == Needs::decides && session->person.role == ApproverRole::observer) return PageFault::observer;
  if (needs == Needs::owner && session->person.role != ApproverRole::owner) return PageFault::not_owner;
  return session;
}

std::variant<PageCall, io::HttpResponse> PageGuard::admit(io::HttpRequest request, Needs needs) {
  if (auto no = check_place(request)) return *std::move(no);
  if (needs == Needs::nothing) return PageCall{std::move(request), nullptr, {}};
  const auto authorization = request.header("authorization");
  const std::string token(authorization.starts_with(bearer) ? authorization.substr(bearer.size()) : "");
  auto admitted = admit_token(request, token, needs);
  if (const auto* fault = std::get_if<PageFault>(&admitted)) return not_admitted(*fault);
  auto session = std::get<std::shared_ptr<PageSession>>(std::move(admitted));
  if (request.method != "GET" && !session->locked) sessions_.touch(*session);
  return PageCall{std::move(request), std::move(session), token};
}

}  // namespace pontlevis::agent
