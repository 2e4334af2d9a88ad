// What an ID token says (OpenID Connect Core §3.1.3.7), each rule by itself: whose it is, for whom, when, and that it
// answers this very sign-in. Also the provider's description of itself. Outside bytes; pure; any thread.
#pragma once

#include "gateway/people/oidc/jwt.hpp"
#include "protocol/clock.hpp"

namespace pontlevis::gateway {

struct IdTokenWanted {
  std::string issuer, client_id, nonce, access_token;
  Time now{};
};

struct IdToken {
  std::string subject;
  std::optional<std::string> preferred_username;
  std::optional<std::string> email;  // only when the provider says that it verified it
  std::vector<std::string> proofs;   // acr and amr
};

// REQUIRES: verify() said yes. The first rule that is broken is the error.
Result<IdToken> check_id_token(const Jwt& jwt, const IdTokenWanted& wanted);

struct ProviderMetadata {
  std::string authorization_endpoint, token_endpoint, jwks_uri;
  bool answers_with_issuer = false;  // RFC 9207
};
// Of OpenID Connect Discovery. `issuer` must be the one that was asked, to the letter; every address is https.
Result<ProviderMetadata> read_metadata(std::string_view text, const std::string& issuer);

struct HttpsUrl {
  std::string host;
  unsigned short port = 443;
  std::string target;  // path and query
};
std::optional<HttpsUrl> parse_https(std::string_view url);

}  // namespace pontlevis::gateway
