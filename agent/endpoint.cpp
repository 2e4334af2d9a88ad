#include "agent/endpoint.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>

#include "agent/desktop_channel.hpp"
#include "agent/tool_channel.hpp"
#include "agent/tools/fd_stream.hpp"
#include "protocol/io/splice.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;
constexpr auto as_result = net::as_tuple(net::use_awaitable);

Endpoint::Endpoint(std::shared_ptr<Session> session)
    : session_(std::move(session)),
      written_changed_(session_->parts().io.get_executor(), net::steady_timer::time_point::max()) {}

Endpoint::~Endpoint() = default;

// The SSH server takes one end of a socketpair, the relay feeds the other: bytes cross, nothing else.
std::shared_ptr<Endpoint> Endpoint::start(std::shared_ptr<Session> session, std::unique_ptr<io::ByteStream> relay) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
    session->attempt(std::nullopt, "connection", "the system gave no socket");
    return nullptr;
  }
  auto& parts = session->parts();
  auto endpoint = std::make_shared<Endpoint>(session);
  auto connection = io::SshConnection::start(parts.io.get_executor(), ends[1], parts.ssh, endpoint);
  if (!connection) {
    ::close(ends[0]);
    session->attempt(std::nullopt, "connection", connection.error().what);
    return nullptr;
  }
  endpoint->connection_ = *std::move(connection);
  net::co_spawn(parts.io, endpoint->carry(std::move(relay), ends[0]), net::detached);
  return endpoint;
}

io::Awaitable<void> Endpoint::carry(std::unique_ptr<io::ByteStream> relay, int fd) {
  auto self = shared_from_this();
  FdStream inside(session_->parts().io.get_executor(), Fd(fd), FdStream::Kind::socket);
  relay_ = relay.get();
  co_await io::splice(*relay, inside);
  relay_ = nullptr;
  session_->forget(this);
}

// Why a connection ends is the last thing its client reads: the relay stays for those bytes, and no longer.
io::Awaitable<void> Endpoint::let_farewell_pass() {
  auto self = shared_from_this();
  net::steady_timer longest(session_->parts().io, std::chrono::seconds(1));
  co_await longest.async_wait(as_result);
  cut();
}

// ---- authentication -----------------------------------------------------------------------------

bool Endpoint::accepts_key(std::string_view user, const io::SshPublicKey& key) {
  const auto* op = session_->ended() ? nullptr : session_->find_operator(user);
  if (!op) return false;
  const auto print = key.fingerprint();
  return std::find(op->fingerprints.begin(), op->fingerprints.end(), print) != op->fingerprints.end();
}

bool Endpoint::waives_second_factor(std::string_view user, const io::SshPublicKey&) {
  const auto* op = session_->find_operator(user);
  rejoining_ = op && session_->may_rejoin(op->login);
  return rejoining_;
}

io::SecondFactorPrompt Endpoint::second_factor_prompt(std::string_view, const io::SshPublicKey&) {
  return {.instruction = "The practice reads this password to you. It opens one connection.",
          .prompt = "One-time password: ", .echo = false};
}

io::SecondFactor Endpoint::check_second_factor(std::string_view user, const io::SshPublicKey&, const Secret& answer) {
  const auto* op = session_->find_operator(user);
  noted_ = true;  // the session writes down what came of it
  if (!op) return io::SecondFactor::locked;
  switch (session_->try_password(op->login, answer)) {
    case PasswordMint::Verdict::accepted: return io::SecondFactor::accepted;
    case PasswordMint::Verdict::blocked: return io::SecondFactor::locked;
    default: return io::SecondFactor::wrong;
  }
}

void Endpoint::on_authenticated(std::string_view user, const io::SshPublicKey& key) {
  operator_ = session_->find_operator(user);
  fingerprint_ = key.fingerprint();
  if (!operator_ || !session_->join(operator_->login)) {
    session_->attempt(operator_ ? std::optional(operator_->login) : std::nullopt, "second connection",
                      "this person is already connected, or the session has ended");
    return connection_->disconnect("You are already connected to this session.");
  }
  joined_ = true;
  net::co_spawn(session_->parts().io, write_joined(fingerprint_), net::detached);
}

io::Awaitable<void> Endpoint::write_joined(std::string) {
  auto self = shared_from_this();
  auto body = connection_body(rejoining_ ? "REJOINED" : "JOINED", "");
  const auto written = co_await session_->record("connection", std::move(body));
  written_ = written ? Written::yes : Written::no;
  written_changed_.cancel();
  if (!written) connection_->disconnect("The practice cannot record this connection, so it stays closed.");
}

io::Awaitable<bool> Endpoint::recorded() {
  auto self = shared_from_this();
  while (written_ == Written::waiting) co_await written_changed_.async_wait(as_result);
  co_return written_ == Written::yes;
}

void Endpoint::on_auth_failed(std::string_view user, io::SshAuthStep step, io::SshAuthFailure why) {
  noted_ = true;
  if (step == io::SshAuthStep::second_factor && why == io::SshAuthFailure::wrong_second_factor) return;  // try_password wrote it
  const auto login = Login::parse(user);
  session_->attempt(login ? std::optional(*login) : std::nullopt, "authentication", std::string(io::text_of(why)));
}

// ---- the end of the connection ------------------------------------------------------------------

