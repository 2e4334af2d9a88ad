#include "gateway/people/oidc/oidc_desk.hpp"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <algorithm>

#include "gateway/events.hpp"
#include "gateway/people/oidc/oidc_transport.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr Millis metadata_life = std::chrono::hours(1), keys_asked_every = std::chrono::minutes(1), rest_after_failure = std::chrono::seconds(5);
constexpr std::size_t time_bytes = 8, state_bytes = 24, head_bytes = time_bytes + state_bytes, seal_bytes = 32;
constexpr std::size_t most_spent = 100'000;
constexpr int most_under_way = 16;

std::unexpected<OidcRefusal> away(std::string what) { return std::unexpected(OidcRefusal{"oidc_away", std::move(what)}); }
std::unexpected<OidcRefusal> failed(std::string what) { return std::unexpected(OidcRefusal{"oidc_failed", std::move(what)}); }
std::unexpected<OidcRefusal> stale(std::string what) { return std::unexpected(OidcRefusal{"oidc_stale", std::move(what)}); }

std::string escaped(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) out += c;
    else out += {'%', hex[static_cast<unsigned char>(c) >> 4], hex[c & 15]};
  }
  return out;
}

std::string form(const std::vector<std::pair<std::string_view, std::string_view>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += (out.empty() ? "" : "&") + std::string(name) + "=" + escaped(value);
  return out;
}

std::string time_text(Millis t) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(static_cast<std::uint64_t>(t.count()) >> shift);
  return out;
}
Millis time_of(std::string_view head) {
  std::uint64_t out = 0;
  for (char c : head.substr(0, time_bytes)) out = out << 8 | static_cast<unsigned char>(c);
  return Millis(static_cast<std::int64_t>(out));
}

struct Counted {
  explicit Counted(int& n) : count(n) { ++count; }
  ~Counted() { --count; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  int& count;
};

}  // namespace

OidcDesk::OidcDesk(Core& core, Accounts& accounts) : core_(core), accounts_(accounts), key_(core.random.bytes(32)) {}
OidcDesk::~OidcDesk() = default;

void OidcDesk::forget() {
  metadata_.reset();
  keys_.clear();
  transport_.reset();
}

std::string OidcDesk::name() const {
  const auto& name = core_.options.text("oidc.name");
  return name.empty() ? core_.options.text("oidc.issuer") : name;
}

Result<OidcTransport*> OidcDesk::transport() {
  if (!transport_) {
    PL_TRY(made, make_oidc_transport(core_.options));
    transport_ = std::move(made);
  }
  return transport_.get();
}

// ---- the question ----

