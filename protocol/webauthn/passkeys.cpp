#include "protocol/webauthn/passkeys.hpp"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <algorithm>

#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::webauthn {
namespace {

constexpr Millis ticket_life = std::chrono::minutes(5);
constexpr std::size_t most_passkeys = 8;
constexpr std::size_t nonce_bytes = 8, time_bytes = 8, head_bytes = time_bytes + 1 + nonce_bytes, seal_bytes = 16;

std::unexpected<Error> bad(std::string what) { return fail(Errc::bad_input, std::move(what), "passkey", "try again, or use the password"); }

const json::object& response_of(const json::object& credential) {
  static const json::object none;
  const auto* r = credential.if_contains("response");
  return r && r->is_object() ? r->get_object() : none;
}

Result<std::string> bytes_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_string() || value->get_string().size() > 32 * 1024) return bad(std::string(name) + " is missing");
  auto out = from_base64url(value->get_string());
  if (!out) return bad(std::string(name) + " is not base64url");
  return *std::move(out);
}

std::string time_text(Millis t) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(static_cast<std::uint64_t>(t.count()) >> shift);
  return out;
}
Millis time_of(std::string_view bytes) {
  std::uint64_t out = 0;
  for (char c : bytes.substr(0, time_bytes)) out = out << 8 | static_cast<unsigned char>(c);
  return Millis(static_cast<std::int64_t>(out));
}

// What the authenticator signs: known to whoever has the ticket, chosen by nobody.
std::string challenge_of(std::string_view ticket) { return to_base64url(sha256({"pontlevis-passkey-challenge\n", ticket}).view()); }

json::object descriptor(std::string_view id) { return {{"type", "public-key"}, {"id", id}}; }

}  // namespace

