#include "audit/log.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <thread>

#include "audit/cosignatures.hpp"
#include "tests/unit/audit/audit_support.hpp"

namespace pontlevis::audit::test {
namespace {

using namespace std::chrono_literals;

class LogTest : public ::testing::Test {
 protected:
  std::unique_ptr<Log> open(std::size_t queue_limit = 4096) { return open_log(folder_.path(), clock_, random_, queue_limit); }
  TemporaryFolder folder_;
  SteppingClock clock_;
  io::SystemRandom random_;
};

TEST_F(LogTest, an_append_is_answered_with_its_proof) {
  auto log = open();
  EXPECT_EQ(log->size(), 0u);
  for (int i = 0; i < 10; ++i) {
    const auto a = must(log->append_now(security_record(i)));
    EXPECT_EQ(a.index, static_cast<LeafIndex>(i));
    const auto proof = must(log->proof_of(a.index));
    EXPECT_EQ(proof.checkpoint, a.checkpoint);
    const auto proven = must(verify_inclusion(a.disclosures, proof.text(), log->verifier()));
    EXPECT_EQ(proven.leaf, a.leaf);
    EXPECT_EQ(proven.fields.at("count"), json::value(i));
    EXPECT_EQ(proven.type, "security");
  }
  EXPECT_EQ(must(open_checkpoint(log->latest_checkpoint(), log->verifier())).size, 10u);
}

TEST_F(LogTest, a_false_disclosure_proof_or_log_is_not_believed) {
  auto log = open();
  const auto a = must(log->append_now(security_record(1)));
  const auto b = must(log->append_now(security_record(2)));
  const auto proof = must(log->proof_of(a.index)).text();
  const auto trusted = log->verifier();
  EXPECT_TRUE(verify_inclusion(a.disclosures, proof, trusted));
  EXPECT_FALSE(verify_inclusion(b.disclosures, proof, trusted));
  auto fewer = a.disclosures;
  fewer.pop_back();
  EXPECT_FALSE(verify_inclusion(fewer, proof, trusted));
  auto mixed = a.disclosures;
  mixed[4] = b.disclosures[4];
  EXPECT_FALSE(verify_inclusion(mixed, proof, trusted));
  auto closed = a.disclosures;
  closed.back() = "sha256:" + to_base64url(disclosure_digest(closed.back()).view());
  EXPECT_TRUE(verify_inclusion(closed, proof, trusted)) << "a destroyed field still proves";
  EXPECT_FALSE(verify_inclusion(a.disclosures, proof, log_signer("audit.editeur.example/log", 3).verifier()));
  for (std::size_t i = 0; i < proof.size(); ++i) {
    auto bad = proof;
    bad[i] ^= 1;
    ASSERT_FALSE(verify_inclusion(a.disclosures, bad, trusted)) << "byte " << i;
  }
}

TEST_F(LogTest, every_old_size_stays_provable_across_tiles) {
  auto log = open();
  std::vector<std::future<Result<Appended>>> answers;
  constexpr TreeSize n = 700;
  std::atomic<int> left{n};
  std::promise<void> all;
  for (TreeSize i = 0; i < n; ++i)
    log->append(security_record(static_cast<int>(i)), [&](Result<Appended> r) {
      EXPECT_TRUE(r);
      if (--left == 0) all.set_value();
    });
  all.get_future().get();
  MemoryTree tree;
  for (TreeSize i = 0; i < n; ++i) tree.append(leaf_hash(must(log->record(i)).entry));
  EXPECT_EQ(log->checkpoint().root, tree.root());
  for (TreeSize size = 1; size <= n; size += 13) {
    EXPECT_EQ(must(log->prove(size / 2, size)), must(inclusion_proof(tree, size / 2, size)));
    EXPECT_EQ(must(log->consistency(size, n)), must(consistency_proof(tree, size, n)));
  }
  EXPECT_FALSE(log->prove(0, n + 1));
}

TEST_F(LogTest, it_goes_on_where_it_was_after_a_restart) {
  std::string before;
  {
    auto log = open();
    for (int i = 0; i < 300; ++i) must(log->append_now(security_record(i)));
    before = log->latest_checkpoint();
  }
  auto log = open();
  EXPECT_EQ(log->latest_checkpoint(), before);
  must(log->append_now(security_record(300)));
  const auto old = must(open_checkpoint(before, log->verifier()));
  EXPECT_TRUE(verify_consistency_proof(must(log->consistency(300, 301)), 300, 301, old.root, log->checkpoint().root));
}

TEST_F(LogTest, time_never_goes_back) {
  auto log = open();
  must(log->append_now(security_record(1)));
  clock_.set("2020-01-01T00:00:00.000Z");
  must(log->append_now(security_record(2)));
  EXPECT_EQ(must(must(log->record(1)).open()).at("time"), json::value("2026-11-22T08:00:00.000Z"));
}

TEST_F(LogTest, an_intervention_is_found_by_its_number) {
  auto log = open();
  for (auto id : {intervention_a, intervention_b, intervention_a})
    must(log->append_now(must(Record::make("request", {{"intervention", id}, {"practice", "cabinet-exemple"}, {"purpose", "SUPPORT"}}))));
  const auto found = must(log->find(must(InterventionId::parse(intervention_a))));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].index, 0u);
  EXPECT_EQ(found[1].index, 2u);
  for (const auto& r : found) EXPECT_TRUE(check_record(r));
}

