// The practice's own list of systems and of the tools it offers on each (requirements A42). Written
// by the practice in TOML; nothing from the gateway can add to it. Any thread, immutable.
//
//   [[system]]
//   id = "serveur"
//   label = "Serveur du cabinet"
//   hosting = "local"                        # or "hds"
//   [system.shell]
//   command = ["sudo", "-u", "maintenance", "-i"]            # default: the login shell
//   exec = ["sudo", "-u", "maintenance", "--", "/bin/sh", "-c"]  # default: command + "-c"
//   folder = "/srv"                          # default: the home folder
//   environment = ["LANG", "LC_*", "TERM"]   # what an operator's client may set
//   commands = ["systemctl status postgresql", "df -h"]      # only these lines, byte for byte, no shell and no
//                                            #     terminal (a pager would lead to a shell); default: anything
//   [system.shell.env]                       # what every program gets; no LD_*, no PONTLEVIS_*
//   PGHOST = "/run/postgresql"
//   [system.files]
//   prefix = ["sudo", "-u", "maintenance", "--"]             # default: none
//   server = "/usr/lib/openssh/sftp-server"
//   folder = "/srv/echanges"                 # where relative names start; default: the home folder
//   landing = "depot"                        # instead of `folder`: everything written must be inside; a whole
//                                            #     path or from the home folder; made (0700) if there is no prefix
//   largest_file_mb = 4096                   # an upload; 0 = no limit
//   largest_session_mb = 16384               # all uploads of one session together; 0 = no limit
//   [system.desktop]                         # a running display by x11vnc …
//   label = "Écran de l'accueil"
//   display = ":0"                           # … or, without this line, one of its own by Xtigervnc:
//   geometry = "1280x800"                    #     its size
//   start = ["xterm"]                        #     a program to show there
//   prefix = ["sudo", "-n", "-u", "accueil", "--"]           # default: none
//   command = ["x0vncserver", "…"]           # another VNC server, with {port}, {password_file}, {display}
//   view_only = ["-AcceptKeyEvents=0"]       # what `command` is given as well where nobody may act
//   [system.tcp.dicom]
//   host = "pacs.cabinet.example"
//   port = 104
//   label = "PACS"
//
// Strict: an unknown key, a wrong type, a name twice or an empty list is an Error with file, line
// and hint.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/tools/desktop/desktop_tool.hpp"
#include "agent/tools/files.hpp"
#include "agent/tools/shell.hpp"
#include "agent/tools/tcp.hpp"
#include "protocol/frame.hpp"
#include "protocol/ids.hpp"

namespace pontlevis::agent {

enum class Hosting { local, hds };

struct System {
  SystemId id;
  std::string label;
  Hosting hosting = Hosting::local;
  std::optional<ShellTool> shell;
  std::optional<FilesTool> files;
  std::optional<DesktopTool> desktop;
  std::map<std::string, TcpTool> tcp;  // by name
};

struct Inventory {
  std::vector<System> systems;  // in the order of the file, 1 to 64

  const System* find(const SystemId& id) const noexcept;
  // For the hello frame: id, label, hosting and tool names ("shell", "files", "desktop", "tcp:<name>"). No
  // command, folder, host or port leaves the practice.
  std::vector<frame::OfferedSystem> offered() const;
};

Result<Inventory> parse_inventory(std::string_view toml, const std::string& file_name);
Result<Inventory> read_inventory(const std::filesystem::path& file);

}  // namespace pontlevis::agent
