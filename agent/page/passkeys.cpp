#include "agent/page/passkeys.hpp"

#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

constexpr Millis ticket_life = std::chrono::minutes(5);
constexpr std::size_t most_tickets = 64;
constexpr std::size_t most_passkeys = 8;
constexpr std::string_view rp_id = "localhost";

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

}  // namespace

Result<json::object> Passkeys::options(const Login& login, bool registers, json::object options) {
  const auto now = clock_.since_boot();
  std::erase_if(tickets_, [&](const auto& t) { return now > t.second.until; });
  if (tickets_.size() >= most_tickets) return fail(Errc::unavailable, "too many passkey sign-ins are under way", "passkey", "wait a minute");
  std::string challenge = to_base64url(random_.bytes(32)), ticket = to_hex(random_.bytes(16));
  options.emplace("challenge", challenge);
  options.emplace("timeout", 120'000);
  tickets_.emplace(ticket, Ticket{login, std::move(challenge), registers, now + ticket_life});
  return json::object{{"ticket", ticket}, {"publicKey", std::move(options)}};
}

Result<json::object> Passkeys::start_registration(const Login& login, const std::string& name) {
  PL_TRY(have, store_.passkeys(login));
  if (have.size() >= most_passkeys) return fail(Errc::conflict, "this person has many passkeys already", "passkey", "remove one first");
  json::array excluded;
  for (const auto& key : have) excluded.push_back(json::object{{"type", "public-key"}, {"id", key.id}});
  const std::string user = to_base64url(sha256("pontlevis-user\n" + login.text()).view());
  return options(login, true, {{"rp", json::object{{"id", rp_id}, {"name", "Pontlevis"}}},
                               {"user", json::object{{"id", user}, {"name", login.text()}, {"displayName", name}}},
                               {"pubKeyCredParams", json::array{json::object{{"type", "public-key"}, {"alg", -7}}}},
                               {"excludeCredentials", std::move(excluded)},
                               {"authenticatorSelection", json::object{{"residentKey", "preferred"}, {"userVerification", "required"}}},
                               {"attestation", "none"}});
}

Result<json::object> Passkeys::start_sign_in(const Login& login) {
  PL_TRY(have, store_.passkeys(login));
  json::array allowed;
  for (const auto& key : have) allowed.push_back(json::object{{"type", "public-key"}, {"id", key.id}});
  // A name without a passkey gets a number nobody has: the answer does not tell who is in the team.
  if (allowed.empty()) allowed.push_back(json::object{{"type", "public-key"}, {"id", to_base64url(sha256("nobody\n" + login.text()).view())}});
  return options(login, false, {{"rpId", rp_id}, {"allowCredentials", std::move(allowed)}, {"userVerification", "required"}});
}

Result<Passkeys::Ticket> Passkeys::use_ticket(const std::string& ticket, bool registers) {
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end()) return bad("this passkey request is over");
  Ticket out = std::move(found->second);
  tickets_.erase(found);
  if (out.registers != registers || clock_.since_boot() > out.until) return bad("this passkey request is over");
  return out;
}

// What the browser says it signed for: our challenge, on our page.
Result<std::string> Passkeys::check_client_data(const json::object& response, std::string_view type, const std::string& challenge) const {
  PL_TRY(text, bytes_of(response, "clientDataJSON"));
  PL_TRY(data, parse_object(text, 4096, "clientDataJSON", JsonForm::any));
  const auto says = [&](std::string_view name, std::string_view wanted) {
    const auto* v = data.if_contains(name);
    return v && v->is_string() && std::string_view(v->get_string()) == wanted;
  };
  if (!says("type", type) || !says("challenge", challenge) || !says("origin", origin_)) return bad("the passkey answered another page or question");
  return text;
}

Result<> Passkeys::finish_registration(const Login& login, const std::string& ticket, const std::string& label, const json::object& credential) {
  PL_TRY(asked, use_ticket(ticket, true));
  if (asked.login != login) return bad("this passkey request is another person's");
  const auto& response = response_of(credential);
  PL_CHECK(check_client_data(response, "webauthn.create", asked.challenge));
  PL_TRY(attestation, bytes_of(response, "attestationObject"));
  PL_TRY(data, read_attestation(attestation));
  if (data.rp_hash != sha256(rp_id).view() || !data.present || !data.verified) return bad("the device did not check that it is you");
  std::string id = to_base64url(data.credential);
  PL_TRY(known, store_.passkey(id));
  if (known) return bad("this passkey is known already");
  return store_.add_passkey({std::move(id), login, label, data.public_key, data.count, clock_.now()});
}

Result<Login> Passkeys::finish_sign_in(const std::string& ticket, const json::object& credential) {
  PL_TRY(asked, use_ticket(ticket, false));
  const auto* id = credential.if_contains("id");
  if (!id || !id->is_string() || id->get_string().size() > 1400) return bad("the passkey has no number");
  PL_TRY(key, store_.passkey(std::string(id->get_string())));
  if (!key || key->login != asked.login) return bad("this passkey is not known here");
  const auto& response = response_of(credential);
  PL_TRY(client_data, check_client_data(response, "webauthn.get", asked.challenge));
  PL_TRY(raw, bytes_of(response, "authenticatorData"));
  PL_TRY(signature, bytes_of(response, "signature"));
  PL_TRY(data, read_authenticator_data(raw));
  if (data.rp_hash != sha256(rp_id).view() || !data.present || !data.verified) return bad("the device did not check that it is you");
  if (!verify_es256(key->public_key, raw + std::string(sha256(client_data).view()), signature)) return bad("the passkey's signature is wrong");
  // A counter that does not grow means a copied authenticator; zero means that it counts nothing.
  if ((data.count != 0 || key->count != 0) && data.count <= key->count) return bad("this passkey may have been copied");
  PL_CHECK(store_.count_passkey(key->id, data.count));
  return key->login;
}

}  // namespace pontlevis::agent
