// A small SSH server for the client tests: everything it does is asked for by the client, and every
// decision is told on stdout, one line each. Started by ssh_lab.py; ends when its stdin closes.
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <list>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/crypto/sha256.hpp"
#include "protocol/io/splice.hpp"
#include "protocol/io/ssh/ssh_connection.hpp"
#include "protocol/io/ssh/ssh_listener.hpp"
#include "protocol/io/ssh/wake_up.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

extern char** environ;

namespace pontlevis::io {
namespace {

namespace net = boost::asio;

void tell(const std::string& line) { std::cout << line << std::endl; }

template <class Socket>
class SocketStream final : public ByteStream {
 public:
  explicit SocketStream(Socket socket) : socket_(std::move(socket)) {}
  Awaitable<Result<std::size_t>> read_some(std::span<char> out) override {
    const auto [error, size] = co_await socket_.async_read_some(net::buffer(out.data(), out.size()),
                                                                net::as_tuple(net::use_awaitable));
    if (error && error != net::error::eof) co_return fail(Errc::closed, "socket");
    co_return size;
  }
  Awaitable<Result<>> write_all(std::span<const char> bytes) override {
    const auto [error, size] = co_await net::async_write(socket_, net::buffer(bytes.data(), bytes.size()),
                                                         net::as_tuple(net::use_awaitable));
    if (error || size != bytes.size()) co_return fail(Errc::closed, "socket");
    co_return Result<>{};
  }
  void shutdown_write() override {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }
  void close() noexcept override {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  Socket socket_;
};

struct Lab {
  net::io_context loop{1};
  SystemRandom random;
  std::vector<SshPublicKey> keys;
  std::shared_ptr<SshServerConfig> config = std::make_shared<SshServerConfig>();
  std::shared_ptr<SshListener> listener;
  std::list<std::shared_ptr<WakeUp>> sleepers;
  std::vector<std::weak_ptr<SshConnection>> connections;
  std::map<pid_t, std::function<void(int)>> children;
  net::signal_set child_ended{loop, SIGCHLD};
  std::string block = std::string(64 * 1024, '\0');

  std::shared_ptr<WakeUp> sleeper() {
    return sleepers.emplace_back(std::make_shared<WakeUp>(loop.get_executor()));
  }
  void wake_all() {
    for (auto& one : std::exchange(sleepers, {})) one->notify();
  }
  void watch_children() {
    child_ended.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      int status = 0;
      for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
        if (auto entry = children.extract(pid)) entry.mapped()(status);
      watch_children();
    });
  }
};

Awaitable<void> say(SshChannelPtr channel, std::string text, int status) {
  static_cast<void>(co_await channel->write_all(text));
  channel->exit_status(status);
  channel->shutdown_write();
  channel->close();
}

Awaitable<void> sink(SshChannelPtr channel, bool hashed) {
  std::vector<char> buffer(64 * 1024);
  std::string all;
  std::uint64_t bytes = 0;
  for (;;) {
    const auto size = co_await channel->read_some(buffer);
    if (!size) co_return tell("sink broken " + std::to_string(bytes));
    if (*size == 0) break;
    bytes += *size;
    if (hashed) all.append(buffer.data(), *size);
  }
  co_await say(channel, (hashed ? sha256_hex(all) : "-") + " " + std::to_string(bytes) + "\n", 0);
}

Awaitable<void> late_sink(SshChannelPtr channel, std::shared_ptr<WakeUp> wake) {
  co_await wake->wait();
  co_await sink(std::move(channel), true);
}

Awaitable<void> source(SshChannelPtr channel, std::uint64_t bytes, const std::string* block) {
  while (bytes > 0) {
    const auto size = std::min<std::uint64_t>(bytes, block->size());
    const auto written = co_await channel->write_all(std::span(block->data(), size));
    if (!written) co_return tell("source broken");
    bytes -= size;
  }
  channel->exit_status(0);
  channel->shutdown_write();
  channel->close();
}

Awaitable<void> echo(SshChannelPtr channel) {
  std::vector<char> buffer(64 * 1024);
  for (;;) {
    const auto size = co_await channel->read_some(buffer);
    if (!size || *size == 0) break;
    const auto written = co_await channel->write_all(std::span(buffer.data(), *size));
    if (!written) break;
  }
  channel->exit_status(0);
  channel->shutdown_write();
  channel->close();
}

Awaitable<void> speak_stderr(SshChannelPtr channel, std::string text) {
  static_cast<void>(co_await channel->write_stderr(text));
  co_await say(channel, "", 3);
}

Awaitable<void> die(SshChannelPtr channel, std::string signal) {
  static_cast<void>(co_await channel->write_all(std::string_view("dying\n")));
  channel->exit_signal(signal);
  channel->close();
}

template <class Socket>
Awaitable<void> join(SshChannelPtr channel, std::shared_ptr<SocketStream<Socket>> other) {
  co_await splice(*channel, *other);
}

class SessionHandler final : public SessionChannelHandler {
 public:
  SessionHandler(Lab& lab, std::weak_ptr<SshConnection> connection, SshChannelPtr channel)
      : lab_(lab), connection_(std::move(connection)), channel_(std::move(channel)) {}

