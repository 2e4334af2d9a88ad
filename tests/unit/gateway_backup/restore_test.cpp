// A gateway from its backup: everything is there, nothing that was destroyed comes back, and the log waits for its
// witnesses (requirements A12, T1). A backup that was changed, or is none of ours, makes nothing.
#include "audit/destruction.hpp"
#include "audit/verify.hpp"
#include "gateway/retention/destructions_list.hpp"
#include "tests/unit/gateway_backup/backup_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class RestoreTest : public BackupTest {
 protected:
  InterventionId a_request() {
    auto what = asked();
    what.reason = "CANARI la file impression du secretariat";
    return *run(desk->ask(what));
  }
  void destroy(const InterventionId& id) {
    audit::DestructionOrder order;
    order.rule = "on-request", order.rule_version = "1", order.reason = "ERASURE_REQUEST", order.legal_basis = "RGPD art. 17", order.trigger = "test";
    order.intervention = id;
    order.scope = *audit::scope_of(*core->log, id, false);
    const auto done = audit::destroy(*core->log, order, {});
    ASSERT_TRUE(done) << done.error().text();
  }
  Restored must_restore(const RestoreRequest& request) {
    auto done = restore(request, clock, random);
    if (!done) throw std::runtime_error(done.error().text());
    return *std::move(done);
  }
  std::string refused(const RestoreRequest& request) {
    const auto done = restore(request, clock, random);
    return done ? "restored" : done.error().text();
  }
  std::unique_ptr<audit::Log> log_of(const DataFolder& of) {
    audit::LogSettings settings;
    settings.folder = of.log();
    auto log = audit::Log::open(std::move(settings), *NoteSigner::parse(*io::read_secret_file(of.log_key())), clock, random);
    if (!log) throw std::runtime_error(log.error().text());
    return *std::move(log);
  }
};

TEST_F(RestoreTest, everything_is_there_again) {
  const auto id = a_request();
  const auto files = backup();
  const auto request = to_new_folder(files);
  const auto done = must_restore(request);
  EXPECT_TRUE(done.with_keys);
  EXPECT_EQ(done.verified, "verified");
  auto log = log_of(request.to);
  EXPECT_EQ(log->size(), done.log_size);
  EXPECT_EQ(text_of(*log->find(id)->front().open(), "reason"), "CANARI la file impression du secretariat");
  log.reset();
  auto again = Core::open(request.to, *Options::read(request.to.config(), {}, nullptr), clock, random);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_TRUE((*again)->interventions.find(id)->has_value());
  EXPECT_TRUE((*again)->technicians.knows(login("alice")));
}

TEST_F(RestoreTest, the_log_waits_for_its_witnesses) {
  const auto request = to_new_folder(backup());
  must_restore(request);
  EXPECT_TRUE(std::filesystem::exists(request.to.root / "log-state.json"));
  EXPECT_TRUE(std::filesystem::exists(restored_note(request.to)));
}

TEST_F(RestoreTest, what_was_destroyed_before_the_backup_is_not_in_it) {
  const auto id = a_request();
  destroy(id);
  const auto request = to_new_folder(backup());
  must_restore(request);
  auto log = log_of(request.to);
  for (const auto& field : log->find(id)->front().fields)
    if (field.cls != audit::FieldClass::open) EXPECT_FALSE(field.is_open()) << field.name;
}

TEST_F(RestoreTest, what_was_destroyed_after_the_backup_is_destroyed_again) {
  const auto id = a_request();
  const auto files = backup();
  destroy(id);
  const auto list = temporary.path() / "destructions.json";
  ASSERT_TRUE(io::write_file(list, json::serialize(*list_destructions(*core->log)), io::FileMode::owner_only));
  auto request = to_new_folder(files);
  request.destructions = list;
  const auto done = must_restore(request);
  EXPECT_GT(done.replayed, 0u);
  EXPECT_EQ(done.rows, 1u);
  auto log = log_of(request.to);
  for (const auto& field : log->find(id)->front().fields)
    if (field.cls != audit::FieldClass::open) EXPECT_FALSE(field.is_open()) << field.name;
  log.reset();
  EXPECT_EQ(count(request.to.root, "CANARI"), 0u);
}

TEST_F(RestoreTest, older_keys_bring_nothing_back) {
  const auto id = a_request();
  const auto first = backup();
  wait_days(1);
  destroy(id);
  const auto second = backup();
  auto request = to_new_folder(second);
  request.keys = first.keys;
  must_restore(request);
  auto log = log_of(request.to);
  for (const auto& field : log->find(id)->front().fields)
    if (field.cls != audit::FieldClass::open) EXPECT_FALSE(field.is_open()) << field.name;
}

TEST_F(RestoreTest, without_keys_the_tree_is_whole_and_nobody_can_be_read) {
  const auto id = a_request();
  auto request = to_new_folder(backup());
  request.keys.reset();
  const auto done = must_restore(request);
  EXPECT_FALSE(done.with_keys);
  audit::LogSettings settings;
  settings.folder = request.to.log();
  settings.keys = audit::Keys::may_be_missing;
  auto log = audit::Log::open(std::move(settings), *NoteSigner::parse(*io::read_secret_file(request.to.log_key())), clock, random);
  ASSERT_TRUE(log) << log.error().text();
  for (const auto& field : (*log)->find(id)->front().fields)
    if (field.cls != audit::FieldClass::open) EXPECT_FALSE(field.is_open()) << field.name;
}

