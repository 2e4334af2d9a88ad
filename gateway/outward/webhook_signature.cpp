#include "gateway/outward/webhook_signature.hpp"

#include <openssl/hmac.h>

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t least_bytes = 24, most_bytes = 64, most_secrets = 3;

std::unexpected<Error> bad_secret(const std::string& where) {
  return fail(Errc::bad_input, "holds no secret for webhooks", where, "one line: whsec_ and 32 random bytes, as `echo whsec_$(openssl rand -base64 32)` prints it");
}

// The lines of a file, without the blank ones.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

Result<std::vector<WebhookSecret>> WebhookSecret::parse(const Secret& text, const std::string& where) {
  std::vector<WebhookSecret> out;
  constexpr std::string_view prefix = "whsec_";
  for (auto line : lines_of(text.expose())) {
    if (!line.starts_with(prefix) || out.size() == most_secrets) return bad_secret(where);
    auto key = from_base64(line.substr(prefix.size()));
    if (!key || key->size() < least_bytes || key->size() > most_bytes) return bad_secret(where);
    out.push_back(WebhookSecret(Secret(*key)));
    wipe_bytes(*key);
  }
  if (out.empty()) return bad_secret(where);
  return out;
}

std::string WebhookSecret::sign(const std::string& id, std::int64_t seconds, std::string_view body) const {
  const auto signed_text = id + "." + std::to_string(seconds) + "." + std::string(body);
  const auto key = key_.expose();
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(), mac, &size);
  return "v1," + to_base64({reinterpret_cast<const char*>(mac), size});
}

std::string webhook_signatures(const std::vector<WebhookSecret>& secrets, const std::string& id, std::int64_t seconds, std::string_view body) {
  std::string out;
  for (const auto& secret : secrets) out += (out.empty() ? "" : " ") + secret.sign(id, seconds, body);
  return out;
}

}  // namespace pontlevis::gateway
