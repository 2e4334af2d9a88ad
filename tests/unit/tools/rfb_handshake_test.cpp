#include "agent/tools/desktop/rfb_handshake.hpp"

#include "agent/tools/desktop/vnc_password.hpp"
#include "protocol/text.hpp"
#include "tests/unit/tools/tools_test.hpp"

namespace pontlevis::agent::testing {
namespace {

const std::string challenge("\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16), good(4, '\0'), bad("\0\0\0\1", 4);
constexpr const char* answer = "eae3a1cb74ca6daac183f66460190bb5";  // of "abcdefgh", see vnc_password_test.cpp

std::string reason(const std::string& text) { return std::string(3, '\0') + static_cast<char>(text.size()) + text; }

Awaitable<void> logging_in(Operator* peer, Result<>* out) {
  const Secret password("abcdefgh");
  *out = co_await log_in_to_vnc(*peer, password);
}
Awaitable<void> welcoming(Operator* peer, Result<>* out) { *out = co_await welcome_vnc_client(*peer); }

// All that the other side will ever say is there from the start.
class RfbHandshakeTest : public ::testing::Test {
 protected:
  using Work = Awaitable<void> (*)(Operator*, Result<>*);
  Result<> play(Work work, const std::string& peer_says) {
    boost::asio::io_context loop;
    Operator peer(loop.get_executor());
    on_loop(peer.type(peer_says), loop);
    peer.input.end();
    Result<> out;
    on_loop(work(&peer, &out), loop);
    said = peer.output.waiting();
    return out;
  }
  Result<> server(const std::string& says) { return play(logging_in, says); }
  Result<> client(const std::string& says) { return play(welcoming, says); }
  std::string said;  // by us
};

TEST_F(RfbHandshakeTest, it_proves_the_password_to_a_server_of_each_version) {
  EXPECT_TRUE(server("RFB 003.008\n" + std::string("\1\2", 2) + challenge + good));
  EXPECT_EQ(said, "RFB 003.008\n\2" + *from_hex(answer));
  EXPECT_TRUE(server("RFB 003.007\n" + std::string("\2\20\2", 3) + challenge + good));
  EXPECT_EQ(said, "RFB 003.007\n\2" + *from_hex(answer));
  EXPECT_TRUE(server("RFB 003.003\n" + std::string("\0\0\0\2", 4) + challenge + good));
  EXPECT_EQ(said, "RFB 003.003\n" + *from_hex(answer));
}

TEST_F(RfbHandshakeTest, a_server_that_asks_for_no_password_is_not_used) {
  for (const std::string& types : {std::string("\1\1", 2), std::string("\2\1\2", 3), std::string("\2\2\1", 3), std::string("\1\23", 2)}) {
    const auto result = server("RFB 003.008\n" + types + challenge + good);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::not_allowed);
    EXPECT_EQ(said, "RFB 003.008\n");
  }
  EXPECT_EQ(server("RFB 003.003\n" + std::string("\0\0\0\1", 4)).error().code, Errc::not_allowed);
}

TEST_F(RfbHandshakeTest, a_refusal_comes_with_the_servers_words) {
  EXPECT_EQ(server("RFB 003.008\n" + std::string("\0", 1) + reason("too many")).error().what, "the VNC server refuses: too many");
  EXPECT_EQ(server("RFB 003.003\n" + std::string(4, '\0') + reason("closed")).error().what, "the VNC server refuses: closed");
  EXPECT_EQ(server("RFB 003.008\n" + std::string("\1\2", 2) + challenge + bad + reason("no")).error().what, "the VNC server refuses: no");
  EXPECT_EQ(server("RFB 003.007\n" + std::string("\1\2", 2) + challenge + bad).error().code, Errc::not_allowed);
}

TEST_F(RfbHandshakeTest, what_is_not_rfb_is_said_so) {
  for (const char* first : {"SSH-2.0-Open", "RFB 004.000\n", "RFB 003.00x\n", "RFB 003.008 ", "RFB 003.002\n"}) EXPECT_EQ(server(first).error().code, Errc::bad_frame) << first;
  EXPECT_EQ(server("RFB 003.008\n").error().code, Errc::closed);
  EXPECT_EQ(server("RFB 003.008\n" + std::string("\0\xff\xff\xff\xff", 5)).error().code, Errc::closed);  // a reason without end
}

TEST_F(RfbHandshakeTest, a_client_of_each_version_needs_no_password) {
  EXPECT_TRUE(client("RFB 003.008\n\1"));
  EXPECT_EQ(said, "RFB 003.008\n" + std::string("\1\1\0\0\0\0", 6));
  EXPECT_TRUE(client("RFB 003.889\n\1"));
  EXPECT_TRUE(client("RFB 003.007\n\1"));
  EXPECT_EQ(said, "RFB 003.008\n" + std::string("\1\1", 2));
  EXPECT_TRUE(client("RFB 003.003\n"));
  EXPECT_EQ(said, "RFB 003.008\n" + std::string("\0\0\0\1", 4));
}

TEST_F(RfbHandshakeTest, a_client_that_chooses_what_was_not_offered_is_left) {
  EXPECT_EQ(client("RFB 003.008\n\2").error().code, Errc::bad_frame);
  EXPECT_EQ(client("GET / HTTP/1").error().code, Errc::bad_frame);
  EXPECT_EQ(client("RFB").error().code, Errc::closed);
}

}  // namespace
}  // namespace pontlevis::agent::testing