TEST_F(LogTest, one_process_writes) {
  auto log = open();
  EXPECT_EQ(Log::open({.folder = folder_.path()}, log_signer(), clock_, random_).error().code, Errc::conflict);
}

TEST_F(LogTest, another_key_cannot_continue_it) {
  must(open()->append_now(security_record(1)));
  EXPECT_EQ(Log::open({.folder = folder_.path()}, log_signer("audit.editeur.example/log", 7), clock_, random_).error().code, Errc::conflict);
  std::filesystem::remove(folder_.path() / "log.vkey");
  EXPECT_EQ(Log::open({.folder = folder_.path()}, log_signer("audit.editeur.example/log", 7), clock_, random_).error().code, Errc::conflict);
  EXPECT_EQ(open()->size(), 1u) << "the wrong key left no trace";
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "log.vkey"));
}

// A past that was rewritten in the file is noticed at the next start.
TEST_F(LogTest, it_refuses_to_continue_a_past_that_is_not_its_own) {
  {
    auto log = open();
    for (int i = 0; i < 5; ++i) must(log->append_now(security_record(i)));
  }
  {
    auto db = must(sqlite::Database::open(folder_.path() / "log.db", {.application_id = 0x504c6f67, .user_version = 2}));
    EXPECT_FALSE(db.run("DELETE FROM entries WHERE idx = 4")) << "the trigger holds";
    EXPECT_FALSE(db.run("UPDATE entries SET e = zeroblob(34) WHERE idx = 4")) << "the trigger holds";
    EXPECT_FALSE(db.run("DELETE FROM checkpoints"));
    must(db.script("DROP TRIGGER entries_stay; DROP TRIGGER entries_hold"));
    must(db.run("UPDATE entries SET e = ? WHERE idx = 4", sqlite::Blob{"\x01\x01" + std::string(32, 'x')}));
  }
  EXPECT_EQ(Log::open({.folder = folder_.path()}, log_signer(), clock_, random_).error().code, Errc::conflict);
  {
    auto db = must(sqlite::Database::open(folder_.path() / "log.db", {.application_id = 0x504c6f67, .user_version = 2}));
    must(db.run("DELETE FROM entries WHERE idx = 4"));
  }
  EXPECT_EQ(Log::open({.folder = folder_.path()}, log_signer(), clock_, random_).error().code, Errc::conflict);
}

