#include "agent/tools/reaper.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "tests/unit/tools/tools_test.hpp"

namespace pontlevis::agent::testing {
namespace {

using std::chrono::steady_clock;

SpawnOptions sh(std::string line) {
  SpawnOptions options;
  options.argv = {"/bin/bash", "-c", std::move(line)};
  options.env = {"PATH=/usr/local/bin:/usr/bin:/bin"};
  return options;
}

class ReaperTest : public ToolsTest {
 protected:
  std::unique_ptr<Process> start(std::string line, const std::string& in) {
    auto process = reaper->spawn(in, sh(std::move(line)));
    EXPECT_TRUE(process) << process.error().text();
    return process ? *std::move(process) : nullptr;
  }
  std::unique_ptr<Process> start(std::string line) { return start(std::move(line), session); }

  static Awaitable<void> ending(Reaper* r, std::string s, EndCount* count) { *count = co_await r->end_all(std::move(s)); }
  EndCount end_all(const std::string& s) {
    EndCount count;
    on_loop(ending(reaper.get(), s, &count), loop);
    return count;
  }
  EndCount end_all() { return end_all(session); }

  // Each process of a test says its pid on stdout when it is ready.
  static Awaitable<void> reading(Process* p, std::size_t lines, std::vector<int>* pids) {
    std::string all;
    std::vector<char> part(4096);
    while (static_cast<std::size_t>(std::ranges::count(all, '\n')) < lines) {
      const auto n = co_await p->out().read_some(part);
      if (!n || *n == 0) break;
      all.append(part.data(), *n);
    }
    for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1) pids->push_back(std::stoi(all.substr(at)));
  }
  std::vector<int> pids_of(Process& p, std::size_t lines) {
    std::vector<int> pids;
    on_loop(reading(&p, lines, &pids), loop);
    EXPECT_EQ(pids.size(), lines);
    return pids;
  }
  static bool alive(int pid) { return ::kill(pid, 0) == 0; }

