// What our TLS offers, as tls_context.cpp sets it: for the register of processing (requirements A08). Any thread.
#pragma once

#include <string>

namespace pontlevis::io {

// "TLS 1.3; TLS_AES_256_GCM_SHA384:…; X25519:…": version, suites, groups.
std::string tls_algorithms_offered();

}  // namespace pontlevis::io
