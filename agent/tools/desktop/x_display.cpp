#include "agent/tools/desktop/x_display.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <vector>

namespace pontlevis::agent {
namespace {

namespace fs = std::filesystem;

fs::path socket_of(const std::string& number) { return "/tmp/.X11-unix/X" + number; }
fs::path lock_of(const std::string& number) { return "/tmp/.X" + number + "-lock"; }

void add_counted(std::vector<char>& out, std::string_view text) {
  out.push_back(static_cast<char>(text.size() >> 8));
  out.push_back(static_cast<char>(text.size() & 0xff));
  out.insert(out.end(), text.begin(), text.end());
}

}  // namespace

std::optional<std::string> free_display(unsigned first_look) {
  constexpr unsigned lowest = 100, count = 800;  // far from what people use
  std::error_code ignored;
  for (unsigned step = 0; step < count; ++step) {
    const std::string number = std::to_string(lowest + (first_look + step) % count);
    if (!fs::exists(socket_of(number), ignored) && !fs::exists(lock_of(number), ignored)) return ":" + number;
  }
  return std::nullopt;
}

// Family "wild", no address, no number: it fits every display, and only this server knows the key.
Secret make_authority(Random& random) {
  std::string key = random.bytes(16);
  std::vector<char> out;
  out.reserve(64);
  out.insert(out.end(), {'\xff', '\xff'});
  add_counted(out, "");
  add_counted(out, "");
  add_counted(out, "MIT-MAGIC-COOKIE-1");
  add_counted(out, key);
  wipe_bytes(key);
  return Secret(std::move(out));
}

void remove_stale_display(const std::string& display) {
  const std::string number = display.substr(1);
  std::ifstream lock(lock_of(number));
  int pid = 0;
  if (!(lock >> pid) || pid <= 1 || ::kill(pid, 0) == 0 || errno != ESRCH) return;
  std::error_code ignored;
  fs::remove(socket_of(number), ignored);
  fs::remove(lock_of(number), ignored);
}

}  // namespace pontlevis::agent