  SshVerdict pty(const PtyRequest& pty) override {
    if (pty.term == "refused") return SshVerdict::refuse();
    tell("pty " + pty.term + " " + size_text(pty.size));
    return SshVerdict::accept();
  }
  void window_change(const WindowSize& size) override { tell("window " + size_text(size)); }
  SshVerdict env(std::string_view name, std::string_view value) override {
    tell("env " + std::string(name) + "=" + std::string(value));
    return SshVerdict::accept();
  }
  void signal(std::string_view name) override { tell("signal " + std::string(name)); }
  void closed() noexcept override { tell("channel closed " + std::to_string(channel_->number())); }

  SshVerdict shell() override {
    tell("shell");
    run(echo(channel_));
    return SshVerdict::accept();
  }
  SshVerdict subsystem(std::string_view name) override {
    if (name != "sftp") return SshVerdict::refuse("There is no subsystem of this name.");
    return spawn("/usr/lib/openssh/sftp-server", true);
  }
  SshVerdict exec(std::string_view command) override {
    const auto space = command.find(' ');
    const auto verb = command.substr(0, space);
    const std::string rest(space == std::string_view::npos ? "" : command.substr(space + 1));
    if (verb == "sink") return start(sink(channel_, true));
    if (verb == "drain") return start(sink(channel_, false));
    if (verb == "source") return start(source(channel_, std::stoull(rest), &lab_.block));
    if (verb == "echo") return start(echo(channel_));
    if (verb == "stall") return kept_ = channel_, SshVerdict::accept();
    if (verb == "late-sink") return start(late_sink(channel_, lab_.sleeper()));
    if (verb == "wake") return lab_.wake_all(), start(say(channel_, "woken\n", 0));
    if (verb == "exit") return start(say(channel_, "", std::stoi(rest)));
    if (verb == "say") return start(say(channel_, rest + "\n", 0));
    if (verb == "die") return start(die(channel_, rest));
    if (verb == "stderr") return start(speak_stderr(channel_, rest));
    if (verb == "flood-stderr") return start(speak_stderr(channel_, std::string(std::stoul(rest), 'e')));
    if (verb == "close-at-once") return channel_->close(), SshVerdict::accept();
    if (verb == "refuse") return SshVerdict::refuse(rest);
    if (verb == "end-others") return end_others(rest);
    if (verb == "throw") throw std::runtime_error("sample");
    if (verb == "facts") return facts();
    if (verb == "disconnect" || verb == "notice") return speak(verb, rest);
    return spawn(command, false);
  }

