// HTTPS to the identity provider. The loop's thread.
#pragma once

#include "gateway/people/oidc/oidc_desk.hpp"

namespace pontlevis::gateway {

Result<std::unique_ptr<OidcTransport>> make_oidc_transport(const Options& options);

}  // namespace pontlevis::gateway
