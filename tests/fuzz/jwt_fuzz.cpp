// Whatever an identity provider sends: a token, its keys, its description of itself; read in bounds, or refused.
#include "gateway/people/oidc/id_token.hpp"
#include "tests/fuzz/fuzz_support.hpp"

using namespace pontlevis;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = text.find('\n');  // a token, and under it the keys
  const auto jwt = gateway::read_jwt(text.substr(0, line));
  const auto keys = gateway::read_jwks(line == text.npos ? text : text.substr(line + 1));
  if (keys) fuzz::require(keys->size() <= 64, "keys are bounded");
  if (jwt) {
    fuzz::require(!jwt->signature.empty(), "a token is signed");
    if (keys)
      for (const auto* key : gateway::keys_for(*jwt, *keys)) static_cast<void>(gateway::verify(*jwt, *key));
    const gateway::IdTokenWanted wanted{"https://id.example", "console", "nonce", "token", Time(std::chrono::seconds(1'700'000'000))};
    if (const auto token = gateway::check_id_token(*jwt, wanted)) fuzz::require(!token->subject.empty(), "a token names somebody");
  }
  if (const auto provider = gateway::read_metadata(text, "https://id.example"))
    fuzz::require(gateway::parse_https(provider->token_endpoint).has_value(), "tokens are fetched over https");
  return 0;
}
