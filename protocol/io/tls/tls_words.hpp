// OpenSSL's verdicts in plain words. Private to protocol/io/tls.
#pragma once

#include "protocol/io/tls/openssl.hpp"
#include "protocol/result.hpp"

namespace pontlevis::io {

// Why the handshake or read of `ssl` failed; takes OpenSSL's error queue of this thread.
Error tls_failure(const SSL* ssl);
// A failure while loading keys or certificates: `what`, and OpenSSL's reason.
std::unexpected<Error> openssl_failure(std::string what);

}  // namespace pontlevis::io