TEST_F(LogTest, a_coroutine_resumes_on_its_own_executor) {
  auto log = open();
  boost::asio::io_context loop;
  std::vector<LeafIndex> seen;
  std::thread::id ran;
  const auto writer = [](Log& l, std::vector<LeafIndex>& out, std::thread::id& where) -> io::Awaitable<void> {
    for (int i = 0; i < 20; ++i) {
      auto record = security_record(i);
      auto a = co_await l.append(std::move(record));
      if (!a) throw std::runtime_error(a.error().text());
      out.push_back(a->index);
      where = std::this_thread::get_id();
    }
  };
  for (int i = 0; i < 4; ++i) boost::asio::co_spawn(loop, writer(*log, seen, ran), boost::asio::detached);
  loop.run();
  EXPECT_EQ(seen.size(), 80u);
  EXPECT_EQ(ran, std::this_thread::get_id());
  EXPECT_EQ(log->size(), 80u);
}

TEST_F(LogTest, what_waits_for_the_disk_is_bounded) {
  auto log = open(8);
  std::promise<void> blocked, go;
  auto gate = go.get_future().share();
  std::promise<void> first_done;
  log->append(security_record(0), [&](Result<Appended>) {
    blocked.set_value();
    gate.wait();
    first_done.set_value();
  });
  blocked.get_future().get();
  std::atomic<int> answered{0}, refused{0};
  for (int i = 0; i < 20; ++i)
    log->append(security_record(i), [&](Result<Appended> r) {
      ++answered;
      if (!r) refused += r.error().code == Errc::unavailable ? 1 : 100;
    });
  EXPECT_EQ(refused, 12);
  go.set_value();
  first_done.get_future().get();
  log.reset();
  EXPECT_EQ(answered, 20);
  EXPECT_EQ(refused, 12);
}

TEST_F(LogTest, readers_of_other_threads_see_only_what_is_published) {
  auto log = open();
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t)
    readers.emplace_back([&] {
      while (!stop) {
        const auto size = log->size();
        if (size == 0) continue;
        const auto checkpoint = must(open_checkpoint(log->latest_checkpoint(), log->verifier()));
        const auto proof = must(log->prove(size - 1, checkpoint.size));
        const auto record = must(log->record(size - 1));
        EXPECT_TRUE(verify_inclusion_proof(proof, size - 1, checkpoint.size, leaf_hash(record.entry), checkpoint.root));
      }
    });
  for (int i = 0; i < 300; ++i) must(log->append_now(security_record(i)));
  stop = true;
  for (auto& r : readers) r.join();
}

TEST_F(LogTest, a_cosignature_is_kept_only_when_it_is_one) {
  auto log = open();
  CosignatureStore store(*log);
  const auto witness_key = witness_signer();
  const auto witness = must(Witness::open(folder_.path() / "witness.db", log->verifier(), witness_signer(), clock_));
  must(log->append_now(security_record(1)));
  const auto request = must(store.request_for(witness_key.verifier()));
  const auto answer = witness->add_checkpoint(request);
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(store.add_now(1, answer.body).error().code, Errc::not_allowed) << "not enrolled";
  must(store.enrol_now(witness_key.verifier()));
  must(store.add_now(1, answer.body));
  must(store.add_now(1, answer.body));
  EXPECT_FALSE(store.add_now(0, answer.body)) << "of another checkpoint";
  EXPECT_FALSE(store.add_now(1, witness_signer("witness.cabinet-exemple", 5).cosign_line("x\n", 1)));
  EXPECT_EQ(must(store.of(1)).size(), 1u);
  EXPECT_EQ(must(store.largest(witness_key.verifier())), 1u);
  must(log->append_now(security_record(2)));
  must(log->append_now(security_record(3)));
  const auto next = must(store.request_for(witness_key.verifier()));
  EXPECT_EQ(witness->add_checkpoint(next).status, 200);
  const auto note = must(SignedNote::parse(must(store.cosigned_checkpoint(0))));
  EXPECT_TRUE(note.verify(log->verifier()));
  EXPECT_TRUE(note.verify_cosignature(witness_key.verifier()));
  EXPECT_TRUE(log->healthy());
}

