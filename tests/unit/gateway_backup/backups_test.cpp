// Backups made, kept for their days, and removed; what goes wrong is said (requirements A12, T5).
#include "tests/unit/gateway_backup/backup_fixture.hpp"

namespace pontlevis::gateway {
namespace {

TEST_F(BackupTest, data_and_keys_are_two_files_that_only_the_recovery_key_opens) {
  const auto files = backup();
  EXPECT_EQ(io::read_file(files.data, 64 << 20)->substr(0, 21), "age-encryption.org/v1");
  EXPECT_EQ(std::filesystem::status(files.data).permissions(), std::filesystem::perms(0600));
  EXPECT_EQ(*file_sha256(files.data), files.sha256);
  EXPECT_EQ(text_of(last_record("backup"), "event"), "MADE");
  EXPECT_FALSE(std::filesystem::exists(folder.root / "backup-work"));
  const auto out = temporary.path() / "out";
  ASSERT_TRUE(io::make_private_folder(out));
  ASSERT_TRUE(unseal_files(files.data, identity, out));
  EXPECT_TRUE(std::filesystem::exists(out / "log" / "log.db"));
  EXPECT_FALSE(std::filesystem::exists(out / "log" / "keys.db"));
  EXPECT_TRUE(check_files(out, BackupKind::data));
}

TEST_F(BackupTest, the_list_of_destructions_lies_beside_them_in_the_clear_and_names_nobody) {
  backup();
  const auto text = io::read_file(copies() / "destructions.json");
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("pontlevis-destructions-1"), std::string::npos);
}

TEST_F(BackupTest, keys_go_after_a_week_and_data_after_a_month) {
  const auto files = backup();
  wait_days(6);
  const auto second = backup();
  EXPECT_TRUE(std::filesystem::exists(files.keys));
  wait_days(1);
  backup();
  EXPECT_FALSE(std::filesystem::exists(files.keys));
  EXPECT_TRUE(std::filesystem::exists(files.data));
  wait_days(23);
  backup();
  EXPECT_FALSE(std::filesystem::exists(files.data));
  EXPECT_TRUE(std::filesystem::exists(second.data));
  const auto rows = must("backups list").at("items").as_array();
  EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](const auto& row) { return text_of(row.as_object(), "state") == "EXPIRED"; }), 4);
  EXPECT_EQ(text_of(last_record("backup"), "event"), "EXPIRED");
}

TEST_F(BackupTest, a_backup_that_fails_is_a_record_and_a_clock) {
  ASSERT_TRUE(core->options.set("backup.recipient", "age1" + std::string(58, 'q'), "test"));  // a form without a key behind it
  const auto made = ask_verb("backup");
  ASSERT_FALSE(made);
  EXPECT_EQ(text_of(last_record("backup"), "event"), "FAILED");
  ASSERT_FALSE(notices.empty());
  EXPECT_TRUE(notices.back().late);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(copies()), {}), 0);
  EXPECT_FALSE(std::filesystem::exists(folder.root / "backup-work"));
  ASSERT_TRUE(core->options.set("backup.recipient", "somebody", "test"));
  EXPECT_NE(ask_verb("backup").error().text().find("recovery key"), std::string::npos);
}

TEST_F(BackupTest, a_missed_day_is_seen) {
  backup();
  EXPECT_FALSE(must("backups list").at("late").as_bool());
  wait_days(3);
  EXPECT_TRUE(must("backups list").at("late").as_bool());
}

TEST_F(BackupTest, a_restore_test_is_signed_for_a_backup_that_was_made) {
  const auto files = backup();
  EXPECT_NE(ask_verb("backups tested", {{"sha256", std::string(64, 'a')}}).error().text().find("no backup"), std::string::npos);
  const auto state = must("backups tested", {{"sha256", files.sha256}});
  EXPECT_EQ(text_of(last_record("backup"), "event"), "TESTED");
  EXPECT_EQ(text_of(last_record("backup"), "done_by"), "admin");
  EXPECT_EQ(text_of(state, "restore_test_due").substr(0, 10), "2027-11-22");
}

TEST(Pipeline, a_program_that_fails_says_what_it_said) {
  const std::array failing{Program{"tar", "--create", "--file=-", "/nowhere/at/all"}, Program{"gzip"}};
  const auto ran = run_pipeline(failing);
  ASSERT_FALSE(ran);
  EXPECT_NE(ran.error().what.find("/nowhere/at/all"), std::string::npos);
  const std::array missing{Program{"no-such-program"}};
  EXPECT_EQ(run_pipeline(missing).error().code, Errc::unavailable);
}

TEST(Pipeline, a_recipient_has_one_form) {
  EXPECT_TRUE(is_age_recipient("age1" + std::string(58, 'q')));
  for (auto wrong : {"", "age1", "AGE1QQQ", "--output=/etc/passwd"}) EXPECT_FALSE(is_age_recipient(wrong)) << wrong;
  EXPECT_FALSE(is_age_recipient("age1" + std::string(58, 'b')));
}

}  // namespace
}  // namespace pontlevis::gateway
