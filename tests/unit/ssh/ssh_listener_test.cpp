#include "protocol/io/ssh/ssh_listener.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>

#include "protocol/io/ssh/ssh_connection.hpp"

namespace pontlevis::io {
namespace {

using boost::asio::ip::tcp;

struct FixedDice final : Random {
  unsigned char value = 0;
  void fill(std::span<unsigned char> out) override { std::ranges::fill(out, value); }
};

struct SshListenerTest : ::testing::Test {
  boost::asio::io_context loop{1};
  FixedDice dice;
  std::vector<std::pair<int, std::unique_ptr<SshAdmission>>> admitted;
  std::vector<tcp::socket> clients;
  std::shared_ptr<SshListener> listener;

  void listen(SshListenerLimits limits) {
    listener = SshListener::listen(loop.get_executor(), "127.0.0.1", 0, limits, dice,
                                   [this](int fd, std::unique_ptr<SshAdmission> place) {
                                     admitted.emplace_back(fd, std::move(place));
                                   })
                   .value();
  }
  // Connects and runs the loop until the listener has decided.
  bool connect() {
    const auto before = admitted.size() + listener->dropped();
    clients.emplace_back(loop).connect({boost::asio::ip::address_v4::loopback(), listener->port()});
    const auto admitted_before = admitted.size();
    while (admitted.size() + listener->dropped() == before) loop.run_one();
    return admitted.size() > admitted_before;
  }
  void TearDown() override {
    for (const auto& [fd, place] : admitted) ::close(fd);
  }
};

TEST_F(SshListenerTest, one_source_has_a_few_unauthenticated_places) {
  listen({.per_source = 3});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(connect());
  EXPECT_FALSE(connect());
  EXPECT_EQ(listener->dropped(), 1u);
  admitted.front().second->authenticated();
  admitted.front().second->authenticated();  // twice is once
  EXPECT_TRUE(connect());
  EXPECT_FALSE(connect());
  EXPECT_EQ(listener->connections(), 4u);
  EXPECT_EQ(listener->unauthenticated(), 3u);
}

TEST_F(SshListenerTest, a_dropped_place_is_free_again) {
  listen({.per_source = 1});
  EXPECT_TRUE(connect());
  EXPECT_FALSE(connect());
  admitted.front().second.reset();
  EXPECT_EQ(listener->connections(), 0u);
  EXPECT_TRUE(connect());
}

TEST_F(SshListenerTest, all_connections_together_have_a_cap) {
  listen({.connections = 2});
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(connect());
    admitted.back().second->authenticated();
  }
  EXPECT_FALSE(connect());
}

TEST_F(SshListenerTest, a_flood_is_dropped_early_and_at_random) {
  listen({.unauthenticated = 6, .early_drop_from = 2, .per_source = 100});
  dice.value = 0;  // the dice that always drops
  EXPECT_TRUE(connect());
  EXPECT_TRUE(connect());
  EXPECT_FALSE(connect());
  dice.value = 255;  // 65535 % 100 = 35: kept at 30 %, dropped from 47 % on
  EXPECT_TRUE(connect());
  EXPECT_FALSE(connect());
}

TEST_F(SshListenerTest, a_stopped_listener_takes_nobody_and_keeps_who_is_there) {
  listen({});
  EXPECT_TRUE(connect());
  const auto port = listener->port();
  listener->stop();
  loop.run();
  tcp::socket late(loop);
  boost::system::error_code error;
  late.connect({boost::asio::ip::address_v4::loopback(), port}, error);
  EXPECT_TRUE(error);
  EXPECT_EQ(listener->connections(), 1u);
}

TEST_F(SshListenerTest, an_address_must_be_one) {
  EXPECT_FALSE(SshListener::listen(loop.get_executor(), "localhost", 0, {}, dice, {}));
}

// A connection without its loop: the fd is closed whatever happens.
TEST(SshConnection, a_failed_start_closes_the_socket) {
  int fds[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  boost::asio::io_context loop{1};
  const auto config = std::make_shared<SshServerConfig>();  // no host key
  EXPECT_FALSE(SshConnection::start(loop.get_executor(), fds[0], config, nullptr));
  char byte = 0;
  EXPECT_EQ(::read(fds[1], &byte, 1), 0);
  ::close(fds[1]);
}

}  // namespace
}  // namespace pontlevis::io
