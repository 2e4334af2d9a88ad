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
  PL_TRY(rows, db_->query("SELECT login, card, totp, last_step, locked_until FROM technicians"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    PL_TRY(login, Login::parse(rows.text(0)));
    Row row{rows.text(1), rows.blob(2), std::nullopt, std::nullopt};
    if (!rows.is_null(3)) row.last_step = static_cast<std::uint64_t>(rows.integer(3));
    if (!rows.is_null(4)) row.locked_until = read_time(rows.integer(4));
    rows_.emplace(std::move(login), std::move(row));
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
  for (const auto& [login, row] : rows_) out.push_back(login);
  return out;
}

Result<certs::VerifiedCard> Technicians::valid_card(const Login& login) const {
  const auto at = rows_.find(login);
  if (at == rows_.end())
    return fail(Errc::not_found, "is not a technician of this gateway", "'" + login.text() + "'",
                "the administrator adds people with `pontlevis-gateway technician add --card FILE`");
  return certs::StaffCard::open(at->second.card, staff_, clock_->now(), revoked_);
}

Result<> Technicians::put(const certs::VerifiedCard& card, std::optional<certs::TotpSecret> totp) {
  const auto known = rows_.find(card.login());
  if (known == rows_.end() && !totp) return fail(Errc::internal, "has no second factor", "technician");
  const std::string secret = totp ? std::string(totp->base32().expose()) : known->second.totp;
  PL_CHECK(db_->run("INSERT INTO technicians(login, card, totp) VALUES(?,?,?) ON CONFLICT(login) DO UPDATE SET "
                    "card=excluded.card, totp=excluded.totp",
                    card.login().text(), card.note(), sqlite::Blob{secret}));
  Row& row = rows_[card.login()];
  row.card = card.note();
  row.totp = secret;
  return {};
}

bool Technicians::locked(const Login& login) const {
  const auto at = rows_.find(login);
  return at != rows_.end() && at->second.locked_until && *at->second.locked_until > clock_->now();
}

Result<CodeVerdict> Technicians::check_code(const Login& login, const Secret& code, const LockoutRule& rule) {
  const auto at = rows_.find(login);
  if (at == rows_.end()) return CodeVerdict::wrong;
  Row& row = at->second;
  if (locked(login)) return CodeVerdict::locked;
  PL_TRY(totp, certs::TotpSecret::parse(row.totp));
  const auto step = totp.verify(code.expose(), clock_->now(), row.last_step);
  if (!step) return count_wrong(login, row, rule);
  // Spent before anybody is let in: the same code is worth nothing after a crash either.
  PL_CHECK(db_->run("UPDATE technicians SET last_step=?, locked_until=NULL WHERE login=?", *step, login.text()));
  PL_CHECK(db_->run("DELETE FROM wrong_codes WHERE login=?", login.text()));
  row.last_step = step;
  row.locked_until.reset();
  return CodeVerdict::accepted;
}

Result<CodeVerdict> Technicians::count_wrong(const Login& login, Row& row, const LockoutRule& rule) {
  const Time now = clock_->now();
  PL_CHECK(db_->run("DELETE FROM wrong_codes WHERE at < ?", stored(now - rule.within)));
  PL_CHECK(db_->run("INSERT INTO wrong_codes(login, at) VALUES(?,?)", login.text(), stored(now)));
  PL_TRY(count, db_->integer("SELECT count(*) FROM wrong_codes WHERE login=?", login.text()));
  if (count.value_or(0) < rule.tries) return CodeVerdict::wrong;
  const Time until = now + rule.lock;
  PL_CHECK(db_->run("UPDATE technicians SET locked_until=? WHERE login=?", stored(until), login.text()));
  PL_CHECK(db_->run("DELETE FROM wrong_codes WHERE login=?", login.text()));
  row.locked_until = until;
  return CodeVerdict::now_locked;
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

}  // namespace pontlevis::gateway
