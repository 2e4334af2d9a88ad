// One-time passwords (design §8; requirements A34): random, for one operator, one session, one
// connection. Minted from a ProvedConsent alone, kept in memory alone, wiped when used, when unused
// for ten minutes and at the session's end. Lives on the loop.
#pragma once

#include <map>
#include <optional>

#include "agent/consented.hpp"
#include "protocol/clock.hpp"
#include "protocol/random.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::agent {

enum class PasswordProfile {
  phone,    // 12 of Crockford's 32 characters in groups of four: 60 bits, made for reading out
  pgssi_s,  // 24 characters of four classes: 147 bits
};

struct PasswordFormat {
  std::size_t length;
  double entropy_bits;
  Millis unused_life;
};
PasswordFormat format_of(PasswordProfile profile);

class OneTimePassword {
 public:
  OneTimePassword(OneTimePassword&&) noexcept = default;
  OneTimePassword& operator=(OneTimePassword&&) noexcept = default;
  const Login& login() const noexcept { return login_; }
  Millis unused_until() const noexcept { return unused_until_; }
  // For the practitioner's eyes: groups of four, K7QM-2RTX-9ABC.
  Secret shown() const;
  // What was typed, forgiving case, dashes, spaces, O for 0, I and L for 1 (phone profile only).
  bool opens(const Secret& typed) const;

 private:
  friend class PasswordMint;
  OneTimePassword(Login login, Secret value, PasswordProfile profile, Millis unused_until)
      : login_(std::move(login)), value_(std::move(value)), profile_(profile), unused_until_(unused_until) {}
  Login login_;
  Secret value_;
  PasswordProfile profile_;
  Millis unused_until_;
};

// The passwords of one session.
class PasswordMint {
 public:
  PasswordMint(const ProvedConsent& consent, PasswordProfile profile, Random& random, const Clock& clock);

  // A new password; an older unused one of this person dies. Errc::not_allowed for people who are not
  // connected operators of the consent, or whose right ended after three wrong tries.
  Result<Secret> mint(const Login& login);  // as shown
  enum class Verdict { accepted, wrong, blocked, no_password };
  // Accepting wipes it: the second use is no_password. The third wrong try blocks this person.
  Verdict try_password(const Login& login, const Secret& typed);
  bool blocked(const Login& login) const;
  std::vector<Login> expire_unused();  // wipes those past their ten minutes; who they were for
  std::size_t wipe_all();
  std::optional<Millis> next_expiry() const;

 private:
  struct Holder {
    std::optional<OneTimePassword> password;
    int wrong = 0;
  };
  std::map<Login, Holder> holders_;
  PasswordProfile profile_;
  Random& random_;
  const Clock& clock_;
};

}  // namespace pontlevis::agent
