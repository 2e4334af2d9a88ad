// What the practice configured as its `desktop` ([system.desktop] of the inventory), and the command line
// that follows from it. Any thread, immutable.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/tools/desktop/rfb_input.hpp"

namespace pontlevis::agent {

struct DesktopTool {
  std::string label;
  std::string display;                 // such as ":0", which runs already; empty = one made for the session
  std::vector<std::string> command;    // empty = x11vnc for a display that runs, Xtigervnc otherwise
  std::vector<std::string> view_only;  // what `command` is given as well where CONTROL was not consented
  std::vector<std::string> prefix;     // e.g. {"sudo", "-n", "-u", "accueil", "--"}; may be empty
  std::string geometry = "1280x800";   // of a display made for the session
  std::vector<std::string> start;      // a program to show there; empty = none

  // A display is made for the session, so a free number is needed for it.
  bool makes_display() const;
};

// What the placeholders {port}, {password_file}, {authority} and {display} stand for.
struct DesktopPlace {
  unsigned short port = 0;
  std::string folder;   // private to the server's user, for this one start
  std::string display;  // ":7"
  std::string password_file() const { return folder + "/password"; }
  std::string authority() const { return folder + "/authority"; }  // X11's own key file, of a display we make
};

// Without the prefix: the program and its arguments.
std::vector<std::string> vnc_command(const DesktopTool& tool, DesktopRight right, const DesktopPlace& place);
// The program to show on a display that was made, with the prefix; empty when there is none.
std::vector<std::string> shown_program(const DesktopTool& tool, const DesktopPlace& place);

// A port of loopback that nobody used a moment ago; somebody may take it before the server does: then the
// server ends at once, and another try is due.
Result<unsigned short> free_loopback_port();

// The name of a program this tool needs and the machine does not have, for `pontlevis-agent check`.
std::optional<std::string> missing_program(const DesktopTool& tool);

}  // namespace pontlevis::agent
