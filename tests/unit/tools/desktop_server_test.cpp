// The session's VNC server from start to end, with a small server in Python in the place of x11vnc: it
// checks the password with another implementation of DES. The real servers are in scenario_desktop.
#include "agent/tools/desktop/desktop_server.hpp"

#include <unistd.h>

#include "tests/unit/tools/tools_test.hpp"

namespace pontlevis::agent::testing {
namespace {

// Serves any number of clients; after the log-in it says what ClientInit was and "!".
constexpr const char* fake_server = R"(
import os, socket, sys, threading
try: from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
except ImportError: from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
port, file, kind = int(sys.argv[1]), sys.argv[2], sys.argv[3]
def des(key, decrypt=False):
    cipher = Cipher(TripleDES(bytes(int(f"{b:08b}"[::-1], 2) for b in key) * 3), modes.ECB())
    work = cipher.decryptor() if decrypt else cipher.encryptor()
    return lambda data: work.update(data)
def password():
    assert os.stat(file).st_mode & 0o777 == 0o600 and os.stat(os.path.dirname(file)).st_mode & 0o777 == 0o700
    return des(bytes([23, 82, 107, 6, 35, 78, 88, 7]), True)(open(file, "rb").read())
def serve(s):
    s.sendall(b"RFB 003.008\n"); s.recv(12)
    if kind == "open": return s.sendall(b"\1\1")
    s.sendall(b"\1\2"); s.recv(1)
    challenge = os.urandom(16); s.sendall(challenge)
    good = s.recv(16) == des(password())(challenge)
    s.sendall(b"\0\0\0\0" if good else b"\0\0\0\1\0\0\0\2no")
    s.sendall(s.recv(1) + b"!"); s.recv(1)
if kind == "dies": sys.exit("cannot open the display")
with socket.create_server(("127.0.0.1", port)) as listener:
    while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
)";

class DesktopServerTest : public ToolsTest {
 protected:
  DesktopTool tool(const std::string& kind) {
    DesktopTool out;
    out.label = "Bureau";
    out.command = {"/usr/bin/python3", "-c", fake_server, "{port}", "{password_file}", kind};
    return out;
  }
  std::shared_ptr<DesktopServer> server(DesktopTool what) {
    const auto user = [this](unsigned short own, unsigned short) { return port = own, std::optional(owner); };
    return DesktopServer::create({loop.get_executor(), *reaper, random, session, std::move(what), DesktopRight::control, user});
  }
  static Awaitable<void> opening(DesktopServer* server, Result<std::unique_ptr<DesktopStream>>* out) { *out = co_await server->open(); }
  Result<std::unique_ptr<DesktopStream>> open(DesktopServer& server) {
    Result<std::unique_ptr<DesktopStream>> out;
    on_loop(opening(&server, &out), loop);
    return out;
  }
  static Awaitable<void> until_stopped(DesktopServer* server) {
    boost::asio::steady_timer moment(co_await boost::asio::this_coro::executor);
    while (server->running()) {
      moment.expires_after(Millis(5));
      co_await moment.async_wait(boost::asio::use_awaitable);
    }
  }
  static Awaitable<void> talk(DesktopStream* stream, std::string* heard) {
    const auto said = *stream->input().feed(std::string_view("\0", 1));
    static_cast<void>(co_await stream->write_all(said));
    std::array<char, 8> part{};
    while (heard->size() < 2) {
      const auto n = co_await stream->read_some(part);
      if (!n || *n == 0) break;
      heard->append(part.data(), *n);
    }
  }
  uid_t owner = ::geteuid();
  unsigned short port = 0;
};

TEST_F(DesktopServerTest, it_starts_for_the_first_client_and_serves_the_second) {
  const auto desktop = server(tool("good"));
  EXPECT_FALSE(desktop->running());
  auto first = open(*desktop);
  ASSERT_TRUE(first) << first.error().text();
  const auto its_port = port;
  auto second = open(*desktop);
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_EQ(port, its_port);
  std::string heard;
  on_loop(talk(second->get(), &heard), loop);
  EXPECT_EQ(heard, "\1!");
}

TEST_F(DesktopServerTest, it_ends_with_its_last_client) {
  const auto desktop = server(tool("good"));
  auto first = open(*desktop), second = open(*desktop);
  ASSERT_TRUE(first && second);
  first->reset();
  loop.poll();
  EXPECT_TRUE(desktop->running());
  second->reset();
  on_loop(until_stopped(desktop.get()), loop);
  auto third = open(*desktop);
  EXPECT_TRUE(third);
}

TEST_F(DesktopServerTest, it_ends_with_its_session) {
  const auto desktop = server(tool("good"));
  auto client = open(*desktop);
  ASSERT_TRUE(client);
  on_loop(finish(reaper.get(), session), loop);
  on_loop(until_stopped(desktop.get()), loop);
  EXPECT_FALSE(open(*desktop));
}

TEST_F(DesktopServerTest, a_server_that_lets_everybody_in_is_not_used) {
  const auto result = open(*server(tool("open")));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "the VNC server does not ask for its password");
}

