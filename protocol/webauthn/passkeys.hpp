// Passkeys: signing in with the device's own lock instead of a password (WebAuthn level 2, ES256 only, user
// verification required). The practitioner's page and the vendor's console share it; where passkeys are kept is
// the PasskeyShelf's matter.
//
// A ticket names a question and is bound to a person, a kind and five minutes by a key of this process, so that
// strangers who ask for many cost nothing; only those that were answered rightly are remembered, until their time
// is over: each serves once. Lives on the loop.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/clock.hpp"
#include "protocol/ids.hpp"
#include "protocol/random.hpp"
#include "protocol/secret.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/webauthn/authenticator.hpp"

namespace pontlevis::webauthn {

struct Passkey {
  std::string id;          // base64url, the authenticator's
  Login login;
  std::string label;
  std::string public_key;  // the P-256 point, 65 bytes
  std::int64_t count = 0;  // the authenticator's signature counter
  Time added_at{};
  std::optional<Time> last_used_at{};
};

class PasskeyShelf {
 public:
  virtual ~PasskeyShelf() = default;
  virtual Result<> add_passkey(const Passkey& key) = 0;
  virtual Result<std::vector<Passkey>> passkeys(const Login& login) = 0;
  virtual Result<std::optional<Passkey>> passkey(const std::string& id) = 0;
  virtual Result<> count_passkey(const std::string& id, std::int64_t count, Time now) = 0;

 protected:
  PasskeyShelf() = default;
  PasskeyShelf(const PasskeyShelf&) = default;
  PasskeyShelf& operator=(const PasskeyShelf&) = default;
};

// Where a passkey counts: the relying party is a host name, and these pages of it may ask.
struct PasskeyPlace {
  std::string rp_id;
  std::vector<std::string> origins;
};

class Passkeys {
 public:
  Passkeys(PasskeyShelf& shelf, const Clock& clock, Random& random) : shelf_(shelf), clock_(clock), random_(random), key_(random.bytes(32)) {}
  void set_place(PasskeyPlace place) { place_ = std::move(place); }

  // {"ticket", "publicKey"}: options for the browser, with the ticket its answer must bring back.
  Result<json::object> start_registration(const Login& login, const std::string& name);
  Result<> finish_registration(const Login& login, const std::string& ticket, const std::string& label, const json::object& credential);
  Result<json::object> start_sign_in(const Login& login);  // answers alike for names nobody has
  Result<Login> finish_sign_in(const std::string& ticket, const json::object& credential);

 private:
  enum class Kind : char { registers = 'r', signs_in = 's' };
  std::string seal(std::string_view what) const;
  json::object options(const Login& login, Kind kind, json::object options);
  Result<> check_ticket(const std::string& ticket, const Login& login, Kind kind) const;
  void spend(const std::string& ticket);
  Result<std::string> check_client_data(const json::object& response, std::string_view type, const std::string& ticket) const;
  bool is_here(const AuthenticatorData& data) const;

  PasskeyShelf& shelf_;
  const Clock& clock_;
  Random& random_;
  Secret key_;
  PasskeyPlace place_;
  std::map<std::string, Millis> spent_;  // until when they would count
};

}  // namespace pontlevis::webauthn
