// Personal fields are ciphertext in log.db; keys.db, and nothing else, opens them.
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <future>
#include <set>

#include "tests/doubles/fixed_random.hpp"
#include "tests/unit/audit/memory_support.hpp"

namespace pontlevis::audit::test {
namespace {

std::string hkdf_of_openssl(std::string_view secret, std::string info) {
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* ctx = EVP_KDF_CTX_new(kdf);
  char digest[] = "SHA256";
  std::string key(secret);
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
                               OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
                               OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()), OSSL_PARAM_construct_end()};
  std::string out(32, '\0');
  EXPECT_EQ(EVP_KDF_derive(ctx, reinterpret_cast<unsigned char*>(out.data()), out.size(), params), 1);
  EVP_KDF_CTX_free(ctx);
  EVP_KDF_free(kdf);
  return out;
}

TEST(FieldKeys, each_field_has_a_key_of_its_own_by_hkdf) {
  doubles::FixedRandom random;
  const auto secret = FieldKey::make(random);
  std::set<std::string> seen;
  for (std::size_t pos = 0; pos < 300; ++pos) {
    const auto key = std::string(secret.of_field(pos).expose());
    const std::string info = "pontlevis field key v1" + std::string{'\0', '\0', static_cast<char>(pos >> 8), static_cast<char>(pos)};
    EXPECT_EQ(to_hex(key), to_hex(hkdf_of_openssl(secret.expose(), info)));
    seen.insert(key);
  }
  EXPECT_EQ(seen.size(), 300u);
}

TEST(FieldKeys, a_sealed_field_opens_in_its_place_only) {
  doubles::FixedRandom random;
  const auto key = FieldKey::make(random).of_field(7);
  const std::string disclosure = "WyJzYWx0Il0";
  const auto sealed = seal_field(key, 41, 7, disclosure, random);
  EXPECT_EQ(sealed.size(), disclosure.size() + sealed_overhead);
  EXPECT_EQ(open_field(key, 41, 7, sealed), disclosure);
  EXPECT_NE(sealed, seal_field(key, 41, 7, disclosure, random)) << "a nonce is never used twice";
  EXPECT_FALSE(open_field(key, 42, 7, sealed));
  EXPECT_FALSE(open_field(key, 41, 8, sealed));
  EXPECT_FALSE(open_field(FieldKey::make(random), 41, 7, sealed));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto bad = sealed;
    bad[i] ^= 1;
    EXPECT_FALSE(open_field(key, 41, 7, bad)) << i;
    EXPECT_FALSE(open_field(key, 41, 7, sealed.substr(0, i))) << i;
  }
}

TEST(FieldKeys, a_moved_key_leaves_nothing_behind) {
  doubles::FixedRandom random;
  auto key = FieldKey::make(random);
  const std::string before(key.expose());
  const FieldKey other = std::move(key);
  EXPECT_EQ(other.expose(), before);
  EXPECT_EQ(key.expose(), std::string(32, '\0'));
}

class KeysTest : public MemoryTest {};

TEST_F(KeysTest, no_personal_value_stands_in_clear_in_any_file) {
  auto log = open();
  append_life(*log, clock_);
  for (auto canary : {"203.0.113.7", "Alice Martin", "Dr Camille", "dr-exemple"}) {
    EXPECT_TRUE(files_with(data(), canary).empty()) << canary;
    EXPECT_TRUE(files_with(data(), to_base64url(canary).substr(2, 8)).empty()) << canary << " in base64";
  }
  const auto record = must(log->record(0));
  EXPECT_EQ(must(record.open()).at("source_ip"), json::value("203.0.113.7"));
  EXPECT_FALSE(files_with(data(), field(record, "purpose").disclosure).empty()) << "an open field lies as it is";
  EXPECT_TRUE(files_with(data(), field(record, "source_ip").disclosure).empty());
}

TEST_F(KeysTest, destroying_some_keys_leaves_the_others) {
  auto keys = must(KeyFile::open(folder_.path() / "keys.db", "key", sqlite::Access::read_write));
  must(keys.make(0, 3, random_));
  const std::string expected(must(keys.of(1)).of(5)->expose());
  std::vector<FieldKey> gone;
  const std::vector<KeyFile::Keep> some{{1, {5, 6}, {4}}};
  must(keys.keep_only(some, gone));
  EXPECT_EQ(gone.size(), 2u) << "the field's key and the secret it came from";
  EXPECT_FALSE(must(keys.of(1)).of(4));
  EXPECT_EQ(std::string(must(keys.of(1)).of(5)->expose()), expected);
  must(keys.keep_only(some, gone));
  EXPECT_EQ(gone.size(), 2u) << "nothing is destroyed twice";
  const std::vector<KeyFile::Keep> none{{1, {}, {5, 6}}};
  must(keys.keep_only(none, gone));
  EXPECT_TRUE(must(keys.of(1)).empty());
  EXPECT_FALSE(must(keys.of(0)).empty());
  EXPECT_EQ(must(keys.next()), 3u);
}

