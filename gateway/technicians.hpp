// The vendor's technicians: who they are (the staff card, verbatim) and their second factor. A person
// is believed only as far as a card says that is valid now. Owned by Core; the loop's thread.
// requirements A10 (both commitments), A11 (EEA), A13 (named accounts, two factors).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "audit/sqlite.hpp"
#include "certs/staff_card.hpp"
#include "certs/totp.hpp"
#include "protocol/clock.hpp"

namespace pontlevis::gateway {

struct LockoutRule {
  int tries = 5;                         // wrong codes …
  Millis within{std::chrono::minutes(15)};  // … in this time lock the account …
  Millis lock{std::chrono::minutes(15)};    // … for this long
};

enum class CodeVerdict {
  accepted,
  wrong,
  now_locked,  // this wrong code was the last one: record it
  locked,      // still locked: not even looked at
};

class Technicians {
 public:
  static Result<Technicians> load(sqlite::Database& db, NoteVerifier staff, const Clock& clock);

  // The card if it is valid now; Errc::not_found, expired, not_allowed (revoked) or bad_signature.
  Result<certs::VerifiedCard> valid_card(const Login& login) const;
  bool knows(const Login& login) const { return rows_.contains(login); }
  std::vector<Login> logins() const;
  const std::string& card_note(const Login& login) const { return rows_.at(login).card; }

  // Adds a person or replaces the card of one. Without `totp`, a known person keeps the second factor
  // and a new one is refused.
  Result<> put(const certs::VerifiedCard& card, std::optional<certs::TotpSecret> totp);

  // A right code is spent, durably, before `accepted` is said.
  Result<CodeVerdict> check_code(const Login& login, const Secret& code, const LockoutRule& rule);
  bool locked(const Login& login) const;

  // Errc::conflict when it was known. The answer is what it revokes.
  Result<certs::Revocation> revoke(const std::string& note);
  const certs::RevocationList& revocations() const { return revoked_; }
  std::vector<std::string> revocation_notes() const;
  const NoteVerifier& staff_key() const { return staff_; }

 private:
  struct Row {
    std::string card;
    std::string totp;  // base32
    std::optional<std::uint64_t> last_step;
    std::optional<Time> locked_until;
  };
  Technicians(sqlite::Database& db, NoteVerifier staff, const Clock& clock)
      : db_(&db), staff_(std::move(staff)), clock_(&clock) {}
  Result<> load_people();
  Result<> load_revocations();
  Result<CodeVerdict> count_wrong(const Login& login, Row& row, const LockoutRule& rule);

  sqlite::Database* db_;
  NoteVerifier staff_;
  const Clock* clock_;
  std::map<Login, Row> rows_;
  certs::RevocationList revoked_;
  std::map<std::string, std::string> revocation_notes_;  // card → note
};

}  // namespace pontlevis::gateway
