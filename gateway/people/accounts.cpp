#include "gateway/people/accounts.hpp"

#include <algorithm>

#include "gateway/store.hpp"

namespace pontlevis::gateway {
namespace {

Result<Account> read(const sqlite::Rows& rows) {
  PL_TRY(login, Login::parse(rows.text(0)));
  const auto& words = Spelling<Role>::words;
  const auto role = std::find(words.begin(), words.end(), rows.text(2));
  if (role == words.end()) return fail(Errc::internal, "has a role that nobody knows", "account " + login.text());
  Account out{std::move(login), rows.text(1), static_cast<Role>(role - words.begin()), read_time(rows.integer(3))};
  if (!rows.is_null(4)) out.until = read_time(rows.integer(4));
  out.must_change = rows.integer(5) != 0;
  out.oidc_issuer = rows.optional_text(6);
  out.oidc_subject = rows.optional_text(7);
  return out;
}

Result<std::optional<Account>> first(Result<sqlite::Rows> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  PL_TRY(found, rows->next());
  if (!found) return std::nullopt;
  PL_TRY(account, read(*rows));
  return account;
}

std::unexpected<Error> nobody(const Login& login) {
  return fail(Errc::not_found, "has no account here", "'" + login.text() + "'", "`pontlevis-gateway user list` shows who has one");
}

}  // namespace

Result<std::optional<Account>> Accounts::find(const Login& login) const {
  return first(db_->query("SELECT login, name, role, created_at, until, must_change, oidc_issuer, oidc_subject "
                          "FROM accounts WHERE login=?", login.text()));
}

Result<std::optional<Account>> Accounts::by_subject(const std::string& issuer, const std::string& subject) const {
  return first(db_->query("SELECT login, name, role, created_at, until, must_change, oidc_issuer, oidc_subject "
                          "FROM accounts WHERE oidc_issuer=? AND oidc_subject=?", issuer, subject));
}

Result<std::vector<Account>> Accounts::after(const std::string& login, std::size_t most) const {
  PL_TRY(rows, db_->query("SELECT login, name, role, created_at, until, must_change, oidc_issuer, oidc_subject "
                          "FROM accounts WHERE login>? ORDER BY login LIMIT ?", login, most));
  std::vector<Account> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(account, read(rows));
    out.push_back(std::move(account));
  }
}

Result<std::string> Accounts::password_hash(const Login& login) const {
  PL_TRY(hash, db_->text("SELECT password FROM accounts WHERE login=?", login.text()));
  return hash.value_or("");
}

Result<> Accounts::add(const Account& a, const std::string& hash) {
  PL_TRY(known, find(a.login));
  if (known) return fail(Errc::conflict, "has an account already", "'" + a.login.text() + "'", "`user reset` gives a new password");
  const auto until = a.until ? std::optional(stored(*a.until)) : std::nullopt;
  return db_->run("INSERT INTO accounts(login, name, role, password, created_at, until, must_change, oidc_issuer, oidc_subject) "
                  "VALUES(?,?,?,?,?,?,?,?,?)", a.login.text(), a.name, word(a.role), hash, stored(a.created_at), until, a.must_change,
                  a.oidc_issuer, a.oidc_subject);
}

Result<> Accounts::set_password(const Login& login, const std::string& hash, bool must_change) {
  PL_CHECK(db_->run("UPDATE accounts SET password=?, must_change=? WHERE login=?", hash, must_change, login.text()));
  if (db_->changes() == 0) return nobody(login);
  return {};
}

Result<> Accounts::link(const Login& login, const std::optional<std::string>& issuer, const std::optional<std::string>& subject) {
  if (issuer && subject) {
    PL_TRY(other, by_subject(*issuer, *subject));
    if (other && other->login != login) return fail(Errc::conflict, "is linked to another account", "OpenID Connect subject");
  }
  PL_CHECK(db_->run("UPDATE accounts SET oidc_issuer=?, oidc_subject=? WHERE login=?", issuer, subject, login.text()));
  if (db_->changes() == 0) return nobody(login);
  return {};
}

Result<> Accounts::remove(const Login& login) {
  PL_CHECK(db_->run("DELETE FROM accounts WHERE login=?", login.text()));
  if (db_->changes() == 0) return nobody(login);
  return {};
}

}  // namespace pontlevis::gateway
