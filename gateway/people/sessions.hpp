// Browsers that are signed in. The cookie is 256 random bits and is kept only as its SHA-256; the store keeps
// the session, so that a restart of the gateway does not end a technician's work. Its clock is the calendar,
// because the other one does not survive a restart of the machine; a calendar set back is refused (last_seen
// in the future). The loop's thread.
#pragma once

#include "audit/sqlite.hpp"
#include "gateway/people/role.hpp"
#include "protocol/clock.hpp"
#include "protocol/random.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::gateway {

enum class SignInMethod : unsigned char { password, passkey, oidc, token };

struct SessionRule {
  Millis idle{std::chrono::minutes(30)};
  Millis absolute{std::chrono::hours(12)};
  Millis step_up{std::chrono::minutes(5)};
};

struct Session {
  std::string id;  // hex of the cookie's SHA-256: names the session, opens nothing
  Login login;
  SignInMethod method{};
  Time signed_in_at{};
  Time last_seen{};
  std::optional<Time> step_up_until{};  // the person proved to be there
};

enum class Proved { no, yes };    // with a second factor, just now
enum class Touch { no, yes };     // a person acts, or the page looks by itself

class Sessions {
 public:
  Sessions(sqlite::Database& db, const Clock& clock, Random& random) : db_(&db), clock_(&clock), random_(&random) {}

  // The cookie's value. The oldest of a person's sessions ends when there are many.
  Result<Secret> open(const Login& login, SignInMethod method, Proved proved, const SessionRule& rule);
  // Nothing when there is none, or it is past its time: then it is gone.
  Result<std::optional<Session>> find(std::string_view cookie, const SessionRule& rule, Touch touch);
  Result<std::optional<Session>> by_id(const std::string& id, const SessionRule& rule);

  Result<> step_up(const std::string& id, const SessionRule& rule);
  Result<> end(const std::string& id);
  Result<> end_all(const Login& login);
  Result<> end_others(const Login& login, const std::string& kept);
  Result<> sweep(const SessionRule& rule);

 private:
  sqlite::Database* db_;
  const Clock* clock_;
  Random* random_;
};

}  // namespace pontlevis::gateway
template <> struct pontlevis::Spelling<pontlevis::gateway::SignInMethod> {
  static constexpr std::array<std::string_view, 4> words{"password", "passkey", "oidc", "token"};
};
