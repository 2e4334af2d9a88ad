// What /proc says about the running processes, and signals that cannot hit a reused pid.
// Private to reaper.cpp. Any thread; a look costs about 10 µs a process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/tools/fd_stream.hpp"

namespace pontlevis::agent {

struct ProcEntry {
  int pid = 0;
  int parent = 0;
  int terminal_session = 0;      // the sid
  bool dead = false;             // a zombie
  std::uint64_t started = 0;     // clock ticks since boot; with the pid, its identity
  std::string name;              // the program's, at most 15 bytes
};

std::vector<ProcEntry> all_processes();
std::optional<ProcEntry> process_entry(int pid);
std::uint64_t brand_of(int pid);                // its hard RLIMIT_LOCKS; 0 = unlimited or unreadable
bool carries_mark(int pid, const std::string& mark);  // "NAME=value" in its environment
std::uint64_t ticks_since_boot();

// A pidfd of exactly this process; empty when it has gone.
Fd open_process(const ProcEntry& entry);
enum class Sent { yes, gone, not_permitted };
Sent send_signal(const Fd& pidfd, int number);

}  // namespace pontlevis::agent
