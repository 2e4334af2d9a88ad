// The vendor's technicians: who they are (the staff card, verbatim), with the second factor that the SSH front
// and the console ask of them (people/second_factors.hpp). A person is believed only as far as a card says that
// is valid now. Owned by Core; the loop's thread.
// requirements A10 (both commitments), A11 (EEA), A13 (named accounts, two factors).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "audit/sqlite.hpp"
#include "certs/staff_card.hpp"
#include "certs/totp.hpp"
#include "gateway/people/second_factors.hpp"
#include "protocol/clock.hpp"

namespace pontlevis::gateway {

class Technicians {
 public:
  static Result<Technicians> load(sqlite::Database& db, NoteVerifier staff, const Clock& clock);

  // The card if it is valid now; Errc::not_found, expired, not_allowed (revoked) or bad_signature.
  Result<certs::VerifiedCard> valid_card(const Login& login) const;
  bool knows(const Login& login) const { return cards_.contains(login); }
  std::vector<Login> logins() const;
  const std::string& card_note(const Login& login) const { return cards_.at(login); }

  // Adds a person or replaces the card of one. Without `totp`, a known person keeps the second factor
  // and a new one is refused.
  Result<> put(const certs::VerifiedCard& card, std::optional<certs::TotpSecret> totp);

  // Of a technician only; the same code, use and lockout as the console's.
  Result<CodeVerdict> check_code(const Login& login, const Secret& code, const LockoutRule& rule);
  bool locked(const Login& login) const { return factors_.locked(login); }

  // Errc::conflict when it was known. The answer is what it revokes.
  Result<certs::Revocation> revoke(const std::string& note);
  const certs::RevocationList& revocations() const { return revoked_; }
  std::vector<std::string> revocation_notes() const;
  // Card and second factor of somebody who has left; revocations stay, they name cards only.
  Result<> forget(const Login& login);
  const NoteVerifier& staff_key() const { return staff_; }

 private:
  Technicians(sqlite::Database& db, NoteVerifier staff, const Clock& clock)
      : db_(&db), staff_(std::move(staff)), clock_(&clock), factors_(db, clock) {}
  Result<> load_people();
  Result<> load_revocations();

  sqlite::Database* db_;
  NoteVerifier staff_;
  const Clock* clock_;
  SecondFactors factors_;
  std::map<Login, std::string> cards_;
  certs::RevocationList revoked_;
  std::map<std::string, std::string> revocation_notes_;  // card → note
};

}  // namespace pontlevis::gateway
