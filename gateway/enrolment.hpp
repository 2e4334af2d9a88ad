// How a practice joins: one code, once, and a certificate for the key its agent made; later, a new certificate
// for the old one. Owned by Gateway; the loop's thread. docs/protocol.md §5, requirements A07.
#pragma once

#include "gateway/core.hpp"
#include "protocol/io/http/http_message.hpp"

namespace pontlevis::gateway {

Awaitable<io::HttpResponse> enrol(Core& core, io::HttpRequest request);
// REQUIRES: request.peer is set and not revoked.
Awaitable<io::HttpResponse> renew(Core& core, io::HttpRequest request);

}  // namespace pontlevis::gateway
