// An identity provider, honest or not, played by the test: the whole of a sign-in, and each lie refused by its name.
// The real one is in tests/gateway_oidc.
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "tests/doubles/passkey_device.hpp"
#include "tests/unit/gateway/people_fixture.hpp"

namespace pontlevis::gateway {
namespace {

// Signs as a provider does; what is said can be changed before.
class Provider final : public OidcTransport {
 public:
  static constexpr std::string_view issuer = "https://id.example";

  Awaitable<Result<io::HttpResponse>> send(std::string method, std::string url, std::string body, io::HttpHeaders headers) override {
    ++requests;
    if (is_down) co_return fail(Errc::unavailable, "the server does not answer", "id.example port 443");
    if (url.ends_with("openid-configuration")) co_return io::HttpResponse::json(metadata);
    if (url.ends_with("/jwks")) {
      ++key_requests;
      co_return io::HttpResponse::json(json::object{{"keys", keys}});
    }
    token_request = body;
    token_authorization = std::string(io::find_header(headers, "authorization"));
    if (method != "POST" || refuses_code) co_return io::HttpResponse::json(json::object{{"error", "invalid_grant"}}, 400);
    co_return io::HttpResponse::json(json::object{{"access_token", "at-1"}, {"token_type", "Bearer"}, {"id_token", token()}});
  }

  std::string token() { return raw_token.empty() ? signed_token() : raw_token; }
  std::string signed_token() {
    const std::string part = to_base64url(json::serialize(header)) + "." + to_base64url(json::serialize(claims));
    return part + "." + to_base64url(raw_signature(part));
  }
  // DER to r and s in a row.
  std::string raw_signature(const std::string& part) {
    const std::string der = key.sign(part);
    std::string out;
    for (std::size_t at = 2, i = 0; i < 2; ++i) {
      const auto size = static_cast<std::size_t>(der[at + 1]);
      std::string n = der.substr(at + 2, size);
      while (n.size() > 32) n.erase(0, 1);
      out += std::string(32 - n.size(), '\0') + n;
      at += 2 + size;
    }
    return out;
  }
  json::object public_key(const std::string& id) {
    return {{"kty", "EC"}, {"crv", "P-256"}, {"kid", id}, {"use", "sig"}, {"x", to_base64url(key.point().substr(1, 32))}, {"y", to_base64url(key.point().substr(33, 32))}};
  }

  doubles::PasskeyDevice key;  // a P-256 key
  json::object metadata{{"issuer", issuer}, {"authorization_endpoint", "https://id.example/auth"}, {"token_endpoint", "https://id.example/token"},
                        {"jwks_uri", "https://id.example/jwks"}, {"code_challenge_methods_supported", json::array{"S256"}}};
  json::array keys{public_key("k1")};
  json::object header{{"alg", "ES256"}, {"kid", "k1"}}, claims;
  std::string raw_token, token_request, token_authorization;
  bool is_down = false, refuses_code = false;
  int requests = 0, key_requests = 0;
};

class OidcTest : public PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    configure();
    ASSERT_TRUE(people->accounts().link(login("alice"), std::string(Provider::issuer), "s-1"));
  }
  void configure() {
    set("oidc.issuer", std::string(Provider::issuer));
    set("oidc.client_id", "console");
    set("oidc.name", "Annuaire Exemple");
    use_provider();
  }
  void use_provider() {  // a new one, of whom nothing is known yet
    people->oidc().forget();
    auto made = std::make_unique<Provider>();
    provider = made.get();
    people->oidc().use(std::move(made));
  }
  void set(std::string_view key, const std::string& value) { ASSERT_TRUE(core->options.set(key, value, "test")); }

