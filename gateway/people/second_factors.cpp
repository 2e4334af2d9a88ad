#include "gateway/people/second_factors.hpp"

#include "gateway/store.hpp"

namespace pontlevis::gateway {

Result<bool> SecondFactors::has(const Login& login) const {
  PL_TRY(count, db_->integer("SELECT count(*) FROM second_factors WHERE login=?", login.text()));
  return count.value_or(0) > 0;
}

Result<> SecondFactors::put(const Login& login, const certs::TotpSecret& secret) {
  const Secret text = secret.base32();
  PL_CHECK(db_->run("DELETE FROM wrong_codes WHERE login=?", login.text()));
  return db_->run("INSERT INTO second_factors(login, totp) VALUES(?,?) ON CONFLICT(login) DO UPDATE SET "
                  "totp=excluded.totp, locked_until=NULL",
                  login.text(), sqlite::Blob{text.expose()});
}

Result<> SecondFactors::remove(const Login& login) {
  PL_CHECK(db_->run("DELETE FROM wrong_codes WHERE login=?", login.text()));
  return db_->run("DELETE FROM second_factors WHERE login=?", login.text());
}

bool SecondFactors::locked(const Login& login) const {
  const auto until = db_->integer("SELECT locked_until FROM second_factors WHERE login=?", login.text());
  return !until || (*until && read_time(**until) > clock_->now());
}

Result<CodeVerdict> SecondFactors::check(const Login& login, const Secret& code, const LockoutRule& rule) {
  if (locked(login)) return CodeVerdict::locked;
  PL_TRY(rows, db_->query("SELECT totp, last_step FROM second_factors WHERE login=?", login.text()));
  PL_TRY(found, rows.next());
  if (!found) return CodeVerdict::wrong;
  std::string text = rows.blob(0);
  auto secret = certs::TotpSecret::parse(text);
  wipe_bytes(text);
  if (!secret) return std::unexpected(std::move(secret).error());
  std::optional<std::uint64_t> last;
  if (!rows.is_null(1)) last = static_cast<std::uint64_t>(rows.integer(1));
  const auto step = secret->verify(code.expose(), clock_->now(), last);
  if (!step) return count_wrong(login, rule);
  PL_CHECK(spend(login, *step));
  return CodeVerdict::accepted;
}

// Before anybody is let in: the same code is worth nothing after a crash either.
Result<> SecondFactors::spend(const Login& login, std::uint64_t step) {
  PL_CHECK(db_->run("UPDATE second_factors SET last_step=?, locked_until=NULL WHERE login=?", step, login.text()));
  return db_->run("DELETE FROM wrong_codes WHERE login=?", login.text());
}

Result<CodeVerdict> SecondFactors::count_wrong(const Login& login, const LockoutRule& rule) {
  const Time now = clock_->now();
  PL_CHECK(db_->run("DELETE FROM wrong_codes WHERE at < ?", stored(now - rule.within)));
  PL_CHECK(db_->run("INSERT INTO wrong_codes(login, at) VALUES(?,?)", login.text(), stored(now)));
  PL_TRY(count, db_->integer("SELECT count(*) FROM wrong_codes WHERE login=?", login.text()));
  if (count.value_or(0) < rule.tries) return CodeVerdict::wrong;
  PL_CHECK(db_->run("UPDATE second_factors SET locked_until=? WHERE login=?", stored(now + rule.lock), login.text()));
  PL_CHECK(db_->run("DELETE FROM wrong_codes WHERE login=?", login.text()));
  return CodeVerdict::now_locked;
}

}  // namespace pontlevis::gateway
