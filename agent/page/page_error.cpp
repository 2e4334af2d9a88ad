#include "agent/page/page_error.hpp"

namespace pontlevis::agent {

unsigned status_of(PageFault fault) {
  switch (fault) {
    case PageFault::not_signed_in:
    case PageFault::sign_in_wrong: return 401;
    case PageFault::page_locked:
    case PageFault::other_user:
    case PageFault::wrong_origin:
    case PageFault::observer:
    case PageFault::not_owner: return 403;
    case PageFault::not_found:
    case PageFault::unknown_person: return 404;
    case PageFault::recording_gone: return 410;
    case PageFault::wrong_host: return 421;
    case PageFault::name_locked:
    case PageFault::too_many: return 429;
    case PageFault::internal: return 500;
    case PageFault::link_down:
    case PageFault::no_proof:
    case PageFault::journal_failed: return 503;
    case PageFault::bad_input:
    case PageFault::nothing_left:
    case PageFault::bad_minutes:
    case PageFault::weak_password:
    case PageFault::passkey_failed: return 400;
    default: return 409;
  }
}

io::HttpResponse refusal(PageFault fault, const Error& error) {
  boost::json::object body{{"code", io::errc_name(error.code)}, {"what", error.what}, {"where", error.where},
                           {"hint", error.hint}, {"key", key_of(fault)}};
  return io::HttpResponse::json(boost::json::object{{"error", std::move(body)}}, status_of(fault));
}

io::HttpResponse refusal(PageFault fault, std::string what, std::string hint) {
  return refusal(fault, Error{Errc::not_allowed, std::move(what), "page", std::move(hint)});
}

PageFault fault_of(const Error& error) {
  switch (error.code) {
    case Errc::bad_input: return PageFault::bad_input;
    case Errc::not_found: return PageFault::not_found;
    case Errc::expired: return PageFault::request_expired;
    case Errc::conflict: return PageFault::stale;
    case Errc::unavailable: return PageFault::link_down;
    case Errc::closed: return PageFault::session_gone;
    case Errc::io: return PageFault::journal_failed;
    default: return PageFault::internal;
  }
}

}  // namespace pontlevis::agent