json::object Endpoint::connection_body(std::string_view what, std::string_view why) const {
  const auto algorithms = connection_->algorithms();
  const auto traffic = connection_->traffic();
  return {{"login", operator_->login.text()},
          {"what", what},
          {"key", fingerprint_},
          {"auth", rejoining_ ? "publickey, within 60 s of a drop" : "publickey, one-time password"},
          {"why", why},
          {"client", printable(connection_->client_software(), 120)},
          {"algorithms", algorithms.kex + " " + algorithms.cipher_in},
          {"bytes_in", traffic.in},
          {"bytes_out", traffic.out}};
}

void Endpoint::on_closed(std::string_view why) noexcept {
  written_ = written_ == Written::waiting ? Written::no : written_;
  written_changed_.cancel();
  if (relay_) net::co_spawn(session_->parts().io, let_farewell_pass(), net::detached);
  if (joined_) {
    joined_ = false;
    const auto traffic = connection_->traffic();
    session_->count_bytes(traffic.in, traffic.out);
    session_->record_soon("connection", connection_body("LEFT", printable(why, 200)));
    if (!session_->ended()) {
      const bool goodbye = why.find("by the client") != why.npos || why.find("disconnected by user") != why.npos;
      session_->leave(operator_->login, goodbye ? SessionState::Leave::said_goodbye : SessionState::Leave::dropped);
    }
  }
  else if (!operator_ && !noted_) session_->attempt(std::nullopt, "connection", "it broke before sign-in: " + printable(why, 120));
  if (!relay_) session_->forget(this);
}

std::pair<std::uint64_t, std::uint64_t> Endpoint::traffic() const {
  if (!joined_) return {0, 0};  // closed: counted by the session already
  const auto so_far = connection_->traffic();
  return {so_far.in, so_far.out};
}

void Endpoint::disconnect(const std::string& message, Millis) { connection_->disconnect(message); }

void Endpoint::cut() {
  if (relay_) relay_->close();
}

void Endpoint::refuse(const std::string& what, const std::string& why) {
  session_->attempt(operator_ ? std::optional(operator_->login) : std::nullopt, what, why);
}

void Endpoint::refused(std::string_view what) {
  // A client's probe, such as PuTTY's winadj: SSH answers no, and nothing was asked for.
  if (what == "unknown channel request") return;
  refuse(printable(what, 80), "this is never offered");
}

namespace {
io::Awaitable<void> write_line(std::shared_ptr<io::SshChannel> terminal, std::string text) {
  static_cast<void>(co_await terminal->write_stderr(text));
}
}  // namespace

void Endpoint::tell(const std::string& line) {
  for (const auto& weak : terminals_)
    if (auto terminal = weak.lock(); terminal && terminal->is_open())
      net::co_spawn(session_->parts().io, write_line(terminal, "\r\n[pontlevis] " + line + "\r\n"), net::detached);
}

// ---- tools --------------------------------------------------------------------------------------

std::unique_ptr<io::SessionChannelHandler> Endpoint::open_session(io::SshChannelPtr channel) {
  if (!operator_ || session_->ended()) return nullptr;
  return std::make_unique<ToolChannel>(shared_from_this(), std::move(channel));
}

// A forward reaches the consented desktop, or a consented `tcp:<name>`, and nothing else: the latter by the
// tool's name, or by the very host the practice declared for it; always on the declared port.
void Endpoint::open_direct_tcpip(const io::DirectTcpip& where, io::DirectTcpipReply reply) {
  if (operator_ && !session_->ended()) {
    if (leads_to_desktop(*session_, where)) {
      net::co_spawn(session_->parts().io, carry_desktop(shared_from_this(), std::move(reply)), net::detached);
      return;
    }
    if (session_->only_looks_on(operator_->login)) {
      refuse("forward to " + printable(where.host, 60), only_looks_on);
      return reply.refuse(only_looks_on);
    }
    for (const auto& [name, tool] : session_->system().tcp)
      if ((where.host == name || where.host == tool.host) && where.port == tool.port && session_->grants("tcp:" + name)) {
        net::co_spawn(session_->parts().io, forward(name, tool, std::move(reply)), net::detached);
        return;
      }
  }
  const std::string why = "forwarding to this target was not consented";
  refuse("forward to " + printable(where.host, 60) + ":" + std::to_string(where.port), why);
  reply.refuse(why);
}

io::Awaitable<void> Endpoint::forward(std::string name, TcpTool tool, io::DirectTcpipReply reply) {
  auto self = shared_from_this();
  if (!co_await recorded()) co_return reply.refuse("the connection is not recorded");
  auto machine = co_await connect_tcp(tool);
  if (!machine) {
    refuse("forward tcp:" + name, machine.error().what);
    co_return reply.refuse(machine.error().what);
  }
  auto channel = reply.accept();
  if (!channel) co_return;
  auto& gate = session_->gate(operator_->login, "tcp:" + name);
  {
    LiveForward shown(session_, "tcp:" + name, tool.label, operator_->login, **machine);
    co_await serve_tcp(**channel, **machine, gate);
  }
  session_->record_soon("forward", {{"login", operator_->login.text()}, {"tool", "tcp:" + name},
                                    {"target", tool.label}, {"bytes_in", (*machine)->bytes_in()},
                                    {"bytes_out", (*machine)->bytes_out()}});
}

}  // namespace pontlevis::agent
