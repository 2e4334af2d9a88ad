#include "audit/remanence.hpp"

#include <sys/stat.h>

#include "tests/unit/audit/memory_support.hpp"

namespace pontlevis::audit::test {
namespace {

class RemanenceTest : public ::testing::Test {
 protected:
  RemanenceReport look(const Needles& needles) { return must(look_for(needles, std::vector{folder_.path()})); }
  TemporaryFolder folder_;
  io::SystemRandom random_;
};

TEST_F(RemanenceTest, a_needle_is_found_at_every_alignment_and_across_buffers) {
  const auto needle = random_.bytes(32);
  Needles needles;
  needles.add(needle);
  const std::size_t chunk = (1 << 20) + Needles::longest;
  for (std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{7}, chunk - 40, chunk - 32, chunk - 31, chunk - 1, chunk, chunk + 1, 2 * chunk - 90, std::size_t{3'000'000 - 32}}) {
    std::string bytes(3'000'000, 'x');
    bytes.replace(at, needle.size(), needle);
    write_all(folder_.path() / "file", bytes);
    const auto report = look(needles);
    EXPECT_EQ(report.found, 1u) << at;
    EXPECT_EQ(report.bytes, bytes.size());
    EXPECT_EQ(report.found_in.size(), 1u);
  }
}

TEST_F(RemanenceTest, every_length_is_found_at_the_very_end_and_next_to_another) {
  for (std::size_t length = Needles::shortest; length <= Needles::longest; ++length) {
    Needles needles;
    const auto one = random_.bytes(length), two = random_.bytes(length);
    needles.add(one);
    needles.add(two);
    write_all(folder_.path() / "file", std::string(length % 19, 'x') + one + two + two.substr(1) + one);
    EXPECT_EQ(look(needles).found, 3u) << length;
  }
}

TEST_F(RemanenceTest, many_needles_in_noise_and_no_false_alarm) {
  for (const int count : {5000, 20'000}) {  // both ways to look
    Needles needles;
    std::string hidden;
    for (int i = 0; i < count; ++i) {
      const auto one = random_.bytes(16 + static_cast<std::size_t>(i % 60));
      needles.add(one);
      if (i % 1000 == 0) hidden += "…" + one;
    }
    write_all(folder_.path() / "noise", random_.bytes(2'000'000));
    std::filesystem::remove_all(folder_.path() / "sub");
    EXPECT_EQ(look(needles).found, 0u);
    std::filesystem::create_directories(folder_.path() / "sub");
    write_all(folder_.path() / "sub" / "file", hidden);
    const auto report = look(needles);
    EXPECT_EQ(report.found, static_cast<std::uint64_t>(count / 1000));
    EXPECT_EQ(report.files, 2u);
    EXPECT_EQ(report.needles, static_cast<std::uint64_t>(count));
  }
}

TEST_F(RemanenceTest, what_is_not_there_or_too_short_is_left_out) {
  Needles needles;
  needles.add("short");
  EXPECT_EQ(needles.size(), 0u);
  needles.add(std::string(200, 'n'));
  EXPECT_EQ(needles.at(0).size(), Needles::longest);
  EXPECT_EQ(must(look_for(needles, std::vector<std::filesystem::path>{folder_.path() / "missing"})).files, 0u);
}

// Closing a second descriptor of a SQLite file would drop the locks of the first (POSIX): another process could
// then take the write-ahead log away.
TEST_F(RemanenceTest, looking_through_a_live_database_keeps_its_locks) {
  const auto file = folder_.path() / "live.db";
  auto db = must(sqlite::Database::open(file, {.application_id = 1, .user_version = 1, .schema = "CREATE TABLE t(a)"}));
  must(db.run("INSERT INTO t VALUES (1)"));
  Needles needles;
  needles.add(random_.bytes(32));
  const auto locks_of = [&] {
    struct stat seen{};
    ::stat(file.c_str(), &seen);
    std::ifstream in("/proc/locks");
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    return all.find(":" + std::to_string(seen.st_ino) + " ") != all.npos;
  };
  ASSERT_TRUE(locks_of());
  EXPECT_EQ(must(look_for(needles, std::vector{file})).files, 1u);
  EXPECT_EQ(must(look_for(needles, std::vector{file})).files, 1u);
  EXPECT_TRUE(locks_of());
}

TEST_F(RemanenceTest, it_stops_when_asked) {
  write_all(folder_.path() / "file", std::string(3'000'000, 'x'));
  Needles needles;
  needles.add(random_.bytes(32));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(look_for(needles, std::vector{folder_.path()}, stop.get_token()).error().code, Errc::closed);
}

}  // namespace
}  // namespace pontlevis::audit::test
