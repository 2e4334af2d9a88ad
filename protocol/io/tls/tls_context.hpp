// What a TLS connection trusts and shows: TLS 1.3 only, ECDSA P-256 certificates, no session tickets.
// A cheap value (shared, immutable): replace it to reload a certificate; connections under way keep
// the one they began with. Any thread. requirements 2024/2690 3.2.5 (mutual authentication), A19.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/clock.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"

struct ssl_ctx_st;

namespace pontlevis::io {

// Our own certificate (leaf first, then what the other side needs to reach its anchor) and its key, PEM.
struct TlsIdentity {
  std::string chain_pem;
  Secret key_pem;
};

// Who the server accepts as a client. A certificate stays optional (a browser and an enrolling agent have
// none), and one that is shown must verify. `is_revoked` gets the serial in lower-case hex; yes ends the
// handshake with the alert `certificate_revoked`.
struct ClientTrust {
  std::string ca_pem;  // empty: client certificates are not asked for
  std::function<bool(std::string_view serial)> is_revoked;
};

// Whom the client accepts as the server: the holder of a certificate for the host name, issued by
// this one CA, or (enrolment, design §3) by the CA in the presented chain whose key has this hash.
struct PinnedCa { std::string pem; };
struct PinnedKey { Digest spki_sha256; };
// Whoever answers, for one use alone: fetching the public trust bundle at enrolment, which is then
// held against the code's pin. No secret may be sent over it.
struct UnverifiedServer {};
// A server that is not ours (an identity provider): the CAs of `pem`, or those this machine trusts when it is empty;
// TLS 1.2 with forward secrecy and RSA certificates too.
struct PublicCas { std::string pem; };
using ServerTrust = std::variant<PinnedCa, PinnedKey, UnverifiedServer, PublicCas>;

class TlsContext {
 public:
  static Result<TlsContext> for_server(const TlsIdentity& identity, ClientTrust clients = {});
  static Result<TlsContext> for_client(const ServerTrust& trust, const TlsIdentity* identity = nullptr);

  struct Shared;  // the SSL_CTX and what its callbacks need
  ssl_ctx_st* native() const noexcept;
  bool is_server() const noexcept;

 private:
  explicit TlsContext(std::shared_ptr<const Shared> shared) : shared_(std::move(shared)) {}
  std::shared_ptr<const Shared> shared_;
};

// Who the other side proved to be. Only a verified certificate becomes one.
struct PeerCertificate {
  std::string common_name;  // the practice, for an agent
  std::string serial;       // lower-case hex
  Digest sha256;            // of the DER
  Time not_after{};
};

}  // namespace pontlevis::io
