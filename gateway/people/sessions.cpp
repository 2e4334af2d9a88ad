#include "gateway/people/sessions.hpp"

#include <algorithm>

#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t cookie_bytes = 32, cookie_text = 43;
constexpr int most_of_one_person = 10;
constexpr Millis touch_every = std::chrono::seconds(30);  // a write of the store a click is not needed
constexpr Millis clock_slack = std::chrono::minutes(2);

Result<Session> read(const sqlite::Rows& rows) {
  PL_TRY(login, Login::parse(rows.text(1)));
  const auto& words = Spelling<SignInMethod>::words;
  const auto method = std::find(words.begin(), words.end(), rows.text(2));
  if (method == words.end()) return fail(Errc::internal, "began in a way that nobody knows", "session");
  Session out{rows.text(0), std::move(login), static_cast<SignInMethod>(method - words.begin()), read_time(rows.integer(3)), read_time(rows.integer(4))};
  if (!rows.is_null(5)) out.step_up_until = read_time(rows.integer(5));
  return out;
}

bool over(const Session& s, const SessionRule& rule, Time now) {
  return now >= s.last_seen + rule.idle || now >= s.signed_in_at + rule.absolute || now + clock_slack < s.last_seen;
}

}  // namespace

Result<Secret> Sessions::open(const Login& login, SignInMethod method, Proved proved, const SessionRule& rule) {
  std::string bytes = random_->bytes(cookie_bytes);
  std::string cookie = to_base64url(bytes);
  const Time now = clock_->now();
  const auto fresh = proved == Proved::yes ? std::optional(stored(now + rule.step_up)) : std::nullopt;
  PL_CHECK(db_->run("INSERT INTO sessions(id, login, method, signed_in_at, last_seen, step_up_until) VALUES(?,?,?,?,?,?)",
                    sha256_hex(cookie), login.text(), word(method), stored(now), stored(now), fresh));
  PL_CHECK(db_->run("DELETE FROM sessions WHERE login=? AND id NOT IN (SELECT id FROM sessions WHERE login=? ORDER BY signed_in_at DESC, rowid DESC LIMIT ?)",
                    login.text(), login.text(), most_of_one_person));
  Secret out{std::string_view(cookie)};
  wipe_bytes(bytes);
  wipe_bytes(cookie);
  return out;
}

Result<std::optional<Session>> Sessions::by_id(const std::string& id, const SessionRule& rule) {
  PL_TRY(rows, db_->query("SELECT id, login, method, signed_in_at, last_seen, step_up_until FROM sessions WHERE id=?", id));
  PL_TRY(found, rows.next());
  if (!found) return std::nullopt;
  PL_TRY(session, read(rows));
  if (!over(session, rule, clock_->now())) return session;
  PL_CHECK(end(id));
  return std::nullopt;
}

Result<std::optional<Session>> Sessions::find(std::string_view cookie, const SessionRule& rule, Touch touch) {
  if (cookie.size() != cookie_text) return std::nullopt;
  PL_TRY(session, by_id(sha256_hex(cookie), rule));
  const Time now = clock_->now();
  if (!session || touch == Touch::no || now < session->last_seen + touch_every) return session;
  PL_CHECK(db_->run("UPDATE sessions SET last_seen=? WHERE id=?", stored(now), session->id));
  session->last_seen = now;
  return session;
}

Result<> Sessions::step_up(const std::string& id, const SessionRule& rule) {
  return db_->run("UPDATE sessions SET step_up_until=? WHERE id=?", stored(clock_->now() + rule.step_up), id);
}

Result<> Sessions::end(const std::string& id) { return db_->run("DELETE FROM sessions WHERE id=?", id); }
Result<> Sessions::end_all(const Login& login) { return db_->run("DELETE FROM sessions WHERE login=?", login.text()); }

Result<> Sessions::end_others(const Login& login, const std::string& kept) {
  return db_->run("DELETE FROM sessions WHERE login=? AND id<>?", login.text(), kept);
}

Result<> Sessions::sweep(const SessionRule& rule) {
  const Time now = clock_->now();
  return db_->run("DELETE FROM sessions WHERE last_seen<=? OR signed_in_at<=?", stored(now - rule.idle), stored(now - rule.absolute));
}

}  // namespace pontlevis::gateway
