#include "agent/page/local_user.hpp"

#include <gtest/gtest.h>

#include <boost/asio.hpp>
#include <unistd.h>

namespace pontlevis::agent {
namespace {

constexpr std::string_view table =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:1B9E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 10 1 0000000000000000 100 0 0 10 0\n"
    "   1: 0100007F:1B9E 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 11 1 0000000000000000 20 4 30 10 -1\n"
    "   2: 0100007F:D431 0100007F:1B9E 01 00000000:00000000 00:00000000 00000000  1042        0 12 1 0000000000000000 20 4 30 10 -1\n";

TEST(LocalUser, the_clients_own_end_says_who_it_is) {
  EXPECT_EQ(find_connection(table, 0xD431, 0x1B9E), 1042u);
  EXPECT_EQ(find_connection(table, 0xD432, 0x1B9E), std::nullopt);
  EXPECT_EQ(find_connection(table, 0xD431, 0x1B9F), std::nullopt);
  EXPECT_EQ(find_connection("", 1, 2), std::nullopt);
  EXPECT_EQ(find_connection("x\n1: 0100007F:D431 0100007F:1B9E 01 a b c nobody", 0xD431, 0x1B9E), std::nullopt);
}

TEST(LocalUser, a_real_connection_is_found) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor server(io, {boost::asio::ip::address_v4::loopback(), 0});
  boost::asio::ip::tcp::socket client(io);
  client.connect(server.local_endpoint());
  auto accepted = server.accept();
  EXPECT_EQ(user_of_connection(client.local_endpoint().port(), server.local_endpoint().port()), ::getuid());
}

}  // namespace
}  // namespace pontlevis::agent