TEST_F(RestoreTest, who_was_signed_in_then_is_not_signed_in_now) {
  ASSERT_TRUE(core->store->run("INSERT INTO accounts(login, name, role, password, created_at, must_change) VALUES('admin', 'Ada Exemple', 'administrator', 'x', 0, 0)"));
  ASSERT_TRUE(core->store->run("INSERT INTO sessions(id, login, method, signed_in_at, last_seen) VALUES('s', 'admin', 'password', 0, 0)"));
  const auto request = to_new_folder(backup());
  must_restore(request);
  auto db = open_store(request.to.store());
  EXPECT_EQ(**db->integer("SELECT count(*) FROM sessions"), 0);
  EXPECT_EQ(**db->integer("SELECT count(*) FROM accounts"), 1);
}

// ---- what is refused, and leaves nothing ----

TEST_F(RestoreTest, a_folder_that_holds_something_is_left_alone) {
  auto request = to_new_folder(backup());
  request.to = folder;
  EXPECT_NE(refused(request).find("is not empty"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(folder.trust()));
}

TEST_F(RestoreTest, a_changed_file_or_another_key_makes_nothing) {
  const auto files = backup();
  auto bytes = *io::read_file(files.data, 64 << 20);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ASSERT_TRUE(io::write_file(files.data, bytes, io::FileMode::owner_only));
  const auto request = to_new_folder(files);
  EXPECT_NE(refused(request), "restored");
  EXPECT_TRUE(std::filesystem::is_empty(request.to.root));
}

TEST_F(RestoreTest, data_and_keys_are_not_mistaken_for_each_other) {
  const auto files = backup();
  auto request = to_new_folder(files);
  request.from = files.keys;
  EXPECT_NE(refused(request).find("is a backup of KEYS"), std::string::npos);
  request = to_new_folder(files, "new2");
  request.keys = files.data;
  EXPECT_NE(refused(request).find("is a backup of DATA"), std::string::npos);
}

// Anybody who knows the public half can encrypt an archive to us.
TEST_F(RestoreTest, an_archive_with_a_link_or_a_stranger_in_it_makes_nothing) {
  const auto files = backup();
  const auto out = temporary.path() / "out";
  ASSERT_TRUE(io::make_private_folder(out));
  ASSERT_TRUE(unseal_files(files.data, identity, out));
  ASSERT_TRUE(io::write_file(out / "keys" / "stranger", "x", io::FileMode::owner_only));
  const auto forged = temporary.path() / "forged.tar.gz.age";
  const std::array<std::string, 5> names{"manifest.json", "gateway.db", "gateway.toml", "keys", "log"};
  ASSERT_TRUE(seal_files(out, names, recipient, forged));
  auto request = to_new_folder(files);
  request.from = forged;
  EXPECT_NE(refused(request).find("does not name"), std::string::npos);
  std::filesystem::remove(out / "keys" / "stranger");
  std::filesystem::remove(out / "gateway.db");
  std::filesystem::create_symlink("/etc/hostname", out / "gateway.db");
  ASSERT_TRUE(seal_files(out, names, recipient, forged));
  EXPECT_NE(refused(request), "restored");
  EXPECT_TRUE(std::filesystem::is_empty(request.to.root));
}

TEST_F(RestoreTest, a_list_of_another_log_is_refused) {
  auto request = to_new_folder(backup());
  const auto list = temporary.path() / "other.json";
  ASSERT_TRUE(io::write_file(list, R"({"format":"pontlevis-destructions-1","origin":"audit.autre.example/log","log_size":1,"destructions":[]})", io::FileMode::owner_only));
  request.destructions = list;
  EXPECT_NE(refused(request).find("another log"), std::string::npos);
}

// ---- what is read from outside ----

TEST(Manifest, is_read_and_printed_alike) {
  const Manifest manifest{BackupKind::keys, *from_utc("2026-11-22T02:00:00.000Z"), "audit.vendor.example/log", 7, "note\n", {{"log/keys.db", 9, std::string(64, 'a')}}};
  const auto text = print_manifest(manifest);
  const auto read = parse_manifest(text, "test");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(print_manifest(*read), text);
}

TEST(Manifest, names_files_of_its_list_only) {
  const auto with = [](const std::string& path) {
    return parse_manifest(print_manifest({BackupKind::data, *from_utc("2026-11-22T02:00:00.000Z"), "o", 1, "n", {{path, 1, std::string(64, 'a')}}}), "test");
  };
  EXPECT_TRUE(with("log/log.db"));
  for (auto wrong : {"log/keys.db", "../gateway.toml", "/etc/passwd", "keys/other"}) EXPECT_FALSE(with(wrong)) << wrong;
}

TEST(Destructions, each_is_a_claim_or_the_list_is_refused) {
  const std::string head = R"({"format":"pontlevis-destructions-1","origin":"o","log_size":1,"destructions":[)";
  EXPECT_TRUE(read_destructions(head + "]}", "test"));
  for (auto wrong : {R"({"certificate_id":7})", "7", R"({"scope":[{"first":2,"last":1}]})"}) EXPECT_FALSE(read_destructions(head + wrong + "]}", "test")) << wrong;
  EXPECT_FALSE(read_destructions("{}", "test"));
}

}  // namespace
}  // namespace pontlevis::gateway
