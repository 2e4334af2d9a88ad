#include "gateway/people/oidc/id_token.hpp"

#include <algorithm>

#include "protocol/crypto/sha256.hpp"
#include "protocol/json_values.hpp"
#include "protocol/secret.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto clocks_differ = std::chrono::seconds(60);
constexpr auto oldest = std::chrono::minutes(10);
constexpr std::size_t most_subject_bytes = 255, most_metadata_bytes = 64 * 1024, most_url_bytes = 2000;

std::unexpected<Error> bad(std::string what) { return fail(Errc::bad_input, std::move(what), "ID token"); }

// Whole seconds since 1970; a provider may write them as 1.7e9.
std::optional<Time> time_in(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (!value || !value->is_number()) return std::nullopt;
  const double seconds = value->to_number<double>();
  if (!(seconds >= 0 && seconds < 1e11)) return std::nullopt;
  return Time(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

std::vector<std::string> texts_in(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (!value) return {};
  if (value->is_string()) return {std::string(value->get_string())};
  std::vector<std::string> out;
  if (value->is_array())
    for (const auto& item : value->get_array())
      if (item.is_string()) out.emplace_back(item.get_string());
  return out;
}

Result<> check_audience(const json::object& claims, const std::string& client) {
  const auto audience = texts_in(claims, "aud");
  if (std::find(audience.begin(), audience.end(), client) == audience.end()) return bad("was made for another client (aud)");
  const bool alone = audience.size() == 1 && !claims.contains("azp");
  if (!alone && text_of(claims, "azp") != client) return bad("was made for another client (azp)");
  return {};
}

Result<> check_times(const json::object& claims, Time now) {
  const auto ends = time_in(claims, "exp"), made = time_in(claims, "iat"), begins = time_in(claims, "nbf");
  if (!ends || !made) return bad("does not say when it was made and when it ends (iat, exp)");
  if (now >= *ends + clocks_differ) return bad("has expired (exp)");
  if (*made > now + clocks_differ) return bad("is of the future (iat): compare the two clocks");
  if (*made + oldest < now) return bad("is too old (iat)");
  if (claims.contains("nbf") && (!begins || *begins > now + clocks_differ)) return bad("does not count yet (nbf)");
  return {};
}

// Binds the access token that came with it; all our algorithms are of the 256 kind.
Result<> check_access_token(const json::object& claims, const std::string& access_token) {
  if (!claims.contains("at_hash")) return {};
  if (text_of(claims, "at_hash") == to_base64url(sha256(access_token).view().substr(0, 16))) return {};
  return bad("does not belong to the access token beside it (at_hash)");
}

}  // namespace

Result<IdToken> check_id_token(const Jwt& jwt, const IdTokenWanted& wanted) {
  const auto& claims = jwt.claims;
  if (text_of(claims, "iss") != wanted.issuer) return bad("was made by another issuer (iss)");
  PL_CHECK(check_audience(claims, wanted.client_id));
  PL_CHECK(check_times(claims, wanted.now));
  if (wanted.nonce.empty() || !Secret(wanted.nonce).same_as(text_of(claims, "nonce"))) return bad("answers another sign-in (nonce)");
  PL_CHECK(check_access_token(claims, wanted.access_token));
  IdToken out{text_of(claims, "sub"), {}, {}, {}};
  if (out.subject.empty() || out.subject.size() > most_subject_bytes || has_control(out.subject)) return bad("does not say who it is (sub)");
  if (auto name = text_of(claims, "preferred_username"); !name.empty()) out.preferred_username = std::move(name);
  const auto* verified = claims.if_contains("email_verified");
  if (verified && verified->is_bool() && verified->get_bool()) out.email = text_of(claims, "email");
  out.proofs = texts_in(claims, "amr");
  for (auto& level : texts_in(claims, "acr")) out.proofs.push_back(std::move(level));
  return out;
}

std::optional<HttpsUrl> parse_https(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme) || url.size() > most_url_bytes || has_control(url) || url.find_first_of(" #\\@") != url.npos) return std::nullopt;
  url.remove_prefix(scheme.size());
  const auto end = std::min(url.find_first_of("/?"), url.size());
  auto authority = url.substr(0, end);
  HttpsUrl out{"", 443, std::string(url.substr(end))};
  if (!out.target.starts_with('/')) out.target.insert(0, "/");
  if (const auto colon = authority.rfind(':'); colon != authority.npos) {
    const auto port = parse_decimal(authority.substr(colon + 1), 65535);
    if (!port || *port == 0) return std::nullopt;
    out.port = static_cast<unsigned short>(*port);
    authority = authority.substr(0, colon);
  }
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  if (authority.empty() || !std::all_of(authority.begin(), authority.end(), good)) return std::nullopt;
  out.host = authority;
  return out;
}

Result<ProviderMetadata> read_metadata(std::string_view text, const std::string& issuer) {
  constexpr std::string_view where = "identity provider";
  PL_TRY(in, parse_object(text, most_metadata_bytes, where, JsonForm::any));
  if (text_of(in, "issuer") != issuer)
    return fail(Errc::bad_input, "calls itself '" + printable(text_of(in, "issuer"), 100) + "', not the issuer that was configured", std::string(where),
                "oidc.issuer must be the provider's own name to the letter");
  ProviderMetadata out{text_of(in, "authorization_endpoint"), text_of(in, "token_endpoint"), text_of(in, "jwks_uri")};
  for (const auto* url : {&out.authorization_endpoint, &out.token_endpoint, &out.jwks_uri})
    if (!parse_https(*url)) return fail(Errc::bad_input, "has an address that is not https", std::string(where));
  const auto methods = texts_in(in, "code_challenge_methods_supported");
  if (!methods.empty() && std::find(methods.begin(), methods.end(), "S256") == methods.end())
    return fail(Errc::bad_input, "does not do PKCE with S256", std::string(where));
  const auto* says = in.if_contains("authorization_response_iss_parameter_supported");
  out.answers_with_issuer = says && says->is_bool() && says->get_bool();
  return out;
}

}  // namespace pontlevis::gateway
