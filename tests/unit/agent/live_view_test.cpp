#include "agent/live_view.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace pontlevis::agent {
namespace {

class LiveViewTest : public testing::Test {
 protected:
  LiveView::Watcher::Output take(LiveView::Watcher& watcher) {
    LiveView::Watcher::Output out;
    boost::asio::co_spawn(io, watcher.next(), [&](std::exception_ptr, LiveView::Watcher::Output got) { out = std::move(got); });
    io.restart();
    io.run();
    return out;
  }
  void say(Tap& tap, std::string_view text) { tap.output({text.data(), text.size()}); }
  boost::asio::io_context io;
  int present = 0;
  LiveView view{io.get_executor(), [this](bool there) { present += there ? 1 : -1; }};
};

TEST_F(LiveViewTest, each_stream_is_told_apart_and_has_its_size) {
  auto watcher = view.watch();
  auto one = view.open_stream("shell", "alice", 80, 24);
  auto two = view.open_stream("command", "bruno", 80, 24);
  say(*one, "first");
  say(*two, "second");
  one->resized(133, 41);
  two.reset();
  const auto got = take(*watcher);
  ASSERT_EQ(got.pieces.size(), 6u);
  EXPECT_EQ(got.pieces[0].info->login, "alice");
  EXPECT_EQ(got.pieces[2].bytes, "first");
  EXPECT_EQ(got.pieces[3].stream, 2u);
  EXPECT_EQ(got.pieces[4].info->cols, 133u);
  EXPECT_FALSE(got.pieces[5].info->open);
}

TEST_F(LiveViewTest, who_comes_late_sees_where_things_stand) {
  auto one = view.open_stream("shell", "alice", 100, 30);
  say(*one, "before");
  auto watcher = view.watch();
  const auto got = take(*watcher);
  ASSERT_EQ(got.pieces.size(), 2u);
  EXPECT_EQ(got.pieces[0].info->cols, 100u);
  EXPECT_EQ(got.bytes(), "before");
}

TEST_F(LiveViewTest, a_slow_watcher_loses_the_oldest_output_and_is_told_how_much) {
  auto watcher = view.watch(1000);
  auto one = view.open_stream("shell", "alice", 80, 24);
  for (int i = 0; i < 100; ++i) say(*one, std::string(99, 'a') + static_cast<char>('0' + i % 10));
  const auto got = take(*watcher);
  EXPECT_EQ(got.bytes().size(), 1000u);
  EXPECT_EQ(got.skipped(), 9000u);
  EXPECT_EQ(got.bytes().back(), '9');
  EXPECT_TRUE(got.pieces.front().info) << "what a stream is, is never lost";
}

TEST_F(LiveViewTest, presence_follows_the_watchers) {
  auto first = view.watch();
  auto second = view.watch();
  first.reset();
  EXPECT_GT(present, 0);
  second.reset();
  EXPECT_EQ(present, 1) << "two came, and the last one's leaving was told once";
}

TEST_F(LiveViewTest, streams_are_bounded) {
  for (int i = 0; i < 500; ++i) view.open_stream("command", "alice", 80, 24);
  EXPECT_LE(view.streams().size(), 64u);
}

}  // namespace
}  // namespace pontlevis::agent
