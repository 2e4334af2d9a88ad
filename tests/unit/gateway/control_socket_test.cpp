// The control socket: one line in, lines out, this user only, and a dead daemon's file is no obstacle.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <fstream>
#include <thread>

#include "protocol/io/control/control_client.hpp"
#include "protocol/io/control/control_lines.hpp"
#include "protocol/io/control/control_server.hpp"
#include "tests/doubles/temporary_folder.hpp"

namespace pontlevis::io {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

asio::awaitable<Result<json::object>> answer(json::object request, ReplyStream& lines) {
  if (request.contains("fail")) co_return fail(Errc::not_found, "is not here", "the thing", "look elsewhere");
  if (request.contains("watch"))
    for (int i = 0; i < 3; ++i) {
      json::object line{{"n", i}};
      const auto sent = co_await lines.send(std::move(line));
      if (!sent) co_return std::unexpected(sent.error());
    }
  co_return json::object{{"echo", request}};
}

class ControlSocketTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = folder_.path() / "control.sock";
  }
  void TearDown() override {
    asio::post(loop_, [this] { server_.reset(); });
    work_.reset();
    if (thread_.joinable()) thread_.join();
  }
  void serve() {
    auto server = ControlServer::listen(loop_.get_executor(), path_, [this](json::object request, PeerUser peer, ReplyStream& lines) {
      peer_ = peer;
      return answer(std::move(request), lines);
    });
    ASSERT_TRUE(server) << server.error().text();
    server_.emplace(*std::move(server));
    thread_ = std::thread([this] { loop_.run(); });
  }
  test::TemporaryFolder folder_;
  std::filesystem::path path_;
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
  std::optional<ControlServer> server_;
  std::optional<PeerUser> peer_;
  std::thread thread_;
};

TEST_F(ControlSocketTest, a_question_gets_its_answer_and_the_kernel_says_who_asked) {
  serve();
  const auto got = control_call(path_, {{"verb", "status"}});
  ASSERT_TRUE(got) << got.error().text();
  EXPECT_EQ(got->at("echo").at("verb"), "status");
  EXPECT_EQ(peer_->uid, ::geteuid());
  EXPECT_EQ(peer_->pid, ::getpid());
}

TEST_F(ControlSocketTest, a_watcher_gets_each_line_before_the_answer) {
  serve();
  std::vector<std::int64_t> seen;
  const auto got = control_call(path_, {{"watch", true}}, [&](const json::object& line) { seen.push_back(line.at("n").as_int64()); });
  ASSERT_TRUE(got);
  EXPECT_EQ(seen, (std::vector<std::int64_t>{0, 1, 2}));
}

TEST_F(ControlSocketTest, an_error_arrives_as_it_was_said) {
  serve();
  const auto got = control_call(path_, {{"fail", true}});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::not_found);
  EXPECT_EQ(got.error().text(), "the thing: is not here\n  hint: look elsewhere");
}

TEST_F(ControlSocketTest, nobody_serving_is_unavailable) {
  const auto got = control_call(path_, {{"verb", "status"}});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::unavailable);
}

TEST_F(ControlSocketTest, the_socket_is_its_owners_alone) {
  serve();
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(ControlSocketTest, a_file_that_a_crash_left_is_replaced) {
  const auto address = control_address(path_);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&*address), sizeof *address), 0);
  ::close(fd);
  serve();
  EXPECT_TRUE(control_call(path_, {{"a", 1}}));
}

TEST_F(ControlSocketTest, a_living_daemons_socket_is_not_taken) {
  serve();
  asio::io_context other;
  const auto second = ControlServer::listen(other.get_executor(), path_, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::conflict);
  EXPECT_TRUE(control_call(path_, {{"a", 1}}));
}

TEST_F(ControlSocketTest, what_is_no_socket_is_left_alone) {
  std::ofstream(path_) << "text";
  const auto server = ControlServer::listen(loop_.get_executor(), path_, {});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().what, "is there and is not a socket");
}

TEST_F(ControlSocketTest, an_overlong_or_malformed_line_is_answered_and_the_server_lives) {
  serve();
  const json::object big{{"text", std::string(70'000, 'x')}};
  EXPECT_FALSE(control_call(path_, big));
  const auto address = control_address(path_);
  for (const std::string& text : {std::string("not json\n"), std::string("[1]\n"), std::string(70'000, 'x')}) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&*address), sizeof *address), 0);
    ASSERT_GT(::send(fd, text.data(), text.size(), MSG_NOSIGNAL), 0);
    char reply[200] = {};
    ASSERT_GT(::recv(fd, reply, sizeof reply - 1, 0), 0);
    EXPECT_TRUE(std::string_view(reply).starts_with("{\"error\":{")) << reply;
    ::close(fd);
  }
  EXPECT_TRUE(control_call(path_, {{"a", 1}}));
}

TEST(ControlAddress, too_long_a_path_is_refused_with_a_hint) {
  const auto address = control_address("/" + std::string(120, 'x'));
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().hint, "choose a data folder with a shorter path");
}

}  // namespace
}  // namespace pontlevis::io
