#include "gateway/people/passkey_shelf.hpp"

#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"

namespace pontlevis::gateway {

using webauthn::Passkey;

namespace {

Result<Passkey> read(const sqlite::Rows& rows) {
  PL_TRY(login, Login::parse(rows.text(1)));
  Passkey out{rows.text(0), std::move(login), rows.text(2), rows.blob(3), rows.integer(4), read_time(rows.integer(5))};
  if (!rows.is_null(6)) out.last_used_at = read_time(rows.integer(6));
  return out;
}

}  // namespace

std::string number_of(const Passkey& key) { return sha256_hex(key.id).substr(0, 32); }

Result<> PasskeyShelf::add_passkey(const Passkey& k) {
  return db_->run("INSERT INTO passkeys(id, login, label, public_key, count, added_at) VALUES(?,?,?,?,?,?)", k.id, k.login.text(), k.label,
                  sqlite::Blob{k.public_key}, k.count, stored(k.added_at));
}

Result<std::vector<Passkey>> PasskeyShelf::passkeys(const Login& login) {
  PL_TRY(rows, db_->query("SELECT id, login, label, public_key, count, added_at, last_used_at FROM passkeys WHERE login=? ORDER BY added_at, id", login.text()));
  std::vector<Passkey> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(key, read(rows));
    out.push_back(std::move(key));
  }
}

Result<std::optional<Passkey>> PasskeyShelf::passkey(const std::string& id) {
  PL_TRY(rows, db_->query("SELECT id, login, label, public_key, count, added_at, last_used_at FROM passkeys WHERE id=?", id));
  PL_TRY(found, rows.next());
  if (!found) return std::nullopt;
  PL_TRY(key, read(rows));
  return key;
}

Result<> PasskeyShelf::count_passkey(const std::string& id, std::int64_t count, Time now) {
  return db_->run("UPDATE passkeys SET count=?, last_used_at=? WHERE id=?", count, stored(now), id);
}

Result<> PasskeyShelf::remove(const Login& login, const std::string& number) {
  PL_TRY(keys, passkeys(login));
  for (const auto& key : keys)
    if (number_of(key) == number) return db_->run("DELETE FROM passkeys WHERE id=? AND login=?", key.id, login.text());
  return fail(Errc::not_found, "there is no such passkey of yours", "passkey");
}

}  // namespace pontlevis::gateway
