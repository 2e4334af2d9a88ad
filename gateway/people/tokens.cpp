#include "gateway/people/tokens.hpp"

#include <algorithm>

#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t secret_bytes = 32, secret_text = 4 + 43;
constexpr Millis used_every = std::chrono::minutes(1);  // not a write of the store for each request

std::string joined(Scopes scopes) {
  std::string out;
  for (const auto& word : scope_words(scopes)) out += (out.empty() ? "" : " ") + word;
  return out;
}

Scopes split(std::string_view text) {
  Scopes out;
  for (std::size_t i = 0; i < Spelling<Scope>::words.size(); ++i) {
    const auto word = Spelling<Scope>::words[i];
    const auto at = text.find(word);
    if (at != text.npos) out.add(static_cast<Scope>(i));
  }
  return out;
}

Result<Token> read(const sqlite::Rows& rows) {
  PL_TRY(login, Login::parse(rows.text(1)));
  Token out{rows.text(0), std::move(login), rows.text(2), split(rows.text(3)), read_time(rows.integer(4)), read_time(rows.integer(5))};
  if (!rows.is_null(6)) out.last_used_at = read_time(rows.integer(6));
  return out;
}

}  // namespace

std::vector<std::string> scope_words(Scopes scopes) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < Spelling<Scope>::words.size(); ++i)
    if (scopes.has(static_cast<Scope>(i))) out.emplace_back(Spelling<Scope>::words[i]);
  return out;
}

std::optional<Scopes> scopes_of(const std::vector<std::string>& words) {
  Scopes out;
  for (const auto& word : words) {
    const auto& known = Spelling<Scope>::words;
    const auto at = std::find(known.begin(), known.end(), word);
    if (at == known.end()) return std::nullopt;
    const auto scope = static_cast<Scope>(at - known.begin());
    if (out.has(scope)) return std::nullopt;
    out.add(scope);
  }
  return out;
}

Scopes scopes_of_role(Role role) {
  Scopes out;
  out.add(Scope::read);
  if (role == Role::technician) out.add(Scope::ask), out.add(Scope::report);
  if (role == Role::administrator) out.add(Scope::administer);
  return out;
}

Result<Tokens::New> Tokens::make(const Login& login, std::string label, Scopes scopes, int days) {
  PL_CHECK(sweep());
  PL_TRY(count, db_->integer("SELECT count(*) FROM tokens WHERE login=?", login.text()));
  if (count.value_or(0) >= most_of_one_person) return fail(Errc::conflict, "there are many tokens already", "tokens", "remove one first");
  std::string bytes = random_->bytes(secret_bytes);
  std::string text = std::string(prefix) + to_base64url(bytes);
  const Time now = clock_->now();
  Token token{to_hex(random_->bytes(8)), login, std::move(label), scopes, now, now + std::chrono::days(days)};
  const auto kept = db_->run("INSERT INTO tokens(id, login, label, scopes, secret_sha256, created_at, expires_at) VALUES(?,?,?,?,?,?,?)", token.id,
                             login.text(), token.label, joined(scopes), sha256_hex(text), stored(token.created_at), stored(token.expires_at));
  Secret secret{std::string_view(text)};
  wipe_bytes(bytes);
  wipe_bytes(text);
  PL_CHECK(kept);
  return New{std::move(token), std::move(secret)};
}

Result<std::optional<Token>> Tokens::find(std::string_view secret) {
  if (secret.size() != secret_text || !secret.starts_with(prefix)) return std::nullopt;
  const Time now = clock_->now();
  PL_TRY(rows, db_->query("SELECT id, login, label, scopes, created_at, expires_at, last_used_at FROM tokens WHERE secret_sha256=? AND expires_at>?",
                          sha256_hex(secret), stored(now)));
  PL_TRY(found, rows.next());
  if (!found) return std::nullopt;
  PL_TRY(token, read(rows));
  if (!token.last_used_at || now >= *token.last_used_at + used_every) PL_CHECK(db_->run("UPDATE tokens SET last_used_at=? WHERE id=?", stored(now), token.id));
  return token;
}

Result<std::vector<Token>> Tokens::of(const Login& login) const {
  PL_TRY(rows, db_->query("SELECT id, login, label, scopes, created_at, expires_at, last_used_at FROM tokens WHERE login=? AND expires_at>? "
                          "ORDER BY created_at, id", login.text(), stored(clock_->now())));
  std::vector<Token> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(token, read(rows));
    out.push_back(std::move(token));
  }
}

Result<> Tokens::remove(const Login& login, const std::string& id) {
  PL_CHECK(db_->run("DELETE FROM tokens WHERE login=? AND id=?", login.text(), id));
  if (db_->changes() == 0) return fail(Errc::not_found, "there is no such token of yours", "tokens", "it may have ended by itself");
  return {};
}

Result<> Tokens::sweep() { return db_->run("DELETE FROM tokens WHERE expires_at<=?", stored(clock_->now())); }

}  // namespace pontlevis::gateway