  void ends_all_of(std::string line, std::size_t lines) {
    auto process = start(std::move(line));
    const auto pids = pids_of(*process, lines);
    for (int pid : pids) EXPECT_TRUE(alive(pid)) << pid;
    const auto count = end_all();
    // The shell itself is waited for by its Process; all others must be gone and collected.
    for (int pid : pids)
      if (pid != process->pid()) EXPECT_FALSE(alive(pid)) << pid;
    EXPECT_GE(count.total(), lines);
    EXPECT_TRUE(count.survivors.empty());
  RecordProperty("took_ms", static_cast<int>(count.took.count()));
  }
};

TEST_F(ReaperTest, ends_a_plain_program_and_counts_it_by_name) {
  auto process = start("echo $$; exec sleep 1000");
  pids_of(*process, 1);
  const auto count = end_all();
  EXPECT_EQ(count.total(), 1u);
  EXPECT_EQ(count.ended.size(), 1u);
  RecordProperty("took_ms", static_cast<int>(count.took.count()));
}

TEST_F(ReaperTest, ends_setsid) { ends_all_of("setsid sh -c 'echo $$; exec sleep 1000' & sleep 1000", 1); }

TEST_F(ReaperTest, ends_nohup_in_the_background) {
  ends_all_of("(trap '' HUP; echo $BASHPID; exec sleep 1000) & nohup sh -c 'echo $$; exec sleep 1000' 2>/dev/null & sleep 1000", 2);
}

TEST_F(ReaperTest, ends_a_double_fork_whose_parents_have_gone) {
  ends_all_of("( (setsid bash -c 'trap \"\" HUP TERM INT; echo $$; while :; do sleep 1000; done') & ) ; exit 0", 1);
}

TEST_F(ReaperTest, ends_a_double_fork_that_cleared_its_environment) {
  ends_all_of("( (exec -c setsid bash -c 'trap \"\" HUP TERM; echo $$; while :; do /bin/sleep 1000; done') & ) ; exit 0", 1);
}

TEST_F(ReaperTest, ends_an_orphan_that_shed_brand_and_mark) {
  ends_all_of("( (ulimit -x 5; exec -c setsid bash -c 'echo $$; exec /bin/sleep 1000') & ) ; exit 0", 1);
}

TEST_F(ReaperTest, ends_what_ignores_term_and_hangup) {
  ends_all_of("trap '' HUP TERM INT QUIT; echo $$; while :; do sleep 1000; done", 1);
}

TEST_F(ReaperTest, ends_a_stopped_program) {
  ends_all_of("bash -c 'echo $$; kill -STOP $$' & sleep 1000", 1);
}

TEST_F(ReaperTest, ends_fifty_forks_that_fork_again) {
  auto process = start("for i in $(seq 50); do (trap '' HUP; for n in $(seq 1000); do sleep 0.01; done) & done; echo $$; wait");
  pids_of(*process, 1);
  const auto count = end_all();
  EXPECT_GE(count.total(), 51u);
  EXPECT_TRUE(count.survivors.empty());
  RecordProperty("took_ms", static_cast<int>(count.took.count()));
}

TEST_F(ReaperTest, leaves_other_sessions_and_the_agent_alone) {
  const std::string other = unique_session(2);
  ASSERT_TRUE(reaper->begin(other));
  auto mine = start("echo $$; exec sleep 1000");
  auto theirs = start("( (exec -c setsid bash -c 'echo $$; exec /bin/sleep 1000') & ); echo $$; exec sleep 1000", other);
  // Theirs, but it claims to be ours: the brand and its parent know better.
  auto liar = start("export PONTLEVIS_SESSION=" + session + "; bash -c 'echo $$; exec sleep 1000' & echo $$; wait", other);
  auto agents = spawn(loop.get_executor(), sh("echo $$; exec sleep 1000"));
  ASSERT_TRUE(agents);
  pids_of(*mine, 1);
  const auto theirs_pids = pids_of(*theirs, 2), liar_pids = pids_of(*liar, 2), agents_pids = pids_of(**agents, 1);
  EXPECT_EQ(end_all().total(), 1u);
  for (int pid : theirs_pids) EXPECT_TRUE(alive(pid));
  for (int pid : liar_pids) EXPECT_TRUE(alive(pid));
  EXPECT_TRUE(alive(agents_pids[0]));
  reaper->own(agents_pids[0]);
  EXPECT_EQ(end_all(other).total(), 4u);
  for (int pid : theirs_pids)
    if (pid != theirs->pid()) EXPECT_FALSE(alive(pid));
  EXPECT_TRUE(alive(agents_pids[0]));
}

TEST_F(ReaperTest, starts_nothing_in_a_session_that_is_over) {
  end_all();
  EXPECT_EQ(reaper->spawn(session, sh("true")).error().code, Errc::closed);
  EXPECT_EQ(reaper->begin("../x").error().code, Errc::bad_input);
  EXPECT_EQ(reaper->begin("").error().code, Errc::bad_input);
  ASSERT_TRUE(reaper->begin(session));
  EXPECT_EQ(reaper->begin(session).error().code, Errc::conflict);
}

// Where the agent runs without root, the end of another user's program is refused: it is named.
TEST_F(ReaperTest, names_what_it_may_not_end) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to have a second user";
  auto process = start("echo $$; exec sleep 1000");
  const auto pids = pids_of(*process, 1);
  ASSERT_EQ(::setresuid(65534, 65534, 0), 0);  // loses CAP_KILL; the program stays root's
  const auto count = end_all();
  ASSERT_EQ(::setresuid(0, 0, 0), 0);
  EXPECT_EQ(count.total(), 0u);
  EXPECT_EQ(count.survivors.size(), 1u);
  RecordProperty("took_ms", static_cast<int>(count.took.count()));
  EXPECT_TRUE(alive(pids[0]));
  process.reset();
  for (const auto until = steady_clock::now() + std::chrono::seconds(10); alive(pids[0]) && steady_clock::now() < until;)
    reaper->reap_orphans();  // its Process has not waited for it
  EXPECT_FALSE(alive(pids[0]));
}

TEST_F(ReaperTest, ends_a_program_that_changed_its_user) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to change user";
  ends_all_of("setpriv --reuid=65534 --clear-groups env -i setsid /bin/bash -c 'echo $$; exec /bin/sleep 1000' & sleep 1000", 1);
}

// sftp, git and cron-like helpers leave dead orphans all day: they must not pile up in the agent.
TEST_F(ReaperTest, collects_dead_orphans_while_the_session_lives) {
  auto process = start("( (exit 0) & (sleep 0.01; exit 0) & ); echo $$; exec sleep 1000");
  pids_of(*process, 1);
  boost::asio::co_spawn(loop, reaper->run(), boost::asio::detached);
  const auto zombies = [] {
    std::size_t n = 0;
    for (siginfo_t info{}; ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0; info = {})
      if (++n > 100) break;
    return n;
  };
  const auto until = steady_clock::now() + std::chrono::seconds(10);
  loop.restart();
  do loop.run_one_for(Millis(20));
  while (zombies() != 0 && steady_clock::now() < until);
  EXPECT_EQ(zombies(), 0u);
  reaper->stop();
  loop.restart();
  loop.poll();
}

}  // namespace
}  // namespace pontlevis::agent::testing
