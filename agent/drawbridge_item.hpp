// One intervention on the drawbridge, as its own files keep it. Private to drawbridge*.cpp.
#pragma once

#include "agent/drawbridge.hpp"

namespace pontlevis::agent {

struct Drawbridge::Item {
  Item(AccessRequest r, boost::asio::io_context& io)
      : request(std::move(r)), in_charge(lead_of(request).login), timer(io), outcome_known(io, boost::asio::steady_timer::time_point::max()) {}
  AccessRequest request;
  Phase phase = Phase::requested;
  bool deciding = false;                  // a person's act is being written down
  std::optional<PendingRequest> pending;
  std::optional<Consented> consented;
  std::optional<Consented> extension;     // signed, and waiting for its proof
  std::optional<Error> extension_failed;
  std::shared_ptr<Session> session;
  std::vector<ShownPassword> shown;       // until the approver's screen has them
  std::string why_closed;
  std::optional<Accepted> accepted;       // the date of a planned one, in advance
  Login in_charge;                        // the lead, until they hand over
  boost::asio::steady_timer timer;                // lapse, then the wait for a proof
  boost::asio::steady_timer outcome_known;        // cancelled when an approval has opened or failed
};

}  // namespace pontlevis::agent