TEST_F(KeysTest, a_missing_empty_cut_short_foreign_or_older_key_file_is_refused) {
  const auto keys_db = log_folder() / "keys.db";
  { must(open()->append_now(security_record(1))); }
  const auto older = read_all(keys_db);
  {
    auto log = open();
    for (int i = 0; i < 600; ++i) must(log->append_now(security_record(i)));
  }
  const auto good = read_all(keys_db);
  std::filesystem::remove(keys_db);
  auto refused = try_open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::conflict);
  EXPECT_FALSE(refused.error().hint.empty());
  EXPECT_FALSE(std::filesystem::exists(keys_db)) << "a refusal makes nothing";
  write_all(keys_db, "");
  EXPECT_EQ(try_open().error().code, Errc::conflict);
  write_all(keys_db, good.substr(0, good.size() / 2 + 100));
  EXPECT_FALSE(try_open());
  write_all(keys_db, older);
  EXPECT_EQ(try_open().error().code, Errc::conflict);
  std::filesystem::remove(keys_db);
  { must(KeyFile::open(keys_db, "another log's key", sqlite::Access::read_write)); }
  EXPECT_EQ(try_open().error().code, Errc::conflict);
  std::filesystem::remove(keys_db);
  {
    auto keys = must(KeyFile::open(keys_db, log_signer().verifier().text(), sqlite::Access::read_write));
    must(keys.make(0, 2000, random_));
  }
  EXPECT_EQ(try_open().error().code, Errc::conflict) << "of a log with the same name and key, and another past";
  write_all(keys_db, good);
  EXPECT_EQ(must(try_open())->size(), 601u);
}

TEST_F(KeysTest, a_log_restored_without_its_keys_opens_by_choice_and_says_what_it_cannot_read) {
  { must(open()->append_now(security_record(1))); }
  std::filesystem::remove(log_folder() / "keys.db");
  auto log = open(Keys::may_be_missing);
  const auto record = must(log->record(0));
  EXPECT_EQ(field(record, "source_ip").state(), FieldState::no_key);
  EXPECT_EQ(field(record, "count").state(), FieldState::open);
  EXPECT_EQ(must(record.open()).at("count"), json::value(1));
  EXPECT_FALSE(must(record.open()).contains("source_ip"));
  const auto checked = check_record(record);
  ASSERT_FALSE(checked) << "it is an error in verification, not silence";
  EXPECT_EQ(checked.error().where, "record 0");
  expect_proved(*log, must(log->append_now(security_record(2))).index);
  EXPECT_TRUE(verify_inclusion_proof(must(log->prove(0, 2)), 0, 2, leaf_hash(record.entry), log->checkpoint().root)) << "the proof stays";
}

TEST_F(KeysTest, a_changed_ciphertext_is_an_error_that_names_its_record) {
  {
    auto log = open();
    for (int i = 0; i < 3; ++i) must(log->append_now(security_record(i)));
  }
  {
    auto db = raw();
    auto rows = must(db.query("SELECT ct FROM fields WHERE idx = 1 AND name = 'source_ip'"));
    ASSERT_TRUE(must(rows.next()));
    auto ct = rows.blob(0);
    ct.back() ^= 1;
    must(db.run("UPDATE fields SET ct = ? WHERE idx = 1 AND name = 'source_ip'", sqlite::Blob{ct}));
  }
  auto log = open();
  const auto record = must(log->record(1));
  EXPECT_EQ(field(record, "source_ip").state(), FieldState::altered);
  EXPECT_EQ(record.open().error().where, "record 1");
  EXPECT_EQ(check_record(record).error().where, "record 1");
  EXPECT_EQ(record.open().error().code, Errc::bad_signature);
  EXPECT_TRUE(check_record(must(log->record(0))));
}

TEST_F(KeysTest, copies_for_a_backup_are_whole_and_apart) {
  auto log = open();
  append_life(*log, clock_);
  const auto copy = folder_.path() / "copy" / "log";
  std::filesystem::create_directories(copy);
  must(log->copy_log(copy / "log.db"));
  EXPECT_EQ(log->copy_log(copy / "log.db").error().code, Errc::conflict);
  std::filesystem::copy(log_folder() / "log.vkey", copy / "log.vkey");
  must(log->append_now(security_record(9)));
  {
    const auto source = must(open_folder(folder_.path() / "copy"));
    EXPECT_EQ(must(source->size()), 8u);
    EXPECT_EQ(field(*must(source->record(0)), "source_ip").state(), FieldState::no_key) << "a copy without keys opens no personal field";
  }
  must(log->copy_keys(copy / "keys.db"));
  EXPECT_EQ(field(*must(must(open_folder(folder_.path() / "copy"))->record(0)), "source_ip").state(), FieldState::open);
  const auto mode = std::filesystem::status(copy / "keys.db").permissions();
  EXPECT_EQ(mode & std::filesystem::perms::mask, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(KeysTest, thousands_of_records_never_run_out_of_keys) {
  auto log = must(Log::open({.folder = log_folder(), .keys_ahead = 64}, log_signer(), clock_, random_));
  std::atomic<int> left{1000};
  std::promise<void> all;
  for (int i = 0; i < 1000; ++i)
    log->append(security_record(i), [&](Result<Appended> r) {
      EXPECT_TRUE(r);
      if (--left == 0) all.set_value();
    });
  all.get_future().get();
  for (LeafIndex i = 0; i < 1000; i += 37) EXPECT_TRUE(check_record(must(log->record(i))));
}

}  // namespace
}  // namespace pontlevis::audit::test
