#include "gateway/timestamps/filter_program.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pontlevis::gateway {
namespace {

Result<std::string> shell(const std::string& script, std::string_view question = "q", FilterLimits limits = {}, bool stopped = false) {
  const std::atomic<bool> stop = stopped;
  return run_filter({"/bin/sh", "-c", script}, question, limits, stop);
}

TEST(FilterProgram, reads_the_question_and_answers) {
  EXPECT_EQ(shell("cat").value(), "q");
  const std::string bytes("\0\xff\n\0", 4);
  EXPECT_EQ(shell("cat", bytes).value(), bytes);
}

TEST(FilterProgram, its_failure_is_a_failure_whatever_it_said) {
  EXPECT_EQ(shell("cat; exit 3").error().code, Errc::bad_input);
  EXPECT_EQ(shell("kill -9 $$").error().code, Errc::bad_input);
  const std::atomic<bool> stop = false;
  EXPECT_EQ(run_filter({"/no/such/program"}, "q", {}, stop).error().code, Errc::unavailable);
  EXPECT_FALSE(run_filter({}, "q", {}, stop));
}

TEST(FilterProgram, what_it_says_and_how_long_it_takes_are_bounded) {
  EXPECT_EQ(shell("head -c 100000 /dev/zero").error().code, Errc::bad_input);
  EXPECT_EQ(shell("sleep 60", "q", {.within = Millis(300)}).error().code, Errc::unavailable);
  EXPECT_EQ(shell("sleep 60", "q", {}, true).error().code, Errc::unavailable) << "the gateway is stopping";
}

TEST(FilterProgram, it_sees_no_secret_of_ours_and_leaves_nothing_behind) {
  ::setenv("PONTLEVIS_SECRET_OF_A_TEST", "hidden", 1);
  EXPECT_EQ(shell("echo -n \"$PONTLEVIS_SECRET_OF_A_TEST\"").value(), "");
  ::unsetenv("PONTLEVIS_SECRET_OF_A_TEST");
  const auto child = shell("sleep 60 >/dev/null 2>&1 </dev/null & echo -n $!").value();
  const auto pid = static_cast<pid_t>(std::stol(child));
  for (int i = 0; i < 500 && ::kill(pid, 0) == 0; ++i) {  // ended with its group; its new parent has yet to notice
    const auto state = std::filesystem::exists("/proc/" + child + "/stat");
    if (!state) break;
    ::usleep(10'000);
  }
  std::string line;
  std::ifstream("/proc/" + child + "/stat") >> line >> line >> line;
  EXPECT_TRUE(::kill(pid, 0) != 0 || line == "Z") << "what it started is ended with it";
}

}  // namespace
}  // namespace pontlevis::gateway
