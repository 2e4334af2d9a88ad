#include "agent/tools/inventory.hpp"

#include <gtest/gtest.h>

namespace pontlevis::agent {
namespace {

constexpr const char* whole = R"([[system]]
id = "serveur"
label = "Serveur du Cabinet Exemple"
hosting = "local"
[system.shell]
command = ["sudo", "-u", "maintenance", "-i"]
exec = ["sudo", "-u", "maintenance", "--", "/bin/sh", "-c"]
folder = "/srv"
environment = ["LANG"]
[system.files]
prefix = ["sudo", "-u", "maintenance", "--"]
folder = "/srv/echanges"
[system.desktop]
label = "Écran de l'accueil"
display = ":0"
prefix = ["sudo", "-n", "-u", "accueil", "--"]
[system.tcp.dicom]
host = "pacs.cabinet.example"
port = 104
label = "PACS"

[[system]]
id = "agenda"
label = "Agenda en ligne"
hosting = "hds"
[system.shell]
)";

TEST(InventoryTest, reads_every_key) {
  const auto read = parse_inventory(whole, "inventory.toml");
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->systems.size(), 2u);
  const System& s = read->systems[0];
  EXPECT_EQ(s.label, "Serveur du Cabinet Exemple");
  EXPECT_EQ(s.shell->command.size(), 4u);
  EXPECT_EQ(s.shell->exec.back(), "-c");
  EXPECT_EQ(s.shell->environment, std::vector<std::string>{"LANG"});
  EXPECT_EQ(s.files->prefix.front(), "sudo");
  EXPECT_EQ(s.files->server, "/usr/lib/openssh/sftp-server");
  EXPECT_EQ(s.tcp.at("dicom").port, 104);
  EXPECT_EQ(s.desktop->display, ":0");
  EXPECT_EQ(s.desktop->prefix.size(), 5u);
  EXPECT_EQ(read->systems[1].hosting, Hosting::hds);
  EXPECT_TRUE(read->systems[1].shell->command.empty());
  EXPECT_EQ(read->find(*SystemId::parse("agenda")), &read->systems[1]);
  EXPECT_EQ(read->find(*SystemId::parse("autre")), nullptr);
}

TEST(InventoryTest, offers_names_and_no_inside_knowledge) {
  const auto offered = parse_inventory(whole, "inventory.toml")->offered();
  EXPECT_EQ(offered[0].tools, (std::vector<std::string>{"shell", "files", "desktop", "tcp:dicom"}));
  EXPECT_EQ(offered[0].hosting, "LOCAL");
  EXPECT_EQ(offered[1].hosting, "HDS");
}

std::string fault(const std::string& text) {
  const auto read = parse_inventory(text, "inventory.toml");
  return read ? "none" : read.error().text();
}

const std::string head = "[[system]]\nid = \"s\"\nlabel = \"S\"\nhosting = \"local\"\n";

TEST(InventoryTest, an_unknown_key_is_named_with_its_line_and_the_known_ones) {
  EXPECT_EQ(fault(head + "[system.shell]\nfolder = \"/\"\ncomand = [\"x\"]\n"),
            "inventory.toml:7: unknown key `comand`\n  hint: known here: command, exec, folder, environment, commands, [system.shell.env]");
  EXPECT_EQ(fault(head + "color = \"blue\"\n"),
            "inventory.toml:5: unknown key `color`\n"
            "  hint: known here: id, label, hosting, [system.shell], [system.files], [system.desktop], [system.tcp.<name>]");
  EXPECT_EQ(fault("title = \"x\"\n" + head), "inventory.toml:1: unknown key `title`\n  hint: known here: [[system]]");
}