std::string Passkeys::seal(std::string_view what) const {
  std::string out(32, '\0');
  const auto key = key_.expose();
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(what.data()), what.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

json::object Passkeys::options(const Login& login, Kind kind, json::object options) {
  const std::string head = time_text(clock_.since_boot() + ticket_life) + static_cast<char>(kind) + random_.bytes(nonce_bytes);
  const std::string ticket = to_base64url(head + seal(head + login.text()).substr(0, seal_bytes));
  options.emplace("challenge", challenge_of(ticket));
  options.emplace("timeout", 120'000);
  return json::object{{"ticket", ticket}, {"publicKey", std::move(options)}};
}

Result<> Passkeys::check_ticket(const std::string& ticket, const Login& login, Kind kind) const {
  const auto bytes = from_base64url(ticket);
  if (!bytes || bytes->size() != head_bytes + seal_bytes || spent_.contains(ticket)) return bad("this passkey request is over");
  const std::string head = bytes->substr(0, head_bytes), sealed = seal(head + login.text());
  const bool ours = CRYPTO_memcmp(sealed.data(), bytes->data() + head_bytes, seal_bytes) == 0;
  if (!ours || head[time_bytes] != static_cast<char>(kind) || clock_.since_boot() > time_of(head)) return bad("this passkey request is over");
  return {};
}

void Passkeys::spend(const std::string& ticket) {
  const auto now = clock_.since_boot();
  std::erase_if(spent_, [&](const auto& s) { return now > s.second; });
  spent_.emplace(ticket, now + ticket_life);
}

Result<json::object> Passkeys::start_registration(const Login& login, const std::string& name) {
  PL_TRY(have, shelf_.passkeys(login));
  if (have.size() >= most_passkeys) return fail(Errc::conflict, "this person has many passkeys already", "passkey", "remove one first");
  json::array excluded;
  for (const auto& key : have) excluded.push_back(descriptor(key.id));
  const std::string user = to_base64url(sha256("pontlevis-user\n" + login.text()).view());
  return options(login, Kind::registers, {{"rp", json::object{{"id", place_.rp_id}, {"name", "Pontlevis"}}},
                                          {"user", json::object{{"id", user}, {"name", login.text()}, {"displayName", name}}},
                                          {"pubKeyCredParams", json::array{json::object{{"type", "public-key"}, {"alg", -7}}}},
                                          {"excludeCredentials", std::move(excluded)},
                                          {"authenticatorSelection", json::object{{"residentKey", "preferred"}, {"userVerification", "required"}}},
                                          {"attestation", "none"}});
}

Result<json::object> Passkeys::start_sign_in(const Login& login) {
  PL_TRY(have, shelf_.passkeys(login));
  json::array allowed;
  for (const auto& key : have) allowed.push_back(descriptor(key.id));
  // A name without a passkey gets a number nobody has: the answer does not tell who is in the team.
  if (allowed.empty()) allowed.push_back(descriptor(to_base64url(seal("nobody\n" + login.text()))));
  return options(login, Kind::signs_in, {{"rpId", place_.rp_id}, {"allowCredentials", std::move(allowed)}, {"userVerification", "required"}});
}

// What the browser says it signed for: our challenge, on our page.
Result<std::string> Passkeys::check_client_data(const json::object& response, std::string_view type, const std::string& ticket) const {
  PL_TRY(text, bytes_of(response, "clientDataJSON"));
  PL_TRY(data, parse_object(text, 4096, "clientDataJSON", JsonForm::any));
  const auto says = [&](std::string_view name) {
    const auto* v = data.if_contains(name);
    return v && v->is_string() ? std::string_view(v->get_string()) : std::string_view();
  };
  const bool ours = std::find(place_.origins.begin(), place_.origins.end(), says("origin")) != place_.origins.end();
  if (says("type") != type || says("challenge") != challenge_of(ticket) || !ours) return bad("the passkey answered another page or question");
  const auto* crossed = data.if_contains("crossOrigin");
  if (crossed && (!crossed->is_bool() || crossed->get_bool())) return bad("the passkey was asked from inside another page");
  return text;
}

bool Passkeys::is_here(const AuthenticatorData& data) const { return data.rp_hash == sha256(place_.rp_id).view() && data.present && data.verified; }

Result<> Passkeys::finish_registration(const Login& login, const std::string& ticket, const std::string& label, const json::object& credential) {
  PL_CHECK(check_ticket(ticket, login, Kind::registers));
  const auto& response = response_of(credential);
  PL_CHECK(check_client_data(response, "webauthn.create", ticket));
  PL_TRY(attestation, bytes_of(response, "attestationObject"));
  PL_TRY(data, read_attestation(attestation));
  if (!is_here(data)) return bad("the device did not check that it is you");
  std::string id = to_base64url(data.credential);
  PL_TRY(known, shelf_.passkey(id));
  if (known) return bad("this passkey is known already");
  PL_TRY(have, shelf_.passkeys(login));
  if (have.size() >= most_passkeys) return fail(Errc::conflict, "this person has many passkeys already", "passkey", "remove one first");
  spend(ticket);
  return shelf_.add_passkey({std::move(id), login, label, data.public_key, data.count, clock_.now()});
}

Result<Login> Passkeys::finish_sign_in(const std::string& ticket, const json::object& credential) {
  const auto* id = credential.if_contains("id");
  if (!id || !id->is_string() || id->get_string().size() > 1400) return bad("the passkey has no number");
  PL_TRY(key, shelf_.passkey(std::string(id->get_string())));
  if (!key) return bad("this passkey is not known here");
  PL_CHECK(check_ticket(ticket, key->login, Kind::signs_in));
  const auto& response = response_of(credential);
  PL_TRY(client_data, check_client_data(response, "webauthn.get", ticket));
  PL_TRY(raw, bytes_of(response, "authenticatorData"));
  PL_TRY(signature, bytes_of(response, "signature"));
  PL_TRY(data, read_authenticator_data(raw));
  if (!is_here(data)) return bad("the device did not check that it is you");
  if (!verify_es256(key->public_key, raw + std::string(sha256(client_data).view()), signature)) return bad("the passkey's signature is wrong");
  spend(ticket);
  // A counter that does not grow means a copied authenticator; zero means that it counts nothing.
  if ((data.count != 0 || key->count != 0) && data.count <= key->count) return bad("this passkey may have been copied");
  PL_CHECK(shelf_.count_passkey(key->id, data.count, clock_.now()));
  return key->login;
}

}  // namespace pontlevis::webauthn
