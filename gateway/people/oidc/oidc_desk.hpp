// Signing in with the vendor's identity provider: OpenID Connect, authorization code with PKCE (S256).
//
//   start ──302──► provider ──302──► callback: cookie and state, code → tokens over TLS, signature, every claim, account
//
// The question that is under way is in a short-lived cookie of that one browser, sealed by a key of this process:
// state in clear, nonce and PKCE verifier made from it. It serves once. The provider says who somebody is; what
// they may do stays in the account, which an administrator linked. Owned by PeopleDesk; the loop's thread.
#pragma once

#include <map>
#include <memory>

#include "gateway/core.hpp"
#include "gateway/people/accounts.hpp"
#include "gateway/people/oidc/id_token.hpp"
#include "protocol/io/http/http_message.hpp"

namespace pontlevis::gateway {

// The provider's end, for tests to play.
class OidcTransport {
 public:
  virtual ~OidcTransport() = default;
  virtual Awaitable<Result<io::HttpResponse>> send(std::string method, std::string url, std::string body, io::HttpHeaders headers) = 0;
};

// Why it did not come to a sign-in: a code of docs/api.md, and the words for the record.
struct OidcRefusal {
  std::string code;  // oidc_failed, oidc_away, oidc_unknown or oidc_stale
  std::string what;
};
template <class T>
using OidcResult = std::expected<T, OidcRefusal>;

struct OidcStart {
  std::string location;
  Secret cookie;
};
struct OidcPerson {
  Login login;
  bool second_factor = false;  // the provider says so, and oidc.mfa believes it
};

class OidcDesk {
 public:
  OidcDesk(Core& core, Accounts& accounts);
  ~OidcDesk();
  void use(std::unique_ptr<OidcTransport> transport) { transport_ = std::move(transport); }
  void forget();  // the options may have changed

  bool offered() const { return !core_.options.text("oidc.issuer").empty(); }
  std::string name() const;

  Awaitable<OidcResult<OidcStart>> start(std::string origin);
  // `request`: the browser's, on the callback address.
  Awaitable<OidcResult<OidcPerson>> finish(io::HttpRequest request, std::string origin);

  static constexpr std::string_view cookie = "__Host-pontlevis-oidc";
  static constexpr std::string_view callback = "/api/v1/sign-in/oidc/callback";
  static constexpr Millis question_life = std::chrono::minutes(10);

 private:
  struct Question { std::string state, nonce, verifier; };
  std::string seal(std::string_view kind, std::string_view what) const;
  Question question_of(const std::string& head) const;
  OidcResult<Question> take_question(const io::HttpRequest& request);

  Awaitable<OidcResult<ProviderMetadata>> metadata();
  Awaitable<OidcResult<Jwks>> keys(bool again);
  Awaitable<OidcResult<json::object>> exchange(ProviderMetadata provider, std::string code, std::string verifier, std::string origin);
  Awaitable<OidcResult<IdToken>> check(json::object tokens, std::string nonce);
  OidcResult<OidcPerson> account_of(const IdToken& token);
  Awaitable<OidcResult<std::string>> fetch(std::string url);
  Result<OidcTransport*> transport();

  Core& core_;
  Accounts& accounts_;
  Secret key_;
  std::unique_ptr<OidcTransport> transport_;
  std::optional<ProviderMetadata> metadata_;
  Jwks keys_;
  Millis metadata_at_{0}, keys_at_{0}, failed_at_{0};
  std::map<std::string, Millis> spent_;
  int under_way_ = 0;
};

}  // namespace pontlevis::gateway
