// What happens between fork and execve. Everything is prepared by the parent, since only
// async-signal-safe calls are allowed there: no allocation, no locks, no C++ runtime.
// Private to process.cpp.
#pragma once

#include <cstdint>

namespace pontlevis::agent {

// The first step that failed, told to the parent through a pipe that execve closes.
enum class ChildStep : int { session, terminal, lock, descriptors, folder, exec };
struct ChildFailure {
  ChildStep step;
  int error;
};

struct ChildPlan {
  const char* path;
  char* const* argv;
  char* const* envp;
  const char* folder;
  int in, out, err;     // all >= 16, so that dup2 cannot tread on one of them
  bool terminal;        // `in` becomes the controlling terminal
  int report;           // the pipe's write end, close-on-exec, >= 16
  std::uint64_t brand;  // 0 = none
  int lock;             // see confine.hpp; -1 = none, else >= 16
};

// REQUIRES: all signals are blocked, so that no handler of the parent runs in the child.
[[noreturn]] void become(const ChildPlan& plan) noexcept;

}  // namespace pontlevis::agent
