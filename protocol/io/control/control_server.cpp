#include "protocol/io/control/control_server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <cerrno>
#include <cstring>
#include <set>

#include "protocol/io/control/control_lines.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::io {
namespace asio = boost::asio;
namespace {

using Local = asio::local::stream_protocol;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t max_callers = 32;

std::unexpected<Error> os_error(const std::filesystem::path& path, std::string_view doing) {
  return fail(Errc::io, "cannot " + std::string(doing) + ": " + std::strerror(errno), path.string());
}

// Removes the file of a daemon that is gone; refuses to touch a living one's, or what is no socket.
Result<> clear_stale(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return {};
  if (!S_ISSOCK(info.st_mode)) return fail(Errc::conflict, "is there and is not a socket", path.string());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool alive = fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (fd >= 0) ::close(fd);
  if (alive)
    return fail(Errc::conflict, "another process is serving here", path.string(), "stop it first, or choose another folder");
  if (::unlink(path.c_str()) != 0) return os_error(path, "remove the old socket");
  return {};
}

// The node gets its mode from the socket's own inode, so it never exists with a wider one.
Result<int> bind_private(const std::filesystem::path& path, const sockaddr_un& address) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return os_error(path, "make a socket");
  const bool good = ::fchmod(fd, 0600) == 0 &&
                    ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                    ::listen(fd, 64) == 0;
  if (good) return fd;
  auto error = os_error(path, "listen");
  ::close(fd);
  return error;
}

// What a returned call left below: larger than any buffer a serializer or parser keeps there.
[[gnu::noinline]] void wipe_stack() noexcept {
  std::array<char, 16 * 1024> below;
  wipe_bytes(below);
}

std::optional<PeerUser> peer_of(Local::socket& socket) {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return std::nullopt;
  if (who.uid != ::geteuid() && who.uid != 0) return std::nullopt;
  return PeerUser{who.uid, who.gid, who.pid};
}

class Caller final : public ReplyStream, public std::enable_shared_from_this<Caller> {
 public:
  Caller(Local::socket socket, PeerUser peer) : socket_(std::move(socket)), peer_(peer) {}

  asio::awaitable<Result<>> send(json::object line) override {
    json::object wrapped{{"line", std::move(line)}};
    co_return co_await write(std::move(wrapped));
  }

  asio::awaitable<Result<>> write(json::object object) {
    // An answer may hold a one-time password: its text is wiped where it lies, and never grown, which
    // would leave a copy behind; the serializer's own buffer was on the stack.
    std::string text = json::serialize(object);
    wipe_texts(object);
    wipe_stack();
    const std::array<asio::const_buffer, 2> line{asio::buffer(text), asio::buffer("\n", 1)};
    const auto [ec, n] = co_await asio::async_write(socket_, line, quietly);
    wipe_bytes(text);
    if (ec) co_return fail(Errc::closed, "the caller has gone");
    co_return Result<>{};
  }

  asio::awaitable<std::optional<std::string>> read_line() {
    const auto [ec, n] = co_await asio::async_read_until(
        socket_, asio::dynamic_buffer(pending_, max_control_line), '\n', quietly);
    if (ec) co_return std::nullopt;
    std::string line = pending_.substr(0, n - 1);
    wipe_bytes({pending_.data(), n});
    pending_.erase(0, n);
    co_return line;
  }

  asio::awaitable<void> serve(const ControlHandler& handler) {
    for (;;) {
      auto line = co_await read_line();
      if (!line) {
        if (pending_.size() < max_control_line) co_return;
        const Error too_long{Errc::bad_input, "is longer than 65536 bytes", "request", {}};
        co_await write(error_line(too_long));
        co_return;
      }
      auto request = parse_object(*line, max_control_line, "request", JsonForm::any);
      wipe_bytes(*line);
      Result<json::object> answer = json::object{};
      if (request) answer = co_await handler(*std::move(request), peer_, *this);
      else answer = std::unexpected(std::move(request).error());
      json::object reply = answer ? json::object{{"answer", *std::move(answer)}} : error_line(answer.error());
      const auto sent = co_await write(std::move(reply));
      if (!sent) co_return;
    }
  }

  void close() noexcept {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  Local::socket socket_;
  PeerUser peer_;
  std::string pending_;
};

}  // namespace

struct ControlServer::Core : std::enable_shared_from_this<ControlServer::Core> {
  Core(asio::any_io_executor executor, std::filesystem::path where, ControlHandler on_call)
      : acceptor(executor), path(std::move(where)), handler(std::move(on_call)) {}

  Local::acceptor acceptor;
  std::filesystem::path path;
  ControlHandler handler;
  std::set<std::shared_ptr<Caller>> callers;
  bool closed = false;

  static asio::awaitable<void> converse(std::shared_ptr<Core> core, std::shared_ptr<Caller> caller) {
    co_await caller->serve(core->handler);
    core->callers.erase(caller);
  }

  static asio::awaitable<void> accept_all(std::shared_ptr<Core> core) {
    while (!core->closed) {
      auto [ec, socket] = co_await core->acceptor.async_accept(quietly);
      if (ec == asio::error::operation_aborted) co_return;
      if (ec) {  // no descriptor left: look again soon, the listener stays
        asio::steady_timer pause(core->acceptor.get_executor(), std::chrono::milliseconds(100));
        co_await pause.async_wait(quietly);
        continue;
      }
      const auto peer = peer_of(socket);
      if (!peer || core->callers.size() >= max_callers) continue;
      auto caller = std::make_shared<Caller>(std::move(socket), *peer);
      core->callers.insert(caller);
      asio::co_spawn(core->acceptor.get_executor(), converse(core, caller), asio::detached);
    }
  }

  void close() noexcept {
    if (closed) return;
    closed = true;
    boost::system::error_code ignored;
    acceptor.close(ignored);
    ::unlink(path.c_str());
    for (const auto& caller : callers) caller->close();
  }
};

Result<ControlServer> ControlServer::listen(asio::any_io_executor executor, const std::filesystem::path& path,
                                            ControlHandler handler) {
  PL_TRY(address, control_address(path));
  PL_CHECK(clear_stale(path, address));
  PL_TRY(fd, bind_private(path, address));
  auto core = std::make_shared<Core>(executor, path, std::move(handler));
  boost::system::error_code ec;
  core->acceptor.assign(Local(), fd, ec);
  if (ec) return fail(Errc::io, "cannot listen: " + ec.message(), path.string());
  asio::co_spawn(executor, Core::accept_all(core), asio::detached);
  return ControlServer(std::move(core));
}

ControlServer::ControlServer(std::shared_ptr<Core> core) : core_(std::move(core)) {}
ControlServer::ControlServer(ControlServer&&) noexcept = default;
ControlServer& ControlServer::operator=(ControlServer&&) noexcept = default;
ControlServer::~ControlServer() { close(); }
void ControlServer::close() noexcept {
  if (core_) core_->close();
}

}  // namespace pontlevis::io
