#include "gateway/technicians.hpp"

#include "gateway/store.hpp"
#include "protocol/statement.hpp"

namespace pontlevis::gateway {

Result<Technicians> Technicians::load(sqlite::Database& db, NoteVerifier staff, const Clock& clock) {
  Technicians out(db, std::move(staff), clock);
  PL_CHECK(out.load_people());
  PL_CHECK(out.load_revocations());
  return out;
}

Result<> Technicians::load_people() {
  PL_TRY(rows, db_->query("SELECT login, card FROM technicians"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    PL_TRY(login, Login::parse(rows.text(0)));
    cards_.emplace(std::move(login), rows.text(1));
  }
}

Result<> Technicians::load_revocations() {
  PL_TRY(rows, db_->query("SELECT card, note FROM revocations"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    PL_CHECK(revoked_.add(rows.text(1), staff_));
    revocation_notes_.emplace(rows.text(0), rows.text(1));
  }
}

std::vector<Login> Technicians::logins() const {
  std::vector<Login> out;
  for (const auto& [login, card] : cards_) out.push_back(login);
  return out;
}

Result<certs::VerifiedCard> Technicians::valid_card(const Login& login) const {
  const auto at = cards_.find(login);
  if (at == cards_.end())
    return fail(Errc::not_found, "is not a technician of this gateway", "'" + login.text() + "'",
                "the administrator adds people with `pontlevis-gateway technician add --card FILE`");
  return certs::StaffCard::open(at->second, staff_, clock_->now(), revoked_);
}

Result<> Technicians::put(const certs::VerifiedCard& card, std::optional<certs::TotpSecret> totp) {
  PL_TRY(has_one, factors_.has(card.login()));
  if (!has_one && !totp) return fail(Errc::internal, "has no second factor", "technician");
  PL_TRY(transaction, sqlite::Transaction::begin(*db_));
  if (totp) PL_CHECK(factors_.put(card.login(), *totp));
  PL_CHECK(db_->run("INSERT INTO technicians(login, card) VALUES(?,?) ON CONFLICT(login) DO UPDATE SET card=excluded.card",
                    card.login().text(), card.note()));
  PL_CHECK(transaction.commit());
  cards_.insert_or_assign(card.login(), card.note());
  return {};
}

Result<CodeVerdict> Technicians::check_code(const Login& login, const Secret& code, const LockoutRule& rule) {
  if (!knows(login)) return CodeVerdict::wrong;
  return factors_.check(login, code, rule);
}

Result<certs::Revocation> Technicians::revoke(const std::string& note) {
  PL_TRY(body, open_statement(note, certs::card_revocation_type, staff_));
  const auto* card = body.if_contains("card_id");
  if (!card || !card->is_string()) return fail(Errc::bad_input, "names no card", "revocation");
  PL_TRY(id, certs::CardId::parse(card->get_string()));
  PL_TRY(is_new, revoked_.add(note, staff_));
  if (!is_new) return fail(Errc::conflict, "is known already", "revocation of card " + id.text());
  PL_CHECK(db_->run("INSERT INTO revocations(card, note) VALUES(?,?)", id.text(), note));
  revocation_notes_.emplace(id.text(), note);
  return *revoked_.find(id);
}

std::vector<std::string> Technicians::revocation_notes() const {
  std::vector<std::string> out;
  for (const auto& [card, note] : revocation_notes_) out.push_back(note);
  return out;
}

Result<> Technicians::forget(const Login& login) {
  PL_TRY(transaction, sqlite::Transaction::begin(*db_));
  PL_CHECK(db_->run("DELETE FROM technicians WHERE login=?", login.text()));
  PL_CHECK(db_->run("DELETE FROM second_factors WHERE login=?", login.text()));
  PL_CHECK(db_->run("DELETE FROM wrong_codes WHERE login=?", login.text()));
  PL_CHECK(transaction.commit());
  cards_.erase(login);
  return {};
}

}  // namespace pontlevis::gateway