 private:
  static std::string size_text(const WindowSize& s) {
    return std::to_string(s.columns) + "x" + std::to_string(s.rows) + "+" + std::to_string(s.pixel_width) +
           "+" + std::to_string(s.pixel_height);
  }
  void run(Awaitable<void> work) { net::co_spawn(lab_.loop, std::move(work), net::detached); }
  SshVerdict start(Awaitable<void> work) {
    run(std::move(work));
    return SshVerdict::accept();
  }
  SshVerdict speak(std::string_view verb, const std::string& text) {
    const auto connection = connection_.lock();
    if (verb == "disconnect")
      connection->disconnect(text);
    else
      connection->notice(text);
    return start(say(channel_, "said\n", 0));
  }
  SshVerdict end_others(const std::string& text) {
    for (const auto& weak : lab_.connections)
      if (const auto other = weak.lock(); other && other != connection_.lock()) other->disconnect(text);
    return start(say(channel_, "ended\n", 0));
  }
  SshVerdict facts() {
    const auto connection = connection_.lock();
    const auto a = connection->algorithms();
    return start(say(channel_,
                     a.kex + " " + a.cipher_in + " " + a.cipher_out + " " + connection->client_software() +
                         " " + std::to_string(connection->channel_count()) + " " + connection->user() + "\n",
                     0));
  }
  SshVerdict spawn(std::string_view command, bool) {
    using Local = net::local::stream_protocol;
    Local::socket ours(lab_.loop), theirs(lab_.loop);
    net::local::connect_pair(ours, theirs);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int fd : {0, 1}) posix_spawn_file_actions_adddup2(&actions, theirs.native_handle(), fd);
    std::string text(command);
    char shell[] = "/bin/sh", flag[] = "-c";
    char* argv[] = {shell, flag, text.data(), nullptr};
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, "/bin/sh", &actions, nullptr, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return SshVerdict::refuse("cannot start");
    auto stream = std::make_shared<SocketStream<Local::socket>>(std::move(ours));
    lab_.children[pid] = [channel = channel_](int status) {
      if (WIFEXITED(status)) channel->exit_status(WEXITSTATUS(status));
    };
    run(relay_child(channel_, std::move(stream)));
    return SshVerdict::accept();
  }
  static Awaitable<void> relay_child(
      SshChannelPtr channel, std::shared_ptr<SocketStream<net::local::stream_protocol::socket>> child) {
    net::co_spawn(co_await net::this_coro::executor, feed(channel, child), net::detached);
    std::vector<char> buffer(64 * 1024);
    for (;;) {
      const auto size = co_await child->read_some(buffer);
      if (!size || *size == 0) break;
      const auto written = co_await channel->write_all(std::span(buffer.data(), *size));
      if (!written) break;
    }
    channel->shutdown_write();
    // Its exit status comes with SIGCHLD, a little after its output ends.
    net::steady_timer wait(co_await net::this_coro::executor, std::chrono::milliseconds(30));
    co_await wait.async_wait(net::use_awaitable);
    channel->close();
    child->close();
  }
  static Awaitable<void> feed(SshChannelPtr channel,
                              std::shared_ptr<SocketStream<net::local::stream_protocol::socket>> child) {
    std::vector<char> buffer(64 * 1024);
    for (;;) {
      const auto size = co_await channel->read_some(buffer);
      if (!size || *size == 0) break;
      const auto written = co_await child->write_all(std::span(buffer.data(), *size));
      if (!written) break;
    }
    child->shutdown_write();
  }

  Lab& lab_;
  std::weak_ptr<SshConnection> connection_;
  SshChannelPtr channel_, kept_;
};

class Handler final : public SshServerHandler {
 public:
  Handler(Lab& lab, std::unique_ptr<SshAdmission> place) : lab_(lab), place_(std::move(place)) {}
  std::weak_ptr<SshConnection> connection;

  bool accepts_key(std::string_view user, const SshPublicKey& key) override {
    return user != "nobody" && std::ranges::find(lab_.keys, key) != lab_.keys.end();
  }
  bool waives_second_factor(std::string_view user, const SshPublicKey&) override { return user == "waived"; }
  SecondFactorPrompt second_factor_prompt(std::string_view user, const SshPublicKey&) override {
    return {"Sample gateway, for " + std::string(user), "Code: ", false};
  }
  SecondFactor check_second_factor(std::string_view user, const SshPublicKey&,
                                   const Secret& answer) override {
    if (user == "locked") return SecondFactor::locked;
    return answer.same_as("SAMPLE-CODE") ? SecondFactor::accepted : SecondFactor::wrong;
  }
  void on_authenticated(std::string_view user, const SshPublicKey& key) override {
    place_->authenticated();
    tell("authenticated " + std::string(user) + " " + key.fingerprint());
  }
  void on_auth_failed(std::string_view user, SshAuthStep step, SshAuthFailure why) override {
    tell("auth_failed " + std::string(user) + " " + (step == SshAuthStep::public_key ? "key " : "factor ") +
         std::string(text_of(why)));
  }
  void on_closed(std::string_view why) noexcept override { tell("closed " + std::string(why)); }
  void refused(std::string_view what) override { tell("refused " + std::string(what)); }
  std::unique_ptr<SessionChannelHandler> open_session(SshChannelPtr channel) override {
    return std::make_unique<SessionHandler>(lab_, connection, std::move(channel));
  }
  void open_direct_tcpip(const DirectTcpip& where, DirectTcpipReply reply) override {
    tell("direct-tcpip " + where.host + ":" + std::to_string(where.port));
    if (where.host == "echo.sample") return answer(std::move(reply));
    if (where.host == "self.sample") return answer_self(std::move(reply));
    if (where.host == "late.sample")
      return net::co_spawn(lab_.loop, late(std::move(reply), lab_.sleeper()), net::detached);
    if (where.host == "ssh-refused.sample")
      return reply.refuse_as_ssh("There is no open intervention on this system.");
    if (where.host == "refused.sample") return reply.refuse("Not on the list of this intervention.");
  }

