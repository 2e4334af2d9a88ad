// Configuration: one table, four sources, and no key that nobody knows.
#include "gateway/options.hpp"
#include "tests/doubles/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace pontlevis::gateway {
namespace {

class OptionsTest : public testing::Test {
 protected:
  std::filesystem::path file(std::string_view text) {
    const auto path = folder_.path() / "gateway.toml";
    std::ofstream(path) << text;
    return path;
  }
  test::TemporaryFolder folder_;
};

TEST_F(OptionsTest, an_unknown_key_is_named_with_file_and_line) {
  const auto path = file("[listen]\nssh_port = 22\n\n[request]\nlife_time = 3\n");
  const auto options = Options::read(path, {}, nullptr);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().what, "unknown key 'request.life_time'");
  EXPECT_EQ(options.error().where, path.string() + ":5");
  EXPECT_EQ(options.error().hint, "known keys: request.lifetime_minutes, request.max_minutes, request.notice_hours");
}

TEST_F(OptionsTest, a_value_out_of_bounds_is_named_with_file_and_line) {
  const auto path = file("[listen]\nssh_port = 70000\n");
  const auto options = Options::read(path, {}, nullptr);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().what, "'listen.ssh_port' must be a whole number from 0 to 65535");
  EXPECT_EQ(options.error().where, path.string() + ":2");
}

TEST_F(OptionsTest, a_value_of_the_wrong_type_is_refused) {
  const auto path = file("[listen]\nssh_port = \"22\"\n");
  const auto options = Options::read(path, {}, nullptr);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().what, "'listen.ssh_port' is of the wrong type");
}

TEST_F(OptionsTest, what_is_not_toml_is_named_with_its_line) {
  const auto path = file("[listen]\nssh_port = = 3\n");
  const auto options = Options::read(path, {}, nullptr);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().what, "is not TOML");
  EXPECT_EQ(options.error().where, path.string() + ":2");
}

TEST_F(OptionsTest, flags_come_before_the_environment_before_the_file_before_the_default) {
  const auto path = file("[listen]\nssh_port = 1\nhttps_port = 1\nmetrics_port = 1\n");
  const char* const environment[] = {"HOME=/", "PONTLEVIS_GATEWAY_LISTEN_SSH_PORT=2", "PONTLEVIS_GATEWAY_LISTEN_HTTPS_PORT=2", nullptr};
  const auto options = Options::read(path, {{"listen.ssh_port", "3"}}, environment);
  ASSERT_TRUE(options) << options.error().text();
  EXPECT_EQ(options->integer("listen.ssh_port"), 3);
  EXPECT_EQ(options->integer("listen.https_port"), 2);
  EXPECT_EQ(options->integer("listen.metrics_port"), 1);
  EXPECT_EQ(options->integer("relay.dial_seconds"), 15);
}

TEST_F(OptionsTest, an_unknown_variable_of_ours_is_an_error) {
  const char* const environment[] = {"PONTLEVIS_GATEWAY_SSH_PORT=2", nullptr};
  const auto options = Options::read(std::nullopt, {}, environment);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().what, "unknown key 'PONTLEVIS_GATEWAY_SSH_PORT'");
}

TEST_F(OptionsTest, the_commented_file_reads_back_as_the_defaults) {
  const auto path = file(commented_options({{"vendor.name", "Éditeur \"Exemple\""}}));
  const auto options = Options::read(path, {}, nullptr);
  ASSERT_TRUE(options) << options.error().text();
  EXPECT_EQ(options->text("vendor.name"), "Éditeur \"Exemple\"");
  EXPECT_EQ(options->changed(), std::vector<std::string>{"vendor.name"});
}

TEST_F(OptionsTest, every_commented_default_is_itself_valid) {
  auto text = commented_options({{"vendor.name", "V"}});
  std::string uncommented;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    auto line = text.substr(at, end - at);
    if (line.starts_with("#") && !line.starts_with("# ")) line.erase(0, 1);
    uncommented += line + "\n";
    at = end + 1;
  }
  const auto options = Options::read(file(uncommented), {}, nullptr);
  ASSERT_TRUE(options) << options.error().text();
}

}  // namespace
}  // namespace pontlevis::gateway
