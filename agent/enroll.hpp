// A practice joins its gateway, once (docs/protocol.md §5): the code carries the pin of everything
// the practice will trust, so a false gateway is refused before a byte is believed.
#pragma once

#include "agent/identity.hpp"
#include "certs/enrolment_code.hpp"
#include "protocol/clock.hpp"

namespace pontlevis::agent {

struct EnrolRequest {
  std::filesystem::path data;
  PracticeId practice;
  GatewayAddress gateway;
  certs::EnrolmentCode code;
};

// Blocking; for the command line. Errc::conflict when this folder is enrolled already.
Result<> enroll(const EnrolRequest& request, Random& random);

}  // namespace pontlevis::agent