std::string OidcDesk::seal(std::string_view kind, std::string_view what) const {
  std::string out(seal_bytes, '\0'), all = std::string(kind) + "\n" + std::string(what);
  const auto key = key_.expose();
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(all.data()), all.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

OidcDesk::Question OidcDesk::question_of(const std::string& head) const {
  return {to_base64url(head.substr(time_bytes)), to_base64url(seal("nonce", head)), to_base64url(seal("verifier", head))};
}

Awaitable<OidcResult<OidcStart>> OidcDesk::start(std::string origin) {
  auto provider = co_await metadata();
  if (!provider) co_return std::unexpected(std::move(provider).error());
  const std::string head = time_text(core_.clock.since_boot() + question_life) + core_.random.bytes(state_bytes);
  const auto question = question_of(head);
  const std::string challenge = to_base64url(sha256(question.verifier).view()), redirect = origin + std::string(callback);
  const std::string asked = form({{"response_type", "code"}, {"scope", "openid profile email"}, {"client_id", core_.options.text("oidc.client_id")},
                                  {"redirect_uri", redirect}, {"state", question.state}, {"nonce", question.nonce},
                                  {"code_challenge", challenge}, {"code_challenge_method", "S256"}});
  const auto& to = provider->authorization_endpoint;
  OidcStart out{to + (to.find('?') == to.npos ? "?" : "&") + asked, Secret(to_base64url(head + seal("cookie", head)))};
  co_return out;
}

// The browser that asked, within ten minutes, for the first time.
OidcResult<OidcDesk::Question> OidcDesk::take_question(const io::HttpRequest& request) {
  const auto bytes = from_base64url(request.cookie(cookie).value_or(""));
  if (!bytes || bytes->size() != head_bytes + seal_bytes) return stale("this browser did not begin a sign-in");
  const std::string head = bytes->substr(0, head_bytes), sealed = seal("cookie", head);
  if (CRYPTO_memcmp(sealed.data(), bytes->data() + head_bytes, seal_bytes) != 0) return stale("the sign-in was begun elsewhere, or before a restart");
  const auto now = core_.clock.since_boot();
  auto question = question_of(head);
  if (now > time_of(head)) return stale("the sign-in took longer than ten minutes");
  if (!Secret(question.state).same_as(request.parameter("state").value_or(""))) return stale("the answer belongs to another sign-in (state)");
  std::erase_if(spent_, [&](const auto& s) { return now > s.second; });
  if (spent_.size() >= most_spent) return stale("too many sign-ins are under way");
  if (!spent_.emplace(question.state, time_of(head)).second) return stale("this answer was used before (state)");
  return question;
}

// ---- what the provider says ----

Awaitable<OidcResult<std::string>> OidcDesk::fetch(std::string url) {
  const auto sender = transport();
  if (!sender) co_return away(sender.error().text());
  if (under_way_ >= most_under_way) co_return away("many sign-ins are under way");
  const Counted counted(under_way_);
  auto answer = co_await (*sender)->send("GET", std::move(url), {}, {});
  if (!answer) co_return away(answer.error().text());
  if (answer->status != 200) co_return away("answered " + std::to_string(answer->status));
  co_return std::move(answer->body);
}

Awaitable<OidcResult<ProviderMetadata>> OidcDesk::metadata() {
  const auto now = core_.clock.since_boot();
  if (metadata_ && now < metadata_at_ + metadata_life) co_return *metadata_;
  if (failed_at_.count() != 0 && now < failed_at_ + rest_after_failure) co_return away("did not answer a moment ago");
  std::string issuer = core_.options.text("oidc.issuer"), base = issuer;
  while (base.ends_with('/')) base.pop_back();
  auto text = co_await fetch(base + "/.well-known/openid-configuration");
  auto read = text ? read_metadata(*text, issuer) : Result<ProviderMetadata>(fail(Errc::unavailable, text.error().what));
  if (!read) {
    failed_at_ = core_.clock.since_boot();
    event(Level::warn, "oidc.away", {{"what", read.error().text()}});
    co_return away(read.error().what);
  }
  failed_at_ = Millis{0};
  metadata_at_ = now;
  metadata_ = *std::move(read);
  co_return *metadata_;
}

// `again`: a key was asked for that is not among those we know; at most once a minute, whoever asks.
Awaitable<OidcResult<Jwks>> OidcDesk::keys(bool again) {
  const auto now = core_.clock.since_boot();
  const bool fresh = !keys_.empty() && now < keys_at_ + metadata_life;
  if (fresh && (!again || now < keys_at_ + keys_asked_every)) co_return keys_;
  auto provider = co_await metadata();
  if (!provider) co_return std::unexpected(std::move(provider).error());
  auto text = co_await fetch(provider->jwks_uri);
  if (!text) co_return std::unexpected(std::move(text).error());
  auto read = read_jwks(*text);
  if (!read) co_return failed(read.error().what);
  keys_ = *std::move(read);
  keys_at_ = now;
  co_return keys_;
}

Awaitable<OidcResult<json::object>> OidcDesk::exchange(ProviderMetadata provider, std::string code, std::string verifier, std::string origin) {
  const auto sender = transport();
  if (!sender) co_return away(sender.error().text());
  const auto& client = core_.options.text("oidc.client_id");
  const std::string redirect = origin + std::string(callback);
  std::vector<std::pair<std::string_view, std::string_view>> fields{
      {"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", redirect}, {"code_verifier", verifier}};
  io::HttpHeaders headers{{"content-type", "application/x-www-form-urlencoded"}};
  if (const auto& file = core_.options.text("oidc.client_secret_file"); !file.empty()) {
    const auto secret = io::read_secret_file(file, 1024);
    if (!secret) co_return away(secret.error().text());
    auto text = secret->expose();
    while (text.ends_with('\n')) text.remove_suffix(1);
    headers.emplace_back("authorization", "Basic " + to_base64(escaped(client) + ":" + escaped(text)));
  } else {
    fields.emplace_back("client_id", client);
  }
  auto answer = co_await (*sender)->send("POST", provider.token_endpoint, form(fields), std::move(headers));
  if (!answer) co_return away(answer.error().text());
  auto tokens = parse_object(answer->body, 64 * 1024, "tokens", JsonForm::any);
  wipe_bytes(answer->body);
  if (answer->status == 200 && tokens && !text_of(*tokens, "id_token").empty()) co_return *std::move(tokens);
  if (answer->status >= 500) co_return away("answered " + std::to_string(answer->status));
  co_return failed("the code was refused: " + (tokens ? printable(text_of(*tokens, "error"), 60) : std::to_string(answer->status)));
}

Awaitable<OidcResult<IdToken>> OidcDesk::check(json::object tokens, std::string nonce) {
  auto jwt = read_jwt(text_of(tokens, "id_token"));
  if (!jwt) co_return failed(jwt.error().text());
  auto known = co_await keys(false);
  if (known && keys_for(*jwt, *known).empty()) known = co_await keys(true);
  if (!known) co_return std::unexpected(std::move(known).error());
  const auto fitting = keys_for(*jwt, *known);
  if (fitting.empty()) co_return failed("ID token: is signed with a key the provider does not publish (kid)");
  if (std::none_of(fitting.begin(), fitting.end(), [&](const auto* key) { return verify(*jwt, *key); })) co_return failed("ID token: its signature is wrong");
  const IdTokenWanted wanted{core_.options.text("oidc.issuer"), core_.options.text("oidc.client_id"), std::move(nonce), text_of(tokens, "access_token"), core_.clock.now()};
  auto token = check_id_token(*jwt, wanted);
  wipe_texts(tokens);
  if (!token) co_return failed(token.error().text());
  co_return *std::move(token);
}

// ---- whose account ----

OidcResult<OidcPerson> OidcDesk::account_of(const IdToken& token) {
  const auto& issuer = core_.options.text("oidc.issuer");
  auto account = accounts_.by_subject(issuer, token.subject);
  const auto& claim = core_.options.text("oidc.login_claim");
  const auto named = claim == "preferred_username" ? token.preferred_username : claim == "email" ? token.email : std::nullopt;
  if (account && !*account && named) {
    const auto login = Login::parse(named->substr(0, claim == "email" ? named->find('@') : named->npos));
    if (login) account = accounts_.find(*login);
    // An account that is linked to somebody else is not found by its name.
    if (account && *account && (*account)->oidc_subject) account = std::optional<Account>();
  }
  if (!account) return away(account.error().what);
  if (!*account) return std::unexpected(OidcRefusal{"oidc_unknown", "no account is linked to this person"});
  const auto& proof = core_.options.text("oidc.mfa");
  const bool proved = !proof.empty() && std::find(token.proofs.begin(), token.proofs.end(), proof) != token.proofs.end();
  return OidcPerson{(*account)->login, proved};
}

Awaitable<OidcResult<OidcPerson>> OidcDesk::finish(io::HttpRequest request, std::string origin) {
  auto question = take_question(request);
  if (!question) co_return std::unexpected(std::move(question).error());
  auto provider = co_await metadata();
  if (!provider) co_return std::unexpected(std::move(provider).error());
  const auto issuer = request.parameter("iss");
  if ((issuer || provider->answers_with_issuer) && issuer != core_.options.text("oidc.issuer")) co_return failed("the answer is another issuer's (iss)");
  if (const auto error = request.parameter("error")) co_return failed("the provider said no: " + printable(*error, 60));
  auto code = request.parameter("code");
  if (!code || code->empty() || code->size() > 2000) co_return failed("the answer has no code");
  auto tokens = co_await exchange(*provider, *std::move(code), question->verifier, std::move(origin));
  if (!tokens) co_return std::unexpected(std::move(tokens).error());
  auto token = co_await check(*std::move(tokens), question->nonce);
  if (!token) co_return std::unexpected(std::move(token).error());
  co_return account_of(*token);
}

}  // namespace pontlevis::gateway