// No proof, no door: the practice believes a record only under a checkpoint it cosigned itself.
TEST_F(LogTest, a_proof_opens_nothing_before_the_practice_cosigned_its_checkpoint) {
  auto log = open();
  const auto witness = must(Witness::open(folder_.path() / "witness.db", log->verifier(), witness_signer(), clock_));
  CosignatureStore store(*log);
  const auto a = must(log->append_now(security_record(1)));
  const auto proof = must(log->proof_of(a.index)).text();
  EXPECT_FALSE(verify_inclusion(a.disclosures, proof, log->verifier(), witness.get()));
  ASSERT_EQ(witness->add_checkpoint(must(store.request_for(witness->verifier()))).status, 200);
  EXPECT_TRUE(verify_inclusion(a.disclosures, proof, log->verifier(), witness.get()));
}

// Kills a writing process at a moment of chance, again and again: what was acknowledged is there.
TEST_F(LogTest, no_acknowledged_record_is_lost_when_the_process_is_killed) {
  TreeSize acknowledged = 0;
  for (int round = 0; round < 6; ++round) {
    int pipe_fds[2];
    ASSERT_EQ(::pipe(pipe_fds), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(pipe_fds[0]);
      auto log = open();
      for (int i = 0;; ++i)
        log->append(security_record(i), [&](Result<Appended> r) {
          const std::uint64_t size = r ? r->index + 1 : 0;
          if (::write(pipe_fds[1], &size, sizeof size) != sizeof size) ::_exit(1);
        });
    }
    ::close(pipe_fds[1]);
    std::uint64_t size = 0;
    const TreeSize kill_at = acknowledged + 50 + static_cast<TreeSize>(round) * 137;
    while (size < kill_at && ::read(pipe_fds[0], &size, sizeof size) == sizeof size) acknowledged = std::max(acknowledged, size);
    ::kill(child, SIGKILL);
    while (::read(pipe_fds[0], &size, sizeof size) == sizeof size) acknowledged = std::max(acknowledged, size);
    ::close(pipe_fds[0]);
    ::waitpid(child, nullptr, 0);
    auto log = open();
    ASSERT_GE(log->size(), acknowledged) << "round " << round;
    for (LeafIndex i = acknowledged > 20 ? acknowledged - 20 : 0; i < acknowledged; ++i) ASSERT_TRUE(check_record(must(log->record(i))));
  }
}

// A limit on the size of files stands for a full disk: writes fail with EFBIG.
TEST_F(LogTest, a_full_disk_closes_the_log_for_good) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    int code = 10;
    {
      auto log = open();
      must(log->append_now(security_record(0)));
      const rlimit limit{256 * 1024, 256 * 1024};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      Result<Appended> last = must(log->append_now(security_record(1)));
      for (int i = 0; i < 2000 && last; ++i) last = log->append_now(security_record(i));
      if (!last && last.error().code == Errc::io && !log->healthy()) code = 11;
      const auto size = log->size();
      const rlimit wide{RLIM_INFINITY, RLIM_INFINITY};
      ::setrlimit(RLIMIT_FSIZE, &wide);
      const auto again = log->append_now(security_record(2));
      if (code == 11 && !again && again.error().code == Errc::io && log->size() == size && log->record(size - 1)) code = 12;
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 12);
  auto log = open();
  EXPECT_GE(log->size(), 2u) << "what was acknowledged before is whole";
  must(log->append_now(security_record(9)));
}

TEST_F(LogTest, appends_that_wait_when_it_fails_are_all_answered) {
  auto log = open();
  std::atomic<int> answered{0}, failed{0};
  log->enqueue([](sqlite::Database&) -> Result<> { return fail(Errc::io, "disk said no"); }, [&](Result<> r) { failed += !r; ++answered; });
  for (int i = 0; i < 50; ++i)
    log->append(security_record(i), [&](Result<Appended> r) {
      if (!r && r.error().code == Errc::io) ++failed;
      ++answered;
    });
  log.reset();
  EXPECT_EQ(answered, 51);
  EXPECT_EQ(failed, 51);
}

}  // namespace
}  // namespace pontlevis::audit::test