TEST_F(DesktopServerTest, another_users_program_on_the_port_is_not_used) {
  owner = ::geteuid() + 1;
  const auto result = open(*server(tool("good")));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "another user's program answers in the VNC server's place");
}

TEST_F(DesktopServerTest, a_server_that_ends_says_why_and_a_missing_one_is_named) {
  EXPECT_EQ(open(*server(tool("dies"))).error().what, "the VNC server ended: cannot open the display");
  auto missing = tool("good");
  missing.command.front() = "/no/such/vnc";
  EXPECT_NE(open(*server(missing)).error().what.find("/no/such/vnc: not found"), std::string::npos);
  EXPECT_EQ(missing_program(missing), "/no/such/vnc");
  missing.prefix = {"no-such-sudo"};
  EXPECT_FALSE(open(*server(missing)));
}

// ---- the command lines ----

bool has(const std::vector<std::string>& words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

TEST(DesktopTool, a_running_display_is_shown_by_x11vnc_and_another_one_is_made) {
  const DesktopPlace place{5999, "/dev/shm/x", ":7"};
  DesktopTool tool;
  tool.display = ":0";
  auto command = vnc_command(tool, DesktopRight::view, {5999, "/dev/shm/x", ":0"});
  EXPECT_EQ(command.front(), "x11vnc");
  EXPECT_TRUE(has(command, ":0") && has(command, "5999") && has(command, "/dev/shm/x/password") && has(command, "-viewonly"));
  EXPECT_FALSE(has(vnc_command(tool, DesktopRight::control, place), "-viewonly"));
  EXPECT_FALSE(tool.makes_display());
  tool.display.clear();
  command = vnc_command(tool, DesktopRight::view, place);
  EXPECT_EQ(command.front(), "Xtigervnc");
  EXPECT_TRUE(has(command, ":7") && has(command, "/dev/shm/x/authority") && has(command, "-AcceptKeyEvents=0") && tool.makes_display());
}

TEST(DesktopTool, a_command_of_its_own_gets_what_it_names) {
  DesktopTool tool;
  tool.command = {"vnc", "--listen=127.0.0.1:{port}", "{password_file}", "{port}{port}"};
  tool.view_only = {"--look"};
  const DesktopPlace place{59, "/f", ":7"};
  EXPECT_EQ(vnc_command(tool, DesktopRight::control, place), (std::vector<std::string>{"vnc", "--listen=127.0.0.1:59", "/f/password", "5959"}));
  EXPECT_EQ(vnc_command(tool, DesktopRight::view, place).back(), "--look");
  EXPECT_FALSE(tool.makes_display());
  tool.command.push_back("-display={display}");
  EXPECT_TRUE(tool.makes_display());
  tool.prefix = {"sudo"}, tool.start = {"xterm"};
  EXPECT_EQ(shown_program(tool, place), (std::vector<std::string>{"sudo", "env", "DISPLAY=:7", "XAUTHORITY=/f/authority", "xterm"}));
}

}  // namespace
}  // namespace pontlevis::agent::testing
