// What an agent is: its keys and whom it trusts (design §3). Made once by enrolment, in DATA/keys;
// loaded at start; owned by main; immutable but for the link certificate, which renews itself.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "protocol/crypto/signed_note.hpp"
#include "protocol/ids.hpp"
#include "protocol/io/ssh/ssh_keys.hpp"
#include "protocol/io/tls/tls_context.hpp"

namespace pontlevis::agent {

struct GatewayAddress {
  std::string host;
  unsigned short port = 8443;
  static Result<GatewayAddress> parse(std::string_view text);  // "host:port" or "https://host:port"
  std::string text() const { return host + ":" + std::to_string(port); }
};

struct Identity {
  PracticeId practice;
  GatewayAddress gateway;
  NoteSigner practice_key;   // practice.<id>: consents, starts, ends
  NoteSigner journal_key;    // journal.<id>: the practice's own log
  NoteSigner witness_key;    // witness.<id>: cosigns the gateway's log
  NoteVerifier staff;        // pinned at enrolment: who may be an operator
  NoteVerifier log;          // pinned at enrolment: the gateway's log
  std::vector<io::SshHostKey> host_keys;
  std::string ca_pem;        // pinned at enrolment: the gateway's CA
  io::TlsIdentity tls;       // client certificate of the link

  std::vector<std::string> host_key_fingerprints() const;
};

class KeyFolder {
 public:
  explicit KeyFolder(std::filesystem::path data) : folder_(std::move(data) / "keys") {}
  bool exists() const;  // an enrolment was completed here
  Result<Identity> load() const;
  // All keys of a new identity; pins and certificate are added by complete().
  struct Fresh {
    NoteSigner practice_key, journal_key, witness_key;
    std::vector<io::SshHostKey> host_keys;
  };
  static Result<Fresh> make(const PracticeId& practice, Random& random);
  // Writes everything; the pins last, so that a crash before leaves "not enrolled".
  Result<> complete(const Fresh& fresh, const PracticeId& practice, const GatewayAddress& gateway,
                    const NoteVerifier& staff, const NoteVerifier& log, const std::string& ca_pem,
                    const io::TlsIdentity& tls) const;
  Result<> replace_certificate(const io::TlsIdentity& tls) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace pontlevis::agent
