#include "audit/field_keys.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstring>
#include <mutex>
#include <stdexcept>

#include "audit/log_store.hpp"
#include "protocol/c_handle.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::audit {
namespace {

using Mac = CHandle<EVP_MAC, EVP_MAC_free>;
using MacContext = CHandle<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using Cipher = CHandle<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContext = CHandle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::string_view field_info = "pontlevis field key v1";
constexpr std::size_t nonce_bytes = 12, tag_bytes = 16;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Out of memory, or an OpenSSL without AES: nothing here could go on.
void require(bool good) {
  if (!good) throw std::runtime_error("OpenSSL refused a cipher of personal fields");
}

void put_big_endian(std::string& out, std::uint64_t n, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) out += static_cast<char>(n >> shift);
}

// One context a thread: fetching and making one for each field would cost more than the field.
EVP_MAC_CTX* hmac_sha256() {
  static const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  thread_local const MacContext context = [] {
    MacContext made(EVP_MAC_CTX_new(mac.get()));
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
    require(made && EVP_MAC_CTX_set_params(made.get(), params) == 1);
    return made;
  }();
  return context.get();
}

struct Gcm {
  EVP_CIPHER_CTX* context;
  const EVP_CIPHER* cipher;
};
Gcm aes_gcm() {
  static const Cipher cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  thread_local const CipherContext context(EVP_CIPHER_CTX_new());
  require(cipher && context);
  return {context.get(), cipher.get()};
}

std::string place_of(LeafIndex index, std::size_t position) {
  std::string out;
  put_big_endian(out, index, 8);
  put_big_endian(out, position, 4);
  return out;
}

}  // namespace

FieldKey FieldKey::make(Random& random) {
  FieldKey out;
  random.fill(out.bytes_);
  return out;
}

std::optional<FieldKey> FieldKey::from(std::string_view raw) {
  if (raw.size() != size) return std::nullopt;
  FieldKey out;
  std::memcpy(out.bytes_.data(), raw.data(), size);
  return out;
}

FieldKey::FieldKey(FieldKey&& other) noexcept : bytes_(other.bytes_) { other = FieldKey(); }

FieldKey& FieldKey::operator=(FieldKey&& other) noexcept {
  if (this == &other) return *this;
  bytes_ = other.bytes_;
  wipe_bytes({reinterpret_cast<char*>(other.bytes_.data()), size});
  return *this;
}

FieldKey::~FieldKey() { wipe_bytes({reinterpret_cast<char*>(bytes_.data()), size}); }

// HKDF-Expand of one block (RFC 5869 §2.3). There is no Extract: the secret is uniformly random already (§3.3).
FieldKey FieldKey::of_field(std::size_t position) const {
  std::string info(field_info);
  put_big_endian(info, position, 4);
  info += '\x01';
  FieldKey out;
  std::size_t written = 0;
  auto* mac = hmac_sha256();
  require(EVP_MAC_init(mac, bytes_.data(), size, nullptr) == 1 && EVP_MAC_update(mac, bytes_of(info), info.size()) == 1 &&
          EVP_MAC_final(mac, out.bytes_.data(), &written, size) == 1 && written == size);
  return out;
}

std::string seal_field(const FieldKey& key, LeafIndex index, std::size_t position, std::string_view disclosure, Random& random) {
  const auto nonce = random.bytes(nonce_bytes);
  const auto place = place_of(index, position);
  std::string out = nonce + std::string(disclosure.size() + tag_bytes, '\0');
  auto* body = bytes_of(out) + nonce_bytes;
  const auto [context, cipher] = aes_gcm();
  int n = 0;
  require(EVP_EncryptInit_ex2(context, cipher, bytes_of(key.expose()), bytes_of(nonce), nullptr) == 1 &&
          EVP_EncryptUpdate(context, nullptr, &n, bytes_of(place), static_cast<int>(place.size())) == 1 &&
          EVP_EncryptUpdate(context, body, &n, bytes_of(disclosure), static_cast<int>(disclosure.size())) == 1 &&
          EVP_EncryptFinal_ex(context, body + disclosure.size(), &n) == 1 &&
          EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, tag_bytes, body + disclosure.size()) == 1);
  return out;
}

