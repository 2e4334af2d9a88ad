// The door for people: who somebody is, by password and code, passkey, identity provider, cookie or token, and
// whether that counts now. One answer for all that is wrong, so that a stranger learns no name; what fails is
// counted by name and by source, and recorded. Owned by Gateway; the loop's thread.
#pragma once

#include <expected>

#include "gateway/core.hpp"
#include "gateway/people/accounts.hpp"
#include "gateway/people/console_place.hpp"
#include "gateway/people/passkey_shelf.hpp"
#include "gateway/people/oidc/oidc_desk.hpp"
#include "gateway/people/password_work.hpp"
#include "gateway/people/sessions.hpp"
#include "gateway/people/tokens.hpp"
#include "gateway/people/tries.hpp"

namespace pontlevis::gateway {

// Why somebody is not let in, as a problem of the API (docs/api.md).
struct DoorRefusal {
  unsigned status;
  std::string code;
  Error error;
};
template <class T = void>
using Admitted = std::expected<T, DoorRefusal>;

class PeopleDesk {
 public:
  explicit PeopleDesk(Core& core);

  // REQUIRES: told before the first request, and after each reload of the options.
  Result<> listens_on(unsigned https_port);
  const ConsolePlace& place() const { return place_; }
  SessionRule rule() const;

  // The person of an account that counts now: not past its time, and the card of a technician valid.
  Result<Person> usable(const Login& login) const;

  // Password, then code. `source` is a network address: it goes to the record's own class and into no store.
  Awaitable<Admitted<Person>> check(Login login, Secret password, Secret code, std::string source);
  // The code of somebody who is signed in.
  Admitted<> check_code(const Login& login, const Secret& code, const std::string& source);
  // The password of somebody who is signed in.
  Awaitable<Admitted<>> check_password(Login login, Secret password, std::string source);
  Awaitable<Result<>> change_password(Login login, Secret password, std::string kept_session);

  // A passkey whose device checked its person is both factors at once.
  Result<json::object> passkey_question(const Login& login) { return passkeys_.start_sign_in(login); }
  Admitted<Person> check_passkey(const std::string& ticket, const json::object& credential, const std::string& source);

  // Whom the identity provider has sent back.
  Awaitable<OidcResult<OidcPerson>> check_provider(io::HttpRequest request);
  OidcDesk& oidc() { return oidc_; }

  // The cookie of a new session, recorded.
  Admitted<Secret> begin(const Person& person, SignInMethod method, Proved proved, const std::string& source);
  // Whether a browser that holds a long connection is still signed in.
  bool still_in(const std::string& session);
  // Told when a person's sessions end otherwise than by their own clock; long connections are closed then.
  void on_end(std::function<void(const Login&)> told) { on_end_ = std::move(told); }
  void end_person(const Login& login);
  void sweep();

  void record(std::string_view event, const std::string& subject, const std::string& source, const std::string& detail);

  Accounts& accounts() { return accounts_; }
  Sessions& sessions() { return sessions_; }
  Tokens& tokens() { return tokens_; }
  PasskeyShelf& shelf() { return shelf_; }
  webauthn::Passkeys& passkeys() { return passkeys_; }
  SecondFactors& factors() { return factors_; }
  PasswordWork& passwords() { return passwords_; }
  Core& core() { return core_; }

 private:
  std::optional<DoorRefusal> too_many(const std::string& name, const std::string& source);
  DoorRefusal wrong(const std::string& name, bool known, const std::string& source, std::string_view why);
  Admitted<> spend_code(const Login& login, const Secret& code, const std::string& source);
  LockoutRule source_rule() const;
  void take_place(ConsolePlace place);

  Core& core_;
  Accounts accounts_;
  Sessions sessions_;
  Tokens tokens_;
  SecondFactors factors_;
  PasskeyShelf shelf_;
  webauthn::Passkeys passkeys_;
  Tries names_, sources_;
  PasswordWork passwords_;
  OidcDesk oidc_;
  ConsolePlace place_;
  std::function<void(const Login&)> on_end_;
};

DoorRefusal store_fault(const Error& error);
// Alike for every wrong sign-in.
DoorRefusal not_signed_in();

}  // namespace pontlevis::gateway
