// The gateway's own certificate authority for the outbound links: it signs the gateway's server certificate
// and every agent's client certificate (CN = practice). It opens nothing: what an agent believes about
// people comes from the offline staff key. ECDSA P-256 throughout. Any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/clock.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/ids.hpp"
#include "protocol/random.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::certs {

constexpr auto ca_life = std::chrono::days(3653);     // ten years
constexpr auto server_life = std::chrono::days(365);
constexpr auto agent_life = std::chrono::days(90);
constexpr std::size_t max_pem_bytes = 64 * 1024;

struct CertificateInfo {
  std::string common_name;
  std::string serial;                // lower-case hex
  std::vector<std::string> hosts;    // DNS names and IP addresses of its SAN
  Time not_before{};
  Time not_after{};
  bool is_ca = false;
  Digest sha256;                     // of the DER
  Digest spki_sha256;                // the pin of enrolment
};
Result<CertificateInfo> read_certificate(std::string_view pem);  // the first one of the text
Result<Digest> spki_pin(std::string_view certificate_pem);

// Renew when less than a third of its life remains.
bool renewal_due(const CertificateInfo& certificate, Time now) noexcept;

// A key and a request to certify it; the key never leaves its maker.
struct KeyAndRequest {
  Secret key_pem;
  std::string request_pem;
};
Result<KeyAndRequest> make_agent_request(const PracticeId& practice);

struct KeyAndCertificate {
  Secret key_pem;
  std::string chain_pem;  // leaf, then the CA: an enrolling agent must see the CA to match its pin
};

class AgentCa {
 public:
  static Result<AgentCa> create(const std::string& name, Time now, Random& random);
  static Result<AgentCa> load(std::string_view certificate_pem, const Secret& key_pem);

  const std::string& certificate_pem() const noexcept { return certificate_pem_; }
  Result<Secret> key_pem() const;
  Digest pin() const noexcept { return pin_; }

  // `hosts`: DNS names and IP addresses, at least one.
  Result<KeyAndCertificate> issue_server(const std::vector<std::string>& hosts, Time now, Random& random) const;
  // The certificate for `request_pem`. Its subject is `practice` whatever the request says; the request must be
  // signed by its own P-256 key.
  Result<std::string> sign_agent(std::string_view request_pem, const PracticeId& practice, Time now,
                                 Random& random) const;

  struct Keys;

 private:
  AgentCa(std::shared_ptr<const Keys> keys, std::string pem, Digest pin)
      : keys_(std::move(keys)), certificate_pem_(std::move(pem)), pin_(pin) {}
  std::shared_ptr<const Keys> keys_;
  std::string certificate_pem_;
  Digest pin_;
};

}  // namespace pontlevis::certs