std::optional<std::string> open_field(const FieldKey& key, LeafIndex index, std::size_t position, std::string_view sealed) {
  if (sealed.size() <= sealed_overhead) return std::nullopt;
  const auto place = place_of(index, position);
  const auto body = sealed.substr(nonce_bytes, sealed.size() - sealed_overhead);
  std::string tag(sealed.substr(sealed.size() - tag_bytes)), out(body.size(), '\0');
  const auto [context, cipher] = aes_gcm();
  int n = 0;
  require(EVP_DecryptInit_ex2(context, cipher, bytes_of(key.expose()), bytes_of(sealed), nullptr) == 1 &&
          EVP_DecryptUpdate(context, nullptr, &n, bytes_of(place), static_cast<int>(place.size())) == 1 &&
          EVP_DecryptUpdate(context, bytes_of(out), &n, bytes_of(body), static_cast<int>(body.size())) == 1 &&
          EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1);
  unsigned char nothing[16];
  if (EVP_DecryptFinal_ex(context, nothing, &n) == 1) return out;
  wipe_bytes(out);
  return std::nullopt;
}

void forget_last_keys() {
  const FieldKey zero;
  static_cast<void>(zero.of_field(0));
  EVP_CIPHER_CTX_reset(aes_gcm().context);
}

std::optional<FieldKey> RecordKeys::of(std::size_t position) const {
  if (secret) return secret->of_field(position);
  const auto it = parts.find(position);
  return it == parts.end() ? std::nullopt : FieldKey::from(it->second.expose());
}

// ---- keys.db ----

namespace {

using sqlite::Blob;
using sqlite::Database;

constexpr sqlite::Sql schema = R"sql(
-- Whose fields these keys open.
CREATE TABLE owner(log TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
-- One secret a record, made ahead of it; gone as soon as one of its fields is destroyed.
CREATE TABLE secrets(
  idx    INTEGER PRIMARY KEY,                            -- of the record
  secret BLOB NOT NULL CHECK(length(secret) = 32)
) STRICT;
-- What is left of a record some of whose fields are destroyed: the keys of the others.
CREATE TABLE parts(
  idx INTEGER NOT NULL, pos INTEGER NOT NULL,
  key BLOB NOT NULL CHECK(length(key) = 32),
  PRIMARY KEY(idx, pos)
) STRICT, WITHOUT ROWID;
)sql";

sqlite::Options options(sqlite::Access access) {
  return {.application_id = 0x504c6b65 /* PLke */, .user_version = 1, .schema = schema, .access = access};
}

constexpr const char* foreign_hint = "put back the keys.db that belongs to this log; a log restored without its keys is opened by choice only";

}  // namespace

struct KeyFile::State {
  mutable std::mutex mutex;
  mutable Database db;
  explicit State(Database opened) : db(std::move(opened)) {}

  Result<std::optional<FieldKey>> secret_of(LeafIndex index);
  Result<std::map<std::size_t, FieldKey>> parts_of(LeafIndex index);
  Result<> keep_one(const Keep& keep, std::vector<FieldKey>& gone);
  Result<> split(const Keep& keep, const FieldKey& secret, std::vector<FieldKey>& gone);
};

KeyFile::KeyFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
KeyFile::KeyFile(KeyFile&&) noexcept = default;
KeyFile::~KeyFile() = default;

Result<KeyFile> KeyFile::open(const std::filesystem::path& file, std::string_view log_key, sqlite::Access access) {
  auto db = Database::open(file, options(access));
  if (!db && db.error().code == Errc::io) db.error().hint = foreign_hint;
  if (!db) return std::unexpected(std::move(db).error());
  PL_TRY(owner, db->text("SELECT log FROM owner"));
  if (owner && *owner != log_key) return fail(Errc::conflict, "opens the fields of another log", file.string(), foreign_hint);
  if (!owner && access == sqlite::Access::read_only) return fail(Errc::conflict, "does not say whose keys it holds", file.string(), foreign_hint);
  if (!owner) PL_CHECK(db->run("INSERT INTO owner(log) VALUES (?)", log_key));
  return KeyFile(std::make_unique<State>(*std::move(db)));
}

Result<> KeyFile::begin_snapshot() {
  const std::lock_guard guard(state_->mutex);
  PL_CHECK(state_->db.run("BEGIN"));
  PL_CHECK(state_->db.integer("SELECT max(idx) FROM secrets"));  // the first read takes it
  return {};
}

Result<std::optional<FieldKey>> KeyFile::State::secret_of(LeafIndex index) {
  PL_TRY(rows, db.query("SELECT secret FROM secrets WHERE idx = ?", index));
  PL_TRY(found, rows.next());
  if (!found) return std::nullopt;
  auto raw = rows.blob(0);
  auto out = FieldKey::from(raw);
  wipe_bytes(raw);
  return out;
}

Result<std::map<std::size_t, FieldKey>> KeyFile::State::parts_of(LeafIndex index) {
  std::map<std::size_t, FieldKey> out;
  PL_TRY(rows, db.query("SELECT pos, key FROM parts WHERE idx = ?", index));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    auto raw = rows.blob(1);
    if (auto key = FieldKey::from(raw)) out.insert_or_assign(static_cast<std::size_t>(rows.integer(0)), *std::move(key));
    wipe_bytes(raw);
  }
}

