// Personal access tokens: what a script of a person's own may do in their name, for at most a year. The secret is
// shown once and kept as its SHA-256. The loop's thread.
#pragma once

#include "audit/sqlite.hpp"
#include "gateway/people/role.hpp"
#include "protocol/clock.hpp"
#include "protocol/random.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::gateway {

class Scopes {
 public:
  constexpr bool has(Scope scope) const { return (bits_ & (1u << static_cast<unsigned>(scope))) != 0; }
  constexpr void add(Scope scope) { bits_ = static_cast<unsigned char>(bits_ | (1u << static_cast<unsigned>(scope))); }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool within(Scopes other) const { return (bits_ & ~other.bits_) == 0; }
  constexpr bool operator==(const Scopes&) const = default;

 private:
  unsigned char bits_ = 0;
};
std::vector<std::string> scope_words(Scopes scopes);
std::optional<Scopes> scopes_of(const std::vector<std::string>& words);  // each once
Scopes scopes_of_role(Role role);  // what a token of theirs could be of use for

struct Token {
  std::string id;
  Login login;
  std::string label;
  Scopes scopes{};
  Time created_at{}, expires_at{};
  std::optional<Time> last_used_at{};
};

class Tokens {
 public:
  Tokens(sqlite::Database& db, const Clock& clock, Random& random) : db_(&db), clock_(&clock), random_(&random) {}

  struct New { Token token; Secret secret; };
  Result<New> make(const Login& login, std::string label, Scopes scopes, int days);
  Result<std::optional<Token>> find(std::string_view secret);  // and that it was used
  Result<std::vector<Token>> of(const Login& login) const;
  Result<> remove(const Login& login, const std::string& id);
  Result<> sweep();

  static constexpr int most_of_one_person = 20, most_days = 365;
  static constexpr std::string_view prefix = "plv_";

 private:
  sqlite::Database* db_;
  const Clock* clock_;
  Random* random_;
};

}  // namespace pontlevis::gateway
