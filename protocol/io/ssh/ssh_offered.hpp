// What our SSH servers offer, as ssh_config.cpp sets it: for the register of processing (requirements A08). Any thread.
#pragma once

#include <string>

namespace pontlevis::io {

// "curve25519-sha256,…; ssh-ed25519,…; chacha20-poly1305@openssh.com,…; hmac-…": exchange, host keys, ciphers, MACs.
std::string ssh_algorithms_offered();

}  // namespace pontlevis::io
