// Who may sign in to the console, and as what. An account is one named person (requirements A13); a technician's
// has the login of their staff card and counts only while that card does. The store is asked each time, so that
// a command of the administrator and the door never disagree. The loop's thread.
#pragma once

#include <optional>
#include <vector>

#include "audit/sqlite.hpp"
#include "gateway/people/role.hpp"
#include "protocol/clock.hpp"

namespace pontlevis::gateway {

struct Account {
  Login login;
  std::string name;
  Role role{};
  Time created_at{};
  std::optional<Time> until{};                // an auditor's last moment
  bool must_change = false;                   // the password was made by somebody else
  std::optional<std::string> oidc_issuer{};   // both or neither
  std::optional<std::string> oidc_subject{};
};

class Accounts {
 public:
  explicit Accounts(sqlite::Database& db) : db_(&db) {}

  Result<std::optional<Account>> find(const Login& login) const;
  Result<std::optional<Account>> by_subject(const std::string& issuer, const std::string& subject) const;
  Result<std::vector<Account>> after(const std::string& login, std::size_t most) const;  // in order of login
  Result<std::string> password_hash(const Login& login) const;  // empty: no such account

  Result<> add(const Account& account, const std::string& password_hash);
  Result<> set_password(const Login& login, const std::string& hash, bool must_change);
  // Errc::conflict when another account is linked to that subject.
  Result<> link(const Login& login, const std::optional<std::string>& issuer, const std::optional<std::string>& subject);
  Result<> remove(const Login& login);  // with its sessions, tokens and passkeys

 private:
  sqlite::Database* db_;
};

}  // namespace pontlevis::gateway
