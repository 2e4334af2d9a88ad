// The rehearsal on a real terminal: it shows, it holds, and its end is the real one.
#include "agent/rehearsal/rehearsal.hpp"

#include "agent/rehearsal/sample_script.hpp"
#include "agent/tools/proc_table.hpp"
#include "audit/record.hpp"
#include "tests/doubles/fixed_random.hpp"
#include "tests/unit/tools/tools_test.hpp"

namespace pontlevis::agent::testing {
namespace {

class Screen final : public Tap {
 public:
  explicit Screen(boost::asio::any_io_executor executor) : news_(std::move(executor)) {}
  void output(std::span<const char> bytes) noexcept override {
    text.append(bytes.data(), bytes.size());
    news_.notify();
  }
  Awaitable<void> until(std::size_t size) {
    while (text.size() < size) co_await news_.wait();
  }
  std::string text;

 private:
  Wakeup news_;
};

// A short wait in which something must not happen.
Awaitable<void> moment(int ms) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, Millis(ms));
  co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

unsigned children() {
  unsigned count = 0;
  for (const auto& entry : all_processes()) count += entry.parent == ::getpid() && !entry.dead;
  return count;
}

// As the rehearsal keeps it; the test outlives it.
std::shared_ptr<Tap> on(Screen& screen) { return {std::shared_ptr<Tap>(), &screen}; }

class RehearsalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = Reaper::create(loop.get_executor());
    ASSERT_TRUE(made);
    reaper = *std::move(made);
    make(Millis(20), std::chrono::minutes(5));
  }
  void make(Millis pace, Millis limit) {
    rehearsal = std::make_unique<Rehearsal>(RehearsalParts{loop.get_executor(), clock, random, *reaper, "Poste Exemple", pace, limit});
    rehearsal->on_done = [this](Rehearsal::Outcome outcome) { outcomes.push_back(std::move(outcome)); };
  }
  static Login login(std::string_view text) { return *Login::parse(text); }
  const Login camille = login("camille"), dominique = login("dominique");

  boost::asio::io_context loop;
  SystemClock clock;
  io::SystemRandom random;
  std::unique_ptr<Reaper> reaper;
  std::unique_ptr<Rehearsal> rehearsal;
  std::vector<Rehearsal::Outcome> outcomes;
  Screen screen{loop.get_executor()};
};

Awaitable<void> whole_way(Rehearsal* r, Screen* screen, Result<Millis>* cut) {
  co_await screen->until(200);
  *cut = co_await r->stop();
}

TEST_F(RehearsalTest, a_person_goes_the_whole_way_and_stops_it) {
  EXPECT_TRUE(rehearsal->status().is_null());
  ASSERT_TRUE(rehearsal->begin(camille, "fr"));
  EXPECT_EQ(rehearsal->status().at("step"), "REQUEST");
  EXPECT_EQ(rehearsal->status().at("request").at("operators").at(0).at("employer"), "Éditeur Exemple");
  const auto passwords = rehearsal->approve(on(screen));
  ASSERT_TRUE(passwords) << passwords.error().text();
  EXPECT_EQ(passwords->at(0).password.size(), 14u);
  EXPECT_EQ(rehearsal->status().at("session").at("phase"), "OPEN");
  Result<Millis> cut = Millis(-1);
  on_loop(whole_way(rehearsal.get(), &screen, &cut), loop);
  ASSERT_TRUE(cut) << cut.error().text();
  EXPECT_LT(*cut, Millis(2000));
  EXPECT_EQ(children(), 0u) << "every process is gone when stop answers";
  EXPECT_NE(screen.text.find("Ceci est un entraînement"), std::string::npos) << screen.text;
  EXPECT_EQ(rehearsal->status().at("step"), "ENDED");
  EXPECT_EQ(rehearsal->status().at("stopped"), true);
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_TRUE(outcomes[0].stopped);
  EXPECT_EQ(outcomes[0].record().at("done_by"), "camille");
  EXPECT_TRUE(audit::Record::make("rehearsal", outcomes[0].record()));
}

Awaitable<void> hold_and_go_on(Rehearsal* r, Screen* screen) {
  co_await screen->until(60);
  EXPECT_TRUE(r->pause());
  EXPECT_EQ(r->status().at("session").at("hold"), "PAUSED");
  const auto held = screen->text.size();
  co_await moment(300);
  EXPECT_EQ(screen->text.size(), held) << "nothing is shown while it is held";
  EXPECT_TRUE(r->resume());
  co_await screen->until(held + 40);
  EXPECT_TRUE(r->pause());
  const auto cut = co_await r->stop();
  EXPECT_TRUE(cut) << "stop works in a pause";
}