  static std::string parameter(std::string_view url, const std::string& name) {
    io::HttpRequest r;
    r.query = url.substr(url.find('?') + 1);
    return r.parameter(name).value_or("");
  }
  static std::string cookie_named(const io::HttpResponse& r, std::string_view name) {
    for (const auto& [header, value] : r.headers)
      if (header == "set-cookie" && value.starts_with(std::string(name) + "=")) return value.substr(name.size() + 1, value.find(';') - name.size() - 1);
    return {};
  }
  struct Begun { std::string location, state, cookie; };
  Begun begin() {
    const auto answer = get("/api/v1/sign-in/oidc");
    EXPECT_EQ(answer.status, 302) << answer.body;
    const std::string location(answer.header("location"));
    provider->claims = {{"iss", Provider::issuer}, {"sub", "s-1"}, {"aud", "console"}, {"nonce", parameter(location, "nonce")},
                        {"iat", seconds()}, {"exp", seconds() + 300}, {"at_hash", to_base64url(sha256("at-1").view().substr(0, 16))}};
    return {location, parameter(location, "state"), cookie_named(answer, OidcDesk::cookie)};
  }
  std::int64_t seconds() const { return std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count(); }
  io::HttpResponse come_back(const Begun& begun, std::string more = "&code=c-1") {
    io::HttpHeaders headers{{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}};
    if (!begun.cookie.empty()) headers.emplace_back("cookie", std::string(OidcDesk::cookie) + "=" + begun.cookie);
    return ask({"GET", std::string(OidcDesk::callback) + "?state=" + begun.state + std::move(more), {}, std::move(headers)});
  }
  // The address the browser is sent to at the end of a sign-in in which `change` was done to what the provider says.
  std::string end_of(const std::function<void()>& change) {
    const auto begun = begin();
    change();
    return std::string(come_back(begun).header("location"));
  }
  std::string last_why() { return text_of(recorded("signin_failed"), "detail"); }
  json::object& claims() { return provider->claims; }

  Provider* provider = nullptr;
};

constexpr auto refused = "/?problem=oidc_failed";

TEST_F(OidcTest, a_linked_person_signs_in) {
  const auto begun = begin();
  EXPECT_EQ(parameter(begun.location, "code_challenge_method"), "S256");
  EXPECT_EQ(parameter(begun.location, "redirect_uri"), "https://localhost:8443/api/v1/sign-in/oidc/callback");
  const auto answer = come_back(begun);
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.header("location"), "/");
  const auto cookie = cookie_named(answer, session_cookie);
  const auto me = body_of(get("/api/v1/me", cookie));
  EXPECT_EQ(me.at("login"), "alice");
  EXPECT_EQ(me.at("method"), "oidc");
  EXPECT_TRUE(me.at("step_up_until").is_null()) << "the provider did not say that there was a second factor";
  EXPECT_EQ(cookie_named(answer, OidcDesk::cookie), "") << "taken back";
}

TEST_F(OidcTest, the_code_is_exchanged_with_the_verifier_of_this_very_question) {
  const auto begun = begin();
  come_back(begun);
  io::HttpRequest form;
  form.query = provider->token_request;
  EXPECT_EQ(form.parameter("code"), "c-1");
  EXPECT_EQ(to_base64url(sha256(*form.parameter("code_verifier")).view()), parameter(begun.location, "code_challenge"));
  EXPECT_EQ(form.parameter("client_id"), "console") << "a public client";
  EXPECT_TRUE(provider->token_authorization.empty());
}

TEST_F(OidcTest, a_secret_goes_by_basic_and_not_in_the_form) {
  const auto file = temporary.path() / "secret";
  ASSERT_TRUE(io::write_file(file, "s cret\n", io::FileMode::owner_only));
  set("oidc.client_secret_file", file.string());
  EXPECT_EQ(end_of([] {}), "/");
  EXPECT_EQ(provider->token_authorization, "Basic " + to_base64("console:s%20cret"));
  EXPECT_EQ(provider->token_request.find("client_id"), std::string::npos);
}