 private:
  void answer(DirectTcpipReply reply) {
    auto channel = reply.accept();
    if (!channel) return tell("accept failed");
    net::co_spawn(lab_.loop, echo(std::move(*channel)), net::detached);
  }
  static Awaitable<void> late(DirectTcpipReply reply, std::shared_ptr<WakeUp> wake) {
    co_await wake->wait();
    auto channel = reply.accept();
    if (!channel) co_return tell("accept came too late");
    co_await echo(std::move(*channel));
  }
  void answer_self(DirectTcpipReply reply) {
    using Tcp = net::ip::tcp;
    Tcp::socket socket(lab_.loop);
    socket.connect({net::ip::address_v4::loopback(), lab_.listener->port()});
    auto channel = reply.accept();
    if (!channel) return;
    auto stream = std::make_shared<SocketStream<Tcp::socket>>(std::move(socket));
    net::co_spawn(lab_.loop, join(std::move(*channel), std::move(stream)), net::detached);
  }

  Lab& lab_;
  std::unique_ptr<SshAdmission> place_;
};

SshListener::Factory factory(Lab& lab) {
  return [&lab](int fd, std::unique_ptr<SshAdmission> place) {
    auto handler = std::make_shared<Handler>(lab, std::move(place));
    auto connection = SshConnection::start(lab.loop.get_executor(), fd, lab.config, handler);
    if (!connection) return tell("start failed " + connection.error().text());
    handler->connection = *connection;
    lab.connections.push_back(*connection);
    tell("accepted");
  };
}

void read_options(Lab& lab, int argc, char** argv, SshListenerLimits& caps) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--key") lab.keys.push_back(SshPublicKey::parse(*read_file(value)).value());
    if (name == "--grace-ms") lab.config->limits.grace = std::chrono::milliseconds(std::stoi(value));
    if (name == "--alive-ms") lab.config->limits.alive_every = std::chrono::milliseconds(std::stoi(value));
    if (name == "--channels") lab.config->limits.channels = std::stoul(value);
    if (name == "--banner") lab.config->banner = value;
    if (name == "--nist") lab.config->nist_curves = value == "yes";
    if (name == "--per-source") caps.per_source = std::stoul(value);
    if (name == "--unauthenticated") caps.unauthenticated = std::stoul(value);
    if (name == "--connections") caps.connections = std::stoul(value);
  }
}

int serve(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  Lab lab;
  for (std::size_t i = 0; i < lab.block.size(); ++i) lab.block[i] = static_cast<char>(i * 31 + (i >> 8) * 7);
  SshListenerLimits caps{
      .connections = 2048, .unauthenticated = 1024, .early_drop_from = 1024, .per_source = 1024};
  read_options(lab, argc, argv, caps);
  lab.config->host_keys.push_back(SshHostKey::generate(SshHostKeyType::ed25519).value());
  if (lab.config->nist_curves)
    lab.config->host_keys.push_back(SshHostKey::generate(SshHostKeyType::ecdsa_p256).value());
  lab.listener =
      SshListener::listen(lab.loop.get_executor(), "127.0.0.1", 0, caps, lab.random, factory(lab)).value();
  lab.watch_children();
  net::posix::stream_descriptor input(lab.loop, ::dup(0));
  char byte = 0;
  input.async_read_some(net::buffer(&byte, 1),
                        [&](const boost::system::error_code&, std::size_t) { lab.loop.stop(); });
  for (const auto& key : lab.config->host_keys) tell("host_key " + key.public_key().line());
  tell("port " + std::to_string(lab.listener->port()));
  lab.loop.run();
  return 0;
}

}  // namespace
}  // namespace pontlevis::io

int main(int argc, char** argv) { return pontlevis::io::serve(argc, argv); }
