// What the practice's inventory narrows: the commands of `shell`, its environment, where `files` lands.
#include <gtest/gtest.h>

#include "agent/tools/environment.hpp"
#include "agent/tools/inventory.hpp"

namespace pontlevis::agent {
namespace {

const std::string shell = "[[system]]\nid = \"s\"\nlabel = \"S\"\nhosting = \"local\"\n[system.shell]\n";
const std::string files = "[[system]]\nid = \"s\"\nlabel = \"S\"\nhosting = \"local\"\n[system.files]\n";

std::string fault(const std::string& text) {
  const auto read = parse_inventory(text, "i");
  return read ? "none" : read.error().text();
}
System system_of(const std::string& text) { return parse_inventory(text, "i").value().systems.front(); }

TEST(ShellListTest, without_a_list_everything_may_be_asked) {
  const ShellTool tool;
  EXPECT_EQ(not_listed(tool, std::nullopt), "");
  EXPECT_EQ(not_listed(tool, "rm -rf /"), "");
}

TEST(ShellListTest, with_a_list_only_its_lines_byte_for_byte) {
  ShellTool tool;
  tool.commands = {"df -h", "systemctl status postgresql"};
  EXPECT_EQ(not_listed(tool, "df -h"), "");
  EXPECT_EQ(not_listed(tool, "systemctl status postgresql"), "");
  for (const char* near : {"", "df", "df -h ", " df -h", "df  -h", "DF -h", "df -h; id", "df -h\n", "df -h && id", "/bin/df -h"})
    EXPECT_EQ(not_listed(tool, near), "this command is not on the practice's list; it allows: `df -h`, `systemctl status postgresql`") << near;
  EXPECT_EQ(not_listed(tool, std::string("df -h\0", 6)).substr(0, 12), "this command");
  EXPECT_EQ(not_listed(tool, std::nullopt), "there is no interactive shell here; the practice allows: `df -h`, `systemctl status postgresql`");
}

TEST(ShellListTest, is_read_from_the_inventory) {
  const auto tool = *system_of(shell + "commands = [\"df -h\"]\n[system.shell.env]\nPGHOST = \"/run/postgresql\"\n").shell;
  EXPECT_EQ(tool.commands, std::vector<std::string>{"df -h"});
  EXPECT_EQ(tool.env.at("PGHOST"), "/run/postgresql");
  EXPECT_EQ(fault(shell + "commands = []\n").substr(0, 27), "i:6: `commands` is not a li");
  EXPECT_EQ(fault(shell + "commands = [\"a\\u0007\"]\n").substr(0, 27), "i:6: `commands` is not a te");
}

TEST(ShellEnvTest, names_are_checked_with_place_and_hint) {
  for (const char* name : {"LD_PRELOAD", "LD_X", "PONTLEVIS_SESSION", "1A", "\"A B\"", "\"A=B\"", "\"\""})
    EXPECT_NE(fault(shell + "[system.shell.env]\n" + name + " = \"x\"\n").find("cannot be set\n  hint: a name of A-Z"), std::string::npos) << name;
  EXPECT_NE(fault(shell + "[system.shell.env]\nA = 1\n").find("i:7: `A` is not a text"), std::string::npos);
  EXPECT_NE(fault(shell + "env = 3\n").find("i:6: `env` is not a table"), std::string::npos);
  EXPECT_NE(fault(shell + "[system.shell.env]\nA = \"" + std::string(1025, 'x') + "\"\n").find("`A` is not a text"), std::string::npos);
}

TEST(ShellEnvTest, the_practice_has_the_last_word) {
  const auto env = tool_environment({"*"}, {{"LANG", "C"}, {"A", "asked"}, {"LD_PRELOAD", "x"}, {"PONTLEVIS_SESSION", "x"}}, {{"A", "given"}, {"PATH", "/opt"}});
  const auto has = [&env](const char* entry) { return std::ranges::find(env, entry) != env.end(); };
  EXPECT_TRUE(has("A=given") && has("PATH=/opt") && has("LANG=C"));
  EXPECT_FALSE(has("LD_PRELOAD=x") || has("PONTLEVIS_SESSION=x"));
}

TEST(LandingTest, is_read_from_the_inventory_with_its_limits) {
  const auto tool = *system_of(files + "landing = \"depot\"\nlargest_file_mb = 5\nlargest_session_mb = 0\n").files;
  EXPECT_EQ(tool.landing, "depot");
  EXPECT_EQ(tool.largest_file_mb, 5u);
  EXPECT_EQ(tool.largest_session_mb, 0u);
  EXPECT_EQ(system_of(files).files->landing, "");
  EXPECT_EQ(system_of(files).files->largest_file_mb, 4096u);
  EXPECT_EQ(fault(files + "landing = \"/srv/depot\"\n"), "none");
}

TEST(LandingTest, a_fault_says_where_and_what_to_do) {
  for (const char* folder : {"/", "..", "a/../b", "."})
    EXPECT_NE(fault(files + "landing = \"" + folder + "\"\n").find("i:6: `landing` is not a folder of its own\n  hint: landing ="), std::string::npos) << folder;
  EXPECT_NE(fault(files + "landing = \"/a\"\nfolder = \"/b\"\n").find("`folder` and `landing` are both there\n  hint: keep one"), std::string::npos);
  for (const char* size : {"-1", "1.5", "\"5\"", "1000001"})
    EXPECT_NE(fault(files + "largest_file_mb = " + size + "\n").find("i:6: `largest_file_mb` is not a size in megabytes"), std::string::npos) << size;
}

}  // namespace
}  // namespace pontlevis::agent
