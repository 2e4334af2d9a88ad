// What one SSH server offers and bears. Built once, then shared read-only by its connections.
// Algorithms are one modern list for the front and the practice's end (design §6), with one choice.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "protocol/io/ssh/ssh_keys.hpp"

namespace pontlevis::io {

struct SshLimits {
  std::chrono::milliseconds grace{std::chrono::seconds(30)};  // from accept to authenticated
  int public_key_tries = 6;
  int second_factor_tries = 3;
  std::uint64_t packets_before_auth = 60;        // libssh itself bounds nothing before
  std::uint64_t bytes_before_auth = 256 * 1024;  // authentication (findings D)
  std::size_t channels = 32;                     // open or asked for, at one time
  std::size_t requests_per_channel = 4096;       // pty, env, window-change … in a channel's life
  std::chrono::milliseconds alive_every{std::chrono::seconds(15)};  // a signed-in client is asked; 0 = never
  int alive_silences = 3;  // as many without a byte from it end the connection: after 45 to 60 s
  std::chrono::milliseconds linger{150};  // for the last bytes of a disconnect: a stop is over in 200 ms
};

struct SshServerConfig {
  std::vector<SshHostKey> host_keys;   // one Ed25519 and one ECDSA P-256; at least one
  std::string software = "Pontlevis";  // SSH-2.0-<software>; ASCII without space or '-'
  std::string banner;                  // shown by the client before authentication; may be empty
  std::vector<std::string> allowed_env{"LANG", "LC_*", "COLORTERM"};  // '*' only at the end
  // ECDH on P-256 and P-384, which a browser's WebCrypto has. Sound, but ssh-audit calls every NIST curve
  // a failure: without them (and without an ECDSA host key) it finds none.
  bool nist_curves = true;
  SshLimits limits;

  // Errc::bad_input with the reason, or nothing. SshConnection::start and main() both ask.
  Result<> check() const;
};

}  // namespace pontlevis::io
