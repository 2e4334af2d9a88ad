#include "agent/tools/desktop/desktop_server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>

#include "agent/tools/desktop/alarm.hpp"
#include "agent/tools/desktop/rfb_handshake.hpp"
#include "agent/tools/desktop/vnc_password.hpp"
#include "agent/tools/desktop/x_display.hpp"
#include "agent/tools/environment.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

namespace net = boost::asio;
using net::ip::tcp;
using std::chrono::steady_clock;
constexpr auto as_result = net::as_tuple(net::use_awaitable);
constexpr int most_tries = 4;  // somebody may take the port or the display between our look and the server's
constexpr auto look_again = Millis(20);

// In memory where there is such a folder, so that the password file never reaches a disk.
std::string fresh_folder(Random& random) {
  const std::string above = std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : "/tmp";
  return above + "/pontlevis-desktop-" + to_hex(random.bytes(12));
}

unsigned short local_port(const Fd& socket) {
  sockaddr_in own{};
  socklen_t size = sizeof own;
  return ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&own), &size) == 0 ? ntohs(own.sin_port) : 0;
}

// Waits for the end, so that the program is collected when it has ended.
io::Awaitable<void> see_out(std::shared_ptr<Process> program) { static_cast<void>(co_await program->wait()); }

}  // namespace

DesktopServer::DesktopServer(DesktopParts parts) : parts_(std::move(parts)), turn_(parts_.executor), linger_(parts_.executor) {}
DesktopServer::~DesktopServer() = default;

std::shared_ptr<DesktopServer> DesktopServer::create(DesktopParts parts) {
  return std::shared_ptr<DesktopServer>(new DesktopServer(std::move(parts)));
}

// ---- one more client ----------------------------------------------------------------------------

io::Awaitable<DesktopServer::Stream> DesktopServer::open() {
  auto self = shared_from_this();
  ++clients_;  // from now on it is not ended for want of clients
  while (busy_) co_await turn_.wait();
  busy_ = true;
  auto stream = co_await open_in_turn();
  busy_ = false;
  turn_.notify();
  client_left();  // a stream counts for itself
  co_return stream;
}

io::Awaitable<DesktopServer::Stream> DesktopServer::open_in_turn() {
  if (running()) {
    PL_CO_CHECK(co_await show_password());
    co_return co_await enter();
  }
  for (int tries = 1;; ++tries) {
    PL_CO_CHECK(begin());
    auto stream = co_await start();
    if (stream) co_return stream;
    const bool ended = keeper_->ended();
    co_await keeper_->end();
    if (!ended) co_return stream;
    if (tries == most_tries || missing_program(parts_.tool)) co_return std::unexpected(keeper_->why_ended());
  }
}

Result<> DesktopServer::begin() {
  PL_TRY(port, free_loopback_port());
  place_ = {port, fresh_folder(parts_.random), parts_.tool.display};
  std::function<void()> on_gone;
  if (parts_.tool.makes_display()) {
    const auto display = free_display(static_cast<unsigned char>(parts_.random.bytes(1).front()));
    if (!display) return fail(Errc::unavailable, "no display number is free", "desktop");
    place_.display = *display;
    on_gone = [display = *display] { remove_stale_display(display); };
  }
  password_ = make_vnc_password(parts_.random);
  KeeperPlan plan{parts_.tool.prefix, place_.folder, vnc_command(parts_.tool, parts_.right, place_), [this] { linger_.cancel(); }, std::move(on_gone)};
  PL_TRY(keeper, Keeper::create(parts_.executor, parts_.reaper, parts_.session, std::move(plan)));
  keeper_ = std::move(keeper);
  return {};
}

io::Awaitable<DesktopServer::Stream> DesktopServer::start() {
  PL_CO_CHECK(co_await show_password());
  if (parts_.tool.makes_display()) {
    const Secret cookie = make_authority(parts_.random);
    PL_CO_CHECK(co_await keeper_->write("authority", cookie));
  }
  PL_CO_CHECK(co_await keeper_->start());
  auto stream = co_await enter();
  if (stream) show_program();
  co_return stream;
}

io::Awaitable<Result<>> DesktopServer::show_password() {
  const Secret file = vnc_password_file(password_);
  co_return co_await keeper_->write("password", file);
}

// The file is gone again before the client says a word.
io::Awaitable<DesktopServer::Stream> DesktopServer::enter() {
  auto stream = co_await log_in(steady_clock::now() + parts_.ready_within);
  auto removed = co_await keeper_->remove("password");
  if (stream && !removed) co_return std::unexpected(removed.error());
  co_return stream;
}

io::Awaitable<Result<Fd>> DesktopServer::connect(steady_clock::time_point until) {
  const tcp::endpoint server(net::ip::address_v4::loopback(), place_.port);
  while (!keeper_->ended() && steady_clock::now() < until) {
    tcp::socket socket(parts_.executor);
    const auto [error] = co_await socket.async_connect(server, as_result);
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (!error) co_return Fd(socket.release());
    net::steady_timer moment(parts_.executor, look_again);
    co_await moment.async_wait(as_result);
  }
  co_return fail(Errc::unavailable, "the VNC server does not listen", "desktop", "check [system.desktop] in the inventory");
}

io::Awaitable<DesktopServer::Stream> DesktopServer::log_in(steady_clock::time_point until) {
  PL_CO_TRY(socket, co_await connect(until));
  const auto own_port = local_port(socket);
  auto stream = std::make_unique<DesktopStream>(parts_.executor, std::move(socket), parts_.right, [self = shared_from_this()] { self->client_left(); });
  ++clients_;
  const Alarm late(parts_.executor, parts_.ready_within, [&stream] { stream->close(); });
  PL_CO_CHECK(co_await log_in_to_vnc(stream->server(), password_));
  if (!is_ours(own_port)) co_return fail(Errc::not_allowed, "another user's program answers in the VNC server's place", "desktop");
  co_return stream;
}

// The keeper's folder belongs to the user that the server runs as.
bool DesktopServer::is_ours(unsigned short own_port) const {
  struct stat folder {};
  if (::stat(place_.folder.c_str(), &folder) != 0) return false;
  return parts_.user_of(place_.port, own_port) == folder.st_uid;
}

// Its words go nowhere; it ends with its display.
void DesktopServer::show_program() {
  SpawnOptions options;
  options.argv = shown_program(parts_.tool, place_);
  if (options.argv.empty()) return;
  options.argv.insert(options.argv.begin(), {"/bin/sh", "-c", "exec \"$@\" </dev/null >/dev/null 2>&1", "sh"});
  options.env = tool_environment({}, {});
  options.folder = this_user().home;
  auto program = parts_.reaper.spawn(parts_.session, std::move(options));
  if (program) net::co_spawn(parts_.executor, see_out(*std::move(program)), net::detached);
}

// ---- nobody is there any more -------------------------------------------------------------------

void DesktopServer::client_left() {
  if (--clients_ == 0) net::co_spawn(parts_.executor, retire(shared_from_this()), net::detached);
}

io::Awaitable<void> DesktopServer::retire(std::shared_ptr<DesktopServer> self) {
  const auto mine = ++self->retirements_;
  if (self->running() && self->parts_.tool.makes_display()) {
    self->linger_.expires_after(self->parts_.linger);
    co_await self->linger_.async_wait(as_result);
  }
  if (self->clients_ > 0 || self->retirements_ != mine || !self->keeper_) co_return;
  const auto keeper = std::move(self->keeper_);
  self->password_.wipe();
  co_await keeper->end();
}

}  // namespace pontlevis::agent
