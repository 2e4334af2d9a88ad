// The signature of a webhook as the Standard Webhooks specification has it, so that a CRM's developer takes a library:
// HMAC-SHA256 over "id.timestamp.body", base64, "v1,…". Pure; any thread. requirements A39.
#pragma once

#include <string>
#include <vector>

#include "protocol/clock.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::gateway {

class WebhookSecret {
 public:
  // "whsec_" and 24 to 64 bytes in base64, one a line: the first signs, the next ones too while the CRM changes over.
  static Result<std::vector<WebhookSecret>> parse(const Secret& text, const std::string& where);
  std::string sign(const std::string& id, std::int64_t seconds, std::string_view body) const;  // "v1,…"

 private:
  explicit WebhookSecret(Secret key) : key_(std::move(key)) {}
  Secret key_;
};

// Every signature, apart by a blank: the header webhook-signature.
std::string webhook_signatures(const std::vector<WebhookSecret>& secrets, const std::string& id, std::int64_t seconds, std::string_view body);

}  // namespace pontlevis::gateway
