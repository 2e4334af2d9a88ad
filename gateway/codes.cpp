#include "gateway/codes.hpp"

#include "gateway/store.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

Result<> Codes::import(const certs::CodePermit& permit, const std::string& note) {
  PL_TRY(known, db_->integer("SELECT count(*) FROM codes WHERE secret_sha256=?", to_hex(permit.secret_sha256.view())));
  if (known.value_or(0) > 0) return fail(Errc::conflict, "has been imported already", "enrolment code");
  return db_->run("INSERT INTO codes(secret_sha256, practice, note, expires_at) VALUES(?,?,?,?)",
                  to_hex(permit.secret_sha256.view()), permit.practice.text(), note, stored(permit.expires_at));
}

Result<> Codes::use(const Digest& secret_sha256, const PracticeId& practice, Time now) {
  PL_CHECK(db_->run("UPDATE codes SET used_at=? WHERE secret_sha256=? AND practice=? AND used_at IS NULL AND expires_at>?",
                    stored(now), to_hex(secret_sha256.view()), practice.text(), stored(now)));
  if (db_->changes() == 1) return {};
  return fail(Errc::not_allowed, "is not a code that can be used now", "enrolment code",
              "a code works once, for one practice, within 24 hours; ask the vendor for a new one");
}

}  // namespace pontlevis::gateway