TEST_F(OidcTest, each_lie_is_refused_by_its_name) {
  const std::vector<std::pair<std::string, std::function<void()>>> lies{
      {"issuer (iss)", [&] { claims()["iss"] = "https://id.example/"; }},
      {"client (aud)", [&] { claims()["aud"] = "another"; }},
      {"client (azp)", [&] { claims()["aud"] = json::array{"console", "another"}; }},
      {"client (azp)", [&] { claims()["azp"] = "another"; }},
      {"expired (exp)", [&] { claims()["exp"] = seconds() - 61; }},
      {"when it ends (iat, exp)", [&] { claims().erase("exp"); }},
      {"too old (iat)", [&] { claims()["iat"] = seconds() - 3600; }},
      {"future (iat)", [&] { claims()["iat"] = seconds() + 3600; }},
      {"not count yet (nbf)", [&] { claims()["nbf"] = seconds() + 3600; }},
      {"another sign-in (nonce)", [&] { claims()["nonce"] = "x"; }},
      {"another sign-in (nonce)", [&] { claims().erase("nonce"); }},
      {"(at_hash)", [&] { claims()["at_hash"] = "x"; }},
      {"who it is (sub)", [&] { claims()["sub"] = ""; }},
      {"does not publish (kid)", [&] { provider->header["kid"] = "k9"; }},
      {"'none'", [&] { provider->header["alg"] = "none"; }},
      {"'HS256'", [&] { provider->header["alg"] = "HS256"; }},
      {"not understood", [&] { provider->header["crit"] = json::array{"x"}; }},
      {"three parts", [&] { provider->raw_token = "a.b"; }},
      {"no signature", [&] { provider->raw_token = provider->signed_token().substr(0, provider->signed_token().rfind('.') + 1); }},
      {"invalid_grant", [&] { provider->refuses_code = true; }},
  };
  for (const auto& [why, lie] : lies) {
    use_provider();
    EXPECT_EQ(end_of(lie), refused) << why;
    EXPECT_TRUE(until([&] { return text_of(last_record("security"), "detail").find(why) != std::string::npos; })) << why << ": " << last_why();
  }
}

TEST_F(OidcTest, another_keys_signature_is_wrong) {
  EXPECT_EQ(end_of([&] {
    doubles::PasskeyDevice other;
    provider->keys = {json::object{{"kty", "EC"}, {"crv", "P-256"}, {"kid", "k1"}, {"x", to_base64url(other.point().substr(1, 32))}, {"y", to_base64url(other.point().substr(33, 32))}}};
  }), refused);
}

TEST_F(OidcTest, an_answer_serves_once_and_for_ten_minutes) {
  const auto begun = begin();
  EXPECT_EQ(come_back(begun).header("location"), "/");
  EXPECT_EQ(come_back(begun).header("location"), "/?problem=oidc_stale") << "again";
  const auto late = begin();
  clock.advance(std::chrono::minutes(11));
  EXPECT_EQ(come_back(late).header("location"), "/?problem=oidc_stale");
}

