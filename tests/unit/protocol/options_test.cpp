#include <gtest/gtest.h>

#include <fstream>

#include "protocol/io/options/options.hpp"

namespace pontlevis::io {
namespace {

constexpr OptionRule rules[] = {{"link.port", OptionType::integer, "8443", 1, 65535, "A port."},
                                {"link.host", OptionType::text, "localhost", 1, 20, "A host."}};
constexpr OptionTable table{"test", rules};

struct File {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("options-" + std::to_string(::getpid()) + ".toml");
  explicit File(const std::string& text) { std::ofstream(path) << text; }
  ~File() { std::filesystem::remove(path); }
};

Result<OptionValues> read(const std::string& text, const OptionTexts& flags = {}, std::vector<const char*> environment = {}) {
  const File file(text);
  environment.push_back(nullptr);
  return OptionValues::read(table, file.path, flags, environment.data());
}

TEST(Options, flags_come_before_environment_before_file_before_default) {
  EXPECT_EQ(read("")->integer_at(0), 8443);
  EXPECT_EQ(read("[link]\nport = 1\n")->integer_at(0), 1);
  EXPECT_EQ(read("[link]\nport = 1\n", {}, {"PONTLEVIS_TEST_LINK_PORT=2"})->integer_at(0), 2);
  EXPECT_EQ(read("[link]\nport = 1\n", {{"link.port", "3"}}, {"PONTLEVIS_TEST_LINK_PORT=2"})->integer_at(0), 3);
}

TEST(Options, an_unknown_key_is_an_error_with_its_line_and_the_known_ones) {
  const auto result = read("[link]\nport = 1\nprot = 2\n");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().where.find(".toml:3"), std::string::npos) << result.error().text();
  EXPECT_NE(result.error().hint.find("link.port"), std::string::npos);
  EXPECT_FALSE(read("", {}, {"PONTLEVIS_TEST_NOPE=1"}));
}

TEST(Options, a_value_out_of_bounds_or_of_another_type_is_an_error) {
  EXPECT_FALSE(read("[link]\nport = 0\n"));
  EXPECT_FALSE(read("[link]\nport = \"1\"\n"));
  EXPECT_FALSE(read("[link]\nhost = 1\n"));
  EXPECT_FALSE(read("[link]\nhost = \"" + std::string(21, 'x') + "\"\n"));
  EXPECT_FALSE(read("[link\n"));
}

TEST(Options, the_commented_file_is_read_back_as_the_defaults) {
  const auto values = read(commented_options(table, {}));
  ASSERT_TRUE(values);
  EXPECT_TRUE(values->changed().empty());
  EXPECT_EQ(read(commented_options(table, {{"link.host", "a b"}}))->text_at(1), "a b");
}

}  // namespace
}  // namespace pontlevis::io