TEST(InventoryTest, each_fault_says_where_and_what_to_do) {
  EXPECT_EQ(fault(""), "inventory.toml:1: holds no list of 1 to 64 systems\n  hint: start each system with [[system]]");
  EXPECT_EQ(fault(head + head), "inventory.toml:5: the system `s` is there twice\n  hint: give each its own id");
  EXPECT_NE(fault("[[system]]\nid = \"S!\"\nlabel = \"S\"\nhosting = \"local\"\n").find("inventory.toml:2: "), std::string::npos);
  EXPECT_NE(fault("[[system]]\nid = \"s\"\nlabel = \"S\"\nhosting = \"cloud\"\n").find(":4: `hosting` is neither"), std::string::npos);
  EXPECT_NE(fault("[[system]]\nid = \"s\"\nlabel = 7\nhosting = \"hds\"\n").find(":3: `label` is not a text"), std::string::npos);
  EXPECT_NE(fault("[[system]]\nid = \"s\"\nhosting = \"hds\"\n").find(":1: `label` is missing"), std::string::npos);
  EXPECT_NE(fault(head + "[system.shell]\ncommand = []\n").find(":6: `command` is not a list"), std::string::npos);
  EXPECT_NE(fault(head + "[system.shell]\ncommand = [\"a\", 1]\n").find(":6: `command` is not a text"), std::string::npos);
  EXPECT_NE(fault(head + "[system.files]\nserver = \"bin/x\"\n").find(":6: `server` is not a whole path"), std::string::npos);
  const std::string tcp = head + "[system.tcp.dicom]\nhost = \"h\"\nlabel = \"L\"\n";
  EXPECT_NE(fault(tcp + "port = 0\n").find(":8: `port` is not a port"), std::string::npos);
  EXPECT_NE(fault(tcp + "port = 70000\n").find(":8: `port` is not a port"), std::string::npos);
  EXPECT_NE(fault(tcp).find(":5: `port` is not a port"), std::string::npos);
  EXPECT_NE(fault(head + "[system.tcp.DICOM]\nhost = \"h\"\nlabel = \"L\"\nport = 1\n").find("is not a tool's name"), std::string::npos);
  EXPECT_NE(fault(head + "[system.tcp.d]\nhost = \"h h\"\nlabel = \"L\"\nport = 1\n").find("`host` is not"), std::string::npos);
  EXPECT_NE(fault(head + "[system]\ntcp = 3\n").find("inventory.toml:"), std::string::npos);
  EXPECT_NE(fault("[[system]\nid = 3").find("inventory.toml:1: is not TOML"), std::string::npos) << fault("[[system]\nid = 3");
  EXPECT_NE(fault(head + "shell = 3\n").find(":5: is not a table"), std::string::npos);
  EXPECT_NE(fault(head + "tcp = 3\n").find(":5: is not a table"), std::string::npos);
  EXPECT_NE(fault("system = 3\n").find("holds no list"), std::string::npos);
  EXPECT_NE(fault("system = [3]\n").find("is not a table"), std::string::npos);
  EXPECT_NE(fault(std::string(300'000, '#')).find("longer than 256 KiB"), std::string::npos);
}

TEST(InventoryTest, a_desktop_is_a_running_display_or_one_of_its_own_or_a_command) {
  const std::string desktop = head + "[system.desktop]\nlabel = \"B\"\n";
  EXPECT_EQ(fault(desktop), "none");
  EXPECT_EQ(fault(desktop + "geometry = \"1600x900\"\nstart = [\"xterm\"]\n"), "none");
  EXPECT_EQ(fault(desktop + "command = [\"v\", \"{port}\", \"-f={password_file}\"]\nview_only = [\"-v\"]\n"), "none");
  EXPECT_EQ(fault(desktop + "display = \"localhost:0\"\n"), "inventory.toml:7: `display` is not an X display\n  hint: display = \":0\"");
  EXPECT_NE(fault(desktop + "display = \":0.x\"\n").find("`display` is not"), std::string::npos);
  EXPECT_NE(fault(desktop + "geometry = \"big\"\n").find(":7: `geometry` is not a size"), std::string::npos);
  EXPECT_NE(fault(desktop + "geometry = \"800x99999\"\n").find("`geometry` is not a size"), std::string::npos);
  EXPECT_NE(fault(desktop + "display = \":0\"\nstart = [\"x\"]\n").find(":8: `start` is for a display of its own"), std::string::npos);
  EXPECT_NE(fault(desktop + "view_only = [\"x\"]\n").find("`view_only` belongs to a `command`"), std::string::npos);
  EXPECT_NE(fault(desktop + "command = [\"v\", \"{port}\"]\n").find("does not name {password_file}"), std::string::npos);
  EXPECT_NE(fault(desktop + "command = [\"v\", \"{password_file}\"]\n").find("does not name {port}"), std::string::npos);
  EXPECT_NE(fault(desktop + "command = [\"v\", \"{port}\", \"{password_file}\"]\nstart = [\"x\"]\n").find("`start` needs a display"), std::string::npos);
  EXPECT_NE(fault(desktop + "port = 1\n").find("unknown key `port`"), std::string::npos);
  EXPECT_NE(fault(head + "desktop = 3\n").find(":5: is not a table"), std::string::npos);
  EXPECT_NE(fault(head + "[system.desktop]\n").find("`label` is missing"), std::string::npos);
}

}  // namespace
}  // namespace pontlevis::agent