TEST_F(OidcTest, an_answer_belongs_to_the_browser_that_asked) {
  const auto mine = begin(), theirs = begin();
  EXPECT_EQ(come_back({mine.location, mine.state, ""}).header("location"), "/?problem=oidc_stale") << "no cookie";
  EXPECT_EQ(come_back({mine.location, theirs.state, mine.cookie}).header("location"), "/?problem=oidc_stale") << "another state";
  auto changed = mine.cookie;
  changed[5] = changed[5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(come_back({mine.location, mine.state, changed}).header("location"), "/?problem=oidc_stale");
  restart();
  configure();
  EXPECT_EQ(come_back(mine).header("location"), "/?problem=oidc_stale") << "the gateway was restarted";
}

TEST_F(OidcTest, the_providers_answer_is_a_navigation_and_nothing_else_from_elsewhere_is) {
  const auto begun = begin();
  const auto fetched = ask({"GET", std::string(OidcDesk::callback) + "?state=" + begun.state + "&code=c-1", {},
                            {{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "cors"}, {"cookie", std::string(OidcDesk::cookie) + "=" + begun.cookie}}});
  EXPECT_EQ(code_of(fetched), "wrong_origin");
}

TEST_F(OidcTest, a_provider_that_is_down_is_said_to_be_and_not_asked_again_at_once) {
  provider->is_down = true;
  EXPECT_EQ(get("/api/v1/sign-in/oidc").header("location"), "/?problem=oidc_away");
  for (int i = 0; i < 5; ++i) get("/api/v1/sign-in/oidc");
  EXPECT_EQ(provider->requests, 1);
  clock.advance(std::chrono::seconds(6));
  provider->is_down = false;
  EXPECT_EQ(end_of([] {}), "/");
}

TEST_F(OidcTest, a_provider_that_calls_itself_otherwise_is_not_believed) {
  for (const auto& [name, value] : {std::pair("issuer", "https://id.example/"), {"token_endpoint", "http://id.example/token"}, {"jwks_uri", ""}}) {
    use_provider();
    provider->metadata[name] = value;
    clock.advance(std::chrono::seconds(6));
    EXPECT_EQ(get("/api/v1/sign-in/oidc").header("location"), "/?problem=oidc_away") << name;
  }
}

TEST_F(OidcTest, an_answer_names_its_issuer_when_the_provider_does_that) {
  EXPECT_EQ(come_back(begin(), "&code=c-1&iss=https%3A%2F%2Fevil.example").header("location"), refused);
  use_provider();
  provider->metadata["authorization_response_iss_parameter_supported"] = true;
  EXPECT_EQ(come_back(begin()).header("location"), refused) << "it is missing";
  EXPECT_EQ(come_back(begin(), "&code=c-1&iss=https%3A%2F%2Fid.example").header("location"), "/");
}

TEST_F(OidcTest, a_no_of_the_provider_is_told) { EXPECT_EQ(come_back(begin(), "&error=access_denied").header("location"), refused); }

TEST_F(OidcTest, a_person_nobody_linked_has_no_account_here) {
  EXPECT_EQ(end_of([&] { claims()["sub"] = "s-2"; }), "/?problem=oidc_unknown");
  EXPECT_EQ(end_of([&] { claims()["sub"] = "s-2", claims()["preferred_username"] = "admin"; }), "/?problem=oidc_unknown") << "not by name unless told so";
}

TEST_F(OidcTest, a_name_finds_an_account_only_where_the_options_say_so) {
  set("oidc.login_claim", "preferred_username");
  EXPECT_EQ(end_of([&] { claims()["sub"] = "s-2", claims()["preferred_username"] = "admin"; }), "/");
  EXPECT_EQ(end_of([&] { claims()["sub"] = "s-2", claims()["preferred_username"] = "alice"; }), "/?problem=oidc_unknown") << "linked to another subject";
  set("oidc.login_claim", "email");
  EXPECT_EQ(end_of([&] { claims()["sub"] = "s-2", claims()["email"] = "admin@vendor.example"; }), "/?problem=oidc_unknown") << "not verified";
  EXPECT_EQ(end_of([&] { claims()["sub"] = "s-2", claims()["email"] = "admin@vendor.example", claims()["email_verified"] = true; }), "/");
}

TEST_F(OidcTest, a_second_factor_at_the_provider_counts_where_the_options_say_so) {
  const auto step_up = [&](json::value amr) {
    const auto begun = begin();
    claims()["amr"] = std::move(amr);
    return !body_of(get("/api/v1/me", cookie_named(come_back(begun), session_cookie))).at("step_up_until").is_null();
  };
  EXPECT_FALSE(step_up(json::array{"pwd", "mfa"}));
  set("oidc.mfa", "mfa");
  EXPECT_TRUE(step_up(json::array{"pwd", "mfa"}));
  EXPECT_FALSE(step_up(json::array{"pwd"}));
}

TEST_F(OidcTest, a_revoked_card_is_not_helped_by_the_provider) {
  const auto id = certs::StaffCard::peek(core->technicians.card_note(login("alice")))->id;
  ASSERT_TRUE(core->technicians.revoke(certs::RevocationList::sign({id, "départ", clock.now()}, staff)));
  EXPECT_EQ(end_of([] {}), "/?problem=account_closed");
}

TEST_F(OidcTest, new_keys_are_asked_for_once_a_minute_at_most) {
  EXPECT_EQ(end_of([] {}), "/");
  EXPECT_EQ(provider->key_requests, 1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(end_of([&] { provider->header["kid"] = "k2"; }), refused);
  EXPECT_EQ(provider->key_requests, 1) << "just asked";
  clock.advance(std::chrono::seconds(61));
  EXPECT_EQ(end_of([&] { provider->header["kid"] = "k2", provider->keys = {provider->public_key("k2")}; }), "/") << "the provider's keys have turned";
  EXPECT_EQ(provider->key_requests, 2);
}

TEST_F(OidcTest, the_door_names_the_provider_or_none) {
  EXPECT_EQ(body_of(get("/api/v1/door")).at("oidc").at("name"), "Annuaire Exemple");
  set("oidc.issuer", "");
  EXPECT_TRUE(body_of(get("/api/v1/door")).at("oidc").is_null());
  EXPECT_EQ(get("/api/v1/sign-in/oidc").status, 404);
}

// ---- RSA, which most providers sign with ----

class RsaKey {
 public:
  RsaKey() : key_(EVP_RSA_gen(2048)) {}
  ~RsaKey() { EVP_PKEY_free(key_); }
  RsaKey(const RsaKey&) = delete;
  RsaKey& operator=(const RsaKey&) = delete;
  std::string part(const char* name) const {
    BIGNUM* n = nullptr;
    EVP_PKEY_get_bn_param(key_, name, &n);
    std::string out(static_cast<std::size_t>(BN_num_bytes(n)), '\0');
    BN_bn2bin(n, reinterpret_cast<unsigned char*>(out.data()));
    BN_free(n);
    return out;
  }
  std::string sign(const std::string& message, bool pss) const {
    EVP_MD_CTX* ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX* options = nullptr;
    EVP_DigestSignInit(ctx, &options, EVP_sha256(), nullptr, key_);
    EVP_PKEY_CTX_set_rsa_padding(options, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
    if (pss) EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    std::string out(256, '\0');
    std::size_t size = out.size();
    EVP_DigestSign(ctx, reinterpret_cast<unsigned char*>(out.data()), &size, reinterpret_cast<const unsigned char*>(message.data()), message.size());
    EVP_MD_CTX_free(ctx);
    return out;
  }

 private:
  EVP_PKEY* key_;
};

TEST(Jwt, rsa_signatures_verify_under_their_own_algorithm_only) {
  const RsaKey key;
  const auto keys = *read_jwks(json::serialize(json::object{{"keys", json::array{json::object{{"kty", "RSA"}, {"n", to_base64url(key.part("n"))}, {"e", "AQAB"}}}}}));
  ASSERT_EQ(keys.size(), 1u);
  for (const bool pss : {false, true}) {
    const auto part = to_base64url(json::serialize(json::object{{"alg", pss ? "PS256" : "RS256"}})) + "." + to_base64url("{}");
    const auto right = *read_jwt(part + "." + to_base64url(key.sign(part, pss))), wrong = *read_jwt(part + "." + to_base64url(key.sign(part, !pss)));
    EXPECT_TRUE(verify(right, keys[0]));
    EXPECT_FALSE(verify(wrong, keys[0]));
    auto altered = right;
    altered.signed_part += "x";
    EXPECT_FALSE(verify(altered, keys[0]));
  }
}

TEST(Jwt, keys_that_are_not_for_us_are_left_out) {
  const auto count = [](json::object key) { return read_jwks(json::serialize(json::object{{"keys", json::array{std::move(key)}}}))->size(); };
  const std::string n = to_base64url(std::string(255, '\x81') + "\x01"), small = to_base64url(std::string(127, '\x81') + "\x01");
  EXPECT_EQ(count({{"kty", "RSA"}, {"n", n}, {"e", "AQAB"}}), 1u);
  EXPECT_EQ(count({{"kty", "RSA"}, {"n", small}, {"e", "AQAB"}}), 0u) << "1024 bits";
  EXPECT_EQ(count({{"kty", "RSA"}, {"n", n}, {"e", "AQ"}}), 0u) << "e = 1";
  EXPECT_EQ(count({{"kty", "RSA"}, {"n", n}, {"e", "AQAB"}, {"use", "enc"}}), 0u);
  EXPECT_EQ(count({{"kty", "RSA"}, {"n", n}, {"e", "AQAB"}, {"alg", "RS512"}}), 0u);
  EXPECT_EQ(count({{"kty", "oct"}, {"k", "c2VjcmV0"}}), 0u);
  EXPECT_EQ(count({{"kty", "EC"}, {"crv", "P-384"}, {"x", "AA"}, {"y", "AA"}}), 0u);
  EXPECT_FALSE(read_jwks("{}"));
  EXPECT_FALSE(read_jwks("[]"));
}

TEST(HttpsUrl, an_address_of_a_provider_is_https_and_plain) {
  EXPECT_EQ(parse_https("https://id.example:8443/a?b=c")->target, "/a?b=c");
  EXPECT_EQ(parse_https("https://id.example")->port, 443);
  for (auto bad : {"http://id.example", "https://", "https://a@b/", "https://a b/", "https://a:0/", "https://a:99999/", "https://a/\n", "https://a#b", "ftp://a"})
    EXPECT_FALSE(parse_https(bad)) << bad;
}

}  // namespace
}  // namespace pontlevis::gateway