TEST_F(RehearsalTest, a_pause_holds_what_is_shown_and_stop_works_in_it) {
  ASSERT_TRUE(rehearsal->begin(camille, "en"));
  ASSERT_TRUE(rehearsal->approve(on(screen)));
  on_loop(hold_and_go_on(rehearsal.get(), &screen), loop);
  EXPECT_NE(screen.text.find("This is a rehearsal"), std::string::npos);
  EXPECT_EQ(children(), 0u);
}

Awaitable<void> leave(Rehearsal* r) { co_await r->leave(); }

TEST_F(RehearsalTest, there_is_one_at_a_time) {
  ASSERT_TRUE(rehearsal->begin(camille, "fr"));
  EXPECT_EQ(rehearsal->begin(dominique, "fr").error().code, Errc::conflict);
  EXPECT_TRUE(rehearsal->begin(camille, "fr")) << "the same person begins again";
  ASSERT_TRUE(rehearsal->approve(on(screen)));
  EXPECT_EQ(rehearsal->begin(dominique, "fr").error().code, Errc::conflict);
  EXPECT_EQ(rehearsal->begin(camille, "fr").error().code, Errc::conflict);
  EXPECT_EQ(rehearsal->approve(on(screen)).error().code, Errc::conflict);
  on_loop(leave(rehearsal.get()), loop);
  EXPECT_EQ(children(), 0u);
  EXPECT_TRUE(rehearsal->status().is_null());
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_FALSE(outcomes[0].stopped) << "left, not stopped";
  EXPECT_TRUE(rehearsal->begin(dominique, "fr"));
  EXPECT_TRUE(rehearsal->refuse());
  EXPECT_EQ(outcomes.size(), 1u) << "a refused one was never open";
}

Awaitable<void> until_ended(Rehearsal* r) {
  while (r->step() == Rehearsal::Step::open) co_await moment(5);
}

TEST_F(RehearsalTest, it_ends_by_itself_after_its_time) {
  make(Millis(20), Millis(150));
  ASSERT_TRUE(rehearsal->begin(camille, "fr"));
  ASSERT_TRUE(rehearsal->approve(on(screen)));
  on_loop(until_ended(rehearsal.get()), loop);
  EXPECT_EQ(rehearsal->status().at("step"), "ENDED");
  EXPECT_EQ(rehearsal->status().at("stopped"), false);
  EXPECT_EQ(children(), 0u);
}

Awaitable<void> stop_twice(Rehearsal* r, Screen* screen, int* refused) {
  co_await screen->until(10);
  using namespace boost::asio::experimental::awaitable_operators;
  auto [one, two] = co_await (r->stop() && r->stop());
  *refused = !one + !two;
}

TEST_F(RehearsalTest, two_stops_at_once_are_one_end) {
  ASSERT_TRUE(rehearsal->begin(camille, "fr"));
  ASSERT_TRUE(rehearsal->approve(on(screen)));
  int refused = -1;
  on_loop(stop_twice(rehearsal.get(), &screen, &refused), loop);
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(outcomes.size(), 1u);
}

TEST_F(RehearsalTest, a_rehearsal_that_is_dropped_leaves_no_program) {
  ASSERT_TRUE(rehearsal->begin(camille, "fr"));
  ASSERT_TRUE(rehearsal->approve(on(screen)));
  rehearsal.reset();
  loop.restart();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (children() > 0 && std::chrono::steady_clock::now() < until) {
    loop.run_for(Millis(5));
    loop.restart();
  }
  EXPECT_EQ(children(), 0u);
}

TEST_F(RehearsalTest, a_second_yes_is_refused_and_disturbs_nothing) {
  ASSERT_TRUE(rehearsal->begin(camille, "fr"));
  auto shown = std::make_shared<Screen>(loop.get_executor());
  auto& first = *shown;
  ASSERT_TRUE(rehearsal->approve(shown));
  shown = std::make_shared<Screen>(loop.get_executor());
  EXPECT_EQ(rehearsal->approve(shown).error().code, Errc::conflict);
  on_loop(first.until(60), loop);
  EXPECT_TRUE(shown->text.empty());
  on_loop(leave(rehearsal.get()), loop);
}

TEST(SampleScript, nothing_in_it_reads_writes_or_calls_out) {
  for (const auto* language : {"fr", "en"}) {
    const auto script = sample_script(language, Millis(700));
    EXPECT_EQ(script.find_first_of("<>|&`;"), script.find("; do")) << script;
    EXPECT_NE(script.find("pace=0.700"), std::string::npos);
    EXPECT_EQ(script.find("read "), std::string::npos);
  }
}

}  // namespace
}  // namespace pontlevis::agent::testing
