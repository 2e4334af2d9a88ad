// Where the passkeys of the vendor's people are kept: their public halves, eight a person. To the API each has a
// short number of its own. The loop's thread.
#pragma once

#include "audit/sqlite.hpp"
#include "protocol/webauthn/passkeys.hpp"

namespace pontlevis::gateway {

class PasskeyShelf final : public webauthn::PasskeyShelf {
 public:
  explicit PasskeyShelf(sqlite::Database& db) : db_(&db) {}
  Result<> add_passkey(const webauthn::Passkey& key) override;
  Result<std::vector<webauthn::Passkey>> passkeys(const Login& login) override;
  Result<std::optional<webauthn::Passkey>> passkey(const std::string& id) override;
  Result<> count_passkey(const std::string& id, std::int64_t count, Time now) override;
  Result<> remove(const Login& login, const std::string& number);

 private:
  sqlite::Database* db_;
};

// What the API calls a passkey; an authenticator's own number can be 1400 characters long.
std::string number_of(const webauthn::Passkey& key);

}  // namespace pontlevis::gateway
