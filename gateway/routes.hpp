// What the gateway answers over HTTPS and on its loopback metrics port: docs/protocol.md, and the health checks.
#pragma once

#include "gateway/front.hpp"
#include "gateway/hub.hpp"
#include "gateway/relay_desk.hpp"
#include "protocol/io/http/router.hpp"

namespace pontlevis::gateway {

struct Parts {
  Core& core;
  Hub& hub;
  Desk& desk;
  RelayDesk& relays;
  Front& front;
};

io::Router agent_routes(Parts parts);    // 8443
io::Router metrics_routes(Parts parts);  // loopback
std::string metrics_text(const Parts& parts);

}  // namespace pontlevis::gateway