Result<RecordKeys> KeyFile::of(LeafIndex index) const {
  const std::lock_guard guard(state_->mutex);
  RecordKeys out;
  PL_TRY(secret, state_->secret_of(index));
  out.secret = std::move(secret);
  if (out.secret) return out;
  PL_TRY(parts, state_->parts_of(index));
  out.parts = std::move(parts);
  return out;
}

Result<LeafIndex> KeyFile::next() const {
  const std::lock_guard guard(state_->mutex);
  PL_TRY(last, state_->db.integer("SELECT max(idx) FROM secrets"));
  return last ? static_cast<LeafIndex>(*last) + 1 : 0;
}

Result<> KeyFile::make(LeafIndex first, std::size_t count, Random& random) {
  const std::lock_guard guard(state_->mutex);
  PL_TRY(transaction, sqlite::Transaction::begin(state_->db));
  for (LeafIndex i = first; i < first + count; ++i) {
    const auto key = FieldKey::make(random);
    PL_CHECK(state_->db.run("INSERT OR IGNORE INTO secrets(idx, secret) VALUES (?, ?)", i, Blob{key.expose()}));
  }
  return transaction.commit();
}

Result<std::deque<FieldKey>> KeyFile::take(LeafIndex first, std::size_t count) const {
  const std::lock_guard guard(state_->mutex);
  std::deque<FieldKey> out;
  PL_TRY(rows, state_->db.query("SELECT idx, secret FROM secrets WHERE idx >= ? ORDER BY idx LIMIT ?", first, count));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more || static_cast<LeafIndex>(rows.integer(0)) != first + out.size()) return out;
    auto raw = rows.blob(1);
    auto key = FieldKey::from(raw);
    wipe_bytes(raw);
    if (!key) return out;
    out.push_back(*std::move(key));
  }
}

// The secret goes; the keys of the fields that stay are made from it first.
Result<> KeyFile::State::split(const Keep& keep, const FieldKey& secret, std::vector<FieldKey>& gone) {
  for (const auto pos : keep.positions) {
    const auto key = secret.of_field(pos);
    PL_CHECK(db.run("INSERT OR REPLACE INTO parts(idx, pos, key) VALUES (?, ?, ?)", keep.index, pos, Blob{key.expose()}));
  }
  for (const auto pos : keep.destroyed) gone.push_back(secret.of_field(pos));
  gone.push_back(*FieldKey::from(secret.expose()));
  return db.run("DELETE FROM secrets WHERE idx = ?", keep.index);
}

Result<> KeyFile::State::keep_one(const Keep& keep, std::vector<FieldKey>& gone) {
  if (keep.destroyed.empty() && !keep.positions.empty()) return {};
  PL_TRY(secret, secret_of(keep.index));
  if (secret) return split(keep, *secret, gone);
  PL_TRY(parts, parts_of(keep.index));
  for (auto& [pos, key] : parts) {
    if (keep.positions.contains(pos)) continue;
    PL_CHECK(db.run("DELETE FROM parts WHERE idx = ? AND pos = ?", keep.index, pos));
    gone.push_back(std::move(key));
  }
  return {};
}

Result<> KeyFile::keep_only(std::span<const Keep> records, std::vector<FieldKey>& gone) {
  const std::lock_guard guard(state_->mutex);
  PL_TRY(transaction, sqlite::Transaction::begin(state_->db));
  for (const auto& keep : records) PL_CHECK(state_->keep_one(keep, gone));
  return transaction.commit();
}

Result<std::vector<LeafIndex>> KeyFile::with_keys(LeafIndex first, LeafIndex last, std::size_t limit) const {
  const std::lock_guard guard(state_->mutex);
  PL_TRY(rows, state_->db.query("SELECT idx FROM secrets WHERE idx BETWEEN ?1 AND ?2 UNION SELECT idx FROM parts WHERE idx BETWEEN ?1 AND ?2 ORDER BY 1 LIMIT ?3",
                                first, last, limit));
  std::vector<LeafIndex> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back(static_cast<LeafIndex>(rows.integer(0)));
  }
}

Result<bool> KeyFile::truncate_wal() {
  const std::lock_guard guard(state_->mutex);
  return store::truncate_wal(state_->db);
}

Result<> KeyFile::rewrite() {
  const std::lock_guard guard(state_->mutex);
  return state_->db.run("VACUUM");
}

Result<> KeyFile::copy_to(const std::filesystem::path& to) const { return store::copy_database(path(), options(sqlite::Access::read_only), to); }

const std::filesystem::path& KeyFile::path() const { return state_->db.path(); }

}  // namespace pontlevis::audit
