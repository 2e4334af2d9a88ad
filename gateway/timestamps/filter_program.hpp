// One run of a program that reads a question on its standard input and writes the answer on its output: no shell, no
// environment but PATH, a group of its own that is ended with it. Blocks: a thread of its own, never the loop.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/clock.hpp"
#include "protocol/result.hpp"

namespace pontlevis::gateway {

struct FilterLimits {
  std::size_t most_answer_bytes = 64 * 1024;
  Millis within{20'000};
};

// Errc::unavailable: it could not be started, took too long or `stop` was asked for; Errc::bad_input: it failed or
// answered too much.
Result<std::string> run_filter(const std::vector<std::string>& argv, std::string_view question, FilterLimits limits, const std::atomic<bool>& stop);

}  // namespace pontlevis::gateway
